//! How often somebody may come with a credential that is refused.
//!
//! Clients cannot be told that a token has ended: the published web client tries a refused socket again and again, and
//! older ones never stop. So whoever was refused too often from one address is answered 429 for the rest of the minute,
//! and a credential that was refused over and over is not looked at again before that. One that is good always works,
//! whoever else comes from the same address: people share addresses.

mod count;
mod visitor;

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Json;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use serde_json::json;
use tidings_types::Clock;

use self::count::{Count, Verdict};
use self::visitor::Visitor;

/// What the door remembers.
#[derive(Clone)]
pub(crate) struct Door(Arc<Inner>);

struct Inner {
    clock: Arc<dyn Clock>,
    count: Count,
}

impl Door {
    /// One that has seen nobody.
    pub(crate) fn new(clock: Arc<dyn Clock>) -> Self {
        let count = Count::default();
        Self(Arc::new(Inner { clock, count }))
    }
}

/// Stands before everything else.
pub(crate) async fn layer(State(door): State<Door>, request: Request, next: Next) -> Response {
    let Inner { clock, count } = door.0.as_ref();
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let Some(ConnectInfo(peer)) = peer else {
        return next.run(request).await;
    };
    let visitor = Visitor::of(*peer, request.headers(), request.uri().query());
    if let Some(seconds) = count.is_known(&visitor, clock.now()) {
        return too_often(HeaderMap::new(), seconds);
    }
    let response = next.run(request).await;
    if response.status() != StatusCode::UNAUTHORIZED {
        return response;
    }
    match count.refused(&visitor, clock.now()) {
        Verdict::Fine => response,
        Verdict::TooOften { seconds } => {
            let (parts, _body) = response.into_parts();
            too_often(parts.headers, seconds)
        }
    }
}

/// The answer, in the form of the API and of GraphQL. Browsers may read it, as they may what it stands for.
fn too_often(mut headers: HeaderMap, seconds: u64) -> Response {
    for name in [header::CONTENT_LENGTH, header::CONTENT_TYPE, header::WWW_AUTHENTICATE] {
        headers.remove(name);
    }
    headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    headers
        .entry(header::ACCESS_CONTROL_ALLOW_ORIGIN)
        .or_insert(HeaderValue::from_static("*"));
    let message = format!("Refused too often; try again in {seconds} seconds");
    let body = json!({
        "type": "rate_limit_exceeded",
        "message": message,
        "data": null,
        "errors": [{ "message": message }],
    });
    (StatusCode::TOO_MANY_REQUESTS, headers, Json(body)).into_response()
}
