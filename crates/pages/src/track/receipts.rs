//! `/inbound/providers/{account}`: where providers report what became of messages. What they say is believed when it is
//! signed with what the account's settings hold.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{OriginalUri, Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use serde_json::json;
use tidings_pipeline::receipts;
use tidings_providers::{Distrust, Inbound};

use crate::Pages;

pub(super) async fn receive(
    State(pages): crate::State,
    Path(account): Path<String>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    match answer(&pages, &account, &uri.to_string(), &headers, &body).await {
        Ok(response) => response,
        Err(error) => {
            tracing::error!(account, %error, "a provider's report could not be noted");
            refused(StatusCode::SERVICE_UNAVAILABLE, "It could not be noted; try again")
        }
    }
}

async fn answer(
    pages: &Pages,
    id: &str,
    path: &str,
    headers: &HeaderMap,
    body: &[u8],
) -> tidings_types::Result<Response> {
    let services = &pages.services;
    let unknown = || refused(StatusCode::NOT_FOUND, "No such account reports here");
    let Some((environment, account)) = receipts::account(services, id).await? else {
        return Ok(unknown());
    };
    let url = format!("{}{path}", services.settings.public_url.trim_end_matches('/'));
    let inbound = Inbound {
        url: &url,
        headers,
        body,
        settings: &account.settings,
        now: services.clock.now(),
    };
    let received = receipts::receive(services, environment, &account, &inbound).await?;
    Ok(match received {
        None => unknown(),
        Some(Ok(count)) => Json(json!({ "received": count })).into_response(),
        Some(Err(Distrust::Form)) => refused(StatusCode::BAD_REQUEST, "It cannot be read"),
        Some(Err(Distrust::NoKey)) => refused(
            StatusCode::UNAUTHORIZED,
            "The account has no key with which reports could be checked",
        ),
        Some(Err(Distrust::Stale)) => refused(
            StatusCode::UNAUTHORIZED,
            "The signature is not of the last five minutes, by this server's clock",
        ),
        Some(Err(Distrust::Signature)) => refused(StatusCode::UNAUTHORIZED, "The signature is wrong"),
    })
}

fn refused(status: StatusCode, message: &str) -> Response {
    let kind = match status {
        StatusCode::UNAUTHORIZED => "authentication_error",
        StatusCode::SERVICE_UNAVAILABLE => "service_unavailable",
        _ => "invalid_request_error",
    };
    (status, Json(json!({ "type": kind, "message": message }))).into_response()
}
