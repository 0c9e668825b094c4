//! What the template designer writes, every kind of it.

use serde_json::{Value, json};
use tidings_render::check;
use tidings_types::{Brand, Channel};

use crate::common::{Case, elements};

fn channel(name: &str, children: impl Into<Value>) -> Value {
    json!({ "type": "channel", "channel": name, "elements": children.into() })
}

/// One of everything, as the editor's own types have it.
fn everything() -> Value {
    let condition = json!([
        { "conditions": [
            { "property": "data.plan", "operator": "equals", "value": "pro" },
            { "property": "data.seats", "operator": "greater_than", "value": "3" },
        ], "logical_operator": "and" },
        { "conditions": [{ "property": "data.beta", "operator": "is_not_empty" }], "logical_operator": "or" },
    ]);
    json!([
        { "type": "meta", "title": "Hi {{name}}", "locales": { "fr": { "title": "Salut {{name}}" } } },
        { "type": "text", "text_style": "h1", "align": "full", "elements": [
            { "type": "string", "content": "Welcome, ", "bold": true, "italic": true, "underline": true, "strikethrough": false },
            { "type": "string", "content": "{{name}}", "color": "{brand.colors.primary}", "highlight": "#ffff00", "font_size": "20px" },
            { "type": "link", "content": "here", "href": "https://a.example/{{id}}", "disable_tracking": true },
            { "type": "link", "content": "nowhere", "href": "" },
            { "type": "img", "src": "https://a.example/i.png", "alt_text": "", "width": "16px" },
        ], "locales": { "fr": { "elements": [{ "type": "string", "content": "Bienvenue" }], "_sourceHash": "x" } } },
        { "type": "text", "content": "\n", "format": "markdown", "padding": "0px 10px", "background_color": "transparent",
          "border_color": "", "border_size": "", "font_size": "16px", "line_height": "1.5",
          "border": { "enabled": false, "color": "#000000", "radius": "0px", "size": "0px" } },
        { "type": "text", "content": "Only **pro**", "if": condition },
        { "type": "text", "content": "Never", "if": "data.plan === 'free'" },
        { "type": "image", "src": "https://a.example/hero.png", "alt_text": "Hero", "align": "center", "width": "320px",
          "image_natural_width": 640, "border_color": "#000000", "border_size": "1px",
          "border": { "enabled": true, "color": "#000000", "radius": "2px", "size": "1px" } },
        { "type": "image", "src": "", "align": "center" },
        { "type": "action", "content": "Pay now", "href": "https://a.example/pay", "align": "center", "style": "button",
          "background_color": "{brand.colors.secondary}", "color": "#ffffff", "border_radius": "4px", "border_size": "1px",
          "padding": "8px 16px", "font_size": "14px", "action_id": "pay",
          "border": { "enabled": true, "color": "#000000", "radius": 4, "size": "1px" } },
        { "type": "action", "content": "Nowhere", "href": "", "style": "link" },
        { "type": "divider", "color": "#000000", "border_width": "1px", "width": "1px", "padding": "10px 0px" },
        { "type": "quote", "content": "It **works**", "align": "left", "border_color": "#cccccc", "text_style": "text",
          "background_color": "#f5f5f5", "font_size": "16px", "line_height": "24px",
          "border_left_width": 4, "padding_horizontal": "10", "padding_vertical": 6 },
        { "type": "list", "list_type": "unordered", "loop": "data.items", "padding": "6px 0px", "elements": [
            { "type": "list-item", "background_color": "#ffffff", "elements": [
                { "type": "string", "content": "{{$.item.name}}" },
                { "type": "list", "list_type": "ordered", "elements": [
                    { "type": "list-item", "elements": [{ "type": "string", "content": "deeper" }] },
                ] },
            ] },
        ] },
        { "type": "columns", "gap": "16px", "vertical_align": "top", "padding": "6px 0px", "background_color": "transparent",
          "border_color": "#000000", "border_width": "0px", "border_radius": "0px", "elements": [
            { "type": "column", "width": "50%", "padding": "0px", "elements": [{ "type": "text", "content": "Left" }] },
            { "type": "column", "width": "auto", "vertical_align": "middle", "elements": [{ "type": "text", "content": "Right\n" }] },
        ] },
        { "type": "group", "padding": "4px", "background_color": "#eeeeee",
          "border": { "enabled": true, "color": "#000000", "size": "1px", "radius": 2 },
          "elements": [{ "type": "text", "content": "Grouped" }] },
        { "type": "html", "content": "<p class=\"mine\">Own</p>" },
        { "type": "comment", "comment": "a note", "object": { "any": ["thing"] } },
    ])
}

fn values() -> Value {
    json!({ "data": { "name": "Ada", "id": 7, "plan": "pro", "seats": 5, "items": [{ "name": "one" }, { "name": "two" }] } })
}

#[test]
fn everything_that_is_designed_is_rendered() {
    let mut mail = channel("email", everything());
    for (field, value) in [
        ("background_color", "{brand.email.backgroundColor}"),
        ("content_body_color", "{brand.email.blocksBackgroundColor}"),
        ("font_family", "Arial, Helvetica, sans-serif"),
        ("font_size", "16px"),
        ("line_height", "24px"),
        ("padding", "0px 30px"),
    ] {
        mail[field] = json!(value);
    }
    let content = elements(json!([mail]));
    assert_eq!(check(&content, true), Ok(()));
    let mut case = Case::new(content.clone(), values());
    let settings = json!({ "colors": { "primary": "#123456", "secondary": "#654321" },
                           "email": { "templateOverride": { "backgroundColor": "#abcdef" } } });
    case.values["brand"] = settings.clone();
    case.brand = Some(Brand {
        id: "b".to_owned(),
        settings: settings.as_object().unwrap().clone(),
        ..Brand::default()
    });
    let email = case.email();
    assert_eq!(email.subject, "Hi Ada");
    for shown in [
        "Welcome, ",
        "color:#123456",
        "#654321",
        "#abcdef",
        "Only <strong",
        "hero.png",
        "Pay now",
        "It <strong",
        "two",
        "deeper",
        "Left",
        "Right",
        "Grouped",
        "class=\"mine\"",
    ] {
        assert!(email.html.contains(shown), "{shown} is missing in {}", email.html);
    }
    for hidden in ["Never", "a note", "{brand"] {
        assert!(!email.html.contains(hidden), "{hidden} stands in {}", email.html);
    }
    // A brand without these colours leaves them out.
    assert!(!Case::new(content, values()).email().html.contains("brand."));
}

#[test]
fn what_nobody_has_written_yet_is_not_in_the_way() {
    let content = elements(json!([channel(
        "email",
        json!([
            { "type": "meta", "title": "" },
            { "type": "text", "text_style": "h1", "align": "left", "elements": [] },
            { "type": "text", "align": "left", "elements": [] },
            { "type": "text", "content": "" },
            { "type": "text", "content": "Only this" },
            { "type": "image", "width": "1%", "src": "", "align": "center" },
            { "type": "list", "list_type": "unordered", "elements": [
                { "type": "list-item", "elements": [{ "type": "string", "content": "" }] },
                { "type": "list-item", "elements": [] },
            ] },
            { "type": "divider", "color": "transparent", "border_width": "1px", "padding": "24px 0px" },
            { "type": "action", "content": "", "href": "", "align": "center" },
            { "type": "html", "content": "<!-- Add your HTML code here -->" },
            { "type": "quote", "content": "", "border_color": "#e0e0e0" },
        ])
    )]));
    assert_eq!(check(&content, true), Ok(()));
    let email = Case::new(content, values()).email();
    assert!(
        !email.html.contains("<h1") && !email.html.contains("<img"),
        "{}",
        email.html
    );
    assert!(!email.html.contains("href=\"\""), "{}", email.html);
    assert!(
        email.text.contains("Only this") && !email.text.contains("---"),
        "{}",
        email.text
    );
    // Pieces that are no list are wrong even so.
    let wrong = elements(json!([channel("email", json!([{ "type": "text", "elements": 7 }]))]));
    assert!(check(&wrong, true).is_err());
    let wrong = elements(json!([channel("email", json!([{ "type": "text" }]))]));
    assert!(check(&wrong, true).is_err());
}

#[test]
fn a_link_to_nowhere_is_its_words() {
    let content = elements(json!([
        { "type": "text", "content": "[Your preferences]({{urls.preferences}}) and [more](https://a.example)" },
    ]));
    let email = Case::new(content, values()).email();
    assert!(email.html.contains("Your preferences and <a"), "{}", email.html);
    assert_eq!(email.text.trim(), "Your preferences and more (https://a.example)");
}

#[test]
fn a_brand_that_wants_no_bar_has_none() {
    let content = elements(json!([{ "type": "text", "content": "Hello" }]));
    // The colour is used elsewhere, too.
    let colored = |bar: Value| {
        let brand = json!({
            "id": "b", "name": "B",
            "settings": { "colors": { "primary": "#aa00aa" }, "email": { "header": { "barColor": bar } } },
        });
        let mut case = Case::new(content.clone(), values());
        case.brand = Some(serde_json::from_value(brand).unwrap());
        case.email().html.matches("#aa00aa").count()
    };
    let plain = colored(json!(""));
    assert!(colored(Value::Null) > plain && colored(json!("#aa00aa")) > plain);
    assert_eq!(colored(json!("#00aa00")), plain);
}

#[test]
fn every_channel_that_is_designed_is_rendered() {
    let text = json!([{ "type": "text", "content": "Hi {{name}}" }, { "type": "action", "content": "Go", "href": "https://a.example" }]);
    let content = elements(json!([
        channel("sms", text.clone()),
        { "type": "channel", "channel": "push", "raw": { "title": "For {{name}}", "text": "Hi {{name}}" } },
        channel("inbox", json!([{ "type": "meta", "title": "T" }, text[0], text[1]])),
        channel("slack", text.clone()),
        channel("msteams", text),
    ]));
    assert_eq!(check(&content, true), Ok(()));
    let mut case = Case::new(content, values());
    for (channel, provider) in [
        (Channel::Sms, None),
        (Channel::Push, None),
        (Channel::Inbox, None),
        (Channel::DirectMessage, Some("slack")),
        (Channel::DirectMessage, Some("msteams")),
    ] {
        case.provider = provider;
        let shown = case.json(channel).to_string();
        assert!(shown.contains("Hi Ada"), "{channel:?} {shown}");
    }
}

#[test]
fn a_subject_beside_the_elements_is_theirs() {
    for field in ["subject", "title"] {
        let mut mail = channel("email", json!([{ "type": "text", "content": "Hello {{name}}" }]));
        mail["raw"] = json!({ (field): "For {{name}}" });
        let email = Case::new(elements(json!([mail])), values()).email();
        assert_eq!(email.subject, "For Ada");
        assert!(email.html.contains("Hello Ada") && email.text.contains("Hello Ada"));
    }
    // A form of the author's own stays in place of the elements.
    let mut mail = channel("email", json!([{ "type": "text", "content": "Hello" }]));
    mail["raw"] = json!({ "subject": "S", "html": "<p>Mine</p>" });
    let email = Case::new(elements(json!([mail])), values()).email();
    assert!(email.html.contains("Mine") && !email.html.contains("Hello") && !email.text.contains("Hello"));
}
