//! `Idempotency-Key`: a repeated POST is answered, not repeated.
//!
//! A layer around every route. The reply of a finished call is kept with its key; a call that was refused before it had
//! any effect leaves nothing behind. Sends keep their reply themselves, in the transaction that accepts them
//! ([`ReplyKept`]), so that a crash cannot come between the two.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use http_body_util::BodyExt as _;
use sha2::{Digest as _, Sha256};
use tidings_store::{Begin, IdempotencyKey, StoredReply};
use tidings_types::{Error, ErrorKind, Result, Timestamp};

use crate::error::ApiError;
use crate::{AppState, auth, body, duration};

const KEY: HeaderName = HeaderName::from_static("idempotency-key");
const EXPIRATION: HeaderName = HeaderName::from_static("x-idempotency-expiration");
pub(crate) const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

const ISSUE_TOKEN: &str = "/auth/issue-token";

const DAY_MS: u64 = 24 * 60 * 60 * 1000;
/// Replies are kept at least this long.
const SHORTEST_MS: u64 = DAY_MS;
/// And at most this long.
const LONGEST_MS: u64 = 365 * DAY_MS;
/// A call that has not ended after this long is taken for lost; the next one with its key is carried out.
const RUNNING_MS: u64 = 60_000;
/// Numbers below this are seconds since the epoch, others milliseconds.
const SECONDS_BELOW: f64 = 1e11;
const MAX_KEY_LENGTH: usize = 512;

/// Marks a response whose reply the handler has already kept, in the transaction of its effect.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ReplyKept;

/// Answers repeated calls.
pub(crate) async fn layer(State(state): State<AppState>, request: Request, next: Next) -> Response {
    // A token is a secret, and making one twice harms nobody: its reply is not kept.
    if request.method() != Method::POST || request.uri().path() == ISSUE_TOKEN {
        return next.run(request).await;
    }
    match key_of(request.headers()) {
        Ok(None) => next.run(request).await,
        Ok(Some(key)) => once(state, key, request, next)
            .await
            .unwrap_or_else(|error| ApiError::from(error).into_response()),
        Err(error) => ApiError::from(error).into_response(),
    }
}

async fn once(state: AppState, key: String, request: Request, next: Next) -> Result<Response> {
    let (mut parts, body) = request.into_parts();
    let identity = auth::authenticate(&mut parts, &state).await?;
    let now = state.services().clock.now();
    let expires = expires(&parts.headers, now)?;
    let bytes = body::read(body).await?;
    let key = IdempotencyKey {
        environment: identity.environment(),
        operation: format!("POST {}", parts.uri.path_and_query().map_or("/", |path| path.as_str())),
        key,
    };
    let fingerprint = hex::encode(Sha256::digest(&bytes));
    match state
        .services()
        .store
        .begin(&key, &fingerprint, now, expires, RUNNING_MS)
        .await?
    {
        Begin::Fresh => {}
        Begin::Done(reply) => return replay(reply),
        Begin::Running => {
            return Err(Error::busy(
                "A request with this idempotency key is still being carried out",
            ));
        }
        Begin::Mismatch => {
            return Err(Error::unprocessable(
                "This idempotency key was used with a different request body",
            ));
        }
    }
    parts.extensions.insert(key.clone());
    let request = Request::from_parts(parts, Body::from(bytes));
    // In a task of its own: what has begun ends even if the client goes away.
    tokio::spawn(async move { keep(&state, &key, next.run(request).await).await })
        .await
        .map_err(Error::internal)?
}

/// Keeps the reply, or forgets the call if it was refused before it had any effect.
async fn keep(state: &AppState, key: &IdempotencyKey, response: Response) -> Result<Response> {
    let store = &state.services().store;
    if response.extensions().get::<ReplyKept>().is_some() {
        return Ok(response);
    }
    if response
        .extensions()
        .get::<ErrorKind>()
        .is_some_and(|kind| had_no_effect(*kind))
    {
        store.abandon(key).await?;
        return Ok(response);
    }
    let (parts, body) = response.into_parts();
    let bytes = body.collect().await.map_err(Error::internal)?.to_bytes();
    let text = String::from_utf8(bytes.to_vec()).map_err(Error::internal)?;
    store
        .finish(
            key,
            StoredReply {
                status: parts.status.as_u16(),
                body: text,
            },
        )
        .await?;
    Ok(Response::from_parts(parts, Body::from(bytes)))
}

/// Whether an error of this kind is told before anything was done.
fn had_no_effect(kind: ErrorKind) -> bool {
    match kind {
        ErrorKind::Invalid
        | ErrorKind::Unauthenticated
        | ErrorKind::Forbidden
        | ErrorKind::MethodNotAllowed
        | ErrorKind::Busy
        | ErrorKind::TooLarge
        | ErrorKind::TooMany
        | ErrorKind::Unavailable => true,
        ErrorKind::NotFound | ErrorKind::Conflict | ErrorKind::Unprocessable | ErrorKind::Internal => false,
    }
}

fn replay(reply: StoredReply) -> Result<Response> {
    let status = StatusCode::from_u16(reply.status).map_err(Error::internal)?;
    let mut response = (status, reply.body).into_response();
    let headers = response.headers_mut();
    headers.insert(REPLAYED, HeaderValue::from_static("true"));
    if status == StatusCode::NO_CONTENT {
        headers.remove(header::CONTENT_TYPE);
    } else {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    }
    if matches!(status, StatusCode::CONFLICT | StatusCode::UNPROCESSABLE_ENTITY) {
        headers.insert(crate::error::X_SHOULD_RETRY, HeaderValue::from_static("false"));
    }
    Ok(response)
}

fn key_of(headers: &HeaderMap) -> Result<Option<String>> {
    let Some(value) = headers.get(KEY) else { return Ok(None) };
    let key = value
        .to_str()
        .map_err(|_| Error::invalid("Idempotency-Key: Expected printable ASCII characters"))?;
    if key.len() > MAX_KEY_LENGTH {
        return Err(Error::invalid(format!(
            "Idempotency-Key: Expected at most {MAX_KEY_LENGTH} characters"
        )));
    }
    Ok(Some(key.trim().to_owned()).filter(|key| !key.is_empty()))
}

/// Until when the reply is kept. The header is a moment (epoch seconds or milliseconds, or RFC 3339) or a duration.
fn expires(headers: &HeaderMap, now: Timestamp) -> Result<Timestamp> {
    let (earliest, latest) = (now.plus(SHORTEST_MS), now.plus(LONGEST_MS));
    let Some(value) = headers.get(EXPIRATION) else {
        return Ok(earliest);
    };
    let moment = value.to_str().ok().and_then(|text| moment(text.trim(), now));
    let moment = moment.ok_or_else(|| {
        Error::invalid("x-idempotency-expiration: Expected epoch milliseconds, an ISO 8601 moment or a duration")
    })?;
    Ok(moment.clamp(earliest, latest))
}

fn moment(text: &str, now: Timestamp) -> Option<Timestamp> {
    if let Ok(number) = text.parse::<f64>() {
        let millis = if number < SECONDS_BELOW {
            number * 1000.0
        } else {
            number
        };
        return Some(Timestamp::default().plus(duration::whole(millis)?));
    }
    if let Ok(moment) = text.parse::<jiff::Timestamp>() {
        return Some(moment.into());
    }
    Some(now.plus(duration::parse_millis(text)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_785_000_000_000);

    fn until(text: &str) -> Result<Timestamp> {
        let mut headers = HeaderMap::new();
        headers.insert(EXPIRATION, text.parse().unwrap());
        expires(&headers, NOW)
    }

    #[test]
    fn moments_come_in_four_spellings() {
        let expected = Timestamp::from_millis(1_785_312_000_000);
        for text in ["1785312000", "1785312000000", "2026-07-29T08:00:00Z", "312000 s"] {
            assert_eq!(until(text).unwrap(), expected, "{text}");
        }
    }

    #[test]
    fn replies_are_kept_a_day_at_least_and_a_year_at_most() {
        assert_eq!(expires(&HeaderMap::new(), NOW).unwrap(), NOW.plus(SHORTEST_MS));
        assert_eq!(until("5").unwrap(), NOW.plus(SHORTEST_MS));
        assert_eq!(until("40 years").unwrap(), NOW.plus(LONGEST_MS));
        for text in ["soon", "-1", "NaN"] {
            assert!(until(text).is_err(), "{text}");
        }
    }
}
