//! Blocks, scopes inside them, white space around them, and what is refused.

use proptest::prelude::*;
use serde_json::json;
use tidings_template::{Context, Escape, Scope, Template, TemplateError};

fn context() -> Context {
    Context::from(json!({
        "data": {
            "yes": true, "no": false, "zero": 0, "name": "Ada", "empty": [], "blank": "", "nothing": {},
            "user": {"name": "Bo", "tags": ["x", "y"], "inner": {"deep": 1}},
            "items": [{"name": "Tea", "sizes": ["s", "m"]}, {"name": "Milk", "sizes": []}],
            "list": ["a", "b", "c"], "map": {"k1": "v1", "k2": "v2"}, "html": "<b>"
        },
        "profile": {"email": "ada@acme.example"}
    }))
}

fn render(source: &str) -> String {
    let template = Template::parse(source).unwrap_or_else(|error| panic!("{source}: {error}"));
    template.render(&context(), Escape::None).unwrap().text
}

#[track_caller]
fn prints(cases: &[(&str, &str)]) {
    for (source, expected) in cases {
        assert_eq!(render(source), *expected, "{source}");
    }
}

#[test]
fn choosing() {
    prints(&[
        ("{{#if yes}}a{{else}}b{{/if}}{{#if no}}a{{else}}b{{/if}}", "ab"),
        (
            "{{#if zero}}a{{else}}b{{/if}}{{#if zero includeZero=true}}a{{else}}b{{/if}}",
            "ba",
        ),
        (
            "{{#if empty}}a{{/if}}{{#if blank}}b{{/if}}{{#if gone}}c{{/if}}{{#if nothing}}d{{/if}}",
            "d",
        ),
        ("{{#unless no}}a{{/unless}}{{#unless yes}}b{{else}}c{{/unless}}", "ac"),
        ("{{#if no}}a{{else if zero}}b{{else if yes}}c{{else}}d{{/if}}", "c"),
        ("{{#if no}}a{{else unless no}}b{{/if}}{{#if no}}a{{^}}b{{/if}}", "bb"),
        ("{{#if (and yes (not no))}}a{{/if}}", "a"),
        (
            "{{#yes}}a{{/yes}}{{#no}}b{{else}}c{{/no}}{{^no}}d{{/no}}{{^yes}}e{{/yes}}",
            "acd",
        ),
    ]);
}

#[test]
fn repeating() {
    prints(&[
        ("{{#each items}}{{name}};{{/each}}", "Tea;Milk;"),
        (
            "{{#each list}}{{@index}}{{this}}{{#unless @last}},{{/unless}}{{/each}}",
            "0a,1b,2c",
        ),
        (
            "{{#each list}}{{#if @first}}[{{/if}}{{.}}{{#if @last}}]{{/if}}{{/each}}",
            "[abc]",
        ),
        ("{{#each map}}{{@key}}={{this}} {{/each}}", "k1=v1 k2=v2 "),
        (
            "{{#each empty}}x{{else}}none{{/each}}{{#each gone}}x{{else}}none{{/each}}",
            "nonenone",
        ),
        (
            "{{#each items}}{{#each sizes}}{{../name}}-{{this}}@{{@../index}}.{{@index}} {{/each}}{{/each}}",
            "Tea-s@0.0 Tea-m@0.1 ",
        ),
        (
            "{{#each items as |item i|}}{{i}}{{item.name}}{{#each item.sizes as |size|}}{{size}}{{item.name}}{{/each}} {{/each}}",
            "0TeasTeamTea 1Milk ",
        ),
        ("{{#items}}{{name}} {{/items}}", "Tea Milk "),
        (
            "{{#each user.tags}}{{this}}{{/each}}{{user.tags.length}}{{user.tags.[1]}}{{user.tags.0}}",
            "xy2yx",
        ),
        (
            "{{#each $.data.items[?(@.name == 'Tea')].sizes}}{{this}}{{/each}}",
            "sm",
        ),
    ]);
}

#[test]
fn changing_the_scope() {
    prints(&[
        (
            "{{#with user}}{{name}} {{../name}} {{inner.deep}} {{this.name}} {{./name}}{{/with}}",
            "Bo Ada 1 Bo Bo",
        ),
        ("{{#with gone}}a{{else}}b{{/with}}{{#with zero}}{{this}}{{/with}}", "b0"),
        (
            "{{#with user as |u|}}{{u.name}}{{/with}}{{#user}}{{name}}{{/user}}",
            "BoBo",
        ),
        // Plain names are read from the item alone; roots can be reached from everywhere.
        (
            "{{#with user}}{{zero}}[{{list}}]{{data.name}} {{profile.email}} {{@root.profile.email}} {{$.data.name}}{{/with}}",
            "[]Ada ada@acme.example ada@acme.example Ada",
        ),
        (
            "{{#with user}}{{#with inner}}{{../name}} {{../../name}} {{deep}}{{/with}}{{/with}}",
            "Bo Ada 1",
        ),
        ("{{#with user}}{name} {data.name}{{/with}}", "Bo Ada"),
        (
            "{{#each items}}{@.name}{@}{{/each}}",
            "Tea{\"name\":\"Tea\",\"sizes\":[\"s\",\"m\"]}Milk{\"name\":\"Milk\",\"sizes\":[]}",
        ),
    ]);
    let strict = Template::parse_in(
        "{{#each data.items}}{{name}}{{profile.email}}{{/each}}{{#if name}}x{{/if}}",
        Scope::Strict,
    );
    assert_eq!(
        strict.unwrap().render(&context(), Escape::None).unwrap().text,
        "Teaada@acme.exampleMilkada@acme.example"
    );
}

#[test]
fn white_space() {
    prints(&[
        ("a {{~name~}} b|a {{~#if yes~}} x {{~/if~}} b", "aAdab|axb"),
        ("a {{~{html}~}} b {{~! note ~}} c {{~!-- note --~}} d", "a<b>bcd"),
        (
            "<ul>\n{{#each list}}\n  <li>{{this}}</li>\n{{/each}}\n</ul>",
            "<ul>\n  <li>a</li>\n  <li>b</li>\n  <li>c</li>\n</ul>",
        ),
        ("a\n  {{#if yes}}  \nb\n{{else}}\nc\n  {{/if}}\nd", "a\nb\nd"),
        ("a\n{{! note }}\nb\r\n{{#if no}}\r\nx\r\n{{/if}}\r\nc", "a\nb\r\nc"),
        ("a {{#if yes}} b {{/if}} c", "a  b  c"),
        ("{{name}}\n{{#if yes}}x{{/if}}\ny", "Ada\nx\ny"),
    ]);
}

#[test]
fn text_that_looks_like_tags() {
    prints(&[
        ("\\{{name}} {{name}}", "{{name}} Ada"),
        ("\\\\{{name}}", "\\Ada"),
        ("{{{{raw}}}} {{name}} {{#if}} {{{{/raw}}}}.", " {{name}} {{#if}} ."),
        ("{{concat \"}}\" '{{' \"a\\\"b\"}}", "}}{{a\"b"),
        ("{{!-- {{name}} --}}{{! it's }}{{name}}", "Ada"),
    ]);
}

#[test]
fn values_in_blocks_are_escaped_and_literal() {
    let template = Template::parse("<i>{{#with (params a=html)}}{{a}}{{{a}}}{{/with}}</i>").unwrap();
    let render = |escape| template.render(&context(), escape).unwrap().text;
    assert_eq!(render(Escape::Html), "<i>&lt;b&gt;<b></i>");
    assert_eq!(render(Escape::HtmlText), "&lt;i&gt;&lt;b&gt;<b>&lt;/i&gt;");
}

#[test]
fn what_is_wrong_is_said() {
    for (source, reason) in [
        ("{{#if x}}", "has `{{#if}}` without `{{/if}}`"),
        ("{{#if x}}{{/each}}", "has `{{/each}}` where `{{/if}}` was expected"),
        ("{{/if}}", "has `{{if}}` outside of a block"),
        ("a{{else}}b", "has `{{else}}` outside of a block"),
        ("{{#if}}x{{/if}}", "has `{{#if}}`, which takes one value"),
        ("{{#each a b}}x{{/each}}", "has `{{#each}}`, which takes one value"),
        ("{{#nope x}}y{{/nope}}", "uses `#nope`, which is not supported"),
        ("{{nope x}}", "uses `nope`, which is not supported"),
        ("{{add (nope 1) 2}}", "uses `nope`, which is not supported"),
        ("{{add 1}}", "calls `add`, which takes two values"),
        ("{{set \"data.x\" 1}}", "calls `set`, which may not change this name"),
        ("{{name", "has `{{` at byte 0 without a closing `}}`"),
        ("{{concat \"a}}", "uses `concat \"a`, which is not supported"),
    ] {
        assert_eq!(Template::parse(source).unwrap_err().to_string(), reason, "{source}");
    }
    let nested = "{{#if a}}".repeat(60) + &"{{/if}}".repeat(60);
    assert!(matches!(Template::parse(&nested), Err(TemplateError::TooDeep { .. })));
    let parens = format!("{{{{not {}a{}}}}}", "(not ".repeat(40), ")".repeat(40));
    assert!(matches!(Template::parse(&parens), Err(TemplateError::TooDeep { .. })));
}

/// Pieces of which a template may be put together, right or wrong.
const FRAGMENTS: &[&str] = &[
    "{{#if yes}}",
    "{{#if gone}}",
    "{{else}}",
    "{{else if list}}",
    "{{/if}}",
    "{{#each list}}",
    "{{#each map as |v k|}}",
    "{{/each}}",
    "{{#with user}}",
    "{{/with}}",
    "{{^no}}",
    "{{/no}}",
    "{{~this~}}",
    "{{@index}}",
    "{{../name}}",
    "{{name}}",
    "{name}",
    "{{{html}}}",
    "{{set \"x\" (concat x name)}}",
    "{{x}}",
    "{{add zero 1}}",
    "{{divide 1 zero}}",
    "{{> s}}",
    "{{! note }}",
    "\n",
    " ",
    "text",
    "\\{{",
    "{{v.length}}",
    "{{format \"%5.1f\" zero}}",
    "{{default gone (lookup list 1)}}",
    "{{#condition name \"==\" \"Ada\"}}",
    "{{/condition}}",
    "{{intl \"{zero, plural, other {#}}\"}}",
];

proptest! {
    #[test]
    fn pieces_in_any_order_never_panic(picked in prop::collection::vec(prop::sample::select(FRAGMENTS), 0..24)) {
        let source = picked.concat();
        if let Ok(template) = Template::parse(&source) {
            prop_assert_eq!(&template.unmask(&template.masked()), &template);
            let context = context();
            for escape in [Escape::None, Escape::Html, Escape::HtmlText] {
                prop_assert_eq!(template.render(&context, escape), template.render(&context, escape));
            }
        }
    }
}
