//! What became of messages, and why.

mod archive;
mod archive_request;
mod cancel;
mod get;
mod history;
mod list;
mod output;
mod output_part;
mod resend;
mod trace;

use tidings_store::MessageRow;
use tidings_types::{Environment, Error, MessageId, Result};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::AppState;

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list::list))
        .routes(routes!(get::get))
        .routes(routes!(history::history))
        .routes(routes!(output::output))
        .routes(routes!(output_part::output_part))
        .routes(routes!(trace::trace))
        .routes(routes!(cancel::cancel))
        .routes(routes!(resend::resend))
        .routes(routes!(archive::archive))
        .routes(routes!(archive_request::archive_request))
}

fn not_found() -> Error {
    Error::not_found("Message not found")
}

async fn find(state: &AppState, environment: Environment, id: &MessageId) -> Result<MessageRow> {
    state
        .services()
        .store
        .message(environment, id)
        .await?
        .ok_or_else(not_found)
}
