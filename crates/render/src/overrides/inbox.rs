//! What a send replaces of an entry in the in-app feed.

use serde_json::Value;
use tidings_types::rendered::{Inbox, InboxAction};
use tidings_types::{Channel, Object, tag};

use super::fields::{Fields, wrong};
use crate::{RenderError, link};

/// Checks an override of the inbox when a message is sent, so that a mistake is told at once.
///
/// # Errors
/// The field and what is wrong with it.
pub fn check(overrides: &Object) -> Result<(), (String, String)> {
    match apply(&mut Inbox::default(), &Fields::new(overrides)) {
        Err(RenderError::Override { field, reason }) => Err((field, reason)),
        _ => Ok(()),
    }
}

pub(super) fn apply(inbox: &mut Inbox, fields: &Fields<'_>) -> Result<(), RenderError> {
    fields.text(&["title"], &mut inbox.title)?;
    fields.text(&["preview", "body"], &mut inbox.preview)?;
    fields.optional(&["icon"], &mut inbox.icon)?;
    fields.merge("data", &mut inbox.data)?;
    if let Some(pinned) = fields.object("pinned")? {
        let slot = pinned
            .get("slotId")
            .and_then(Value::as_str)
            .filter(|slot| !slot.is_empty());
        let slot = slot.ok_or_else(|| wrong("pinned", "must be an object with slotId"))?;
        inbox.slot = Some(slot.to_owned());
    }
    if let Some(actions) = fields.list("actions")? {
        inbox.actions = actions.iter().enumerate().map(action).collect::<Result<_, _>>()?;
    }
    if let Some(tags) = fields.list("tags")? {
        let tags = tags.iter().enumerate().map(one_tag).collect::<Result<_, _>>()?;
        inbox.tags = tag::once(tags);
    }
    Ok(())
}

/// A button. One without `href` leads nowhere: the app does what it stands for.
fn action((index, value): (usize, &Value)) -> Result<InboxAction, RenderError> {
    let at = |name: &str| format!("actions.{index}.{name}");
    let object = value
        .as_object()
        .ok_or_else(|| wrong(&format!("actions.{index}"), "must be an object"))?;
    let text = |name: &str| match object.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(wrong(&at(name), "must be a string")),
    };
    let data = match object.get("data") {
        None | Some(Value::Null) => Object::new(),
        Some(Value::Object(data)) => data.clone(),
        Some(_) => return Err(wrong(&at("data"), "must be an object")),
    };
    let href = text("href")?.unwrap_or_default();
    Ok(InboxAction {
        content: text("content")?.ok_or_else(|| wrong(&at("content"), "is required"))?,
        // An app may open by a scheme of its own; what runs or shows what a sender wrote may not.
        href: link::safe(&href, Channel::Push).unwrap_or_else(|| "#".to_owned()),
        style: text("style")?,
        background_color: text("background_color")?,
        data,
    })
}

fn one_tag((index, value): (usize, &Value)) -> Result<String, RenderError> {
    let field = format!("tags.{index}");
    let text = value.as_str().ok_or_else(|| wrong(&field, "must be a string"))?;
    tag::check(text).map_err(|reason| wrong(&field, reason))?;
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn applied(overrides: Value) -> Result<Inbox, RenderError> {
        let mut inbox = Inbox::default();
        let Value::Object(overrides) = overrides else {
            panic!("{overrides} is no object");
        };
        apply(&mut inbox, &Fields::new(&overrides))?;
        Ok(inbox)
    }

    #[test]
    fn a_button_may_lead_nowhere_and_carry_values() {
        let overrides = json!({ "actions": [
            { "content": "Accept", "data": { "answer": "yes" } },
            { "content": "Later", "href": null, "data": null },
            { "content": "Open", "href": "acme://order/1" },
            { "content": "Run", "href": "javascript:alert(1)" },
        ] });
        let actions = applied(overrides).unwrap().actions;
        let hrefs: Vec<&str> = actions.iter().map(|one| one.href.as_str()).collect();
        assert_eq!(hrefs, ["", "", "acme://order/1", "#"]);
        assert_eq!(Value::Object(actions[0].data.clone()), json!({ "answer": "yes" }));
        assert!(actions[1].data.is_empty());
    }

    #[test]
    fn tags_keep_to_the_rule_of_tags() {
        assert_eq!(applied(json!({ "tags": ["b", "a", "b"] })).unwrap().tags, ["b", "a"]);
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (overrides, field) in [
            (json!({ "tags": ["fine", "q\"q"] }), "tags.1"),
            (json!({ "tags": ["n\nl"] }), "tags.0"),
            (json!({ "tags": ["x".repeat(31)] }), "tags.0"),
            (json!({ "tags": [7] }), "tags.0"),
            (json!({ "tags": "a" }), "tags"),
            (
                json!({ "actions": [{ "href": "https://a.test" }] }),
                "actions.0.content",
            ),
            (json!({ "actions": [{ "content": "a", "href": 7 }] }), "actions.0.href"),
            (json!({ "actions": [{ "content": "a", "data": [] }] }), "actions.0.data"),
            (json!({ "actions": ["a"] }), "actions.0"),
            (json!({ "pinned": {} }), "pinned"),
        ] {
            let (named, _) = check(overrides.as_object().unwrap()).unwrap_err();
            assert_eq!(named, field, "{overrides}");
        }
        assert!(check(&Object::new()).is_ok());
    }
}
