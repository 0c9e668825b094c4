//! Which content goes where, what is refused, and what overrides replace.

use crate::common::{Case, elements, password_reset, sugar, values};
use serde_json::{Value, json};
use tidings_render::{RenderError, check, has_content};
use tidings_types::{Channel, TemplateContent};

fn problems(content: &TemplateContent, strict: bool) -> Vec<String> {
    check(content, strict)
        .err()
        .unwrap_or_default()
        .iter()
        .map(ToString::to_string)
        .collect()
}

fn text(content: &str) -> Value {
    json!({"type": "text", "content": content})
}

#[test]
fn the_nearest_channel_element_is_chosen() {
    let content = elements(json!([
        {"type": "channel", "channel": "twilio", "elements": [text("by twilio")]},
        {"type": "channel", "channel": "sms", "elements": [text("by sms")]},
        {"type": "channel", "channel": "default", "elements": [text("by default")]}
    ]));
    let mut case = Case::new(content, json!({}));
    assert_eq!(case.json(Channel::Sms)["body"], "by sms");
    assert_eq!(case.json(Channel::Push)["body"], "by default");
    case.provider = Some("twilio");
    assert_eq!(case.json(Channel::Sms)["body"], "by twilio");
}

#[test]
fn without_content_a_channel_is_not_usable() {
    let only_mail = elements(json!([{"type": "channel", "channel": "email", "elements": [text("x")]}]));
    assert!(has_content(Channel::Email, None, &only_mail));
    assert!(!has_content(Channel::Sms, None, &only_mail));
    assert_eq!(
        Case::new(only_mail, json!({})).render(Channel::Sms),
        Err(RenderError::NoContent)
    );

    let filtered = elements(json!([{"type": "text", "content": "x", "channels": ["chat", "sendgrid"]}]));
    assert!(has_content(Channel::DirectMessage, None, &filtered));
    assert!(has_content(Channel::Email, Some("sendgrid"), &filtered));
    assert!(!has_content(Channel::Email, Some("smtp"), &filtered));

    let title_only = TemplateContent {
        title: Some("x".to_owned()),
        ..TemplateContent::default()
    };
    assert!(has_content(Channel::Push, None, &title_only));
    assert!(!has_content(Channel::Sms, None, &title_only));
    assert!(!has_content(Channel::Email, None, &TemplateContent::default()));
}

#[test]
fn conditions_decide_what_shows() {
    let content = elements(json!([
        text("always"),
        {"type": "text", "content": "pro", "if": "data.plan === 'pro'"},
        {"type": "group", "if": [{"conditions": [{"property": "data.n", "operator": "greater_than", "value": "3"}]}],
         "elements": [text("many")]}
    ]));
    let body = |data: Value| Case::new(content.clone(), json!({"data": data})).json(Channel::Sms)["body"].clone();
    assert_eq!(body(json!({"plan": "pro", "n": 4})), "always\npro\nmany");
    assert_eq!(body(json!({})), "always");
}

#[test]
fn a_loop_repeats_its_element() {
    let content = elements(json!([
        {"type": "text", "loop": "data.items", "if": "$.item.n > 0",
         "content": "{{$.index}} {$.item.name}: {{this.n}} {@.n} {{@index}}{{@last}} of {{who}}"},
        {"type": "group", "loop": "{{ rows }}", "elements": [
            {"type": "text", "loop": "$.item", "content": "{$.item}{{@first}}"}
        ]}
    ]));
    let data = json!({"who": "Ada", "items": [{"name": "Tea", "n": 1}, {"name": "Air", "n": 0}, {"name": "Milk", "n": 2}],
        "rows": [["a", "b"], ["c"]]});
    let case = Case::new(content, json!({"data": data}));
    assert_eq!(
        case.json(Channel::Sms)["body"],
        "0 Tea: 1 1 0false of Ada\n2 Milk: 2 2 2true of Ada\natrue\nbfalse\nctrue"
    );
    assert_eq!(case.email().text.lines().count(), 9);
}

#[test]
fn a_loop_over_no_array_shows_nothing_and_says_so() {
    let content = elements(json!([{"type": "text", "content": "x", "loop": "data.items"}, text("y")]));
    for data in [json!({}), json!({"items": 3}), json!({"items": {"a": 1}})] {
        let output = Case::new(content.clone(), json!({"data": data}))
            .render(Channel::Sms)
            .unwrap();
        let notes: Vec<String> = output.notes.iter().map(ToString::to_string).collect();
        assert_eq!(notes, ["the loop of elements[0] is over no array, so it was left out"]);
        assert_eq!(serde_json::to_value(&output.rendered).unwrap()["body"], "y");
    }
}

#[test]
fn later_elements_may_ask_about_earlier_ones() {
    let content = elements(json!([
        {"type": "text", "content": "later", "if": "refs.box.visible"},
        {"type": "text", "content": "Hi {{name}}", "ref": "box", "bold": true, "if": "data.name"},
        {"type": "text", "content": "shown: {{refs.box.content}} {{refs.box.bold}}", "if": "refs.box.visible"},
        {"type": "text", "content": "hidden", "if": "!refs.box.visible"},
        {"type": "text", "content": "{$.refs.box.visible}"}
    ]));
    let body = |data: Value| Case::new(content.clone(), json!({"data": data}));
    assert_eq!(
        body(json!({"name": "Ada"})).json(Channel::Sms)["body"],
        "Hi Ada\nshown: Hi Ada true\ntrue"
    );
    assert_eq!(body(json!({})).json(Channel::Sms)["body"], "hidden\nfalse");
    // A mail goes through its elements twice; the second time must not know more than the first.
    assert!(!body(json!({"name": "Ada"})).email().html.contains("later"));
}

#[test]
fn loops_cannot_multiply_without_end() {
    let inner = json!({"type": "text", "content": "x", "loop": "data.items"});
    let group = |inner: Value| json!({"type": "group", "loop": "data.items", "elements": [inner]});
    let content = elements(json!([group(group(group(group(group(inner)))))]));
    let case = Case::new(content, json!({"data": {"items": (0..40).collect::<Vec<_>>()}}));
    assert!(matches!(
        case.render(Channel::Sms),
        Err(RenderError::Text(tidings_template::RenderError::TooMuchWork { .. }))
    ));
}

#[test]
fn missing_variables_may_fail_a_channel() {
    let content = elements(json!([
        {"type": "text", "content": "{{gone}}", "channels": ["sms"]},
        {"type": "text", "content": "{{gone}}", "if": "data.never"},
        text("fine")
    ]));
    let mut case = Case::new(content, json!({"data": {}}));
    case.meta.missing = tidings_template::Missing::Fail;
    assert!(case.render(Channel::Push).is_ok());
    assert_eq!(
        case.render(Channel::Sms),
        Err(RenderError::Text(tidings_template::RenderError::MissingVariable {
            name: "gone".to_owned()
        }))
    );
}

#[test]
fn nothing_left_to_say_is_an_error() {
    let content = elements(json!([{"type": "text", "content": "x", "if": "data.never"}]));
    assert_eq!(
        Case::new(content.clone(), json!({})).render(Channel::Sms),
        Err(RenderError::Empty)
    );
    assert!(Case::new(content, json!({})).render(Channel::Email).is_ok());
}

#[test]
fn every_problem_is_named_with_its_place() {
    let content = elements(json!([
        {"type": "channel", "channel": "email", "elements": [
            {"type": "text"},
            {"type": "action", "id": "go", "content": 1, "href": "{{#if x}}"},
            {"type": "blink"},
            {"type": "column", "elements": []},
            {"type": "text", "content": "x", "loop": "a b", "ref": "a.b", "align": "up", "color": "red;x"},
            {"type": "text", "content": "x", "if": "data.x =="},
            {"type": "channel", "channel": "sms", "elements": []},
            {"type": "meta", "title": "a\nb"},
            "text"
        ]},
        text("beside a channel")
    ]));
    insta::assert_snapshot!(problems(&content, false).join("\n"), @"
    elements[0].elements[0].content is required
    elements[0].elements[1].content must be a string, not number
    elements[0].elements[1].href has `{{#if}}` without `{{/if}}`
    elements[0].elements[2].type is not a known kind of element
    elements[0].elements[3].type is column, which cannot stand here: it must be one of action, columns, divider, group, html, image, jsonnet, list, meta, quote, text
    elements[0].elements[4].align must be one of left, center, right, full
    elements[0].elements[4].color must be a colour, such as #2a5bd7
    elements[0].elements[4].loop must be a path, such as data.items
    elements[0].elements[4].ref must be a name without dots and brackets
    elements[0].elements[5].if cannot be read at byte 9: a value was expected
    elements[0].elements[6].type is channel, which can stand at the top level only
    elements[0].elements[7].title must be a single line
    elements[0].elements[8] must be an object
    elements[1] must be a channel element, since another element here is one
    ");
    let with_id = check(&content, false).unwrap_err();
    assert_eq!(
        with_id
            .iter()
            .find(|one| one.element_path.ends_with("[1].content"))
            .unwrap()
            .id
            .as_deref(),
        Some("go")
    );
}

#[test]
fn a_program_that_cannot_be_read_is_refused() {
    let content = elements(json!([{"type": "jsonnet", "content": "{a: 1,\n b: c}"}, {"type": "jsonnet"}]));
    assert_eq!(
        problems(&content, false),
        [
            "elements[0].content names c, which there is not (line 2)",
            "elements[1].content is required"
        ]
    );
}

#[test]
fn stored_templates_need_channels_and_sends_do_not() {
    let bare = elements(json!([text("x")]));
    assert_eq!(problems(&bare, false), Vec::<String>::new());
    assert_eq!(problems(&bare, true), ["elements[0] must be inside a channel element"]);
    assert_eq!(problems(&elements(json!([])), true), Vec::<String>::new());
    assert_eq!(
        problems(&sugar("a\r\nb", "c\nd"), false),
        ["title must be a single line"]
    );
    assert_eq!(
        problems(&sugar("a\u{1b}[1m", "b\tc\u{0}"), false),
        [
            "title must not hold control characters",
            "body must not hold control characters"
        ]
    );
}

#[test]
fn every_locale_is_checked() {
    let content = elements(json!([{"type": "text", "content": "x", "locales": {"de": {"content": "{{#x}}"}}}]));
    assert_eq!(
        problems(&content, false),
        ["elements[0].content has `{{#x}}` without `{{/x}}` (in locale de)"]
    );
}

#[test]
fn a_mail_override_replaces_what_it_names() {
    let overrides = json!({
        "subject": "New", "html": "<p>x</p>", "from": "Ada <ada@acme.example>", "reply_to": {"email": "r@acme.example"},
        "cc": ["a@b.c"], "bcc": "d@e.f, g@h.i", "headers": {"X-Id": 7},
        "attachments": [{"filename": "a.pdf", "contentType": "application/pdf", "data": "AAAA"}]
    });
    let case = Case::new(password_reset(), values()).overrides(overrides);
    let output = case.render(Channel::Email).unwrap();
    assert!(output.original.is_some());
    let mut json = serde_json::to_value(output.rendered).unwrap();
    json["text"] = Value::Null;
    insta::assert_json_snapshot!(json);
}

#[test]
fn headers_with_line_breaks_are_refused() {
    for overrides in [
        json!({"headers": {"X-A": "a\r\nBcc: x@y"}}),
        json!({"headers": {"X-A: b\r\nBcc": "x@y"}}),
        json!({"subject": "a\nb"}),
        json!({"from": "a@b\r\nBcc: c@d"}),
        json!({"cc": [1]}),
        json!({"attachments": [{"filename": "x"}]}),
    ] {
        let result = Case::new(password_reset(), values())
            .overrides(overrides.clone())
            .render(Channel::Email);
        assert!(
            matches!(result, Err(RenderError::Header { .. } | RenderError::Override { .. })),
            "{overrides}"
        );
    }
}

#[test]
fn overrides_alone_are_content() {
    let case = Case::new(TemplateContent::default(), json!({}))
        .overrides(json!({"title": "T", "body": "B", "data": {"k": 1}}));
    let push = case.json(Channel::Push);
    assert_eq!(
        (&push["title"], &push["body"], &push["data"]["k"]),
        (&json!("T"), &json!("B"), &json!(1))
    );
}

#[test]
fn a_mail_without_a_title_says_so() {
    let content = TemplateContent {
        body: Some("x".to_owned()),
        ..TemplateContent::default()
    };
    assert_eq!(Case::new(content, json!({})).email().subject, "(no subject)");
}

#[test]
fn a_template_names_its_own_sender_with_variables() {
    let mut case = Case::new(password_reset(), values());
    case.meta.email = json!({"from": "{{product}} <no-reply@acme.example>", "cc": ["{{profile.email}}"]})
        .as_object()
        .cloned();
    let email = case.email();
    assert_eq!(email.from.unwrap().name.as_deref(), Some("Acme"));
    assert_eq!(email.cc[0].email, "ada@acme.example");
}
