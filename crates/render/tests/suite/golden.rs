//! Renderings kept byte for byte: whoever changes the page sees what changed.

use crate::common::{Case, brand, elements, password_reset, values};
use crate::pretty::pretty;
use serde_json::json;
use tidings_types::Channel;

#[test]
fn password_reset_mail() {
    let email = Case::new(password_reset(), values()).email();
    assert_eq!(email.subject, "Reset your Acme password");
    insta::assert_snapshot!("password_reset_html", pretty(&email.html));
    insta::assert_snapshot!("password_reset_text", email.text);
}

#[test]
fn password_reset_on_the_other_channels() {
    let case = Case::new(password_reset(), values());
    for channel in [
        Channel::Sms,
        Channel::Push,
        Channel::Inbox,
        Channel::DirectMessage,
        Channel::Webhook,
    ] {
        insta::assert_json_snapshot!(format!("password_reset_{channel}"), case.json(channel));
    }
}

#[test]
fn branded_mail() {
    let mut case = Case::new(password_reset(), values());
    case.brand = Some(brand());
    let email = case.email();
    insta::assert_snapshot!("branded_html", pretty(&email.html));
    insta::assert_snapshot!("branded_text", email.text);
}

#[test]
fn mail_in_a_language_written_from_the_right() {
    let mut case = Case::new(
        elements(json!([
            {"type": "meta", "title": "إعادة تعيين كلمة المرور"},
            {"type": "text", "content": "مرحبا **{{profile.name}}**"},
            {"type": "quote", "content": "لا نطلب كلمة المرور أبدا"},
            {"type": "action", "content": "متابعة", "href": "{{link}}", "style": "secondary"}
        ])),
        values(),
    );
    case.meta.locale = Some("ar-EG".to_owned());
    insta::assert_snapshot!("right_to_left_html", pretty(&case.email().html));
}

#[test]
fn every_look_in_one_mail() {
    let content = elements(json!([
        {"type": "channel", "channel": "email", "background_color": "#eef2ff", "padding": "24px", "font_family": "Georgia, serif",
         "elements": [
            {"type": "meta", "title": "All of it"},
            {"type": "text", "text_style": "h2", "content": "Order {{id}}", "color": "#0f766e", "underline": "true"},
            {"type": "text", "text_style": "h3", "content": "Warning", "background_color": "#111827", "bold": true},
            {"type": "image", "src": "https://acme.example/{{id}}.png", "alt_text": "Order {{id}}", "width": "320px",
             "href": "https://acme.example", "border_color": "#cccccc"},
            {"type": "group", "background_color": "#f0fdf4", "padding": "16px", "elements": [
                {"type": "text", "content": "In a box, `code`, ~~gone~~, _there_"},
                {"type": "action", "content": "Full", "href": "https://acme.example", "align": "full"}
            ]},
            {"type": "action", "content": "Second", "href": "https://acme.example/2", "style": "secondary", "align": "left"},
            {"type": "action", "content": "Third", "href": "https://acme.example/3", "style": "tertiary"},
            {"type": "action", "content": "Link", "href": "https://acme.example/4", "style": "link", "align": "right"},
            {"type": "divider", "color": "#ff0000", "border_width": 2},
            {"type": "html", "content": "<p>Own {{id}}</p>"},
            {"type": "comment", "comment": "not shown"}
         ]}
    ]));
    insta::assert_snapshot!(
        "every_look_html",
        pretty(&Case::new(content, json!({"data": {"id": "7 & 8"}})).email().html)
    );
}
