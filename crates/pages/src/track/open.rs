//! `/o/{token}.gif`: the pixel in a mail. Notes that it was loaded; it is a picture whatever comes of that.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, Method, header};
use axum::response::{IntoResponse as _, Response};
use tidings_pipeline::tracking::{TrackingClaims, TrackingKind, follow};

use super::visitor::visitor;

/// A transparent GIF of one pixel.
const PIXEL: &[u8] = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01\x00\x00\x00\x00,\
                       \x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;";

pub(super) async fn pixel(
    State(pages): crate::State,
    method: Method,
    Path(token): Path<String>,
    headers: HeaderMap,
) -> Response {
    let token = token.strip_suffix(".gif").unwrap_or(&token);
    if let Ok(claims) = TrackingClaims::read(&pages.services.links, token, TrackingKind::Open)
        && let Err(error) = follow(&pages.services, &claims, &visitor(&method, &headers)).await
    {
        tracing::error!(message = claims.message_id, %error, "an open could not be noted");
    }
    let headers = [
        (header::CONTENT_TYPE, "image/gif"),
        (header::CACHE_CONTROL, "no-store, max-age=0"),
    ];
    (headers, PIXEL).into_response()
}
