//! What the resources that teams edit have in common: all are documents of the store.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tidings_pipeline::Services;
use tidings_store::{Document, DocumentKind, DocumentWrite, NewDocument, Page, PageRequest, ParentChange, WriteMode};
use tidings_types::{Environment, Error, Result};

/// Who changes documents: keys do not say whose they are.
const API: &str = "api";
/// How many documents are read at once where all are needed.
const BATCH: u32 = 200;

/// One document.
///
/// # Errors
/// `NotFound`, with its kind and id, when there is none.
pub(crate) async fn find(
    services: &Services,
    environment: Environment,
    kind: DocumentKind,
    id: &str,
) -> Result<Document> {
    let found = services.store.document(environment, kind, id).await?;
    found.ok_or_else(|| not_found(kind, id))
}

/// How a document that is not there is told.
pub(crate) fn not_found(kind: DocumentKind, id: &str) -> Error {
    let kind = match kind {
        DocumentKind::Notification => "Notification template",
        DocumentKind::Brand => "Brand",
        DocumentKind::Section => "Section",
        DocumentKind::Topic => "Topic",
        DocumentKind::RoutingStrategy => "Routing strategy",
        DocumentKind::Provider => "Provider",
        DocumentKind::Settings => "Settings",
        DocumentKind::Translation => "Translation",
        DocumentKind::TenantTemplate => "Tenant template",
        DocumentKind::Submission => "Submission",
        DocumentKind::Tenant => "Tenant",
        DocumentKind::PreferencePage => "Preference page",
        DocumentKind::Webhook => "Webhook",
        DocumentKind::Broadcast => "Broadcast",
    };
    Error::not_found(format!("{kind} {id} not found"))
}

/// Refuses a reference to a document that is not there.
///
/// # Errors
/// `Invalid`, with its kind and id.
pub(crate) async fn must_exist(
    services: &Services,
    environment: Environment,
    kind: DocumentKind,
    id: &str,
) -> Result<()> {
    match services.store.document(environment, kind, id).await? {
        Some(_) => Ok(()),
        None => Err(Error::invalid(not_found(kind, id).message())),
    }
}

/// A page of the documents that pass a filter. The filter comes before the paging, so pages are full.
pub(crate) async fn page_of(
    services: &Services,
    environment: Environment,
    kind: DocumentKind,
    mut page: PageRequest,
    admits: impl Fn(&Document) -> bool,
) -> Result<Page<Document>> {
    let limit = page.limit;
    let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
    page.limit = limit.max(BATCH);
    let mut found = Vec::new();
    loop {
        let read = services.store.documents(environment, kind, None, page.clone()).await?;
        found.extend(read.items.into_iter().filter(|document| admits(document)));
        match read.next {
            // One more than wanted says that there is more.
            Some(next) if found.len() <= wanted => page.after = Some(next),
            _ => break,
        }
    }
    Ok(Page::from_surplus(found, limit, |last| tidings_store::Cursor {
        sort: last.created.as_millis(),
        id: last.id.clone(),
    }))
}

/// All documents of a kind, optionally only those that belong to `parent`, oldest first.
pub(crate) async fn all(
    services: &Services,
    environment: Environment,
    kind: DocumentKind,
    parent: Option<&str>,
) -> Result<Vec<Document>> {
    let mut page = PageRequest {
        after: None,
        limit: BATCH,
    };
    let mut found = Vec::new();
    loop {
        let read = services
            .store
            .documents(environment, kind, parent, page.clone())
            .await?;
        found.extend(read.items);
        match read.next {
            Some(next) => page.after = Some(next),
            None => return Ok(found),
        }
    }
}

/// A document to be made now, without parent and names, in force at once.
pub(crate) fn new(services: &Services, kind: DocumentKind, id: String, body: Value) -> NewDocument {
    NewDocument {
        kind,
        id,
        parent: None,
        names: Vec::new(),
        body,
        mode: WriteMode::Live,
        now: services.clock.now(),
        by: API.to_owned(),
    }
}

/// A change of a document as it was read; refused as `Busy` if it is no longer so.
pub(crate) fn change(services: &Services, document: &Document, body: Value) -> DocumentWrite {
    DocumentWrite {
        kind: document.kind,
        id: document.id.clone(),
        names: None,
        parent: ParentChange::Keep,
        body,
        mode: WriteMode::Live,
        seen: Some(document.body.clone()),
        now: services.clock.now(),
        by: API.to_owned(),
    }
}

/// Makes a document and tells everyone.
pub(crate) async fn create(services: &Services, environment: Environment, new: NewDocument) -> Result<Document> {
    let document = services.store.create_document(environment, new).await?;
    announce(services, environment);
    Ok(document)
}

/// Changes a document and tells everyone.
///
/// # Errors
/// `NotFound` when it has gone, and those of the store.
pub(crate) async fn write(services: &Services, environment: Environment, write: DocumentWrite) -> Result<Document> {
    let (kind, id) = (write.kind, write.id.clone());
    let written = services.store.write_document(environment, write).await?;
    announce(services, environment);
    written.ok_or_else(|| not_found(kind, &id))
}

/// Writes a document without drafts whether or not it was there, and tells everyone.
///
/// # Errors
/// `Busy` when someone else made or changed it meanwhile.
pub(crate) async fn put(
    services: &Services,
    environment: Environment,
    kind: DocumentKind,
    id: &str,
    body: Value,
) -> Result<Document> {
    match services.store.document(environment, kind, id).await? {
        Some(found) => write(services, environment, change(services, &found, body)).await,
        None => create(services, environment, new(services, kind, id.to_owned(), body)).await,
    }
}

/// Publishes a document's draft, or an older version, and tells everyone.
///
/// # Errors
/// `NotFound` when there is no such document or version.
pub(crate) async fn publish(
    services: &Services,
    environment: Environment,
    kind: DocumentKind,
    id: &str,
    version: Option<u32>,
) -> Result<Document> {
    let now = services.clock.now();
    let published = services
        .store
        .publish_document(environment, kind, id, version, now, API)
        .await?;
    announce(services, environment);
    published.ok_or_else(|| not_found(kind, id))
}

/// Archives a document and tells everyone.
///
/// # Errors
/// `NotFound` when there is none.
pub(crate) async fn archive(services: &Services, environment: Environment, kind: DocumentKind, id: &str) -> Result<()> {
    let archived = services.store.archive_document(environment, kind, id).await?;
    announce(services, environment);
    if archived { Ok(()) } else { Err(not_found(kind, id)) }
}

/// Makes this node and the others look again.
pub(crate) use tidings_pipeline::library::announce;

/// A body as it is stored.
///
/// # Errors
/// `Internal` when it cannot be written as JSON.
pub(crate) fn stored(body: &impl Serialize) -> Result<Value> {
    serde_json::to_value(body).map_err(Error::internal)
}

/// A stored body, typed.
///
/// # Errors
/// `Internal` when it is not of this type.
pub(crate) fn read<T: DeserializeOwned>(body: Value) -> Result<T> {
    serde_json::from_value(body).map_err(Error::internal)
}
