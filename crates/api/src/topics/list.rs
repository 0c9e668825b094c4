//! `GET /preferences/sections/{section_id}/topics`: a section's topics.

use axum::Json;
use axum::extract::State;
use tidings_store::DocumentKind;
use tidings_types::Result;
use tidings_wire::error::ErrorBody;
use tidings_wire::paging::Whole;
use tidings_wire::topic::Topic;

use super::stored::on_the_wire;
use crate::auth::ApiCaller;
use crate::error::ApiResult;
use crate::path::Path;
use crate::{AppState, document};

/// List all topics of a section, oldest first.
#[utoipa::path(
    get, path = "/preferences/sections/{section_id}/topics", tag = "preferences",
    params(("section_id" = String, Path)),
    responses((status = 200, body = Whole<Topic>), (status = 404, body = ErrorBody)),
)]
pub(super) async fn list_topics(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path(section): Path<String>,
) -> ApiResult<Json<Whole<Topic>>> {
    let (services, environment) = (state.services(), caller.environment);
    document::find(services, environment, DocumentKind::Section, &section).await?;
    let found = document::all(services, environment, DocumentKind::Topic, Some(&section)).await?;
    let results = found.into_iter().map(on_the_wire).collect::<Result<_>>()?;
    Ok(Json(Whole { results }))
}
