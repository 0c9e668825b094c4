//! Reading the `message` of a send: every mistake is told by the name of the field, and nothing happens.

use serde_json::{Map, Value, json};
use tidings_template::line;
use tidings_types::routing::kind_of;
use tidings_types::validation::decode_at;
use tidings_types::{Error, MessageSpec, Object, Result, RoutingEntry, TemplateContent};

use super::{Parsed, recipient, when};
use crate::library::Contents;

/// The public API's limits on tags.
const MAX_TAGS: usize = 9;
/// How deep a routing tree may nest.
const MAX_ROUTING_DEPTH: usize = 8;

/// Reads `{"message": {...}}`.
pub(super) fn parse(contents: &Contents, body: Value) -> Result<Parsed> {
    let Value::Object(mut body) = body else {
        return Err(Error::invalid(format!(
            "Expected an object with `message`, received {}",
            kind_of(&body)
        )));
    };
    let mut message = match body.remove("message") {
        Some(Value::Object(message)) => message,
        None | Some(Value::Null) => return Err(Error::invalid("message: Required")),
        Some(other) => return Err(expected("message", "object", &other)),
    };
    let (recipients, crowds) = recipient::parse_all(message.remove("to"))?;
    strip(&mut message);
    let spec: MessageSpec = decode_at("message", &Value::Object(message))?;
    check(contents, &spec)?;
    Ok(Parsed {
        spec,
        recipients,
        crowds,
    })
}

/// Reads the older form and turns it into the present one: `event` names the template, `profile` is laid over the
/// stored one, `override` is per provider.
pub(super) fn parse_v1(contents: &Contents, body: Value) -> Result<Parsed> {
    let Value::Object(mut body) = body else {
        return Err(Error::invalid(format!(
            "Expected an object, received {}",
            kind_of(&body)
        )));
    };
    let mut text = |name: &str| match body.remove(name) {
        Some(Value::String(text)) if !text.is_empty() => Ok(text),
        Some(Value::String(_) | Value::Null) | None => {
            Err(Error::invalid(format!("The '{name}' parameter is required.")))
        }
        Some(other) => Err(expected(name, "string", &other)),
    };
    let event = text("event")?;
    let recipient = text("recipient")?;
    let mut object = |name: &str| match body.remove(name) {
        None | Some(Value::Null) => Ok(Object::new()),
        Some(Value::Object(object)) => Ok(object),
        Some(other) => Err(expected(name, "object", &other)),
    };
    let mut to = object("profile")?;
    let data = object("data")?;
    let mut providers = Map::new();
    for (provider, overrides) in object("override")? {
        providers.insert(provider, json!({ "override": overrides }));
    }
    if let Some(preferences) = body.remove("preferences").filter(Value::is_object) {
        to.insert("preferences".to_owned(), preferences);
    }
    to.insert("user_id".to_owned(), Value::String(recipient));
    parse(
        contents,
        json!({ "message": {
        "to": to, "template": event, "data": data, "providers": providers, "brand_id": body.remove("brand"),
        "metadata": { "event": event },
    } }),
    )
}

/// Reads the older form of a send to a list: `event`, and `list` or `pattern`.
pub(super) fn parse_list(contents: &Contents, body: &Value) -> Result<Parsed> {
    let Value::Object(body) = body else {
        return Err(Error::invalid(format!(
            "Expected an object, received {}",
            kind_of(body)
        )));
    };
    let own = |name: &str| body.get(name).filter(|value| !value.is_null()).cloned();
    let to = match (own("list"), own("pattern")) {
        (Some(list), None) => json!({ "list_id": list }),
        (None, Some(pattern)) => json!({ "list_pattern": pattern }),
        _ => return Err(Error::invalid("Either 'list' or 'pattern' is required, and not both.")),
    };
    // What stands beside is the same as in a bulk job's message.
    let mut message = body.clone();
    message.remove("message");
    let spec = bulk_spec(contents, &Value::Object(message))?;
    let (recipients, crowds) = recipient::parse_all(Some(to))?;
    Ok(Parsed {
        spec,
        recipients,
        crowds,
    })
}

/// Takes out what only this server says: whoever sends gets the version in force, and sends neither digests nor broadcasts.
fn strip(message: &mut Object) {
    for own in ["template_version", "digest_instance", "broadcast_id"] {
        message.remove(own);
    }
}

/// Reads the `message` of a bulk job: the older form with `event`, or the `message` of a send within it.
///
/// # Errors
/// `Invalid`, naming the field.
pub(crate) fn bulk_spec(contents: &Contents, message: &Value) -> Result<MessageSpec> {
    let Value::Object(message) = message else {
        return Err(expected("message", "object", message));
    };
    let own = |name: &str| message.get(name).filter(|value| !value.is_null()).cloned();
    if let Some(inner) = own("message") {
        let Value::Object(mut inner) = inner else {
            return Err(expected("message.message", "object", &inner));
        };
        inner.remove("to");
        strip(&mut inner);
        let spec: MessageSpec = decode_at("message", &Value::Object(inner))?;
        check(contents, &spec)?;
        return Ok(spec);
    }
    let event = match own("event") {
        Some(Value::String(event)) if !event.is_empty() => event,
        None => return Err(Error::invalid("The 'event' parameter is required.")),
        Some(_) => return Err(Error::invalid("message.event: Expected a text that is not empty")),
    };
    let mut spec = json!({ "metadata": { "event": event } });
    if let Value::Object(spec) = &mut spec {
        for (from, to) in [("content", "content"), ("data", "data"), ("brand", "brand_id")] {
            spec.extend(own(from).map(|value| (to.to_owned(), value)));
        }
        let template = own("template").unwrap_or_else(|| Value::from(event));
        spec.insert("template".to_owned(), template);
        if let Some(Value::Object(overrides)) = own("override") {
            let providers = overrides
                .into_iter()
                .map(|(provider, value)| (provider, json!({ "override": value })));
            spec.insert("providers".to_owned(), Value::Object(providers.collect()));
        }
    }
    let spec: MessageSpec = decode_at("message", &spec)?;
    check(contents, &spec)?;
    Ok(spec)
}

fn check(contents: &Contents, spec: &MessageSpec) -> Result<()> {
    for (field, value) in [
        ("template", &spec.template),
        ("brand_id", &spec.brand_id),
        ("metadata.event", &spec.metadata.event),
        ("metadata.trace_id", &spec.metadata.trace_id),
        (
            "preferences.subscription_topic_id",
            &spec.preferences.subscription_topic_id,
        ),
        ("context.tenant_id", &spec.context.tenant_id),
    ] {
        if let Some(text) = value {
            check_name(&format!("message.{field}"), text)?;
        }
    }
    check_tags(&spec.metadata.tags)?;
    let overridden = spec.channels.values().any(|channel| !channel.overrides.is_empty())
        || spec.providers.values().any(|provider| !provider.overrides.is_empty());
    match &spec.content {
        Some(content) => check_content(contents, content)?,
        None if spec.template.is_none() && !overridden => {
            return Err(Error::invalid("message.content: Required, unless `template` is given"));
        }
        None => {}
    }
    if let Some(routing) = &spec.routing {
        check_routing("message.routing", &routing.channels, 1)?;
    }
    for (name, channel) in &spec.channels {
        check_condition(&format!("message.channels.{name}.if"), channel.condition.as_ref())?;
        check_brand(&format!("message.channels.{name}.override.brand"), &channel.overrides)?;
        if let Some(files) = channel.overrides.get("attachments").filter(|files| !files.is_null()) {
            tidings_render::attachments(files).map_err(|(field, reason)| {
                Error::invalid(format!("message.channels.{name}.override.{field}: {reason}"))
            })?;
        }
        if name == "inbox" {
            tidings_render::check_inbox_override(&channel.overrides).map_err(|(field, reason)| {
                Error::invalid(format!("message.channels.inbox.override.{field}: {reason}"))
            })?;
        }
        for field in ["subject", "title"] {
            let text = channel.overrides.get(field).and_then(Value::as_str).unwrap_or_default();
            if line::has_break(text) {
                return Err(Error::invalid(format!(
                    "message.channels.{name}.override.{field}: Must be a single line"
                )));
            }
        }
    }
    for (name, provider) in &spec.providers {
        check_condition(&format!("message.providers.{name}.if"), provider.condition.as_ref())?;
    }
    when::check_delay(&spec.delay)?;
    when::check_expiry(&spec.expiry)
}

fn check_tags(tags: &[String]) -> Result<()> {
    if tags.len() > MAX_TAGS {
        return Err(Error::invalid(format!(
            "message.metadata.tags: {} tags. Max is {MAX_TAGS}",
            tags.len()
        )));
    }
    for (index, tag) in tags.iter().enumerate() {
        tidings_types::tag::check(tag)
            .map_err(|wrong| Error::invalid(format!("message.metadata.tags.{index}: {wrong}")))?;
    }
    Ok(())
}

fn check_content(contents: &Contents, content: &TemplateContent) -> Result<()> {
    if content.body.is_none() && content.elements.is_none() {
        return Err(Error::invalid(
            "message.content.body: Required, unless `elements` is given",
        ));
    }
    contents
        .check(content)
        .map_err(|problems| refused("message.content", &problems))
}

/// Everything that is wrong with what stands at a field.
fn refused(field: &str, problems: &[tidings_render::Problem]) -> Error {
    let told: Vec<_> = problems
        .iter()
        .map(|problem| {
            // `elements[0].href` as `elements.0.href`, like every other path.
            let path = problem.element_path.replace('[', ".").replace(']', "");
            format!("{field}.{path}: {}", problem.reason)
        })
        .collect();
    Error::invalid(told.join("; "))
}

/// The brand that a send brings along, if it does.
fn check_brand(field: &str, overrides: &Object) -> Result<()> {
    match overrides.get("brand") {
        None | Some(Value::Null) => Ok(()),
        Some(Value::Object(_)) => match crate::brands::inline(overrides) {
            Some(brand) => tidings_render::check_brand(&brand).map_err(|problems| refused(field, &problems)),
            None => Ok(()),
        },
        Some(other) => Err(Error::invalid(format!(
            "{field}: Expected object, received {}",
            kind_of(other)
        ))),
    }
}

fn check_routing(field: &str, entries: &[RoutingEntry], depth: usize) -> Result<()> {
    if depth > MAX_ROUTING_DEPTH {
        return Err(Error::invalid(format!(
            "{field}: Nested deeper than {MAX_ROUTING_DEPTH} levels"
        )));
    }
    for (index, entry) in entries.iter().enumerate() {
        let field = format!("{field}.channels.{index}");
        match entry {
            RoutingEntry::Nested(routing) => check_routing(&field, &routing.channels, depth + 1)?,
            RoutingEntry::Target(target) => {
                check_name(&field, &target.name)?;
                check_condition(&format!("{field}.if"), target.condition.as_ref())?;
            }
        }
    }
    Ok(())
}

fn check_condition(field: &str, condition: Option<&Value>) -> Result<()> {
    match condition {
        None => Ok(()),
        Some(value) => match tidings_template::Condition::parse(value) {
            Ok(_) => Ok(()),
            Err(error) => Err(Error::invalid(format!("{field}: {error}"))),
        },
    }
}

/// Names and ids are one line without control characters.
pub(super) fn check_name(field: &str, text: &str) -> Result<()> {
    if text.is_empty() {
        return Err(Error::invalid(format!("{field}: Must not be empty")));
    }
    if text.chars().any(char::is_control) {
        return Err(Error::invalid(format!("{field}: Must not hold control characters")));
    }
    Ok(())
}

/// The documented words for a value of the wrong type.
pub(super) fn expected(field: &str, kind: &str, value: &Value) -> Error {
    Error::invalid(format!("{field}: Expected {kind}, received {}", kind_of(value)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(message: &Value) -> String {
        parse(&Contents::default(), json!({ "message": message }))
            .map(|_| ())
            .unwrap_err()
            .message()
            .to_owned()
    }

    #[test]
    fn mistakes_are_told_by_the_name_of_the_field() {
        let content = json!({"title": "a", "body": "b"});
        let to = json!({"email": "a@b.example"});
        let cases = [
            (json!({ "content": content }), "message.to: Required"),
            (json!({ "to": null, "content": content }), "message.to: Required"),
            (
                json!({ "to": "a@b.c", "content": content }),
                "message.to: Expected object or array, received string",
            ),
            (json!({ "to": {}, "content": content }), "message.to: "),
            (
                json!({ "to": {"email": "a\u{0}@b.example"}, "content": content }),
                "message.to.email: Must not hold control characters",
            ),
            (json!({ "to": [], "content": content }), "message.to: "),
            (json!({ "to": to }), "message.content: Required"),
            (json!({ "to": to, "content": {} }), "message.content.body: Required"),
            (json!({ "to": to, "content": content, "data": 5 }), "message.data: "),
            (
                json!({ "to": to, "content": content, "channels": {"email": {"override": {"brand": {"name": "A",
                    "settings": {"colors": {"primary": "x;"}}}}}} }),
                "message.channels.email.override.brand.settings.colors.primary: must be a colour",
            ),
            (
                json!({ "to": to, "content": {"body": "a\u{0}"} }),
                "message.content.body: must not hold control characters",
            ),
            (
                json!({ "to": to, "content": content, "channels": {"email": {"override": {"subject": "a\nb"}}} }),
                "message.channels.email.override.subject: ",
            ),
            (
                json!({ "to": to, "content": content, "routing": {"channels": [5]} }),
                "message.routing.channels.0: ",
            ),
            (
                json!({ "to": to, "content": content, "routing": {"method": "x", "channels": []} }),
                "message.routing.method: ",
            ),
            (
                json!({ "to": to, "content": content, "metadata": {"tags": (vec!["a"; 10])} }),
                "message.metadata.tags: 10 tags",
            ),
            (
                json!({ "to": to, "template": "a\u{0}b" }),
                "message.template: Must not hold control characters",
            ),
            (
                json!({ "to": to, "template": "" }),
                "message.template: Must not be empty",
            ),
        ];
        for (message, start) in cases {
            let told = refusal(&message);
            assert!(told.starts_with(start), "{told:?} should start with {start:?}");
        }
    }

    #[test]
    fn too_many_recipients_are_counted() {
        let to: Vec<_> = (0..501).map(|n| json!({"user_id": format!("u{n}")})).collect();
        let told = refusal(&json!({ "to": to, "template": "t" }));
        assert_eq!(told, "message.to has 501 recipients. Max is 500");
    }

    #[test]
    fn the_older_form_becomes_the_present_one() {
        let parsed = parse_v1(
            &Contents::default(),
            json!({
                "event": "RESET", "recipient": "u1", "profile": {"email": "a@b.example"}, "data": {"x": 1},
                "override": {"smtp": {"body": {}}}
            }),
        )
        .map(|parsed| (parsed.spec.template.clone(), parsed.recipients.len()))
        .unwrap();
        assert_eq!(parsed, (Some("RESET".to_owned()), 1));
        let missing = parse_v1(&Contents::default(), json!({"recipient": "u1"}))
            .map(|_| ())
            .unwrap_err();
        assert_eq!(missing.message(), "The 'event' parameter is required.");
    }
}
