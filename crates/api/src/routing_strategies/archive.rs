//! `DELETE /routing-strategies/{id}`: take a strategy away.

use axum::extract::State;
use http::StatusCode;
use tidings_store::{DocumentKind, PageRequest};
use tidings_types::Error;
use tidings_wire::error::ErrorBody;

use super::list_notifications::linked;
use crate::auth::ApiCaller;
use crate::error::ApiResult;
use crate::path::Path;
use crate::{AppState, document};

/// Take a routing strategy away that no template is linked to.
#[utoipa::path(
    delete, path = "/routing-strategies/{id}", tag = "routing-strategies",
    params(("id" = String, Path)),
    responses(
        (status = 204, description = "Gone."),
        (status = 404, body = ErrorBody),
        (status = 409, description = "Templates are linked to it.", body = ErrorBody),
    ),
)]
pub(super) async fn archive_strategy(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path(id): Path<String>,
) -> ApiResult<StatusCode> {
    let (services, environment) = (state.services(), caller.environment);
    let one = PageRequest { after: None, limit: 1 };
    if !linked(services, environment, &id, one).await?.items.is_empty() {
        let told = format!("Routing strategy {id} has associated templates and cannot be archived");
        return Err(Error::conflict(told).into());
    }
    document::archive(services, environment, DocumentKind::RoutingStrategy, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}
