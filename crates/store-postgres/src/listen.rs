//! Hearing what other nodes announce.

use std::future::poll_fn;
use std::sync::Arc;
use std::time::Duration;

use tidings_types::Environment;
use tokio_postgres::{AsyncMessage, Client, Config, NoTls};

use crate::codec;
use crate::fault::words;

/// The channel that says there is work.
pub(crate) const WORK: &str = "tidings_work";
/// The channel that says a document changed.
pub(crate) const DOCUMENTS: &str = "tidings_documents";

/// How long to wait before connecting again, at first.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
/// And at most, after doubling each time.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// Something that another node did. A hint: it may be missed, and it may be told twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notification {
    /// Work was added.
    Work,
    /// A document of this environment changed.
    Documents(Environment),
}

/// Who is told.
pub(crate) type Ear = Arc<dyn Fn(Notification) + Send + Sync>;

/// Listens until aborted. `node` is this process's own number, whose announcements it knows already.
pub(crate) async fn forever(config: Config, node: i64, ear: Ear) {
    let mut pause = FIRST_PAUSE;
    loop {
        match listen(&config, node, &ear, &mut pause).await {
            Ok(()) => tracing::info!("the connection that listens was closed"),
            Err(error) => tracing::warn!(error = words(&error), "listening to the database failed"),
        }
        tokio::time::sleep(pause).await;
        pause = pause.saturating_mul(2).min(LONGEST_PAUSE);
    }
}

/// Listens on one connection until it is lost.
async fn listen(config: &Config, node: i64, ear: &Ear, pause: &mut Duration) -> Result<(), tokio_postgres::Error> {
    let (client, mut connection) = config.connect(NoTls).await?;
    let ask = async {
        ask(&client).await?;
        *pause = FIRST_PAUSE;
        // Whatever was said while nobody listened.
        ear(Notification::Work);
        for environment in Environment::ALL {
            ear(Notification::Documents(environment));
        }
        Ok(())
    };
    let hear = async {
        while let Some(message) = poll_fn(|context| connection.poll_message(context)).await {
            if let AsyncMessage::Notification(message) = message?
                && let Some(notification) = read(message.channel(), message.payload(), node)
            {
                ear(notification);
            }
        }
        Ok(())
    };
    futures_util::future::try_join(ask, hear).await.map(drop)
}

async fn ask(client: &Client) -> Result<(), tokio_postgres::Error> {
    client
        .batch_execute(&format!("LISTEN {WORK}; LISTEN {DOCUMENTS}"))
        .await
}

/// A payload: the node's number and, for documents, the environment's.
pub(crate) fn payload(node: i64, environment: Option<Environment>) -> String {
    match environment {
        Some(environment) => format!("{node} {}", codec::environment(environment)),
        None => node.to_string(),
    }
}

/// What a message says, unless it is our own or none of ours.
fn read(channel: &str, payload: &str, own: i64) -> Option<Notification> {
    let (node, environment) = payload.split_once(' ').unwrap_or((payload, ""));
    if node.parse() == Ok(own) {
        return None;
    }
    match channel {
        WORK => Some(Notification::Work),
        DOCUMENTS => Environment::ALL
            .into_iter()
            .find(|one| codec::environment(*one).to_string() == environment)
            .map(Notification::Documents),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn others_are_heard_and_oneself_is_not() {
        let heard = |channel, environment| read(channel, &payload(7, environment), 8);
        assert_eq!(heard(WORK, None), Some(Notification::Work));
        for environment in Environment::ALL {
            assert_eq!(
                heard(DOCUMENTS, Some(environment)),
                Some(Notification::Documents(environment))
            );
        }
        assert_eq!(read(WORK, &payload(7, None), 7), None);
        assert_eq!(heard("another", None), None);
        assert_eq!(heard(DOCUMENTS, None), None);
    }
}
