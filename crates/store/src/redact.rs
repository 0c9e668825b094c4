//! Taking the data of one-time messages out of what is stored, so that JSON stays valid and keeps its shape.

use serde_json::Value;

/// What stands where data stood.
pub const REDACTED: &str = "[redacted]";

/// Fields of a rendering that hold text made from data.
const TEXTS: [&str; 7] = ["subject", "html", "text", "title", "body", "preview", "click_action"];

/// Fields of a rendering's blocks and buttons that say how they look, not what they say.
const LOOKS: [&str; 3] = ["type", "style", "background_color"];

/// Redacts JSON kept as text. Text that is no JSON becomes JSON null: what cannot be read cannot be vouched for.
pub fn in_text(text: &str, redact: fn(&mut Value)) -> String {
    match serde_json::from_str(text) {
        Ok(mut value) => {
            redact(&mut value);
            value.to_string()
        }
        Err(_) => Value::Null.to_string(),
    }
}

/// A request's `message` object: `data`, and what overrides put in its place.
pub fn spec(value: &mut Value) {
    redact_field(value, "data");
    for group in ["channels", "providers"] {
        for options in value
            .get_mut(group)
            .and_then(Value::as_object_mut)
            .into_iter()
            .flatten()
        {
            if let Some(overrides) = options.1.get_mut("override") {
                redact_strings(overrides, &[]);
            }
        }
    }
}

/// The `message` of a request to somebody who is to be forgotten: nothing but which template it was.
pub fn forgotten_spec(value: &mut Value) {
    let template = value.get_mut("template").map(Value::take);
    *value = Value::Object(template.map(|id| ("template".to_owned(), id)).into_iter().collect());
}

/// A recipient, an entry of `to`: its `data`. Addresses stay.
pub fn recipient(value: &mut Value) {
    redact_field(value, "data");
}

/// The entries of `to` that stand for many: each one's `data`.
pub fn crowds(value: &mut Value) {
    value.as_array_mut().into_iter().flatten().for_each(recipient);
}

/// Somebody in a bulk job: their `data`, also within `to`.
pub fn bulk_user(value: &mut Value) {
    redact_field(value, "data");
    if let Some(to) = value.get_mut("to") {
        recipient(to);
    }
}

/// The `message` of a bulk job, in both forms: its `data`, that of each language, and what overrides put in its place.
pub fn bulk_definition(value: &mut Value) {
    spec(value);
    if let Some(message) = value.get_mut("message") {
        spec(message);
    }
    for name in ["locale", "override"] {
        // A language's own name is a text as well.
        if let Some(more) = value.get_mut(name).filter(|more| more.is_object()) {
            redact_strings(more, &[]);
        }
    }
}

/// The lines of a history, one or an array of them: `data` and `override`.
pub fn history(value: &mut Value) {
    match value {
        Value::Array(lines) => lines.iter_mut().for_each(history),
        line => {
            redact_field(line, "data");
            if let Some(overrides) = line.get_mut("override") {
                redact_strings(overrides, &[]);
            }
        }
    }
}

/// What a person would see: an output's `content`, a [`Rendered`](tidings_types::Rendered), an entry of the feed.
/// Addresses, files' names and looks stay; texts, links, headers' values and files' bytes go.
pub fn content(value: &mut Value) {
    for name in TEXTS {
        if let Some(text) = value.get_mut(name) {
            redact_strings(text, &[]);
        }
    }
    redact_field(value, "data");
    for name in ["blocks", "actions", "payload"] {
        if let Some(parts) = value.get_mut(name) {
            redact_strings(parts, &LOOKS);
        }
    }
    for header in entries(value, "headers") {
        if let Some(text) = header.get_mut(1) {
            redact_strings(text, &[]);
        }
    }
    for file in entries(value, "attachments") {
        if let Some(bytes) = file.get_mut("data") {
            // Base64 must stay base64.
            *bytes = Value::String(String::new());
        }
    }
}

/// The body of a webhook call: everything in it.
pub fn payload(value: &mut Value) {
    redact_leaves(value);
}

fn entries<'a>(value: &'a mut Value, name: &str) -> impl Iterator<Item = &'a mut Value> {
    value.get_mut(name).and_then(Value::as_array_mut).into_iter().flatten()
}

fn redact_field(value: &mut Value, name: &str) {
    if let Some(field) = value.get_mut(name) {
        redact_leaves(field);
    }
}

/// Replaces every string, number and boolean; null says nothing and stays.
fn redact_leaves(value: &mut Value) {
    match value {
        Value::Null => {}
        Value::Array(items) => items.iter_mut().for_each(redact_leaves),
        Value::Object(fields) => fields.values_mut().for_each(redact_leaves),
        leaf => *leaf = Value::String(REDACTED.to_owned()),
    }
}

/// Replaces every string but those of the fields named in `keep`.
fn redact_strings(value: &mut Value, keep: &[&str]) {
    match value {
        Value::String(text) => REDACTED.clone_into(text),
        Value::Array(items) => items.iter_mut().for_each(|item| redact_strings(item, keep)),
        Value::Object(fields) => fields
            .iter_mut()
            .filter(|(name, _)| !keep.contains(&name.as_str()))
            .for_each(|(_, field)| redact_strings(field, keep)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use tidings_types::rendered::{Attachment, Chat, ChatForm, Email, Inbox, InboxAction, Push, Sms, Webhook};
    use tidings_types::{MessageSpec, Rendered};

    use super::*;

    #[test]
    fn a_spec_keeps_everything_but_its_data() {
        let mut value = json!({
            "template": "t", "data": {"code": "4711", "deep": [{"n": 4711, "yes": true, "none": null}]},
            "channels": {"email": {"override": {"subject": "Code 4711"}, "timeouts": {"channel": 5}}},
            "providers": {"webhook": {"override": {"body": {"code": "4711"}}}},
            "timeout": {"message": 1000}
        });
        let before: MessageSpec = serde_json::from_value(value.clone()).unwrap();
        spec(&mut value);
        assert!(!value.to_string().contains("4711"), "{value}");
        let after: MessageSpec = serde_json::from_value(value.clone()).unwrap();
        assert_eq!(
            value["data"]["deep"][0],
            json!({"n": REDACTED, "yes": REDACTED, "none": null})
        );
        assert_eq!((after.template, after.timeout), (before.template, before.timeout));
    }

    #[test]
    fn a_forgotten_spec_keeps_its_template_alone() {
        let mut value = json!({"template": "t", "data": {"code": "4711"}, "content": {"title": "4711", "body": "b"}});
        forgotten_spec(&mut value);
        assert_eq!(value, json!({"template": "t"}));
        serde_json::from_value::<MessageSpec>(value).unwrap();
        let mut inline = json!({"content": {"title": "4711", "body": "b"}});
        forgotten_spec(&mut inline);
        assert_eq!(inline, json!({}));
    }

    #[test]
    fn history_lines_lose_data_and_overrides() {
        let mut lines = json!([
            {"type": "MAPPED", "ts": 1, "data": {"code": "4711"}, "notification_id": "n"},
            {"type": "ROUTED", "ts": 2, "override": {"email": {"subject": "4711", "size": 3}}}
        ]);
        history(&mut lines);
        assert_eq!(lines[0]["data"]["code"], REDACTED);
        assert_eq!(lines[0]["notification_id"], "n");
        assert_eq!(lines[1]["override"]["email"], json!({"subject": REDACTED, "size": 3}));
    }

    #[test]
    fn every_rendering_stays_one() {
        let secret = || "4711".to_owned();
        let renderings = [
            Rendered::Email(Email {
                subject: secret(),
                html: secret(),
                text: secret(),
                headers: vec![("X-Code".to_owned(), secret())],
                attachments: vec![Attachment {
                    filename: "a.txt".to_owned(),
                    content_type: "text/plain".to_owned(),
                    data: secret(),
                }],
                ..Email::default()
            }),
            Rendered::Sms(Sms { body: secret() }),
            Rendered::Push(Push {
                title: secret(),
                body: secret(),
                click_action: Some(secret()),
                icon: None,
                data: [("n".to_owned(), json!(4711))].into_iter().collect(),
            }),
            Rendered::Inbox(Inbox {
                preview: secret(),
                actions: vec![InboxAction {
                    content: secret(),
                    href: secret(),
                    ..InboxAction::default()
                }],
                ..Inbox::default()
            }),
            Rendered::DirectMessage(Chat {
                title: secret(),
                text: secret(),
                blocks: vec![json!({"type": "text", "text": secret()})],
                form: Some(ChatForm::Slack),
                payload: json!({"text": secret(), "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": secret()}}]})
                    .as_object()
                    .cloned()
                    .unwrap(),
            }),
            Rendered::Webhook(Webhook {
                blocks: vec![json!({"type": "text", "text": "4711"})],
                ..Webhook::default()
            }),
        ];
        for rendered in renderings {
            let text = in_text(&serde_json::to_string(&rendered).unwrap(), content);
            assert!(!text.contains("4711"), "{text}");
            serde_json::from_str::<Rendered>(&text).unwrap();
        }
    }

    #[test]
    fn what_is_no_json_is_dropped() {
        assert_eq!(in_text("4711 {", spec), "null");
    }
}
