//! `PUT /audiences/{audience_id}`: make an audience or change it.

use axum::Json;
use axum::extract::State;
use serde_json::Value;
use tidings_bus::Hint;
use tidings_domain::audience::Filter;
use tidings_pipeline::Services;
use tidings_pipeline::audiences::rebuild;
use tidings_types::{Environment, Error, Result};
use tidings_wire::audience::{AudienceResponse, AudienceWrite};
use tidings_wire::error::ErrorBody;

use super::on_the_wire;
use crate::auth::ApiCaller;
use crate::body::JsonBody;
use crate::error::ApiResult;
use crate::path::Path;
use crate::tenants::check_id;
use crate::{AppState, validation};

/// Make an audience, or change it. When its filter changes, everybody is looked at again in the background.
#[utoipa::path(
    put, path = "/audiences/{audience_id}", tag = "audiences",
    params(("audience_id" = String, Path)),
    request_body = AudienceWrite,
    responses((status = 200, body = AudienceResponse), (status = 400, body = ErrorBody)),
)]
pub(super) async fn put_audience(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path(id): Path<String>,
    JsonBody(request): JsonBody<AudienceWrite>,
) -> ApiResult<Json<AudienceResponse>> {
    let (services, environment) = (state.services(), caller.environment);
    check_id("audience_id", &id)?;
    validation::no_control_characters("name", request.name.as_deref().unwrap_or_default())?;
    validation::printable("description", request.description.as_deref().unwrap_or_default())?;
    if let Some(operator) = request.operator.as_deref().filter(|one| !matches!(*one, "AND" | "OR")) {
        return Err(Error::invalid(format!("operator: Expected AND or OR, received {operator}")).into());
    }
    let filter = match (request.filter, &request.operator) {
        (None, Some(_)) => rejoined(services, environment, &id).await?,
        (filter, _) => filter,
    };
    let keys = match &filter {
        None => Vec::new(),
        Some(filter) => Filter::parse_new(filter, request.operator.as_deref())
            .map_err(Error::invalid)?
            .keys(),
    };
    let now = services.clock.now();
    let write = tidings_store::AudienceWrite {
        rebuild: rebuild(environment, &id, now),
        id,
        name: request.name,
        description: request.description,
        filter,
        operator: request.operator,
        keys,
        now,
    };
    let audience = services.store.put_audience(environment, write).await?;
    services.bus.send(Hint::Jobs);
    Ok(Json(AudienceResponse {
        audience: on_the_wire(audience),
    }))
}

/// The filter that is there, for another operator beside it: what joins its groups so far is left out.
async fn rejoined(services: &Services, environment: Environment, id: &str) -> Result<Option<Value>> {
    let found = services.store.audience(environment, id).await?;
    let mut filter = found.and_then(|audience| audience.filter);
    if let Some(Value::Object(group)) = &mut filter
        && matches!(group.get("operator").and_then(Value::as_str), Some("AND" | "OR"))
    {
        group.remove("operator");
    }
    Ok(filter)
}
