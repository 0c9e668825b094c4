//! Messages: accepted, queued, carried out, remembered.

pub(crate) mod accept;
pub(crate) mod cancel;
mod claim;
mod deliveries;
pub(crate) mod engage;
mod events;
mod list;
mod queue;
mod read;
mod record;
mod row;

use async_trait::async_trait;
use tidings_store::{
    Acceptance, CancelResult, Claim, Claimed, DeliveryCount, Lane, MessageFilter, MessageRow, Messages, Output, Page,
    PageRequest, QueueState, Record, RequestRow,
};
use tidings_types::{Environment, Event, MessageId, RequestId, Result, Timestamp};

use crate::SqliteStore;

/// What claiming a lane's work costs, in rows written.
const CLAIM_ROWS: usize = 32;
/// What recording a step costs, in rows written.
const RECORD_ROWS: usize = 4;

#[async_trait]
impl Messages for SqliteStore {
    async fn accept(&self, acceptance: Acceptance) -> Result<()> {
        self.write(move |write| accept::accept(write, &acceptance)).await
    }

    async fn claim(&self, claim: Claim) -> Result<Vec<Claimed>> {
        if claim.lane == Lane::Bulk {
            return self
                .write_later(CLAIM_ROWS, move |write| claim::claim(write, claim))
                .await;
        }
        self.write(move |write| claim::claim(write, claim)).await
    }

    async fn record(&self, record: Record) -> Result<bool> {
        if record.lane == Lane::Bulk {
            return self
                .write_later(RECORD_ROWS, move |write| record::record(write, &record))
                .await;
        }
        self.write(move |write| record::record(write, &record)).await
    }

    async fn release(&self, claims: Vec<(Environment, MessageId, i64)>) -> Result<()> {
        self.write(move |write| {
            for (environment, id, token) in &claims {
                write.leases.release(&(*environment, id.clone()), *token);
            }
            Ok(())
        })
        .await
    }

    async fn next_due(&self, lane: Lane) -> Result<Option<Timestamp>> {
        self.write(move |write| claim::next_due(write, lane)).await
    }

    async fn queue_state(&self, now: Timestamp) -> Result<QueueState> {
        self.read(move |sql| queue::state(sql, now)).await
    }

    async fn message(&self, environment: Environment, id: &MessageId) -> Result<Option<MessageRow>> {
        let id = id.clone();
        self.read(move |sql| read::message(sql, environment, &id)).await
    }

    async fn request(&self, environment: Environment, id: &RequestId) -> Result<Option<RequestRow>> {
        let id = id.clone();
        self.read(move |sql| read::request(sql, environment, &id)).await
    }

    async fn messages(
        &self,
        environment: Environment,
        filter: MessageFilter,
        page: PageRequest,
    ) -> Result<Page<MessageRow>> {
        self.read(move |sql| list::messages(sql, environment, &filter, &page))
            .await
    }

    async fn history(&self, environment: Environment, id: &MessageId) -> Result<Vec<Event>> {
        let id = id.clone();
        self.read(move |sql| events::history(sql, environment, &id)).await
    }

    async fn outputs(&self, environment: Environment, id: &MessageId) -> Result<Vec<Output>> {
        let id = id.clone();
        self.read(move |sql| read::outputs(sql, environment, &id)).await
    }

    async fn cancel(&self, environment: Environment, id: &MessageId, now: Timestamp) -> Result<CancelResult> {
        let id = id.clone();
        self.write(move |write| cancel::cancel(write, environment, &id, now))
            .await
    }

    async fn template_deliveries(
        &self,
        environment: Environment,
        notification: &str,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<DeliveryCount>> {
        let notification = notification.to_owned();
        self.read(move |sql| deliveries::of_template(sql, environment, &notification, from, until))
            .await
    }
}
