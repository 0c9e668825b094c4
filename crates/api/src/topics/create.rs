//! `POST /preferences/sections/{section_id}/topics`: a new topic.

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use tidings_store::{DocumentKind, NewDocument};
use tidings_wire::error::ErrorBody;
use tidings_wire::topic::{Topic, TopicWrite};

use super::stored::{checked, on_the_wire};
use crate::auth::ApiCaller;
use crate::body::JsonBody;
use crate::error::ApiResult;
use crate::path::Path;
use crate::sections::new_id;
use crate::{AppState, document};

/// Add a topic to a section.
#[utoipa::path(
    post, path = "/preferences/sections/{section_id}/topics", tag = "preferences",
    params(("section_id" = String, Path)),
    request_body = TopicWrite,
    responses((status = 201, body = Topic), (status = 400, body = ErrorBody), (status = 404, body = ErrorBody)),
)]
pub(super) async fn create_topic(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path(section): Path<String>,
    JsonBody(request): JsonBody<TopicWrite>,
) -> ApiResult<(StatusCode, Json<Topic>)> {
    let (services, environment) = (state.services(), caller.environment);
    let body = checked(services, environment, request, None).await?;
    document::find(services, environment, DocumentKind::Section, &section).await?;
    let new = NewDocument {
        parent: Some(section),
        ..document::new(services, DocumentKind::Topic, new_id(services), body)
    };
    let made = document::create(services, environment, new).await?;
    Ok((StatusCode::CREATED, Json(on_the_wire(made)?)))
}
