//! Saving what is being designed.
//!
//! An editor saves the whole template twice a second while somebody types, and once when it is opened. So saving what is
//! there already changes nothing, and a save takes the place of one just before it that was not put in force.

use serde_json::Value;
use tidings_store::{Document, DocumentKind, DocumentWrite, NewDocument, PageRequest, ParentChange, WriteMode};
use tidings_types::{Environment, Error, ErrorKind, Result, Timestamp};

use super::{body, check_id, latest, look_up, must_have_tenant, no_control_characters};
use crate::Services;
use crate::library::{announce, tenant_document_id};

/// The largest that can be saved, in bytes of its JSON, pictures inside it included.
pub const MAX_DESIGN_BYTES: usize = 5 * 1024 * 1024;

/// How long a name may be, in bytes.
const MAX_NAME: usize = 1024;

/// How often a save is tried that meets another one.
const TRIES: usize = 5;

/// What is saved.
#[derive(Clone, Copy, Debug)]
pub struct Design<'a> {
    /// The template's id.
    pub id: &'a str,
    /// Its name.
    pub name: &'a str,
    /// `content` and `routing` as one JSON object, in the letters in which they are to be read again.
    pub data: &'a str,
    /// Who saves it.
    pub by: &'a str,
}

/// What saving came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Saved {
    /// The version that says so.
    pub version: u32,
    /// When the tenant first got its own template.
    pub created: Timestamp,
    /// When this version was saved.
    pub updated: Timestamp,
}

/// Whether a save by this person takes the place of one of his own, so that no new version comes of it.
///
/// # Errors
/// Those of the store.
pub async fn revises(services: &Services, environment: Environment, tenant: &str, id: &str, by: &str) -> Result<bool> {
    let Some(found) = look_up(services, environment, tenant, id).await? else {
        return Ok(false);
    };
    let newest = PageRequest { after: None, limit: 1 };
    let versions = services
        .store
        .versions(environment, found.kind, &found.id, newest)
        .await?;
    let (newest, now) = (versions.items.first(), services.clock.now());
    Ok(newest.is_some_and(|one| one.is_revised_at(now) && one.creator == by))
}

/// Saves what a designer made for a tenant, whether or not it can be sent.
///
/// # Errors
/// `NotFound` for an unknown tenant; `Invalid`, naming the field; `TooLarge`; `Busy` when others save all the time.
pub async fn save(services: &Services, environment: Environment, tenant: &str, design: Design<'_>) -> Result<Saved> {
    must_have_tenant(services, environment, tenant).await?;
    check_id("notificationId", design.id)?;
    no_control_characters("name", design.name)?;
    let bytes = design.data.len();
    if bytes > MAX_DESIGN_BYTES {
        let told = format!("The template is too large: {bytes} bytes. Max is {MAX_DESIGN_BYTES}");
        return Err(Error::too_large(told));
    }
    if design.name.len() > MAX_NAME {
        return Err(Error::invalid(format!("name: Expected at most {MAX_NAME} bytes")));
    }
    for _ in 0..TRIES {
        let found = look_up(services, environment, tenant, design.id).await?;
        let before = found.as_ref().map(|found| &found.body);
        let body = body::designed(design.id, design.name, design.data, before);
        let written = match found {
            Some(found) if is_same(&found.body, &body)? => return shown(services, environment, &found).await,
            Some(found) => rewrite(services, environment, found, body, design.by).await,
            None => create(services, environment, tenant, body, design).await.map(Some),
        };
        announce(services, environment);
        match written {
            Ok(Some(document)) => return shown(services, environment, &document).await,
            // It came about, or has gone, meanwhile.
            Ok(None) => {}
            Err(error) if error.kind() == ErrorKind::Conflict => {}
            Err(error) => return Err(error),
        }
    }
    Err(Error::busy("The template is being changed: try again"))
}

/// Whether a body says what is stored already. What was written over REST has no name of its own, and an order of its own.
fn is_same(stored: &Value, body: &Value) -> Result<bool> {
    if body::design(stored).is_some() {
        return Ok(stored == body);
    }
    let (stored, body) = (body::read(stored)?, body::read(body)?);
    let same = |field: &str| stored.get(field).unwrap_or(&Value::Null) == body.get(field).unwrap_or(&Value::Null);
    Ok(same("content") && same("routing"))
}

async fn rewrite(
    services: &Services,
    environment: Environment,
    found: Document,
    body: Value,
    by: &str,
) -> Result<Option<Document>> {
    let write = DocumentWrite {
        kind: found.kind,
        id: found.id,
        names: None,
        parent: ParentChange::Keep,
        body,
        mode: WriteMode::Revise,
        seen: None,
        now: services.clock.now(),
        by: by.to_owned(),
    };
    services.store.write_document(environment, write).await
}

async fn create(
    services: &Services,
    environment: Environment,
    tenant: &str,
    body: Value,
    design: Design<'_>,
) -> Result<Document> {
    let new = NewDocument {
        kind: DocumentKind::TenantTemplate,
        id: tenant_document_id(tenant, design.id),
        parent: Some(tenant.to_owned()),
        names: Vec::new(),
        body,
        mode: WriteMode::Revise,
        now: services.clock.now(),
        by: design.by.to_owned(),
    };
    services.store.create_document(environment, new).await
}

async fn shown(services: &Services, environment: Environment, document: &Document) -> Result<Saved> {
    Ok(Saved {
        version: latest(services, environment, document).await?,
        created: document.created,
        updated: document.updated.unwrap_or(document.created),
    })
}
