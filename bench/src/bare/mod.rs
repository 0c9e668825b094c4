//! The yardstick: an HTTP server that does nothing but store each body durably before it answers.
//!
//! It writes as many rows of the same size into as many indexes as an accepted message costs, through one thread that
//! commits whatever has piled up, with the same durability. What Tidings needs beyond this is what it does besides.

mod writer;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::serve::ListenerExt as _;
use tidings_types::id::new_trace_style_id;
use tidings_types::{Clock as _, SystemClock, SystemRandom};

use self::writer::{Row, Writer};
use crate::cli::BareOptions;

/// Serves until killed.
pub(crate) async fn run(options: &BareOptions) -> anyhow::Result<()> {
    let writer = Writer::start(&options.data_dir.join("bare.db"))?;
    let router = Router::new()
        .route("/readyz", get(async || "ready"))
        .route("/send", post(send))
        .with_state(writer);
    let listener = tokio::net::TcpListener::bind(options.listen).await?;
    // A connection that stays slow shows in the figures.
    let listener = listener.tap_io(|connection| drop(connection.set_nodelay(true)));
    axum::serve(listener, router).await?;
    Ok(())
}

async fn send(State(writer): State<Writer>, body: Bytes) -> (StatusCode, String) {
    let now = SystemClock.now();
    let id = new_trace_style_id(now, &SystemRandom);
    let row = Row {
        id: id.clone(),
        at: now.as_millis(),
        body,
    };
    if writer.insert(row).await {
        (StatusCode::ACCEPTED, format!("{{\"requestId\":\"{id}\"}}"))
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, String::new())
    }
}
