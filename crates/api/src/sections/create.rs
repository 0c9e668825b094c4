//! `POST /preferences/sections`: a new section of the preference page.

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use tidings_store::DocumentKind;
use tidings_wire::error::ErrorBody;
use tidings_wire::section::{Section, SectionWrite};

use super::stored::{check, new_id, on_the_wire};
use crate::auth::ApiCaller;
use crate::body::JsonBody;
use crate::error::ApiResult;
use crate::{AppState, document};

/// Add a section to the preference page.
#[utoipa::path(
    post, path = "/preferences/sections", tag = "preferences",
    request_body = SectionWrite,
    responses((status = 201, body = Section), (status = 400, body = ErrorBody)),
)]
pub(super) async fn create_section(
    caller: ApiCaller,
    State(state): State<AppState>,
    JsonBody(request): JsonBody<SectionWrite>,
) -> ApiResult<(StatusCode, Json<Section>)> {
    check(&request)?;
    let services = state.services();
    let new = document::new(
        services,
        DocumentKind::Section,
        new_id(services),
        document::stored(&request)?,
    );
    let made = document::create(services, caller.environment, new).await?;
    Ok((StatusCode::CREATED, Json(on_the_wire(made, Vec::new())?)))
}
