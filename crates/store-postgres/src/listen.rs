//! Hearing what other nodes announce.

use std::future::poll_fn;
use std::sync::Arc;
use std::time::Duration;

use tokio_postgres::{AsyncMessage, Client, Config};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::fault::words;
use crate::notification::{CHANNELS, Notification};

/// How long to wait before connecting again, at first.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
/// And at most, after doubling each time.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// Who is told.
pub(crate) type Ear = Arc<dyn Fn(Notification) + Send + Sync>;

/// Listens until aborted. `node` is this process's own number, whose announcements it knows already.
pub(crate) async fn forever(config: Config, tls: MakeRustlsConnect, node: i64, ear: Ear) {
    let mut pause = FIRST_PAUSE;
    loop {
        match listen(&config, tls.clone(), node, &ear, &mut pause).await {
            Ok(()) => tracing::info!("the connection that listens was closed"),
            Err(error) => tracing::warn!(error = words(&error), "listening to the database failed"),
        }
        tokio::time::sleep(pause).await;
        pause = pause.saturating_mul(2).min(LONGEST_PAUSE);
    }
}

/// Listens on one connection until it is lost.
async fn listen(
    config: &Config,
    tls: MakeRustlsConnect,
    node: i64,
    ear: &Ear,
    pause: &mut Duration,
) -> Result<(), tokio_postgres::Error> {
    let (client, mut connection) = config.connect(tls).await?;
    let ask = async {
        ask(&client).await?;
        *pause = FIRST_PAUSE;
        // Whatever was said while nobody listened.
        for notification in Notification::ALL {
            ear(notification);
        }
        Ok(())
    };
    let hear = async {
        while let Some(message) = poll_fn(|context| connection.poll_message(context)).await {
            if let AsyncMessage::Notification(message) = message? {
                for notification in Notification::read(message.channel(), message.payload(), node) {
                    ear(notification);
                }
            }
        }
        Ok(())
    };
    futures_util::future::try_join(ask, hear).await.map(drop)
}

async fn ask(client: &Client) -> Result<(), tokio_postgres::Error> {
    for channel in CHANNELS {
        client.batch_execute(&format!("LISTEN {channel}")).await?;
    }
    Ok(())
}
