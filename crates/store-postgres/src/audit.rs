//! Who changed what, and what came in.

use async_trait::async_trait;
use tidings_store::{
    Audit, AuditEvent, AuditLine, Cursor, NewMembership, Page, PageRequest, ProfileChange, Track, TrackEffect,
    TrackEvent, TrackKind,
};
use tidings_types::{Environment, Result, UserId};
use tokio_postgres::Row;

use crate::codec::{self, Cells, surplus};
use crate::fault::Outcome;
use crate::notification::Notification;
use crate::people::profiles;
use crate::sql::Sql;
use crate::transaction::Operation;
use crate::{PostgresStore, memberships};

const EVENT: &str = "id, at, actor, target, source, kind";

fn audit_row(row: &Row) -> Outcome<AuditEvent> {
    let mut cells = Cells::new(row);
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

fn track(row: &Row) -> Outcome<TrackEvent> {
    let mut cells = Cells::new(row);
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
pub(crate) async fn append(sql: &Sql<'_>, line: &AuditLine) -> Outcome<()> {
    let event = line.event();
    sql.execute(
        "INSERT INTO audit_events (environment, id, at, actor, target, source, kind)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        &[
            &codec::environment(line.environment()),
            &event.id,
            &event.at.as_millis(),
            &event.actor,
            &event.target,
            &event.source,
            &event.kind,
        ],
    )
    .await?;
    Ok(())
}

#[async_trait]
impl Audit for PostgresStore {
    async fn audit_events(&self, environment: Environment, page: PageRequest) -> Result<Page<AuditEvent>> {
        let (sort, id) = page.after.as_ref().map(|after| (after.sort, after.id.as_str())).unzip();
        let query = format!(
            "SELECT {EVENT} FROM audit_events
             WHERE environment = $1 AND ($2::int8 IS NULL OR (at, id) < ($2, $3::text COLLATE \"C\"))
             ORDER BY at DESC, id DESC LIMIT $4"
        );
        let rows = self
            .database
            .read(
                &query,
                &[&codec::environment(environment), &sort, &id, &surplus(page.limit)],
            )
            .await?;
        let events = rows.iter().map(audit_row).collect::<Outcome<Vec<_>>>()?;
        Ok(Page::from_surplus(events, page.limit, |last| Cursor {
            sort: last.at.as_millis(),
            id: last.id.clone(),
        }))
    }

    async fn audit_event(&self, environment: Environment, id: &str) -> Result<Option<AuditEvent>> {
        let query = format!("SELECT {EVENT} FROM audit_events WHERE environment = $1 AND id = $2");
        let row = self
            .database
            .read_one(&query, &[&codec::environment(environment), &id])
            .await?;
        Ok(row.as_ref().map(audit_row).transpose()?)
    }
}

/// Takes an event once, and changes of its person what it changes.
struct Take {
    environment: Environment,
    event: TrackEvent,
    effect: Option<TrackEffect>,
}

#[async_trait]
impl Operation for Take {
    type Output = bool;

    async fn run(&self, sql: &Sql<'_>) -> Outcome<bool> {
        let (environment, event) = (self.environment, &self.event);
        let taken = sql
            .execute(
                "INSERT INTO track_events (environment, message_id, kind, event, user_id, properties, at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (environment, message_id) DO NOTHING",
                &[
                    &codec::environment(environment),
                    &event.message_id,
                    &event.kind.as_str(),
                    &event.event,
                    &event.user_id,
                    &codec::json(&event.properties)?,
                    &event.at.as_millis(),
                ],
            )
            .await?;
        if taken == 0 {
            return Ok(false);
        }
        let Some(user) = event.user_id.as_deref().map(UserId::from) else {
            return Ok(true);
        };
        match self.effect.clone() {
            None => {}
            Some(TrackEffect::Profile(traits)) => {
                let update = profiles::Update {
                    environment,
                    user: &user,
                    change: ProfileChange::Merge(traits),
                    now: event.at,
                };
                update.run(sql).await?;
            }
            Some(TrackEffect::Tenant(tenant_id)) => {
                let new = NewMembership {
                    user_id: user,
                    tenant_id,
                    profile: None,
                };
                memberships::join(sql, environment, &[&new], event.at).await?;
            }
        }
        Ok(true)
    }
}

#[async_trait]
impl Track for PostgresStore {
    async fn take_track_event(
        &self,
        environment: Environment,
        event: TrackEvent,
        effect: Option<TrackEffect>,
    ) -> Result<bool> {
        let take = Take {
            environment,
            event,
            effect,
        };
        // Joining a tenant may ask for a job; nothing else here does.
        match take.effect {
            Some(TrackEffect::Tenant(_)) => self.write_and_tell(take, [Notification::Jobs]).await,
            _ => self.write(take).await,
        }
    }

    async fn track_events(&self, environment: Environment, page: PageRequest) -> Result<Page<TrackEvent>> {
        let (sort, id) = page.after.as_ref().map(|after| (after.sort, after.id.as_str())).unzip();
        let query = format!(
            "SELECT {TRACK} FROM track_events
             WHERE environment = $1 AND ($2::int8 IS NULL OR (at, message_id) < ($2, $3::text COLLATE \"C\"))
             ORDER BY at DESC, message_id DESC LIMIT $4"
        );
        let rows = self
            .database
            .read(
                &query,
                &[&codec::environment(environment), &sort, &id, &surplus(page.limit)],
            )
            .await?;
        let events = rows.iter().map(track).collect::<Outcome<Vec<_>>>()?;
        Ok(Page::from_surplus(events, page.limit, |last| Cursor {
            sort: last.at.as_millis(),
            id: last.message_id.clone(),
        }))
    }

    async fn track_event(&self, environment: Environment, message_id: &str) -> Result<Option<TrackEvent>> {
        let query = format!("SELECT {TRACK} FROM track_events WHERE environment = $1 AND message_id = $2");
        let row = self
            .database
            .read_one(&query, &[&codec::environment(environment), &message_id])
            .await?;
        Ok(row.as_ref().map(track).transpose()?)
    }
}
