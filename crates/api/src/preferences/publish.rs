//! `POST /preferences/publish`: what stands now becomes what the page shows.

use axum::Json;
use axum::extract::State;
use tidings_pipeline::preferences::{self, Publish};
use tidings_pipeline::{LinkClaims, LinkKind};
use tidings_store::DocumentKind;
use tidings_wire::error::ErrorBody;
use tidings_wire::preference_page::{PublishRequest, PublishResponse};

use crate::auth::ApiCaller;
use crate::body::JsonBody;
use crate::error::ApiResult;
use crate::{AppState, document, validation};

/// Who publishes: keys do not say whose they are.
const BY: &str = "api";
/// Whose page a preview is: nobody's. No person has an empty id.
const NOBODY: &str = "";

/// Publish the preference page: the hosted page and embedded components show sections and topics as they are now.
///
/// Sending goes by what topics say at the moment, published or not.
#[utoipa::path(
    post, path = "/preferences/publish", tag = "preferences",
    request_body = PublishRequest,
    responses((status = 200, body = PublishResponse), (status = 400, description = "Such as a brand that does not exist.", body = ErrorBody)),
)]
pub(super) async fn publish_preferences(
    caller: ApiCaller,
    State(state): State<AppState>,
    JsonBody(request): JsonBody<PublishRequest>,
) -> ApiResult<Json<PublishResponse>> {
    let (services, environment) = (state.services(), caller.environment);
    validation::printable("heading", request.heading.as_deref().unwrap_or_default())?;
    validation::printable("description", request.description.as_deref().unwrap_or_default())?;
    if let Some(brand) = request
        .brand_id
        .as_deref()
        .filter(|id| !matches!(*id, "default" | "none"))
    {
        document::must_exist(services, environment, DocumentKind::Brand, brand).await?;
    }
    let publish = Publish {
        brand_id: request.brand_id,
        heading: request.heading.filter(|text| !text.is_empty()),
        description: request.description.filter(|text| !text.is_empty()),
        by: BY.to_owned(),
    };
    let published = preferences::publish(services, environment, publish).await?;
    let preview = LinkClaims {
        kind: LinkKind::Preview,
        environment,
        user_id: NOBODY.to_owned(),
        tenant_id: None,
        topic_id: None,
        message_id: None,
        issued: published.at,
    };
    Ok(Json(PublishResponse {
        page_id: published.id,
        published_at: published.at.to_rfc3339(),
        published_version: published.at.as_millis(),
        preview_url: Some(services.links.url(&preview)),
        published_by: Some(BY.to_owned()),
    }))
}
