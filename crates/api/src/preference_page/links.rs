//! `POST` and `DELETE /users/{user_id}/preference-page/links`: a link to a person's page, and an end to all of them.

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use tidings_pipeline::{LinkClaims, LinkKind};
use tidings_wire::error::ErrorBody;
use tidings_wire::preference_page::LinkResponse;

use crate::AppState;
use crate::auth::{UserCaller, WritePreferences};
use crate::error::ApiResult;
use crate::query::Query;

/// Make a link to a person's preference page. Who holds it may choose for that person: give it to nobody else.
#[utoipa::path(
    post, path = "/users/{user_id}/preference-page/links", tag = "preferences",
    params(
        ("user_id" = String, Path),
        ("tenant_id" = Option<String>, Query, description = "A page for this tenant only."),
    ),
    responses((status = 201, body = LinkResponse), (status = 403, body = ErrorBody)),
)]
pub(super) async fn create_preference_link(
    caller: UserCaller<WritePreferences>,
    State(state): State<AppState>,
    query: Query,
) -> ApiResult<(StatusCode, Json<LinkResponse>)> {
    let services = state.services();
    let claims = LinkClaims {
        kind: LinkKind::Preferences,
        environment: caller.environment,
        user_id: caller.user.to_string(),
        tenant_id: caller.tenant(&state, &query).await?.map(str::to_owned),
        topic_id: None,
        message_id: None,
        issued: services.clock.now(),
    };
    let link = LinkResponse {
        url: services.links.url(&claims),
        expires_at: claims.issued.plus(services.settings.preference_link_ms).to_rfc3339(),
    };
    Ok((StatusCode::CREATED, Json(link)))
}

/// Revoke all links to a person's preference page that were made before, those in messages too. Links that only
/// unsubscribe go on working.
#[utoipa::path(
    delete, path = "/users/{user_id}/preference-page/links", tag = "preferences",
    params(("user_id" = String, Path)),
    responses((status = 204, description = "None of them works any more."), (status = 403, body = ErrorBody)),
)]
pub(super) async fn revoke_preference_links(
    caller: UserCaller<WritePreferences>,
    State(state): State<AppState>,
) -> ApiResult<StatusCode> {
    let services = state.services();
    let now = services.clock.now();
    services
        .store
        .revoke_links(caller.environment, &caller.user, now)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
