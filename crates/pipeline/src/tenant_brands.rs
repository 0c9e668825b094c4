//! A tenant's own brand, as it is edited in the template designer: a draft that is in force once it is published.
//!
//! The brand that a tenant names may be that of others too, so it is never changed here. The first change makes a brand of the
//! tenant's own, beginning as the one it has; publishing gives it to the tenant. Until then nobody's mail looks different.

use serde_json::{Value, json};
use tidings_store::{Document, DocumentKind, DocumentWrite, NewDocument, ParentChange, WriteMode};
use tidings_types::id::new_prefixed_id;
use tidings_types::{Brand, Environment, Error, ErrorKind, Object, Result};

use crate::library::announce;
use crate::tenant_templates::{MAX_DESIGN_BYTES, must_have_tenant};
use crate::{Services, brands, images};

/// How often a change is tried that meets another one.
const TRIES: usize = 5;

/// The further name of a tenant's own brand.
fn name(tenant: &str) -> String {
    format!("tenant/{tenant}")
}

/// A tenant's own brand, published or not.
///
/// # Errors
/// Those of the store.
pub async fn own(services: &Services, environment: Environment, tenant: &str) -> Result<Option<Document>> {
    let (kind, name) = (DocumentKind::Brand, name(tenant));
    services.store.document_by_name(environment, kind, &name).await
}

/// What a tenant's brand is: as it is edited, or as it is in force. None when it has none.
///
/// # Errors
/// Those of the store.
pub async fn find(
    services: &Services,
    environment: Environment,
    tenant: &Document,
    is_draft: bool,
) -> Result<Option<Brand>> {
    if is_draft
        && let Some(own) = own(services, environment, &tenant.id).await?
        && (own.has_changes || brand_id(tenant) == Some(&own.id))
    {
        return Ok(Some(brands::of_body(&own.id, &own.body)));
    }
    let Some(id) = brand_id(tenant) else { return Ok(None) };
    let found = services.store.document(environment, DocumentKind::Brand, id).await?;
    Ok(found.and_then(|found| Some(brands::of_body(&found.id, found.published.as_ref()?))))
}

fn brand_id(tenant: &Document) -> Option<&str> {
    tenant.body.get("brand_id").and_then(Value::as_str)
}

/// Whether a change by this person goes on with one of his own that is not published yet.
///
/// # Errors
/// Those of the store.
pub async fn goes_on(services: &Services, environment: Environment, tenant: &str, by: &str) -> Result<bool> {
    let own = own(services, environment, tenant).await?;
    Ok(own.is_some_and(|own| own.has_changes && own.updater.as_deref().unwrap_or(&own.creator) == by))
}

/// Lays settings over those of a tenant's own brand, as a draft. Null takes one away; what is not spoken of stays.
///
/// # Errors
/// `NotFound` for an unknown tenant; `TooLarge`; `Busy` when others change it all the time.
pub async fn update(
    services: &Services,
    environment: Environment,
    tenant: &str,
    settings: &Object,
    by: &str,
) -> Result<()> {
    let tenant = must_have_tenant(services, environment, tenant).await?;
    for _ in 0..TRIES {
        let own = own(services, environment, &tenant.id).await?;
        let mut body = match &own {
            Some(own) if own.has_changes || brand_id(&tenant) == Some(&own.id) => own.body.clone(),
            _ => beginning(services, environment, &tenant).await?,
        };
        let before = body.clone();
        if let Some(body) = body.as_object_mut() {
            let settled = body.entry("settings").or_insert_with(|| json!({}));
            lay_over(settled, settings);
        }
        let bytes = body.to_string().len();
        if bytes > MAX_DESIGN_BYTES {
            let told = format!("The brand is too large: {bytes} bytes. Max is {MAX_DESIGN_BYTES}");
            return Err(Error::too_large(told));
        }
        let written = match own {
            Some(own) if own.body == body && before == body => return Ok(()),
            Some(own) => {
                let change = change(services, &own, body, WriteMode::Draft, by);
                services.store.write_document(environment, change).await
            }
            None => {
                let now = services.clock.now();
                let new = NewDocument {
                    kind: DocumentKind::Brand,
                    id: new_prefixed_id("brand_", now, services.random.as_ref()),
                    parent: None,
                    names: vec![name(&tenant.id)],
                    body,
                    mode: WriteMode::Draft,
                    now,
                    by: by.to_owned(),
                };
                services.store.create_document(environment, new).await.map(Some)
            }
        };
        announce(services, environment);
        match written {
            Ok(Some(_)) => return Ok(()),
            Ok(None) => {}
            Err(error) if matches!(error.kind(), ErrorKind::Busy | ErrorKind::Conflict) => {}
            Err(error) => return Err(error),
        }
    }
    Err(Error::busy("The brand is being changed: try again"))
}

/// What a tenant's own brand begins as: the one it has, or an empty one of its name.
async fn beginning(services: &Services, environment: Environment, tenant: &Document) -> Result<Value> {
    if let Some(id) = brand_id(tenant) {
        let found = services.store.document(environment, DocumentKind::Brand, id).await?;
        if let Some(body) = found.and_then(|found| found.published) {
            return Ok(body);
        }
    }
    let name = tenant.body.get("name").and_then(Value::as_str).unwrap_or(&tenant.id);
    Ok(json!({ "name": name, "settings": {}, "snippets": { "items": [] } }))
}

/// Lays an object over another, null taking away (RFC 7396).
fn lay_over(under: &mut Value, over: &Object) {
    if !under.is_object() {
        *under = json!({});
    }
    let Some(under) = under.as_object_mut() else { return };
    for (name, value) in over {
        match value {
            Value::Null => drop(under.remove(name)),
            Value::Object(over) => lay_over(under.entry(name).or_insert(Value::Null), over),
            plain => drop(under.insert(name.clone(), plain.clone())),
        }
    }
}

fn change(services: &Services, document: &Document, body: Value, mode: WriteMode, by: &str) -> DocumentWrite {
    DocumentWrite {
        kind: document.kind,
        id: document.id.clone(),
        names: None,
        parent: ParentChange::Keep,
        body,
        mode,
        seen: Some(document.body.clone()),
        now: services.clock.now(),
        by: by.to_owned(),
    }
}

/// Puts a tenant's own brand in force and gives it to the tenant. Without one, there is nothing to do.
///
/// # Errors
/// `NotFound` for an unknown tenant; `Invalid`, naming what is wrong with the brand: then what was in force stays; `Busy`
/// when others change it all the time.
pub async fn publish(services: &Services, environment: Environment, tenant: &str, by: &str) -> Result<()> {
    for _ in 0..TRIES {
        let tenant = must_have_tenant(services, environment, tenant).await?;
        let Some(own) = own(services, environment, &tenant.id).await? else {
            return Ok(());
        };
        let in_force = if own.has_changes {
            images::check(&own.body)?;
            brands::check(&images::addressed(&own.body))?;
            let change = change(services, &own, own.body.clone(), WriteMode::Live, by);
            services.store.write_document(environment, change).await
        } else {
            Ok(Some(own.clone()))
        };
        let given = match in_force {
            Ok(Some(_)) if brand_id(&tenant) == Some(&own.id) => Ok(Some(tenant)),
            Ok(Some(_)) => {
                let mut body = tenant.body.clone();
                if let Some(body) = body.as_object_mut() {
                    body.insert("brand_id".to_owned(), Value::String(own.id.clone()));
                }
                let change = change(services, &tenant, body, WriteMode::Live, by);
                services.store.write_document(environment, change).await
            }
            other => other,
        };
        announce(services, environment);
        match given {
            Ok(Some(_)) => return Ok(()),
            Ok(None) => {}
            Err(error) if error.kind() == ErrorKind::Busy => {}
            Err(error) => return Err(error),
        }
    }
    Err(Error::busy("The brand is being changed: try again"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_laid_over_and_null_takes_away() {
        let mut under = json!({"colors": {"primary": "#000", "more": 1}, "inapp": {"x": 1}, "email": 7});
        let over = json!({"colors": {"primary": "#fff", "more": null}, "email": {"header": {"logo": {"href": null}}}});
        lay_over(&mut under, over.as_object().unwrap());
        let expected = json!({"colors": {"primary": "#fff"}, "inapp": {"x": 1}, "email": {"header": {"logo": {}}}});
        assert_eq!(under, expected);
    }
}
