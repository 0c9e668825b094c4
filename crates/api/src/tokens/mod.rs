//! A person's devices: where push notifications go.

mod delete;
mod expiry;
mod get;
mod list;
mod patch;
mod put;
mod put_many;
mod registration;

use tidings_store::DeviceToken;
use tidings_types::{Environment, Error, Result, UserId};
use tidings_wire::token::Token;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::AppState;

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list::list_tokens, put_many::put_tokens))
        .routes(routes!(
            get::get_token,
            put::put_token,
            patch::patch_token,
            delete::delete_token
        ))
}

async fn find(state: &AppState, environment: Environment, user: &UserId, token: &str) -> Result<DeviceToken> {
    let tokens = state.services().store.tokens(environment, user).await?;
    tokens
        .into_iter()
        .find(|one| one.token == token)
        .ok_or_else(|| Error::not_found("Token not found"))
}

/// A token as listings show it.
fn on_the_wire(token: DeviceToken) -> Token {
    Token {
        token: token.token,
        provider_key: token.provider_key,
        device: token.device,
        tracking: token.tracking,
        expiry_date: token.expiry_date,
        properties: token.properties,
        status: None,
        status_reason: None,
    }
}
