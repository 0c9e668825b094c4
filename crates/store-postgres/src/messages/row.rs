//! How messages and requests stand in rows.

use tidings_store::{MessageRow, RequestRow};
use tidings_types::{KeyMode, KeyScope, Reason, Status, UserId};

use crate::codec::Cells;
use crate::fault::Outcome;

/// The columns of a message `m`, in the order in which [`message`] reads them.
pub(crate) const MESSAGE: &str = "m.environment, m.id, m.request_id, m.recipient, m.user_id, m.to_entry, m.event, \
     m.notification, m.tags, m.trace_id, m.tenant_id, m.one_time, m.redacted, m.status, m.reason, m.error, \
     m.enqueued, m.sent, m.delivered, m.opened, m.clicked, m.canceled_at, m.archived, m.providers, m.progress, m.trace, \
     m.told";

/// The columns of a request `r`, in the order in which [`request`] reads them.
pub(super) const REQUEST: &str = "r.environment, r.id, r.scope, r.mode, r.accepted_at, r.spec, r.crowds, r.canceled_at";

pub(crate) fn message(cells: &mut Cells<'_>) -> Outcome<MessageRow> {
    let mut message = MessageRow {
        environment: cells.environment()?,
        id: cells.take::<String>()?.into(),
        request_id: cells.take::<String>()?.into(),
        recipient: cells.take()?,
        user_id: cells.take::<Option<String>>()?.map(UserId::from),
        to: cells.take()?,
        event: cells.take()?,
        notification: cells.take()?,
        tags: cells.take()?,
        trace_id: cells.take()?,
        tenant_id: cells.take()?,
        one_time: cells.take()?,
        redacted: cells.take()?,
        status: cells.name(Status::parse)?,
        reason: cells.maybe_name(Reason::parse)?,
        error: cells.take()?,
        enqueued: cells.moment()?,
        sent: cells.maybe_moment()?,
        delivered: cells.maybe_moment()?,
        opened: cells.maybe_moment()?,
        clicked: cells.maybe_moment()?,
        canceled_at: cells.maybe_moment()?,
        archived: cells.take()?,
        providers: cells.maybe_json()?.unwrap_or_default(),
        progress: cells.maybe_json()?.unwrap_or_default(),
        trace: cells.maybe_json()?.unwrap_or_default(),
        told: cells.maybe_json()?.unwrap_or_default(),
    };
    tidings_store::engagement::put_together(&mut message);
    Ok(message)
}

pub(super) fn request(cells: &mut Cells<'_>) -> Outcome<RequestRow> {
    Ok(RequestRow {
        environment: cells.environment()?,
        id: cells.take::<String>()?.into(),
        scope: cells.name(KeyScope::parse)?,
        mode: cells.name(KeyMode::parse)?,
        accepted_at: cells.moment()?,
        spec: cells.take()?,
        crowds: cells.take()?,
        canceled_at: cells.maybe_moment()?,
    })
}
