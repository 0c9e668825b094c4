//! `PATCH /users/{user_id}/tokens/{token}`: change parts of a device token (RFC 6902).

use axum::extract::State;
use http::StatusCode;
use tidings_store::DeviceToken;
use tidings_types::{Error, Result, UserId};
use tidings_wire::error::ErrorBody;
use tidings_wire::profile::PatchRequest;
use tidings_wire::token::TokenWrite;

use super::registration::{named_by_path, register};
use super::{find, on_the_wire};
use crate::AppState;
use crate::auth::{UserCaller, WriteTokens};
use crate::body::JsonBody;
use crate::error::ApiResult;
use crate::patch::operations;
use crate::path::Path;
use crate::validation::decode;

/// Change parts of a device token, all or none.
#[utoipa::path(
    patch, path = "/users/{user_id}/tokens/{token}", tag = "tokens",
    params(("user_id" = String, Path), ("token" = String, Path)),
    request_body = PatchRequest,
    responses(
        (status = 204, description = "Changed."),
        (status = 400, body = ErrorBody),
        (status = 404, body = ErrorBody),
    ),
)]
pub(super) async fn patch_token(
    caller: UserCaller<WriteTokens>,
    State(state): State<AppState>,
    Path((_user, token)): Path<(UserId, String)>,
    JsonBody(request): JsonBody<PatchRequest>,
) -> ApiResult<StatusCode> {
    let patch = operations(request)?;
    let found = find(&state, caller.environment, &caller.user, &token).await?;
    let changed = patched(found, &patch)?;
    state
        .services()
        .store
        .put_tokens(caller.environment, &caller.user, vec![changed])
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The token after the change. It was not registered anew: its sixty days go on.
fn patched(found: DeviceToken, patch: &json_patch::Patch) -> Result<DeviceToken> {
    let (token, registered) = (found.token.clone(), found.registered_at);
    let (status, status_reason) = (found.status.clone(), found.status_reason.clone());
    let mut document = serde_json::to_value(on_the_wire(found)).map_err(Error::internal)?;
    json_patch::patch(&mut document, patch).map_err(|error| Error::invalid(format!("patch: {error}")))?;
    let write: TokenWrite = decode(&document)?;
    let changed = register(named_by_path(write, token)?, "", registered)?;
    Ok(DeviceToken {
        status,
        status_reason,
        ..changed
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use tidings_types::Timestamp;

    use super::*;

    #[test]
    fn parts_change_and_the_token_does_not() {
        let write: TokenWrite = decode(&json!({"token": "t", "provider_key": "apn"})).unwrap();
        let token = register(write, "", Timestamp::from_millis(5)).unwrap();
        let patch = |operations| serde_json::from_value::<json_patch::Patch>(operations).unwrap();
        let changed = patched(
            token.clone(),
            &patch(json!([{"op": "add", "path": "/expiry_date", "value": false}])),
        );
        let changed = changed.unwrap();
        assert_eq!(
            (changed.expires_at, changed.registered_at),
            (None, Timestamp::from_millis(5))
        );
        for wrong in [
            json!([{"op": "replace", "path": "/token", "value": "other"}]),
            json!([{"op": "replace", "path": "/provider_key", "value": ""}]),
            json!([{"op": "test", "path": "/provider_key", "value": "expo"}]),
        ] {
            assert!(patched(token.clone(), &patch(wrong)).is_err());
        }
    }
}
