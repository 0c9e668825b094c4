//! Writing one batch after the other.

use std::collections::HashSet;
use std::sync::Arc;

use async_trait::async_trait;
use tidings_types::Error;
use tokio::sync::{Mutex, mpsc};

use super::{Batched, Waiting};
use crate::announce::Announcer;
use crate::database::Database;
use crate::fault::Outcome;
use crate::notification::Notification;
use crate::sql::Sql;
use crate::transaction::Operation;

/// At most this many writes share a transaction, so that none waits long for the others.
const LIMIT: usize = 512;

/// A flusher's life: until nobody is left who could ask for anything.
///
/// The flushers share the queue. One of them waits at it for the next batch while the others write theirs; when all
/// are writing, the queue fills.
pub(super) async fn forever<B: Batched>(
    database: Arc<Database>,
    announcer: Arc<Announcer>,
    inbox: Arc<Mutex<mpsc::Receiver<Waiting<B>>>>,
) {
    loop {
        let mut batch = Vec::new();
        let taken = inbox.lock().await.recv_many(&mut batch, LIMIT).await;
        if taken == 0 {
            return;
        }
        let news = news(&batch);
        for round in rounds(batch) {
            flush(&database, round).await;
        }
        for notification in news {
            announcer.tell(notification);
        }
    }
}

/// What other nodes should know of a batch, each thing once.
fn news<B: Batched>(batch: &[Waiting<B>]) -> Vec<Notification> {
    let mut news = Vec::new();
    for notification in batch.iter().flat_map(|waiting| waiting.item.news()) {
        if !news.contains(&notification) {
            news.push(notification);
        }
    }
    news
}

/// Parts a batch so that no part has two writes about one message, in their order.
fn rounds<B: Batched>(mut batch: Vec<Waiting<B>>) -> Vec<Vec<Waiting<B>>> {
    let mut rounds = Vec::new();
    while !batch.is_empty() {
        let mut seen = HashSet::new();
        let own = |(environment, id): (_, &str)| (environment, id.to_owned());
        let (round, later) = batch
            .into_iter()
            .partition(|waiting| waiting.item.message().is_none_or(|message| seen.insert(own(message))));
        rounds.push(round);
        batch = later;
    }
    rounds
}

/// Writes a batch and answers everyone. One that the database refuses is halved until those who are to blame stand
/// alone, so that nobody fails for another.
async fn flush<B: Batched>(database: &Database, batch: Vec<Waiting<B>>) {
    let mut parts = vec![batch];
    while let Some(mut part) = parts.pop() {
        match database.write(&Part(&part)).await {
            Ok(answers) => {
                for (waiting, answer) in part.into_iter().zip(answers) {
                    // The caller may have gone away; what was written stays.
                    drop(waiting.reply.send(Ok(answer)));
                }
            }
            Err(fault) if fault.is_refusal() && part.len() > 1 => {
                let rest = part.split_off(part.len() / 2);
                parts.push(rest);
                parts.push(part);
            }
            Err(fault) => {
                let error = Error::from(fault);
                for waiting in part {
                    drop(waiting.reply.send(Err(error.clone())));
                }
            }
        }
    }
}

/// What shares one transaction.
struct Part<'a, B: Batched>(&'a [Waiting<B>]);

#[async_trait]
impl<B: Batched> Operation for Part<'_, B> {
    type Output = Vec<B::Answer>;

    async fn run(&self, sql: &Sql<'_>) -> Outcome<Vec<B::Answer>> {
        let items: Vec<&B> = self.0.iter().map(|waiting| &waiting.item).collect();
        B::write_all(&items, sql).await
    }
}
