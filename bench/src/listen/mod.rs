//! A process of clients that follow feeds: a part of the load, so that the server's process is measured alone.
//!
//! It says `ready` once all its sockets follow, and when its input ends, how long each message took, one number of
//! milliseconds a line.

mod socket;
mod token;

use std::io::Write as _;
use std::sync::{Arc, Mutex, PoisonError};

use tidings_types::{Clock as _, SystemClock};
use tokio::io::AsyncReadExt as _;
use tokio::task::JoinSet;

use self::socket::Socket;
use crate::cli::ListenOptions;

/// How many sockets are opened at once.
const AT_ONCE: u32 = 64;

/// Where a message says when it was sent.
const SENT: &[u8] = b"\"sent\":";

/// Opens sockets, listens until the input ends, and tells.
pub(crate) async fn run(options: &ListenOptions) -> anyhow::Result<()> {
    let took = Arc::new(Mutex::new(Vec::new()));
    let mut listening = JoinSet::new();
    let people: Vec<u32> = (options.first..options.first + options.count).collect();
    for some in people.chunks(AT_ONCE as usize) {
        let mut opening = JoinSet::new();
        for person in some {
            let (server, key, user) = (options.server, options.key.clone(), format!("person{person}"));
            opening.spawn(async move {
                let token = token::of(server, &key, &user).await?;
                Socket::follow(server, &token, &user).await
            });
        }
        while let Some(opened) = opening.join_next().await {
            let (mut socket, took) = (opened??, Arc::clone(&took));
            listening.spawn(async move {
                while let Ok(text) = socket.next().await {
                    if let Some(sent) = sent(&text) {
                        let millis = SystemClock.now().as_millis() - sent;
                        took.lock().unwrap_or_else(PoisonError::into_inner).push(millis);
                    }
                }
            });
        }
    }
    let mut out = std::io::stdout();
    writeln!(out, "ready")?;
    out.flush()?;
    tokio::io::stdin().read_to_end(&mut Vec::new()).await?;
    let took = took.lock().unwrap_or_else(PoisonError::into_inner);
    for millis in took.iter() {
        writeln!(out, "{millis}")?;
    }
    Ok(())
}

/// When a message was sent, in milliseconds since 1970.
fn sent(text: &[u8]) -> Option<i64> {
    let place = text.windows(SENT.len()).position(|part| part == SENT)?;
    let rest = text.get(place + SENT.len()..)?;
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    std::str::from_utf8(rest.get(..digits)?).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_say_when_they_were_sent() {
        assert_eq!(
            sent(br#"{"data":{"n":1,"sent":1790000000000}}"#),
            Some(1_790_000_000_000)
        );
        assert_eq!(sent(br#"{"response":"ack"}"#), None);
    }
}
