//! A draft that waits for approval. While it waits, it does not change; once all its checks are passed, exactly what was
//! submitted is published.

pub(super) mod submit;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use tidings_pipeline::Services;
use tidings_store::{Document, DocumentKind};
use tidings_types::{Environment, Error, Result, Timestamp};
use tidings_wire::notification::{Check, CheckWrite};

use crate::document;
use crate::validation::no_control_characters;

/// The most checks of one submission.
const MAX_CHECKS: usize = 100;

/// How a submission stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(super) enum State {
    /// Not decided. The submission bears the template's id as a name, so that there is only one.
    Waiting,
    /// All checks are passed, and the draft is published.
    Published,
    /// Taken back.
    Canceled,
}

/// A submission as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Stored {
    pub(super) checks: Vec<Check>,
    pub(super) state: State,
    /// Tells the draft that was submitted from any other.
    pub(super) draft: String,
}

/// The id of the document of a submission.
pub(super) fn document_id(template: &str, submission: &str) -> String {
    format!("{template}/{submission}")
}

/// Tells one draft from another.
pub(super) fn fingerprint(body: &Value) -> String {
    hex::encode(Sha256::digest(body.to_string()))
}

/// A submission of a template.
///
/// # Errors
/// `NotFound` when there is none.
pub(super) async fn find(
    services: &Services,
    environment: Environment,
    template: &str,
    submission: &str,
) -> Result<(Document, Stored)> {
    let id = document_id(template, submission);
    let found = services
        .store
        .document(environment, DocumentKind::Submission, &id)
        .await?;
    let found = found.ok_or_else(|| {
        Error::not_found(format!(
            "Submission {submission} of notification template {template} not found"
        ))
    })?;
    let stored = document::read(found.body.clone())?;
    Ok((found, stored))
}

/// Refuses changes of a template whose draft waits for approval.
///
/// # Errors
/// `Conflict`, naming the submission.
pub(super) async fn must_not_wait(services: &Services, environment: Environment, template: &str) -> Result<()> {
    let kind = DocumentKind::Submission;
    let Some(waiting) = services.store.document_by_name(environment, kind, template).await? else {
        return Ok(());
    };
    let submission = waiting.id.rsplit('/').next().unwrap_or_default();
    Err(Error::conflict(format!(
        "Template {template} waits for approval: cancel submission {submission} first"
    )))
}

/// Checks as they are stored, written now.
///
/// # Errors
/// `Invalid`, naming the field.
pub(super) fn checked(written: Vec<CheckWrite>, now: Timestamp) -> Result<Vec<Check>> {
    if written.len() > MAX_CHECKS {
        return Err(Error::invalid(format!(
            "checks: {} checks. Max is {MAX_CHECKS}",
            written.len()
        )));
    }
    let mut checks: Vec<Check> = Vec::with_capacity(written.len());
    for (index, CheckWrite { id, status, kind }) in written.into_iter().enumerate() {
        no_control_characters(&format!("checks.{index}.id"), &id)?;
        if kind != "custom" {
            return Err(Error::invalid(format!(
                "checks.{index}.type: Invalid value. Expected 'custom'"
            )));
        }
        if id.is_empty() || checks.iter().any(|known| known.id == id) {
            return Err(Error::invalid(format!("checks.{index}.id: Expected an id of its own")));
        }
        checks.push(Check {
            id,
            status,
            kind,
            updated: now,
        });
    }
    Ok(checks)
}
