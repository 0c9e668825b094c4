//! `PUT /tenants/{tenant_id}/default_preferences/items/{topic_id}`: what holds for one topic.

use axum::extract::State;
use http::StatusCode;
use tidings_store::DocumentKind;
use tidings_wire::error::ErrorBody;
use tidings_wire::tenant::{TenantPreference, TenantPreferenceWrite};

use super::stored::{check_preferences, read};
use crate::auth::ApiCaller;
use crate::body::JsonBody;
use crate::error::ApiResult;
use crate::path::Path;
use crate::{AppState, document};

/// Say what holds for a topic when a tenant's people said nothing.
#[utoipa::path(
    put, path = "/tenants/{tenant_id}/default_preferences/items/{topic_id}", tag = "tenants",
    params(("tenant_id" = String, Path), ("topic_id" = String, Path)),
    request_body = TenantPreferenceWrite,
    responses((status = 204, description = "Stored."), (status = 400, body = ErrorBody), (status = 404, body = ErrorBody)),
)]
pub(super) async fn put_default_preference(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path((id, topic_id)): Path<(String, String)>,
    JsonBody(request): JsonBody<TenantPreferenceWrite>,
) -> ApiResult<StatusCode> {
    let (services, environment) = (state.services(), caller.environment);
    let found = document::find(services, environment, DocumentKind::Tenant, &id).await?;
    let mut tenant = read(found.body.clone())?;
    let preferences = tenant.default_preferences.get_or_insert_default();
    let item = TenantPreference {
        id: topic_id,
        status: request.status,
        has_custom_routing: request.has_custom_routing,
        custom_routing: request.custom_routing,
        kind: Some("subscription_topic".to_owned()),
    };
    match preferences.items.iter_mut().find(|one| one.id == item.id) {
        Some(one) => *one = item,
        None => preferences.items.push(item),
    }
    check_preferences(preferences)?;
    let change = document::change(services, &found, document::stored(&tenant)?);
    document::write(services, environment, change).await?;
    Ok(StatusCode::NO_CONTENT)
}
