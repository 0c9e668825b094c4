//! `DELETE /tenants/{tenant_id}/default_preferences/items/{topic_id}`: a topic's own default holds again.

use axum::extract::State;
use http::StatusCode;
use tidings_store::DocumentKind;
use tidings_types::Error;
use tidings_wire::error::ErrorBody;

use super::stored::read;
use crate::auth::ApiCaller;
use crate::error::ApiResult;
use crate::path::Path;
use crate::{AppState, document};

/// Take back what a tenant says of a topic.
#[utoipa::path(
    delete, path = "/tenants/{tenant_id}/default_preferences/items/{topic_id}", tag = "tenants",
    params(("tenant_id" = String, Path), ("topic_id" = String, Path)),
    responses((status = 204, description = "Gone."), (status = 404, body = ErrorBody)),
)]
pub(super) async fn delete_default_preference(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path((id, topic_id)): Path<(String, String)>,
) -> ApiResult<StatusCode> {
    let (services, environment) = (state.services(), caller.environment);
    let found = document::find(services, environment, DocumentKind::Tenant, &id).await?;
    let mut tenant = read(found.body.clone())?;
    let preferences = tenant.default_preferences.get_or_insert_default();
    let before = preferences.items.len();
    preferences.items.retain(|item| item.id != topic_id);
    if preferences.items.len() == before {
        return Err(Error::not_found(format!("Tenant {id} has no default for the topic {topic_id}")).into());
    }
    let change = document::change(services, &found, document::stored(&tenant)?);
    document::write(services, environment, change).await?;
    Ok(StatusCode::NO_CONTENT)
}
