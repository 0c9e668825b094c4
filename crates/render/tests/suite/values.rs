//! Values are literal text wherever they land.

use crate::common::{Case, elements, sugar};
use proptest::prelude::*;
use serde_json::{Value, json};
use tidings_render::{Note, check};
use tidings_template::Escape;
use tidings_types::{Channel, Rendered};

const HOSTILE: &str = "*x* _y_ [z](http://evil.example) `c` {{code}} {code} <b>&\"' # 1. > | \\ ~~s~~";

fn escaped(text: &str) -> String {
    let mut out = String::new();
    Escape::Html.push(&mut out, text);
    out
}

#[test]
fn a_value_is_never_markup() {
    let email = Case::new(
        sugar("Hi", "Hello **{{name}}**, {name}"),
        json!({"data": {"name": "*x*", "code": "1"}}),
    )
    .email();
    assert!(email.html.contains("Hello <strong>*x*</strong>, *x*"));
    assert_eq!(email.text, "Hello *x*, *x*");
    let email = Case::new(sugar("Hi", "a {{v}} b"), json!({"data": {"v": HOSTILE, "code": "1"}})).email();
    assert!(email.html.contains(&format!("a {} b", escaped(HOSTILE))));
    assert_eq!(email.text, format!("a {HOSTILE} b"));
}

#[test]
fn line_breaks_in_values_stay_in_texts_and_leave_subjects() {
    let case = Case::new(
        sugar("Hi {{v}}", "{{v}}"),
        json!({"data": {"v": "a\r\nBcc: x@y\u{2028}z"}}),
    );
    let output = case.render(Channel::Email).unwrap();
    assert!(output.notes.contains(&Note::FoldedLineBreaks { field: "subject" }));
    let Rendered::Email(email) = output.rendered else {
        panic!()
    };
    assert_eq!(email.subject, "Hi a Bcc: x@y z");
    assert!(email.html.contains("a<br>Bcc: x@y"));
}

#[test]
fn unsafe_links_go_nowhere() {
    let content = elements(json!([
        {"type": "action", "content": "Go", "href": "{{link}}"},
        {"type": "text", "content": "[here]({{link}})"},
        {"type": "image", "src": "{{link}}"}
    ]));
    let output = Case::new(content, json!({"data": {"link": "JavaScript:alert(1)"}}))
        .render(Channel::Email)
        .unwrap();
    for field in ["action", "text", "image"] {
        assert!(output.notes.contains(&Note::UnsafeLink { field }), "{field}");
    }
    let Rendered::Email(email) = output.rendered else {
        panic!()
    };
    assert!(!email.html.to_lowercase().contains("javascript"));
    assert!(email.html.contains("href=\"#\""));
    assert_eq!(email.text, "Go\n\nhere");
}

#[test]
fn style_values_cannot_break_out() {
    let content = elements(json!([{"type": "text", "content": "x", "color": "{{c}}"}]));
    let html = Case::new(content, json!({"data": {"c": "red;background:url(//evil)\"><script>"}}))
        .email()
        .html;
    assert!(!html.contains("evil"));
}

#[test]
fn missing_variables_are_told_by_name() {
    let output = Case::new(sugar("Hi", "a {{nope}} {too} b"), json!({"data": {}}))
        .render(Channel::Sms)
        .unwrap();
    let names: Vec<String> = output.notes.iter().map(ToString::to_string).collect();
    assert_eq!(
        names,
        ["the variable `nope` has no value", "the variable `too` has no value"]
    );
    assert_eq!(
        output.rendered,
        Rendered::Sms(tidings_types::rendered::Sms {
            body: "a  {too} b".to_owned()
        })
    );
}

fn any_json() -> impl Strategy<Value = Value> {
    let keys = prop::sample::select(vec![
        "type",
        "content",
        "href",
        "elements",
        "channel",
        "channels",
        "if",
        "title",
        "src",
        "color",
        "padding",
        "align",
        "text_style",
        "style",
        "id",
        "locales",
        "bold",
        "raw",
        "loop",
    ]);
    let words = prop::sample::select(vec![
        "text",
        "meta",
        "action",
        "group",
        "channel",
        "email",
        "quote",
        "image",
        "html",
        "divider",
        "{{a}}",
        "{b}",
        "data.a == 1",
        "#fff",
        "**b** _c_ [d](e)",
        "\n\n- x\n# y\n```\n",
        "h1",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        words.prop_map(Value::from),
        "[_*\\[\\](){}<>$.a-z\\n\"'`~#|!&;-]{0,24}".prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 48, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec((keys.clone(), inner), 0..7)
                .prop_map(|pairs| pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()),
        ]
    })
}

/// Elements that are mostly right, so that rendering itself meets odd values.
fn plausible_element() -> impl Strategy<Value = Value> {
    let text = prop_oneof![
        "[_*\\[\\]()<>a-z \n`~#|!&;-]{0,20}",
        prop::sample::select(vec![
            "{{a}} {b}",
            "**{{a.b}}**",
            "[{{a}}]({{b}})",
            "{$.data.a}",
            "{{{a}}}"
        ])
        .prop_map(str::to_owned),
    ];
    let style = prop::sample::select(vec!["#fff", "red", "{{a}}", "16px", "12", "10px 4px"]);
    let leaf = (
        prop::sample::select(vec!["meta", "text", "action", "image", "divider", "quote", "html"]),
        text.clone(),
        text,
        style,
        prop::option::of(prop::sample::select(vec![
            "data.a",
            "data.b > 1",
            "!data.a",
            "'x' in data.a",
        ])),
    )
        .prop_map(|(kind, content, href, style, condition)| {
            let size = if style.contains("px") || style.contains('1') {
                "padding"
            } else {
                "color"
            };
            json!({"type": kind, "content": content, "title": content.replace('\n', " "), "href": href, "src": href,
                "if": condition, size: style})
        });
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop::collection::vec(inner, 0..4)
            .prop_map(|list| json!({"type": "group", "elements": list, "background_color": "{{a}}"}))
    })
}

proptest! {
    #[test]
    fn plausible_elements_render_alike_twice(list in prop::collection::vec(plausible_element(), 0..5), a in any_json(), b in any_json()) {
        let case = Case::new(elements(list), json!({"data": {"a": a, "b": b}}));
        prop_assert!(check(&case.content, false).is_ok());
        for channel in Channel::ALL {
            prop_assert_eq!(case.render(channel), case.render(channel));
        }
    }

    #[test]
    fn a_value_stands_verbatim(value in "[_*\\[\\](){}<>$.&;'\"`~#|!a-z 0-9é🙂\\\\-]{1,40}") {
        prop_assume!(value.trim() == value);
        let case = Case::new(sugar("t", "**x** «{{v}}» y"), json!({"data": {"v": value}}));
        let email = case.email();
        prop_assert_eq!(&email.text, &format!("x «{value}» y"));
        let expected = format!("<strong>x</strong> «{}» y", escaped(&value));
        prop_assert!(email.html.contains(&expected));
    }

    #[test]
    fn any_text_around_a_value_is_fine(before in "[_*\\[\\]()<>a-z \\n`~#|!&;-]{0,30}", value in "[_*<>{}a-z]{1,20}") {
        let case = Case::new(sugar("t", &format!("{before} «{{{{v}}}}»")), json!({"data": {"v": value}}));
        let email = case.email();
        let (text, html) = (format!("«{value}»"), format!("«{}»", escaped(&value)));
        prop_assert!(email.text.contains(&text));
        prop_assert!(email.html.contains(&html));
    }

    #[test]
    fn random_elements_never_panic(list in prop::collection::vec(any_json(), 0..6), context in any_json()) {
        let content = elements(list);
        if check(&content, false).is_ok() {
            for channel in Channel::ALL {
                let case = Case::new(content.clone(), json!({"data": context}));
                let (first, second) = (case.render(channel), case.render(channel));
                prop_assert_eq!(first, second);
            }
        }
    }
}
