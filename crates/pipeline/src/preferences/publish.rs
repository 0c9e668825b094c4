//! Making what stands now what the page shows.

use serde_json::Value;
use tidings_bus::Hint;
use tidings_store::{DocumentKind, DocumentWrite, NewDocument, ParentChange, WriteMode};
use tidings_types::{Environment, Error, Result, Timestamp};

use super::page::{PAGE_ID, Page, live};
use crate::Services;

/// How the page is to be headed.
#[derive(Clone, Debug, Default)]
pub struct Publish {
    /// `default`, `none`, or a brand's id.
    pub brand_id: Option<String>,
    /// Its heading.
    pub heading: Option<String>,
    /// The sentence beneath.
    pub description: Option<String>,
    /// Who publishes.
    pub by: String,
}

/// A page that was published.
#[derive(Clone, Debug)]
pub struct PublishedPage {
    /// Its id.
    pub id: String,
    /// When.
    pub at: Timestamp,
}

/// Publishes the sections and topics as they stand now.
///
/// # Errors
/// When the store fails.
pub async fn publish(services: &Services, environment: Environment, publish: Publish) -> Result<PublishedPage> {
    let now = services.clock.now();
    let page = Page {
        heading: publish.heading,
        description: publish.description,
        brand_id: publish.brand_id,
        sections: live(services, environment).await?,
    };
    let body = serde_json::to_value(&page).map_err(Error::internal)?;
    write(services, environment, body, publish.by, now).await?;
    services.documents().changed(environment);
    services.bus.send(Hint::Documents(environment));
    Ok(PublishedPage {
        id: PAGE_ID.to_owned(),
        at: now,
    })
}

async fn write(services: &Services, environment: Environment, body: Value, by: String, now: Timestamp) -> Result<()> {
    let kind = DocumentKind::PreferencePage;
    let change = DocumentWrite {
        kind,
        id: PAGE_ID.to_owned(),
        parent: ParentChange::Keep,
        names: None,
        body: body.clone(),
        mode: WriteMode::Publish,
        seen: None,
        now,
        by: by.clone(),
    };
    if services
        .store
        .write_document(environment, change.clone())
        .await?
        .is_some()
    {
        return Ok(());
    }
    let new = NewDocument {
        kind,
        id: PAGE_ID.to_owned(),
        parent: None,
        names: Vec::new(),
        body,
        mode: WriteMode::Publish,
        now,
        by,
    };
    match services.store.create_document(environment, new).await {
        Ok(_) => Ok(()),
        // Somebody else was first: theirs is replaced.
        Err(error) if error.kind() == tidings_types::ErrorKind::Conflict => {
            services.store.write_document(environment, change).await.map(|_| ())
        }
        Err(error) => Err(error),
    }
}
