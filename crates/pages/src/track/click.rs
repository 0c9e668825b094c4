//! `/r/{token}`: a link in a mail. Notes that it was followed and leads on to where it was meant to.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use percent_encoding::{CONTROLS, utf8_percent_encode};
use tidings_pipeline::tracking::{TrackingClaims, TrackingKind, follow};

use super::visitor::visitor;
use crate::person;

/// Leads on. Only to a target that was signed here, so that nobody can make this server lead elsewhere.
pub(super) async fn lead_on(
    State(pages): crate::State,
    method: Method,
    Path(token): Path<String>,
    headers: HeaderMap,
) -> Response {
    let claims = TrackingClaims::read(&pages.services.links, &token, TrackingKind::Click);
    let Some((claims, target)) = claims.ok().and_then(|claims| {
        let target = claims.target.clone()?;
        Some((claims, target))
    }) else {
        return person::lost(&headers);
    };
    // The person is led on whatever becomes of the note.
    if let Err(error) = follow(&pages.services, &claims, &visitor(&method, &headers)).await {
        tracing::error!(message = claims.message_id, %error, "a click could not be noted");
    }
    let headers = [
        (header::LOCATION, in_ascii(&target)),
        // Each click is to be seen here, and the target need not know that there was a detour.
        (header::CACHE_CONTROL, "no-store".to_owned()),
        (header::REFERRER_POLICY, "no-referrer".to_owned()),
    ];
    (StatusCode::FOUND, headers).into_response()
}

/// An address as a header may hold it: what is not ASCII is percent-encoded as UTF-8 (RFC 3987, 3.1; RFC 9110, 10.2.2).
fn in_ascii(target: &str) -> String {
    utf8_percent_encode(target, CONTROLS).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_beyond_ascii_are_encoded_and_all_else_stays() {
        assert_eq!(in_ascii("https://b.test/ü?q=é#1"), "https://b.test/%C3%BC?q=%C3%A9#1");
        let plain = "https://u:p@b.test:8/a%20b;c?d=[e]&f=%C3%A9'+*!~";
        assert_eq!(in_ascii(plain), plain);
    }
}
