//! What stands in for providers: they take everything over at once, and count it.

mod smtp;
mod tally;
mod webhook;

pub(crate) use tally::Tally;

use std::net::SocketAddr;

/// A listening sink.
pub(crate) struct Sink {
    /// Where it listens.
    pub(crate) address: SocketAddr,
    /// What it took over.
    pub(crate) tally: Tally,
}

/// A sink for webhooks.
pub(crate) async fn webhook() -> anyhow::Result<Sink> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let tally = Tally::default();
    tokio::spawn(webhook::serve(listener, tally.clone()));
    Ok(Sink { address, tally })
}

/// A sink for mails.
pub(crate) async fn smtp() -> anyhow::Result<Sink> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let tally = Tally::default();
    tokio::spawn(smtp::serve(listener, tally.clone()));
    Ok(Sink { address, tally })
}
