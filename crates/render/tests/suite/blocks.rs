//! Blocks of the template language inside texts with emphasis and links.

use proptest::prelude::*;
use serde_json::{Value, json};
use tidings_types::Channel;

use crate::common::{Case, elements, sugar};

fn body(text: &str, data: &Value) -> String {
    let case = Case::new(sugar("t", text), json!({"data": data}));
    case.json(Channel::Sms)["body"].as_str().unwrap().to_owned()
}

fn html(text: &str, data: &Value) -> String {
    Case::new(sugar("t", text), json!({"data": data})).email().html
}

#[test]
fn emphasis_around_and_inside_of_blocks() {
    let text = "**{{#if a}}x{{else}}y{{/if}}** and {{#if a}}*very* [here](https://x/{{a}}){{/if}}!";
    let shown = html(text, &json!({"a": "1"}));
    assert!(shown.contains("<strong>x</strong> and <em>very</em> <a "), "{shown}");
    assert!(shown.contains("href=\"https://x/1\""));
    let hidden = html(text, &json!({}));
    assert!(hidden.contains("<strong>y</strong> and !"), "{hidden}");
    assert_eq!(body(text, &json!({"a": "1"})), "x and very here (https://x/1)!");
}

#[test]
fn a_block_repeats_lines() {
    let data = json!({"items": [{"name": "Tea", "url": "https://t"}, {"name": "*Milk*", "url": "https://m"}]});
    let one_line = "Yours:\n{{#each items}}- [{{name}}]({{url}})\n{{/each}}";
    assert_eq!(body(one_line, &data), "Yours:\n- Tea (https://t)\n- *Milk* (https://m)");
    let own_lines = "Yours:\n{{#each items}}\n- {{name}}\n{{/each}}\nBye";
    assert_eq!(body(own_lines, &data), "Yours:\n- Tea\n- *Milk*\nBye");
    let html = html(own_lines, &data);
    assert!(html.contains("Yours:<br>- Tea<br>- *Milk*<br>Bye"), "{html}");
}

#[test]
fn blanks_at_the_ends_of_branches_are_kept() {
    let text = "Hi{{#if name}} {{name}}{{/if}}, you have {{#if n}}{{n}} new {{else}}no {{/if}}messages";
    assert_eq!(
        body(text, &json!({"name": "Ada", "n": 2})),
        "Hi Ada, you have 2 new messages"
    );
    assert_eq!(body(text, &json!({})), "Hi, you have no messages");
}

#[test]
fn blocks_nest_and_reach_links_titles_and_html() {
    let content = elements(json!([
        {"type": "meta", "title": "{{#if vip}}Dear {{/if}}{{name}}"},
        {"type": "text", "content": "{{#each rows}}{{#if this.ok}}**{{this.n}}**{{else}}~~{{this.n}}~~{{/if}} {{/each}}end"},
        {"type": "action", "content": "{{#unless vip}}Join{{else}}Open{{/unless}}", "href": "https://x/{{#if vip}}v{{else}}j{{/if}}"},
        {"type": "html", "content": "<ul>{{#each rows}}<li>{{n}}</li>{{/each}}</ul>"}
    ]));
    let case = Case::new(
        content,
        json!({"data": {"vip": true, "name": "A<b>", "rows": [{"ok": true, "n": 1}, {"n": "<2>"}]}}),
    );
    let email = case.email();
    assert_eq!(email.subject, "Dear A<b>");
    assert!(email.html.contains("<strong>1</strong> <s>&lt;2&gt;</s> end"));
    assert!(email.html.contains("href=\"https://x/v\""));
    assert!(email.html.contains("<ul><li>1</li><li>&lt;2&gt;</li></ul>"));
    assert!(email.text.contains("1 <2> end"));
}

#[test]
fn markup_in_a_block_counts_as_work() {
    let data = json!({"l": (0..10_000).collect::<Vec<_>>()});
    for body in ["\n".repeat(200), "[a](b)".repeat(20)] {
        let text = format!("{{{{#each l}}}}{body}{{{{/each}}}}");
        let error = Case::new(sugar("t", &text), json!({"data": data}))
            .render(Channel::Email)
            .unwrap_err();
        assert_eq!(error.to_string(), "it takes more than 1000000 steps");
    }
}

#[test]
fn a_text_without_markdown_has_blocks_too() {
    let content =
        elements(json!([{"type": "text", "format": "plain", "content": "{{#each l}}*{{this}}*\n{{/each}}end"}]));
    let case = Case::new(content, json!({"data": {"l": [1, 2]}}));
    assert_eq!(case.json(Channel::Sms)["body"], "*1*\n*2*\nend");
}

#[test]
fn a_failing_helper_fails_its_channel_alone() {
    let content = elements(json!([
        {"type": "text", "content": "{{divide 1 n}}", "channels": ["sms"]},
        {"type": "text", "content": "fine"}
    ]));
    let case = Case::new(content, json!({"data": {"n": 0}}));
    let error = case.render(Channel::Sms).unwrap_err();
    assert_eq!(error.to_string(), "the helper `divide` divides by zero");
    assert!(case.render(Channel::Push).is_ok());
}

proptest! {
    #[test]
    fn a_value_in_a_block_stands_verbatim(value in "[_*\\[\\](){}<>$.&;'\"`~#|!a-z 0-9é🙂\\\\-]{1,40}") {
        prop_assume!(value.trim() == value);
        let text = "**b** {{#each l}}«{{this}}»{{/each}} {{#with v}}«{{a}}»{{/with}} «{{concat l.[0] \"\"}}» _i_";
        let shown = format!("«{value}» «{value}» «{value}»");
        let case = Case::new(sugar("t", text), json!({"data": {"l": [value], "v": {"a": value}}}));
        let email = case.email();
        prop_assert_eq!(&email.text, &format!("b {shown} i"));
        let escaped = shown.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;");
        let expected = format!("<strong>b</strong> {escaped} <em>i</em>");
        prop_assert!(email.html.contains(&expected), "{}", email.html);
    }

    #[test]
    fn any_markup_in_and_around_blocks_is_fine(before in "[_*\\[\\]()<>a-z \\n`~#|!&;-]{0,16}", inside in "[_*\\[\\]()<>a-z \\n`~#|!&;-]{0,16}", after in "[_*\\[\\]()<>a-z \\n`~#|!&;-]{0,16}") {
        let text = format!("{before}{{{{#each l}}}}{inside}«{{{{this}}}}»{{{{else}}}}x{{{{/each}}}}{after}.");
        let email = Case::new(sugar("t", &text), json!({"data": {"l": ["<v>", "*w*"]}})).email();
        for (words, html) in [("«<v>»", "«&lt;v&gt;»"), ("«*w*»", "«*w*»")] {
            prop_assert!(email.text.contains(words), "{}", email.text);
            prop_assert!(email.html.contains(html));
        }
    }
}
