//! Bodies that stand still.

use std::io;
use std::time::Duration;

use axum::body::{Body, HttpBody as _};
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use futures_util::{StreamExt as _, stream};
use tokio::time::timeout;

/// Reads a request's body as long as it goes on; when it stands still for too long, it counts as cut off.
pub(super) async fn with(patience: Duration, request: Request, next: Next) -> Response {
    next.run(request.map(|body| {
        if body.is_end_stream() {
            body
        } else {
            timed(body, patience)
        }
    }))
    .await
}

fn timed(body: Body, patience: Duration) -> Body {
    let parts = stream::unfold(Some(body.into_data_stream()), move |rest| async move {
        let mut rest = rest?;
        match timeout(patience, rest.next()).await {
            Ok(Some(Ok(part))) => Some((Ok(part), Some(rest))),
            Ok(Some(Err(error))) => Some((Err(io::Error::other(error)), None)),
            Ok(None) => None,
            Err(_) => Some((Err(io::ErrorKind::TimedOut.into()), None)),
        }
    });
    Body::from_stream(parts)
}
