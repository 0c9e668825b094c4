//! The outbox: every delivery that was caught, as the person would have seen it, live as it arrives.

mod clear;
mod entry;
mod events;
mod mail;
mod message;
mod messages;
mod page;
mod source;
#[cfg(test)]
mod tests;
mod trace;

use std::sync::Arc;

use axum::Router;
use axum::http::{HeaderValue, header};
use axum::middleware::map_response;
use axum::response::Response;
use axum::routing::get;
use tidings_store::Caught;
use tidings_types::{Error, Result};

use crate::Pages;
use crate::access::Access;

pub(crate) fn router() -> Router<Arc<Pages>> {
    Router::new()
        .route("/outbox", get(page::page))
        .route("/outbox/events", get(events::events))
        .route("/outbox/messages", get(messages::messages).delete(clear::clear))
        .route("/outbox/messages/{number}", get(message::message))
        .route(
            "/outbox/messages/{number}/html",
            get(mail::with_header).post(mail::with_form),
        )
        .route("/outbox/messages/{number}/trace", get(trace::trace))
        .layer(map_response(unstored))
}

/// What was caught may hold one-time codes: nothing on the way keeps it.
async fn unstored(mut response: Response) -> Response {
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

impl Pages {
    /// One entry, if it is within the caller's reach. `number` is as it stands in the path.
    async fn caught(&self, access: Access, number: &str) -> Result<Caught> {
        let missing = || Error::not_found("Not Found");
        let number = number.parse().map_err(|_| missing())?;
        let found = self.services.store.caught(number).await?;
        found
            .filter(|caught| access.reaches(caught.environment))
            .ok_or_else(missing)
    }
}
