//! A broadcast between the wire and the store.

use tidings_pipeline::Services;
use tidings_pipeline::broadcasts::{Broadcast, BroadcastStatus, Schedule};
use tidings_store::{Document, DocumentKind, NewDocument, WriteMode};
use tidings_types::id::new_prefixed_id;
use tidings_types::{Environment, Error, RequestId, Result};
use tidings_wire::broadcast::{Broadcast as OnTheWire, BroadcastSchedule};

use crate::auth::ApiCaller;
use crate::document;

/// A broadcast that is there.
///
/// # Errors
/// `NotFound` when it is not.
pub(super) async fn find(services: &Services, environment: Environment, id: &str) -> Result<Document> {
    document::find(services, environment, DocumentKind::Broadcast, id).await
}

/// Makes a broadcast.
///
/// # Errors
/// Those of the store.
pub(super) async fn create(services: &Services, caller: &ApiCaller, broadcast: &Broadcast) -> Result<Document> {
    let id = new_prefixed_id("bst_", services.clock.now(), services.random.as_ref());
    let new = NewDocument {
        // Nothing is published before it is scheduled.
        mode: WriteMode::Draft,
        by: caller.actor().to_owned(),
        ..document::new(services, DocumentKind::Broadcast, id, document::stored(broadcast)?)
    };
    document::create(services, caller.environment, new).await
}

/// Refuses a change of what is on its way.
///
/// # Errors
/// `Conflict` unless it is a draft.
pub(super) fn must_be_draft(broadcast: &Broadcast) -> Result<()> {
    if broadcast.status == BroadcastStatus::Draft {
        Ok(())
    } else {
        Err(Error::conflict("Only a draft can be changed"))
    }
}

/// Reads to whom and when.
///
/// # Errors
/// `Invalid`, naming the field.
pub(super) fn schedule(written: BroadcastSchedule) -> Result<Schedule> {
    if !matches!(written.recipient_type.as_str(), "list" | "audience") {
        return Err(Error::invalid("recipient_type: Expected list or audience"));
    }
    Ok(Schedule {
        recipient_id: written.recipient_id,
        recipient_type: written.recipient_type,
        scheduled_to: written.scheduled_to,
        timezone: written.timezone,
    })
}

/// A broadcast as reads show it.
///
/// # Errors
/// `Internal` when it is not what this program writes.
pub(super) fn on_the_wire(document: Document) -> Result<OnTheWire> {
    let broadcast = Broadcast::read(&document)?;
    let status = match broadcast.status {
        BroadcastStatus::Draft => "draft",
        BroadcastStatus::Scheduled => "scheduled",
        BroadcastStatus::Sending => "sending",
        BroadcastStatus::Sent => "sent",
    };
    Ok(OnTheWire {
        id: document.id,
        name: broadcast.name,
        channel: broadcast.channel,
        status: status.to_owned(),
        schedule: broadcast.schedule.map(|schedule| BroadcastSchedule {
            recipient_id: schedule.recipient_id,
            recipient_type: schedule.recipient_type,
            scheduled_to: schedule.scheduled_to,
            timezone: schedule.timezone,
        }),
        created_at: document.created.to_rfc3339(),
        created_by: document.creator.clone(),
        updated_at: document.updated.unwrap_or(document.created).to_rfc3339(),
        updated_by: document.updater.unwrap_or(document.creator),
        archived_at: None,
        archived_by: None,
        request_id: broadcast.request_id.map(RequestId::into_string),
    })
}
