//! `DELETE /preferences/sections/{section_id}`: take a section away.

use axum::extract::State;
use http::StatusCode;
use tidings_store::{DocumentKind, PageRequest};
use tidings_types::Error;
use tidings_wire::error::ErrorBody;

use crate::auth::ApiCaller;
use crate::error::ApiResult;
use crate::path::Path;
use crate::{AppState, document};

/// Take an empty section away.
#[utoipa::path(
    delete, path = "/preferences/sections/{section_id}", tag = "preferences",
    params(("section_id" = String, Path)),
    responses(
        (status = 204, description = "Gone."),
        (status = 404, body = ErrorBody),
        (status = 409, description = "It still has topics.", body = ErrorBody),
    ),
)]
pub(super) async fn delete_section(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path(id): Path<String>,
) -> ApiResult<StatusCode> {
    let (services, environment) = (state.services(), caller.environment);
    let one = PageRequest { after: None, limit: 1 };
    let topics = services
        .store
        .documents(environment, DocumentKind::Topic, Some(&id), one)
        .await?;
    if !topics.items.is_empty() {
        return Err(Error::conflict(format!("Section {id} still has topics and cannot be deleted")).into());
    }
    document::archive(services, environment, DocumentKind::Section, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}
