//! Sending, carrying out and looking.

use serde_json::{Value, json};
use tidings_pipeline::accept;
use tidings_store::{Lane, MessageRow};
use tidings_types::{Clock as _, Error, EventType, MessageId, Result, Timestamp};

use super::World;

impl World {
    /// Accepts a message, given as the `message` of a send to one person.
    pub async fn send(&self, message: Value) -> MessageId {
        self.try_send(message).await.unwrap()
    }

    /// The same, where it may be refused.
    ///
    /// # Errors
    /// As [`accept::send`], and when the program died.
    pub async fn try_send(&self, message: Value) -> Result<MessageId> {
        let body = json!({ "message": message });
        let accepted = self
            .unless_it_dies(accept::send(&self.services, &self.caller, body, None))
            .await?;
        Ok(accepted.request_id.as_message_id())
    }

    /// Carries out everything that is due now.
    pub async fn drain(&self) {
        self.try_drain().await.unwrap();
    }

    /// The same, where the store may fail or the program die.
    ///
    /// # Errors
    /// When the store fails, and when the program died.
    pub async fn try_drain(&self) -> Result<()> {
        self.unless_it_dies(Box::pin(async { self.drain.run().await.map(|_steps| ()) }))
            .await
    }

    /// Carries out everything there is, moving the clock on to whatever is due next until nothing is left.
    pub async fn finish(&self) {
        self.drain().await;
        while let Some(due) = self.next_due().await {
            self.clock.advance(due.since(self.clock.now()));
            self.drain().await;
        }
    }

    async fn unless_it_dies<T>(&self, work: impl Future<Output = Result<T>>) -> Result<T> {
        tokio::select! {
            done = work => done,
            () = self.faults.crashed() => Err(Error::internal("it died as the test asked")),
        }
    }

    /// When the next message is due.
    pub async fn next_due(&self) -> Option<Timestamp> {
        let mut dues = Vec::new();
        for lane in Lane::ALL {
            dues.extend(self.services.store.next_due(lane).await.unwrap());
        }
        dues.into_iter().min()
    }

    /// A message as it is stored.
    pub async fn message(&self, id: &MessageId) -> MessageRow {
        self.services
            .store
            .message(self.caller.environment, id)
            .await
            .unwrap()
            .unwrap()
    }

    /// A message's status, and its reason if it has one: `UNDELIVERABLE UNSUBSCRIBED`.
    pub async fn status(&self, id: &MessageId) -> String {
        let message = self.message(id).await;
        match message.reason {
            Some(reason) => format!("{} {reason}", message.status),
            None => message.status.to_string(),
        }
    }

    /// The kinds of the lines of a message's history.
    pub async fn history(&self, id: &MessageId) -> Vec<EventType> {
        let events = self.services.store.history(self.caller.environment, id).await.unwrap();
        events.into_iter().map(|event| event.kind).collect()
    }

    /// A message's trace as a person reads it, one line each: `sms twilio accepted: twilio took it over`.
    pub async fn trace(&self, id: &MessageId) -> String {
        let trace = self.message(id).await.trace;
        let mut lines = Vec::new();
        for entry in trace.considered.iter().chain(&trace.happened) {
            let channel = entry.channel.map_or("", |channel| channel.as_str());
            let provider = entry.provider.as_deref().unwrap_or_default();
            let code = serde_json::to_value(entry.code).unwrap();
            let words = [channel, provider, code.as_str().unwrap_or_default()];
            let words: Vec<_> = words.into_iter().filter(|word| !word.is_empty()).collect();
            lines.push(format!("{}: {}", words.join(" "), entry.detail));
        }
        lines.join("\n")
    }
}
