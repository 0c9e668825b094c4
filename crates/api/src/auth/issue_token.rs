//! `POST /auth/issue-token`: a token for a browser or phone.

use axum::Json;
use axum::extract::State;
use serde_json::Value;
use tidings_auth::{Claims, Scope, seconds};
use tidings_types::id::new_prefixed_id;
use tidings_types::{Error, Result};
use tidings_wire::auth::{IssueTokenRequest, IssueTokenResponse};
use tidings_wire::error::ErrorBody;

use super::ApiCaller;
use crate::AppState;
use crate::body::JsonBody;
use crate::duration;
use crate::error::ApiResult;

/// How long a token holds when the caller does not say, in milliseconds.
const DEFAULT_LIFE_MS: u64 = 60 * 60 * 1000;

/// Make a token for a browser or phone.
///
/// It may do what its scope says and nothing else, in the environment of the key that makes it.
#[utoipa::path(
    post, path = "/auth/issue-token", tag = "auth",
    request_body = IssueTokenRequest,
    responses((status = 200, body = IssueTokenResponse), (status = 400, body = ErrorBody)),
)]
pub(super) async fn issue_token(
    caller: ApiCaller,
    State(state): State<AppState>,
    JsonBody(request): JsonBody<IssueTokenRequest>,
) -> ApiResult<Json<IssueTokenResponse>> {
    Scope::parse(&request.scope)?;
    let now = state.services().clock.now();
    let until = now.plus(life_ms(request.expires_in.as_ref())?);
    let claims = Claims {
        scope: request.scope,
        tenant_scope: format!("published/{}", caller.environment),
        iat: seconds(now),
        exp: seconds(until),
        tenant_id: String::new(),
        jti: new_prefixed_id("jti_", now, state.services().random.as_ref()),
    };
    let token = state.auth().sign(caller.environment, claims).await?;
    Ok(Json(IssueTokenResponse { token }))
}

/// A text with a unit, or a number of seconds.
fn life_ms(expires_in: Option<&Value>) -> Result<u64> {
    let millis = match expires_in {
        None | Some(Value::Null) => Some(DEFAULT_LIFE_MS),
        Some(Value::String(text)) => duration::parse_millis(text),
        Some(Value::Number(seconds)) => seconds.as_f64().and_then(|seconds| duration::whole(seconds * 1000.0)),
        Some(_) => None,
    };
    millis.filter(|millis| *millis > 0).ok_or_else(|| {
        Error::invalid("expires_in: Expected a duration with a unit, such as `2 hours`, or a number of seconds")
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn lives_are_texts_with_units_or_seconds() {
        assert_eq!(life_ms(None).unwrap(), DEFAULT_LIFE_MS);
        assert_eq!(life_ms(Some(&json!("2 days"))).unwrap(), 172_800_000);
        assert_eq!(life_ms(Some(&json!(90))).unwrap(), 90_000);
        for wrong in [
            json!("90"),
            json!(""),
            json!(0),
            json!(-5),
            json!(true),
            json!("forever"),
            json!(1e300),
        ] {
            assert!(life_ms(Some(&wrong)).is_err(), "{wrong}");
        }
    }
}
