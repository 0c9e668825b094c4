//! Messages: accepted, queued, carried out, remembered.

pub(crate) mod accept;
pub(crate) mod cancel;
mod claim;
mod deliveries;
pub(crate) mod engage;
mod list;
mod queue;
mod read;
mod record;
pub(crate) mod row;

use async_trait::async_trait;
use tidings_store::{
    Acceptance, CancelResult, Claim, Claimed, DeliveryCount, Lane, MessageFilter, MessageRow, Messages, Output, Page,
    PageRequest, QueueState, Record, RequestRow,
};
use tidings_types::{Environment, Event, MessageId, RequestId, Result, Timestamp};

use crate::PostgresStore;

#[async_trait]
impl Messages for PostgresStore {
    async fn accept(&self, acceptance: Acceptance) -> Result<()> {
        self.accepts.write(acceptance).await
    }

    async fn claim(&self, claim: Claim) -> Result<Vec<Claimed>> {
        self.write(claim::Take(claim)).await
    }

    async fn record(&self, record: Record) -> Result<bool> {
        self.records.write(record).await
    }

    async fn release(&self, claims: Vec<(Environment, MessageId, i64)>) -> Result<()> {
        self.write(claim::Release(claims)).await
    }

    async fn next_due(&self, lane: Lane) -> Result<Option<Timestamp>> {
        queue::next_due(&self.database, lane).await
    }

    async fn queue_state(&self, now: Timestamp) -> Result<QueueState> {
        queue::state(&self.database, now).await
    }

    async fn message(&self, environment: Environment, id: &MessageId) -> Result<Option<MessageRow>> {
        read::message(&self.database, environment, id).await
    }

    async fn request(&self, environment: Environment, id: &RequestId) -> Result<Option<RequestRow>> {
        read::request(&self.database, environment, id).await
    }

    async fn messages(
        &self,
        environment: Environment,
        filter: MessageFilter,
        page: PageRequest,
    ) -> Result<Page<MessageRow>> {
        list::messages(&self.database, environment, &filter, &page).await
    }

    async fn history(&self, environment: Environment, id: &MessageId) -> Result<Vec<Event>> {
        read::history(&self.database, environment, id).await
    }

    async fn outputs(&self, environment: Environment, id: &MessageId) -> Result<Vec<Output>> {
        read::outputs(&self.database, environment, id).await
    }

    async fn cancel(&self, environment: Environment, id: &MessageId, now: Timestamp) -> Result<CancelResult> {
        self.write(cancel::Cancel { environment, id, now }).await
    }

    async fn template_deliveries(
        &self,
        environment: Environment,
        notification: &str,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<DeliveryCount>> {
        deliveries::of_template(&self.database, environment, notification, from, until).await
    }
}
