//! Who changed what, and what came in.

use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension, params};
use tidings_store::{
    Audit, AuditEvent, AuditLine, Cursor, NewMembership, Page, PageRequest, ProfileChange, Track, TrackEffect,
    TrackEvent, TrackKind,
};
use tidings_types::{Environment, Result, Timestamp, UserId};

use crate::codec::{self, Cells};
use crate::fault::Outcome;
use crate::people::profiles;
use crate::{SqliteStore, memberships};

const EVENT: &str = "id, at, actor, target, source, kind";

fn event(cells: &mut Cells<'_>) -> rusqlite::Result<AuditEvent> {
    Ok(AuditEvent {
        id: cells.take()?,
        at: cells.moment()?,
        actor: cells.take()?,
        target: cells.take()?,
        source: cells.take()?,
        kind: cells.take()?,
    })
}

const TRACK: &str = "message_id, kind, event, user_id, properties, at";

fn track(cells: &mut Cells<'_>) -> rusqlite::Result<TrackEvent> {
    Ok(TrackEvent {
        message_id: cells.take()?,
        kind: cells.name(TrackKind::parse)?,
        event: cells.take()?,
        user_id: cells.take()?,
        properties: cells.json()?,
        at: cells.moment()?,
    })
}

/// Writes a line into the transaction that is under way.
pub(crate) fn append(sql: &Connection, line: &AuditLine) -> Outcome<()> {
    let event = line.event();
    sql.prepare_cached(
        "INSERT INTO audit_events (environment, id, at, actor, target, source, kind)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?
    .execute(params![
        codec::environment(line.environment()),
        event.id,
        event.at.as_millis(),
        event.actor,
        event.target,
        event.source,
        event.kind
    ])?;
    Ok(())
}

/// Changes of a person what an event changes.
fn carry_out(
    sql: &Connection,
    environment: Environment,
    user: &UserId,
    effect: &TrackEffect,
    now: Timestamp,
) -> Outcome<()> {
    match effect {
        TrackEffect::Profile(traits) => {
            profiles::change(sql, environment, user, &ProfileChange::Merge(traits.clone()), now).map(drop)
        }
        TrackEffect::Tenant(tenant_id) => {
            let new = NewMembership {
                user_id: user.clone(),
                tenant_id: tenant_id.clone(),
                profile: None,
            };
            memberships::join(sql, environment, &new, now)
        }
    }
}

#[async_trait]
impl Audit for SqliteStore {
    async fn audit_events(&self, environment: Environment, page: PageRequest) -> Result<Page<AuditEvent>> {
        self.read(move |sql| {
            let (sort, id) = page.after.as_ref().map(|after| (after.sort, after.id.as_str())).unzip();
            let query = format!(
                "SELECT {EVENT} FROM audit_events
                 WHERE environment = ?1 AND (?2 IS NULL OR (at, id) < (?2, ?3))
                 ORDER BY at DESC, id DESC LIMIT ?4"
            );
            let rows = sql
                .prepare_cached(&query)?
                .query_map(
                    params![codec::environment(environment), sort, id, i64::from(page.limit) + 1],
                    |row| event(&mut Cells::new(row)),
                )?
                .collect::<rusqlite::Result<Vec<_>>>()?;
            Ok(Page::from_surplus(rows, page.limit, |last| Cursor {
                sort: last.at.as_millis(),
                id: last.id.clone(),
            }))
        })
        .await
    }

    async fn audit_event(&self, environment: Environment, id: &str) -> Result<Option<AuditEvent>> {
        let id = id.to_owned();
        self.read(move |sql| {
            let query = format!("SELECT {EVENT} FROM audit_events WHERE environment = ?1 AND id = ?2");
            Ok(sql
                .prepare_cached(&query)?
                .query_row(params![codec::environment(environment), id], |row| {
                    event(&mut Cells::new(row))
                })
                .optional()?)
        })
        .await
    }
}

#[async_trait]
impl Track for SqliteStore {
    async fn take_track_event(
        &self,
        environment: Environment,
        event: TrackEvent,
        effect: Option<TrackEffect>,
    ) -> Result<bool> {
        self.write(move |write| {
            let taken = write
                .sql
                .prepare_cached(
                    "INSERT INTO track_events (environment, message_id, kind, event, user_id, properties, at)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (environment, message_id) DO NOTHING",
                )?
                .execute(params![
                    codec::environment(environment),
                    event.message_id,
                    event.kind.as_str(),
                    event.event,
                    event.user_id,
                    codec::json(&event.properties)?,
                    event.at.as_millis()
                ])?;
            if taken == 0 {
                return Ok(false);
            }
            if let (Some(user), Some(effect)) = (&event.user_id, &effect) {
                carry_out(write.sql, environment, &UserId::from(user.as_str()), effect, event.at)?;
            }
            Ok(true)
        })
        .await
    }

    async fn track_events(&self, environment: Environment, page: PageRequest) -> Result<Page<TrackEvent>> {
        self.read(move |sql| {
            let (sort, id) = page.after.as_ref().map(|after| (after.sort, after.id.as_str())).unzip();
            let query = format!(
                "SELECT {TRACK} FROM track_events
                 WHERE environment = ?1 AND (?2 IS NULL OR (at, message_id) < (?2, ?3))
                 ORDER BY at DESC, message_id DESC LIMIT ?4"
            );
            let rows = sql
                .prepare_cached(&query)?
                .query_map(
                    params![codec::environment(environment), sort, id, i64::from(page.limit) + 1],
                    |row| track(&mut Cells::new(row)),
                )?
                .collect::<rusqlite::Result<Vec<_>>>()?;
            Ok(Page::from_surplus(rows, page.limit, |last| Cursor {
                sort: last.at.as_millis(),
                id: last.message_id.clone(),
            }))
        })
        .await
    }

    async fn track_event(&self, environment: Environment, message_id: &str) -> Result<Option<TrackEvent>> {
        let message_id = message_id.to_owned();
        self.read(move |sql| {
            let query = format!("SELECT {TRACK} FROM track_events WHERE environment = ?1 AND message_id = ?2");
            Ok(sql
                .prepare_cached(&query)?
                .query_row(params![codec::environment(environment), message_id], |row| {
                    track(&mut Cells::new(row))
                })
                .optional()?)
        })
        .await
    }
}
