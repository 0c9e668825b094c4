//! What every tag prints.

use proptest::prelude::*;
use serde_json::{Value, json};
use tidings_template::{Condition, Context, Escape, RenderError, Repeat, Scope, Template, TemplateError};

fn context() -> Context {
    Context::from(json!({
        "data": {
            "name": "Ada", "n": 1.50, "big": 12_345_678_901_i64, "yes": true, "none": null, "empty": "",
            "list": [1, {"a": 2}], "event": "shadowed", "nested": {"a b": {"c": "deep"}}, "html": "<b>&</b>",
            "tag": "{{name}} {name}"
        },
        "profile": {"email": "ada@acme.example"},
        "event": "order-placed",
        "urls": {"preferences": "https://acme.example/p"}
    }))
}

fn render(source: &str) -> String {
    Template::parse(source)
        .unwrap()
        .render(&context(), Escape::None)
        .unwrap()
        .text
}

#[test]
fn values_print_as_text_or_json() {
    for (source, expected) in [
        ("{name}|{{name}}|{{ name }}|{{{name}}}|{{&name}}", "Ada|Ada|Ada|Ada|Ada"),
        (
            "{data.name}|{{data.name}}|{$.data.name}|{{$.data.name}}",
            "Ada|Ada|Ada|Ada",
        ),
        ("{{n}} {{big}} {{yes}} {{list}}", "1.5 12345678901 true [1,{\"a\":2}]"),
        (
            "{{list.1.a}} {{list[0]}} {nested['a b'].c} {{nested.[a b].c}}",
            "2 1 deep deep",
        ),
        ("{$.data.list[?(@.a == 2)].a} {{$..c}}", "2 deep"),
        (
            "{profile.email} {event} {{data.event}}",
            "ada@acme.example order-placed shadowed",
        ),
        ("{{! note }}{{!-- long {{x}} note --}}end", "end"),
        ("{{tag}}", "{{name}} {name}"),
        ("{{empty}}{empty}", ""),
        ("{{this.name}} {{@root.profile.email}}", "Ada ada@acme.example"),
    ] {
        assert_eq!(render(source), expected, "{source}");
    }
}

#[test]
fn missing_values_stay_or_vanish_and_are_reported() {
    let template = Template::parse("{no} {{no}} {$.no.x} {urls.unsubscribe}{$.urls.unsubscribe} {none}.").unwrap();
    let text = template.render(&context(), Escape::None).unwrap();
    assert_eq!(text.text, "{no}  {$.no.x}  {none}.");
    assert_eq!(
        text.missing,
        ["no", "$.no.x", "urls.unsubscribe", "$.urls.unsubscribe", "none"]
    );
}

#[test]
fn braces_that_are_no_tags_are_braces() {
    for source in [
        "{",
        "}",
        "{}",
        "{ name }",
        "{\n",
        "{\"a\": {\"b\": 1}}",
        "a{color:red}",
        "{'x'}",
        "{1}",
        "{name",
        "{@}",
        "}}",
    ] {
        assert_eq!(render(source), source);
    }
    assert_eq!(render("{{{name}}} {a{name}}"), "Ada {aAda}");
}

#[test]
fn what_is_not_supported_is_refused() {
    for source in ["{{}}", "{{a..b}}", "{{helper x}}", "{{#}}{{/}}", "{{> }}", "{{* x}}"] {
        assert!(
            matches!(Template::parse(source), Err(TemplateError::Unsupported { .. })),
            "{source}"
        );
    }
    for source in ["{{name", "a {{ b", "{{{name}}", "{{!-- x }}"] {
        assert!(
            matches!(Template::parse(source), Err(TemplateError::Unclosed { .. })),
            "{source}"
        );
    }
    assert_eq!(
        Template::parse("{first-name}"),
        Err(TemplateError::Name {
            name: "first-name".to_owned()
        })
    );
    assert!(matches!(
        Template::parse("{{$..a..b}}"),
        Err(TemplateError::Path { .. })
    ));
    assert!(Template::parse("{{first-name}}").is_ok());
}

#[test]
fn strict_scope_needs_full_paths() {
    let template = Template::parse_in("{{name}}|{{data.name}}", Scope::Strict).unwrap();
    assert_eq!(template.render(&context(), Escape::None).unwrap().text, "|Ada");
}

#[test]
fn only_values_are_escaped_unless_asked() {
    let template = Template::parse("<i>{{html}}</i>{{{html}}}").unwrap();
    assert_eq!(
        template.render(&context(), Escape::Html).unwrap().text,
        "<i>&lt;b&gt;&amp;&lt;/b&gt;</i><b>&</b>"
    );
    assert_eq!(
        template.render(&context(), Escape::HtmlText).unwrap().text,
        "&lt;i&gt;&lt;b&gt;&amp;&lt;/b&gt;&lt;/i&gt;<b>&</b>"
    );
}

#[test]
fn a_line_stays_one() {
    let context = Context::from(json!({"data": {"x": "a\r\nBcc: b"}}));
    let line = Template::parse("Hi {{x}}").unwrap().render_line(&context).unwrap();
    assert_eq!((line.text.as_str(), line.folded), ("Hi a Bcc: b", true));
}

#[test]
fn sources_and_texts_are_bounded() {
    assert!(matches!(
        Template::parse(&"x".repeat(2 << 20)),
        Err(TemplateError::TooLong { .. })
    ));
    assert!(matches!(
        Template::parse(&"{{x}}".repeat(6_000)),
        Err(TemplateError::TooManyVariables { .. })
    ));
    let context = Context::from(json!({"data": {"x": "y".repeat(1 << 16)}}));
    let template = Template::parse(&"{{x}}".repeat(100)).unwrap();
    assert!(matches!(
        template.render(&context, Escape::None),
        Err(RenderError::TooLong { .. })
    ));
}

#[test]
fn what_fuzzing_starts_from_is_accepted() {
    let seeds = |kind: &str| {
        let directory = format!("{}/../../fuzz/seeds/{kind}", env!("CARGO_MANIFEST_DIR"));
        let entries = std::fs::read_dir(directory).unwrap();
        let texts = entries.map(|entry| std::fs::read_to_string(entry.unwrap().path()).unwrap());
        texts.collect::<Vec<_>>()
    };
    assert!(seeds("template").len() >= 9 && seeds("expression").len() >= 6);
    for source in seeds("template") {
        let template = Template::parse(&source);
        assert!(template.is_ok(), "{source}: {template:?}");
        let _ = template.unwrap().render(&context(), Escape::Html);
    }
    for source in seeds("expression") {
        let written = serde_json::from_str(&source).unwrap_or(Value::from(source.as_str()));
        assert!(
            Condition::parse(&written).is_ok() || Repeat::parse(&source).is_ok(),
            "{source}"
        );
    }
}

proptest! {
    #[test]
    fn no_source_panics(source in "[{}\\[\\]().$@?*!&#/>a-z\"' \n0-9é🙂-]{0,80}", value in ".{0,20}") {
        if let Ok(template) = Template::parse(&source) {
            let context = Context::from(json!({"data": {"a": value, "b": [1, {"c": 2}]}}));
            for escape in [Escape::None, Escape::Html, Escape::HtmlText] {
                let _ = template.render(&context, escape);
            }
            prop_assert_eq!(template.unmask(&template.masked()), template);
        }
    }

    #[test]
    fn a_value_stands_verbatim(value in "\\PC*") {
        let context = Context::from(json!({"data": {"x": Value::from(value.clone())}}));
        let template = Template::parse("«{{x}}»").unwrap();
        prop_assert_eq!(template.render(&context, Escape::None).unwrap().text, format!("«{value}»"));
        let html = template.render(&context, Escape::Html).unwrap().text;
        prop_assert!(!html.contains(['<', '>', '"', '\'']));
    }
}
