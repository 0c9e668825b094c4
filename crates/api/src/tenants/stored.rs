//! A tenant between the wire and the store: it is stored as it is written, its parent beside it.

use serde_json::Value;
use tidings_pipeline::Services;
pub(crate) use tidings_pipeline::tenant_templates::check_id;
use tidings_store::{Document, DocumentKind, DocumentWrite, NewDocument, ParentChange};
use tidings_types::{Environment, Error, ErrorKind, Result};
use tidings_wire::tenant::{Tenant, TenantPreferences, TenantWrite};

use super::hierarchy;
use crate::{document, validation};

/// How many topics a tenant may have defaults for.
const MAX_DEFAULTS: usize = 500;

/// Refuses what a tenant cannot be.
///
/// # Errors
/// `Invalid`, naming the field.
pub(super) async fn check(
    services: &Services,
    environment: Environment,
    id: &str,
    written: &TenantWrite,
) -> Result<()> {
    check_id("tenant_id", id)?;
    validation::no_control_characters("name", &written.name)?;
    if let Some(preferences) = &written.default_preferences {
        check_preferences(preferences)?;
    }
    // One that stands there already may have gone since; that is no reason to refuse everything else.
    let stored = services.store.document(environment, DocumentKind::Tenant, id).await?;
    let had = stored.as_ref().and_then(|stored| stored.body.get("brand_id"));
    let has_it = |brand: &str| had.is_some_and(|had| had == brand);
    if let Some(brand) = written.brand_id.as_deref().filter(|brand| !has_it(brand)) {
        document::must_exist(services, environment, DocumentKind::Brand, brand).await?;
    }
    match &written.parent_tenant_id {
        Some(parent) => hierarchy::check(services, environment, id, parent).await,
        None => Ok(()),
    }
}

/// Refuses defaults that cannot be.
///
/// # Errors
/// `Invalid`, naming the field.
pub(super) fn check_preferences(preferences: &TenantPreferences) -> Result<()> {
    let count = preferences.items.len();
    if count > MAX_DEFAULTS {
        return Err(Error::invalid(format!(
            "default_preferences.items: {count} topics. Max is {MAX_DEFAULTS}"
        )));
    }
    for (index, item) in preferences.items.iter().enumerate() {
        check_id(&format!("default_preferences.items.{index}.id"), &item.id)?;
    }
    Ok(())
}

fn new(services: &Services, id: &str, written: &TenantWrite) -> Result<NewDocument> {
    let body = document::stored(written)?;
    Ok(NewDocument {
        parent: written.parent_tenant_id.clone(),
        ..document::new(services, DocumentKind::Tenant, id.to_owned(), body)
    })
}

/// Makes a tenant. One that is there, or comes about meanwhile, stays as it is.
///
/// # Errors
/// Those of the store.
pub(crate) async fn make(services: &Services, environment: Environment, id: &str, written: &TenantWrite) -> Result<()> {
    let found = services.store.document(environment, DocumentKind::Tenant, id).await?;
    if found.is_some() {
        return Ok(());
    }
    match document::create(services, environment, new(services, id, written)?).await {
        Err(error) if error.kind() != ErrorKind::Conflict => Err(error),
        _ => Ok(()),
    }
}

/// Makes a tenant, or replaces it.
///
/// # Errors
/// Those of the store.
pub(super) async fn put(
    services: &Services,
    environment: Environment,
    id: &str,
    written: TenantWrite,
) -> Result<Document> {
    let parent = written.parent_tenant_id.clone();
    let new = new(services, id, &written)?;
    let body = new.body.clone();
    let found = services.store.document(environment, DocumentKind::Tenant, id).await?;
    let found = match found {
        Some(found) => found,
        None => match document::create(services, environment, new).await {
            Err(error) if error.kind() == ErrorKind::Conflict => {
                // Someone else has just made it.
                document::find(services, environment, DocumentKind::Tenant, id).await?
            }
            made => return made,
        },
    };
    let change = DocumentWrite {
        parent: ParentChange::Set(parent),
        seen: None,
        ..document::change(services, &found, body)
    };
    document::write(services, environment, change).await
}

/// A stored tenant, typed.
///
/// # Errors
/// `Internal` when it is none.
pub(super) fn read(body: Value) -> Result<TenantWrite> {
    document::read(body)
}

/// A tenant as reads show it.
pub(super) fn on_the_wire(document: Document) -> Result<Tenant> {
    let stored = read(document.body)?;
    Ok(Tenant {
        id: document.id,
        name: stored.name,
        parent_tenant_id: document.parent,
        brand_id: stored.brand_id,
        default_preferences: stored.default_preferences,
        properties: stored.properties,
        user_profile: stored.user_profile,
    })
}
