//! Every kind of element on every channel: one file for each kind, to be read from top to bottom.

use std::fmt::Write as _;

use serde_json::{Value, json};
use tidings_types::{Channel, Rendered};

use crate::common::{Case, elements};
use crate::pretty::pretty;

/// Channels and providers that render in ways of their own, and what they are called here.
const CHANNELS: &[(&str, Channel, Option<&str>)] = &[
    ("sms", Channel::Sms, None),
    ("push", Channel::Push, None),
    ("inbox", Channel::Inbox, None),
    ("slack", Channel::DirectMessage, Some("slack")),
    ("msteams", Channel::DirectMessage, Some("msteams")),
    ("discord", Channel::DirectMessage, Some("discord")),
    ("whatsapp", Channel::DirectMessage, Some("whatsapp")),
    ("webhook", Channel::Webhook, None),
];

/// The content's rows of a mail's HTML.
fn card(html: &str) -> &str {
    let from = html.find("style=\"table-layout:fixed\">\n").map_or(0, |at| at + 28);
    let to = html
        .rfind("</table>\n</td></tr>\n</table>\n</td></tr>")
        .unwrap_or(html.len());
    html.get(from..to).unwrap_or(html)
}

fn everywhere(content: Value) -> String {
    let data = json!({"data": {"name": "Ada & Co", "link": "https://a.example/?x=1&y=2", "n": 3},
        "profile": {"email": "ada@acme.example"}});
    let mut case = Case::new(elements(content), data);
    let mut out = String::new();
    let email = case.email();
    let _ = write!(out, "== email: {}\n{}\n", email.subject, pretty(card(&email.html)));
    let _ = write!(out, "\n== email text\n{}\n", email.text);
    let mut known: Vec<(&str, String)> = Vec::new();
    for (name, channel, provider) in CHANNELS {
        case.provider = *provider;
        let told = match case.render(*channel) {
            Err(error) => format!("({error})"),
            Ok(output) => match output.rendered {
                Rendered::Sms(sms) => sms.body,
                other => {
                    let mut value = serde_json::to_value(other).unwrap();
                    value
                        .as_object_mut()
                        .unwrap()
                        .retain(|name, value| name != "channel" && *value != json!({}) && *value != json!([]));
                    if let Some(data) = value.get_mut("data") {
                        *data = json!("(the message's data)");
                    }
                    serde_json::to_string_pretty(&value).unwrap()
                }
            },
        };
        if let Some((like, _)) = known.iter().find(|(_, one)| *one == told) {
            let _ = write!(out, "\n== {name}: as {like}\n");
        } else {
            let _ = write!(out, "\n== {name}\n{told}\n");
            known.push((name, told));
        }
    }
    out
}

macro_rules! golden {
    ($($name:ident: $content:tt)*) => { $(
        #[test]
        fn $name() {
            insta::with_settings!({omit_expression => true}, {
                insta::assert_snapshot!(concat!("node_", stringify!($name)), everywhere(json!($content)));
            });
        }
    )* };
}

golden! {
    meta: [{"type": "meta", "title": "Hello {{name}}"}, {"type": "text", "content": "x"}]
    text: [
        {"type": "text", "content": "A **bold** _word_, ~~gone~~, `code`, [a link]({{link}}) and {{name}}\nnext line"},
        {"type": "text", "text_style": "h1", "content": "First"},
        {"type": "text", "text_style": "h2", "content": "Second", "align": "center"},
        {"type": "text", "text_style": "h3", "content": "Third", "align": "right"},
        {"type": "text", "text_style": "subtext", "content": "Quiet"},
        {"type": "text", "format": "text", "content": "Not **bold**"}
    ]
    text_looks: [
        {"type": "text", "content": "Looks", "color": "#0f766e", "bold": "true", "italic": true, "underline": true,
         "strikethrough": "true", "font_size": "18px", "line_height": "24px", "padding": "4px"},
        {"type": "text", "content": "Boxed", "background_color": "#fef2f2", "border_color": "#fecaca", "border_size": "2px"},
        {"type": "text", "content": "Older", "border": {"enabled": true, "color": "#cccccc", "radius": 6, "size": "1px"}},
        {"type": "text", "content": "Dark ground, [link]({{link}})", "background_color": "#111827"}
    ]
    text_elements: [
        {"type": "text", "elements": [
            {"type": "string", "content": "Hi {{name}}, "},
            {"type": "string", "content": "bold", "bold": true, "color": "#b91c1c"},
            {"type": "string", "content": " marked ", "highlight": "#fef08a", "font_size": "14px"},
            {"type": "link", "content": "here", "href": "{{link}}", "italic": true},
            {"type": "img", "src": "https://a.example/i.png", "alt_text": "a star", "width": "16px"},
            {"type": "string", "content": " sometimes", "if": "data.n > 5"}
        ]}
    ]
    text_blocks: [
        {"type": "text", "content": "# Heading {{name}}\nSome lines\nhere\n\n- one\n- **two**\n\n1. first\n2. [second]({{link}})"}
    ]
    action: [
        {"type": "action", "content": "Go, {{name}}", "href": "{{link}}", "action_id": "go"},
        {"type": "action", "content": "Second", "href": "https://a.example/2", "style": "secondary", "align": "left"},
        {"type": "action", "content": "Third", "href": "https://a.example/3", "style": "tertiary", "disable_tracking": true},
        {"type": "action", "content": "Link", "href": "https://a.example/4", "style": "link", "align": "right"},
        {"type": "action", "content": "Own", "href": "https://a.example/5", "align": "full", "background_color": "#f59e0b",
         "border_radius": "4px", "border_size": "2px", "padding": "10px 20px", "font_size": "14px"}
    ]
    image: [
        {"type": "image", "src": "https://a.example/a.png", "alt_text": "A {{name}}", "href": "{{link}}", "width": "320px"},
        {"type": "image", "src": "https://a.example/b.png", "altText": "Older", "align": "full"},
        {"type": "image", "src": "https://a.example/c.png", "image_natural_width": "1200px", "border_color": "#cccccc"},
        {"type": "image", "src": "https://a.example/d.png", "width": "50%", "align": "left", "padding": "0"}
    ]
    divider: [
        {"type": "text", "content": "above"},
        {"type": "divider"},
        {"type": "divider", "color": "#ff0000", "border_width": 2, "padding": "4px"},
        {"type": "divider", "width": "3px"},
        {"type": "text", "content": "below"}
    ]
    quote: [
        {"type": "quote", "content": "Said {{name}}\non **two** lines"},
        {"type": "quote", "content": "Older", "borderColor": "#0f766e", "background_color": "#f0fdfa", "align": "center",
         "text_style": "h3", "font_size": "15px", "line_height": 1.4}
    ]
    html: [{"type": "text", "content": "x"}, {"type": "html", "content": "<p>Own {{name}}</p>"}]
    group: [
        {"type": "group", "background_color": "#f0fdf4", "padding": "16px",
         "border": {"enabled": true, "color": "#bbf7d0", "size": "1px", "radius": "8px"},
         "elements": [{"type": "text", "content": "In a box"}, {"type": "action", "content": "Full", "href": "{{link}}", "align": "full"}]},
        {"type": "group", "if": "data.n > 5", "elements": [{"type": "text", "content": "never"}]}
    ]
    columns: [
        {"type": "columns", "gap": "20px", "background_color": "#f8fafc", "padding": "16px", "border_radius": "8px",
         "border_color": "#e2e8f0", "border_width": "1px", "vertical_align": "middle", "elements": [
            {"type": "column", "width": "40%", "elements": [{"type": "image", "src": "https://a.example/a.png", "alt_text": "A"}]},
            {"type": "column", "background_color": "#ecfdf5", "padding": "8px", "vertical_align": "top",
             "elements": [{"type": "text", "content": "Beside"}]},
            {"type": "column", "width": "auto", "elements": [{"type": "text", "content": "Last"}]}
        ]}
    ]
    list: [
        {"type": "list", "list_type": "unordered", "font_size": "15px", "line_height": "1.5", "padding": "8px 0", "elements": [
            {"type": "list-item", "elements": [{"type": "string", "content": "One "}, {"type": "link", "content": "link", "href": "{{link}}"},
                {"type": "list", "list_type": "ordered", "elements": [
                    {"type": "list-item", "elements": [{"type": "string", "content": "Inner {{name}}"}]},
                    {"type": "list-item", "content": "Older **spelling**", "background_color": "#fef9c3"}
                ]}
            ]},
            {"type": "list-item", "elements": [{"type": "string", "content": "Two", "bold": true}]}
        ]},
        {"type": "list", "imgSrc": "https://a.example/tick.png", "imgHref": "{{link}}", "elements": [
            {"type": "list-item", "content": "Ticked"}
        ]}
    ]
    silent: [{"type": "text", "content": "x"}, {"type": "comment", "comment": "not shown"}, {"type": "partial", "name": "p"}]
    raw: [
        {"type": "channel", "channel": "email", "raw": {"subject": "Raw {{name}}", "html": "<h1>Hi {{name}}</h1><p><a href=\"{{link}}\">go</a></p>"}},
        {"type": "channel", "channel": "push", "raw": {"title": "T {{name}}", "text": "B"}},
        {"type": "channel", "channel": "inbox", "raw": {"title": "T", "text": "B {{name}}"}}
    ]
}
