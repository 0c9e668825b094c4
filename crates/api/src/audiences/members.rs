//! `GET /audiences/{audience_id}/members`: who belongs to an audience.

use axum::Json;
use axum::extract::State;
use tidings_wire::audience::AudienceMember;
use tidings_wire::error::ErrorBody;
use tidings_wire::paging::Items;

use super::find;
use crate::AppState;
use crate::auth::ApiCaller;
use crate::error::ApiResult;
use crate::paging::items;
use crate::path::Path;
use crate::query::{DEFAULT_PAGE, Query};

/// List who belongs to an audience and why, by their ids.
#[utoipa::path(
    get, path = "/audiences/{audience_id}/members", tag = "audiences",
    params(("audience_id" = String, Path), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = Items<AudienceMember>), (status = 404, body = ErrorBody)),
)]
pub(super) async fn list_audience_members(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path(id): Path<String>,
    query: Query,
) -> ApiResult<Json<Items<AudienceMember>>> {
    let services = state.services();
    find(services, caller.environment, &id).await?;
    let page = query.page(DEFAULT_PAGE, DEFAULT_PAGE)?;
    let found = services.store.audience_members(caller.environment, &id, page).await?;
    Ok(Json(items(found.map(|one| AudienceMember {
        audience_id: id.clone(),
        audience_version: one.version,
        member_id: one.user_id.into_string(),
        added_at: one.added.to_rfc3339(),
        reason: one.reason,
    }))))
}
