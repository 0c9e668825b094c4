//! What a mail owes to the programs that show it.

use serde_json::{Value, json};
use tidings_render::{Note, Prepared, RenderError};
use tidings_types::{Channel, TemplateContent};

use crate::common::{Case, brand, elements};
use crate::pretty::pretty;

fn html(content: Value) -> String {
    Case::new(elements(content), json!({"data": {"name": "Ada", "items": ["a", "b"]}}))
        .email()
        .html
}

fn raw(raw: &Value) -> TemplateContent {
    elements(json!([{"type": "channel", "channel": "email", "raw": raw}]))
}

fn problems(content: &TemplateContent) -> Vec<String> {
    match Prepared::new(content) {
        Ok(_) => Vec::new(),
        Err(error) => error.0.iter().map(ToString::to_string).collect(),
    }
}

/// The dark rule of the class that stands before this style.
fn dark_rule(html: &str, property: &str, color: &str) -> bool {
    html.contains(&format!("{{{property}:{color}!important}}"))
}

#[test]
fn on_a_dark_screen_light_grounds_darken_and_dark_letters_lighten() {
    let html = html(json!([
        {"type": "text", "content": "ink", "color": "#111827"},
        {"type": "text", "content": "hue", "color": "#0f766e"},
        {"type": "group", "background_color": "#fef2f2", "padding": "8px", "elements": [{"type": "text", "content": "in"}]},
        {"type": "text", "content": "stays", "background_color": "#1d4ed8"}
    ]));
    assert!(dark_rule(&html, "color", "#e6e9ee"), "{html}");
    assert!(
        html.contains("background-color:#fef2f2") && dark_rule(&html, "background-color", "#32252e"),
        "{html}"
    );
    let band = html.split("stays").next().unwrap().rsplit("<td").next().unwrap();
    assert!(
        band.contains("background-color:#1d4ed8") && !band.contains("t-ink"),
        "{band}"
    );
    assert!(html.contains("[data-ogsc] .t-ink{color:#e6e9ee!important}"));
    assert!(html.contains("[data-ogsb] .t-card{background-color:#171b22!important}"));
}

#[test]
fn a_page_mirrors_itself_for_languages_written_from_the_right() {
    let content = elements(json!([
        {"type": "text", "content": "نص", "align": "left"},
        {"type": "columns", "gap": "20px", "elements": [
            {"type": "column", "elements": [{"type": "text", "content": "أ"}]},
            {"type": "column", "elements": [{"type": "text", "content": "ب", "align": "right"}]}
        ]},
        {"type": "list", "elements": [{"type": "list-item", "content": "ج"}]},
        {"type": "quote", "content": "د"}
    ]));
    let mut case = Case::new(content, json!({}));
    case.meta.locale = Some("ar".to_owned());
    insta::with_settings!({omit_expression => true}, {
        insta::assert_snapshot!("right_to_left_columns", pretty(&case.email().html));
    });
}

#[test]
fn the_preview_is_the_first_paragraph_and_nothing_after_it() {
    let html = html(json!([
        {"type": "text", "text_style": "h1", "content": "Heading"},
        {"type": "text", "content": "Hello {{name}}"}
    ]));
    let preview = html.split("mso-hide:all\">").nth(1).unwrap();
    assert!(preview.starts_with("Hello Ada&#847;&zwnj;&nbsp;"), "{preview}");
}

#[test]
fn a_picture_never_grows_beyond_its_column() {
    let html = html(json!([
        {"type": "image", "src": "https://a.example/a.png", "width": "2000px"},
        {"type": "columns", "gap": "20px", "elements": [
            {"type": "column", "elements": [{"type": "image", "src": "https://a.example/b.png", "align": "full"}]},
            {"type": "column", "elements": []}
        ]}
    ]));
    assert!(
        html.contains("width=\"520\"") && html.contains("width=\"250\""),
        "{html}"
    );
}

#[test]
fn a_long_mail_is_told_of() {
    let content = elements(json!([{"type": "text", "content": "x".repeat(110_000)}]));
    let output = Case::new(content, json!({})).render(Channel::Email).unwrap();
    assert!(
        output
            .notes
            .iter()
            .any(|note| matches!(note, Note::Clipped { bytes } if *bytes > 110_000))
    );
}

#[test]
fn content_uses_a_brands_snippets() {
    let mut case = Case::new(
        elements(json!([{"type": "text", "content": "{{> hello}} {{name}}"}])),
        json!({"data": {"name": "Ada"}}),
    );
    let mut brand = brand();
    brand.snippets = serde_json::from_value(json!([{"name": "hello", "value": "Dear"}])).unwrap();
    case.brand = Some(brand);
    assert!(case.email().html.contains("Dear Ada"));
}

#[test]
fn raw_html_is_taken_as_it_is_and_gets_a_text_part() {
    let email = Case::new(
        raw(&json!({"title": "For {{name}}", "html": "<p>Hi {{name}}<br><a href=\"https://a.example\">go</a></p>"})),
        json!({"data": {"name": "<Ada>"}}),
    )
    .email();
    assert_eq!(email.subject, "For <Ada>");
    assert_eq!(
        email.html,
        "<p>Hi &lt;Ada&gt;<br><a href=\"https://a.example\">go</a></p>"
    );
    assert_eq!(email.text, "Hi <Ada>\ngo (https://a.example)");
}

#[test]
fn raw_mjml_is_compiled_before_or_after_its_values_come_in() {
    let page = |body: &str| format!("<mjml><mj-body>{body}</mj-body></mjml>");
    let text = |text: &str| format!("<mj-section><mj-column><mj-text>{text}</mj-text></mj-column></mj-section>");
    let values = json!({"data": {"name": "<mj-text>", "items": ["a", "b"]}});
    for transformers in [json!(["mjml", "handlebars"]), json!(["handlebars", "mjml"])] {
        let content = raw(&json!({"subject": "s", "html": page(&text("Hi {{name}}")), "transformers": transformers}));
        let html = Case::new(content, values.clone()).email().html;
        assert!(html.contains("Hi &lt;mj-text&gt;") && html.contains("<table"), "{html}");
    }
    // As many columns as there are items, which only the values tell.
    let columns = "<mj-section>{{#each items}}<mj-column><mj-text>{{this}}</mj-text></mj-column>{{/each}}</mj-section>";
    let content = raw(&json!({"html": page(columns), "transformers": ["handlebars", "mjml"]}));
    let html = Case::new(content, values).email().html;
    assert!(html.contains("mj-column-per-50"), "{html}");
}

#[test]
fn raw_that_cannot_be_read_is_told_when_it_is_written() {
    let told = problems(&raw(
        &json!({"html": "<mjml><mj-nothing/></mjml>", "transformers": ["handlebars", "mjml"]}),
    ));
    assert_eq!(
        told,
        ["elements[0].raw.html is no MJML: there is no element mj-nothing"]
    );
    let told = problems(&raw(
        &json!({"html": "{{#if x}}", "subject": "a\nb", "transformers": ["lisp"]}),
    ));
    assert_eq!(told.len(), 3, "{told:#?}");
    assert_eq!(
        problems(&elements(json!([{"type": "channel", "channel": "email", "raw": "x"}]))),
        ["elements[0].raw must be an object, not string"]
    );
    let late = raw(&json!({"html": "{{{page}}}", "transformers": ["handlebars", "mjml"]}));
    let failed = Case::new(late, json!({"data": {"page": "<p>"}})).render(Channel::Email);
    assert!(matches!(failed, Err(RenderError::Raw { .. })), "{failed:?}");
}

#[test]
fn lists_nest_five_deep_and_no_deeper() {
    let nested = |depth: usize| {
        let mut list = json!({"type": "list", "elements": [{"type": "list-item", "content": "deepest"}]});
        for _ in 1..depth {
            list = json!({"type": "list", "elements": [{"type": "list-item", "elements": [{"type": "string", "content": "x"}, list]}]});
        }
        elements(json!([list]))
    };
    assert!(
        Case::new(nested(5), json!({}))
            .email()
            .text
            .contains("        - deepest")
    );
    let told = problems(&nested(6));
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].ends_with("nests deeper than 5 lists"), "{told:?}");
}

#[test]
fn a_locale_sets_what_it_may_and_nothing_else() {
    let locales = json!({"ar": {"content": "x", "_sourceHash": "y"}, "de": {"align": "left", "color": "red"}});
    let content = elements(json!([
        {"type": "text", "id": "hi", "content": "x", "locales": locales},
        {"type": "divider", "locales": {"de": {"color": "red"}}}
    ]));
    insta::assert_snapshot!(problems(&content).join("\n"), @"
    elements[0].locales.de.align cannot be set: a locale may set content, elements
    elements[0].locales.de.color cannot be set: a locale may set content, elements
    elements[1].locales.de.color cannot be set: this kind of element has no locales
    ");
}

#[test]
fn a_loop_makes_items_columns_and_pieces() {
    let content = elements(json!([
        {"type": "list", "elements": [{"type": "list-item", "loop": "data.items", "elements": [
            {"type": "string", "content": "{{$.index}}", "bold": true}, {"type": "string", "content": " {{$.item}}"}
        ]}]},
        {"type": "columns", "elements": [{"type": "column", "loop": "data.items", "elements": [
            {"type": "text", "elements": [{"type": "string", "loop": "data.items", "content": "<{{$.item}}>"}]}
        ]}]}
    ]));
    let email = Case::new(content, json!({"data": {"items": ["a", "b", "c"]}})).email();
    assert!(email.text.starts_with("- 0 a\n- 1 b\n- 2 c"), "{}", email.text);
    assert_eq!(email.html.matches("class=\"t-w3333\"").count(), 3, "{}", email.html);
    assert_eq!(
        email.html.matches("&lt;a&gt;&lt;b&gt;&lt;c&gt;").count(),
        3,
        "{}",
        email.html
    );
}
