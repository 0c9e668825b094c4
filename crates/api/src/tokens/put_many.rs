//! `PUT /users/{user_id}/tokens`: register several device tokens.

use axum::extract::State;
use http::StatusCode;
use serde_json::Value;
use tidings_types::{Error, Result};
use tidings_wire::error::ErrorBody;
use tidings_wire::token::{TokenList, TokenWrite};

use super::registration::register;
use crate::AppState;
use crate::auth::{UserCaller, WriteTokens};
use crate::body::JsonValue;
use crate::error::ApiResult;
use crate::validation::decode;

/// How many tokens one call may register.
const MAX_TOKENS: usize = 500;

/// Register several device tokens. Tokens that are not named stay.
#[utoipa::path(
    put, path = "/users/{user_id}/tokens", tag = "tokens",
    params(("user_id" = String, Path)),
    request_body = TokenList,
    responses((status = 204, description = "Registered."), (status = 400, body = ErrorBody)),
)]
pub(super) async fn put_tokens(
    caller: UserCaller<WriteTokens>,
    State(state): State<AppState>,
    JsonValue(body): JsonValue,
) -> ApiResult<StatusCode> {
    let services = state.services();
    let now = services.clock.now();
    let mut tokens = Vec::new();
    for (index, write) in read(body)?.into_iter().enumerate() {
        tokens.push(register(write, &format!("tokens.{index}."), now)?);
    }
    if !tokens.is_empty() {
        services
            .store
            .put_tokens(caller.environment, &caller.user, tokens)
            .await?;
    }
    Ok(StatusCode::NO_CONTENT)
}

/// `{"tokens": [...]}`, the list alone, or nothing: published clients send each of these.
fn read(body: Value) -> Result<Vec<TokenWrite>> {
    #[derive(serde::Deserialize)]
    struct Tokens {
        #[serde(default)]
        tokens: Vec<TokenWrite>,
    }
    let body = if body.is_array() {
        serde_json::json!({ "tokens": body })
    } else {
        body
    };
    let Tokens { tokens } = decode(&body)?;
    if tokens.len() > MAX_TOKENS {
        return Err(Error::invalid(format!(
            "tokens has {} entries. Max is {MAX_TOKENS}",
            tokens.len()
        )));
    }
    Ok(tokens)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn lists_come_bare_wrapped_or_not_at_all() {
        let token = json!({"token": "t", "provider_key": "apn"});
        assert_eq!(read(json!([token])).unwrap().len(), 1);
        assert_eq!(read(json!({"tokens": [token, token]})).unwrap().len(), 2);
        assert_eq!(read(json!({})).unwrap().len(), 0);
        assert_eq!(
            read(json!([{"token": "t"}])).unwrap_err().message(),
            "tokens.0.provider_key: Required"
        );
    }
}
