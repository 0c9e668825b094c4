//! A tenant's template between the wire and the store.

use std::collections::HashSet;

use serde_json::{Value, json};
use tidings_pipeline::Services;
use tidings_pipeline::tenant_templates::{MAX_BYTES, body, check_id, check_routing, latest};
use tidings_store::Document;
use tidings_types::routing::kind_of;
use tidings_types::{Environment, Error, Object, Result, TemplateContent, Timestamp};
use tidings_wire::notification::ContentWrite;
use tidings_wire::tenant_template::{TenantTemplate, TenantTemplateWrite};

use crate::{document, notifications};

/// Checks what was written and gives it as it is stored. At first, every element stands inside a channel.
///
/// # Errors
/// `Invalid`, naming the field; `TooLarge`.
pub(super) fn checked(services: &Services, id: &str, written: TenantTemplateWrite, first: bool) -> Result<Value> {
    check_id("template_id", id)?;
    let content = content(services, written.content, first)?;
    if let Some(routing) = &written.routing {
        check_routing("template.routing", routing)?;
    }
    let body = json!({
        "template": id,
        "content": document::stored(&content)?,
        "routing": written.routing,
        "channels": written.channels,
        "providers": written.providers,
    });
    let bytes = body.to_string().len();
    if bytes > MAX_BYTES {
        return Err(Error::too_large(format!("template: {bytes} bytes. Max is {MAX_BYTES}")));
    }
    Ok(body)
}

fn content(services: &Services, written: Object, first: bool) -> Result<TemplateContent> {
    const FIELD: &str = "template.content";
    let is_sugar = !written.contains_key("elements");
    let value = Value::Object(written);
    if !is_sugar {
        let written: ContentWrite = tidings_types::validation::decode_at(FIELD, &value)?;
        return notifications::checked_content(services, FIELD, written, first);
    }
    let text = |name: &str| match value.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(other) => {
            let received = kind_of(other);
            Err(Error::invalid(format!(
                "{FIELD}.{name}: Expected string, received {received}"
            )))
        }
    };
    let known = ["title", "body", "version"];
    if let Some(key) = value
        .as_object()
        .into_iter()
        .flatten()
        .map(|(key, _)| key)
        .find(|key| !known.contains(&key.as_str()))
    {
        return Err(Error::invalid(format!("{FIELD}: Unrecognized key: \"{key}\"")));
    }
    let (title, body) = (text("title")?, text("body")?);
    let Some(body) = body else {
        return Err(Error::invalid(format!(
            "{FIELD}.body: Required, unless `elements` is given"
        )));
    };
    let content = TemplateContent {
        title,
        body: Some(body),
        ..TemplateContent::default()
    };
    tidings_render::check(&content, false)
        .map_err(|problems| notifications::told(FIELD, &problems, &HashSet::default()))?;
    Ok(content)
}

/// A version on the wire, with its content or without.
///
/// # Errors
/// `Internal` when what is stored is not what this program writes.
pub(super) fn shown(
    document: &Document,
    body: &Value,
    number: u32,
    saved: Timestamp,
    with_content: bool,
) -> Result<TenantTemplate> {
    let body = body::read(body)?;
    let part = |name: &str| body.get(name).filter(|value| !value.is_null()).cloned();
    let mut data = Object::new();
    let routing = part("routing").unwrap_or_else(|| json!({"method": "single", "channels": []}));
    data.insert("routing".to_owned(), routing);
    if with_content {
        for name in ["content", "channels", "providers"] {
            if let Some(value) = part(name) {
                data.insert(name.to_owned(), value);
            }
        }
    }
    let id = body.get("template").and_then(Value::as_str);
    Ok(TenantTemplate {
        id: id
            .ok_or_else(|| Error::internal("a tenant's template without an id"))?
            .to_owned(),
        version: format!("v{number}"),
        created_at: document.created.to_rfc3339(),
        updated_at: saved.to_rfc3339(),
        published_at: document.published_at.map(Timestamp::to_rfc3339),
        data,
    })
}

/// The newest version on the wire.
pub(super) async fn shown_latest(
    services: &Services,
    environment: Environment,
    document: &Document,
    with_content: bool,
) -> Result<TenantTemplate> {
    let number = latest(services, environment, document).await?;
    let saved = document.updated.unwrap_or(document.created);
    shown(document, &document.body, number, saved, with_content)
}
