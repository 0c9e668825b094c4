//! `/e/{token}`: where apps report what became of a push.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderName, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};
use tidings_pipeline::tracking::{TrackingClaims, TrackingKind, report};
use tidings_store::Act;

/// Any page may read the answer: it says nothing.
const ANYONE: (HeaderName, &str) = (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*");

/// Notes a report. Answers 200, which is all that the published clients take for success.
pub(super) async fn report_event(State(pages): crate::State, Path(token): Path<String>, body: Bytes) -> Response {
    let Ok(claims) = TrackingClaims::read(&pages.services.links, &token, TrackingKind::Device) else {
        return refused(StatusCode::NOT_FOUND, "Tracking URL not found");
    };
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    let act = match body.get("event").and_then(Value::as_str) {
        Some("DELIVERED") => Act::Delivered,
        Some("OPENED") => Act::Opened,
        Some("CLICKED") => Act::Clicked,
        Some("READ") => Act::Read,
        Some("UNREAD") => Act::Unread,
        _ => {
            let told = "event: Expected one of CLICKED, DELIVERED, OPENED, READ, UNREAD";
            return refused(StatusCode::BAD_REQUEST, told);
        }
    };
    match report(&pages.services, &claims, act).await {
        Ok(()) => ([ANYONE], Json(json!({}))).into_response(),
        Err(error) => {
            tracing::error!(message = claims.message_id, %error, "a report could not be noted");
            refused(StatusCode::SERVICE_UNAVAILABLE, "It could not be noted; try again")
        }
    }
}

/// Browsers ask before they report from another page: anyone who has the address may.
pub(super) async fn may_report() -> Response {
    let headers = [
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (header::ACCESS_CONTROL_ALLOW_METHODS, "POST"),
        (
            header::ACCESS_CONTROL_ALLOW_HEADERS,
            "content-type, x-courier-client-key, x-courier-ua",
        ),
        (header::ACCESS_CONTROL_MAX_AGE, "7200"),
    ];
    (StatusCode::NO_CONTENT, headers).into_response()
}

fn refused(status: StatusCode, message: &str) -> Response {
    let kind = if status == StatusCode::SERVICE_UNAVAILABLE {
        "service_unavailable"
    } else {
        "invalid_request_error"
    };
    (status, [ANYONE], Json(json!({ "type": kind, "message": message }))).into_response()
}
