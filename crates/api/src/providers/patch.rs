//! `PATCH /providers/{id}`: change parts of a provider's configuration.

use axum::Json;
use axum::extract::State;
use serde_json::Value;
use tidings_store::{DocumentKind, DocumentWrite};
use tidings_types::Object;
use tidings_wire::error::ErrorBody;
use tidings_wire::provider::{Provider, ProviderPatch};

use super::replace::same_provider;
use super::stored::{StoredProvider, on_the_wire};
use crate::auth::ApiCaller;
use crate::body::JsonBody;
use crate::error::ApiResult;
use crate::path::Path;
use crate::{AppState, document};

/// Change parts of a provider's configuration. What is left out stays.
#[utoipa::path(
    patch, path = "/providers/{id}", tag = "providers",
    params(("id" = String, Path)),
    request_body = ProviderPatch,
    responses(
        (status = 200, body = Provider),
        (status = 400, body = ErrorBody),
        (status = 404, body = ErrorBody),
        (status = 409, description = "The alias is taken.", body = ErrorBody),
    ),
)]
pub(super) async fn patch_provider(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path(id): Path<String>,
    JsonBody(request): JsonBody<ProviderPatch>,
) -> ApiResult<Json<Provider>> {
    let (services, environment) = (state.services(), caller.environment);
    let found = document::find(services, environment, DocumentKind::Provider, &id).await?;
    let before: StoredProvider = document::read(found.body.clone())?;
    if let Some(provider) = &request.provider {
        same_provider(&before, provider)?;
    }
    let written = StoredProvider {
        provider: before.provider,
        title: request.title.unwrap_or(before.title),
        alias: request.alias.unwrap_or(before.alias),
        settings: merged(before.settings.clone(), request.settings),
    };
    let stored = StoredProvider::seal(services, environment, &id, written, &before.settings)?;
    let change = DocumentWrite {
        names: Some(stored.names()),
        ..document::change(services, &found, document::stored(&stored)?)
    };
    let written = document::write(services, environment, change).await?;
    Ok(Json(on_the_wire(services, written)?))
}

/// JSON Merge Patch (RFC 7396).
fn merged(settings: Object, patch: Object) -> Object {
    let mut settings = Value::Object(settings);
    json_patch::merge(&mut settings, &Value::Object(patch));
    match settings {
        Value::Object(settings) => settings,
        _ => Object::new(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn nulls_remove_and_objects_merge() {
        let object = |value: Value| value.as_object().unwrap().clone();
        let settings = object(json!({"a": 1, "b": 2, "rate_limit": {"rate": 1, "period": "second"}}));
        let patch = object(json!({"a": null, "c": 3, "rate_limit": {"rate": 2}}));
        let expected = json!({"b": 2, "c": 3, "rate_limit": {"rate": 2, "period": "second"}});
        assert_eq!(Value::Object(merged(settings, patch)), expected);
    }
}
