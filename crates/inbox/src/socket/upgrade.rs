//! From a request to a connection.

use axum::extract::{FromRequestParts as _, Request, State, WebSocketUpgrade};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http::request::Parts;
use http::{HeaderMap, header};
use tidings_auth::Credential;
use tidings_types::{Error, Result, UserId};

use super::connection::{self, Hello, MAX_FRAME, check};
use super::query::Query;
use crate::InboxState;
use crate::error::Refusal;

/// How much is read from a client at once, in bytes. This much is set aside for every connection, so it is little: what
/// clients say is short.
const READ_BUFFER: usize = 512;

/// The longest frame that is read from a client, in bytes. One that is longer than this ends the connection as it is; up to
/// here there is an answer to one that is too long.
const MAX_READ: usize = 4 * MAX_FRAME;

/// The most that may wait to be written to a client, in bytes, beside the frame that is being written.
const MAX_WRITE_BUFFER: usize = 256 * 1024;

/// Takes requests for a socket, whatever their path: clients put `/` behind the address they are given or do not, and
/// nothing else here is a socket.
pub(crate) async fn layer(State(state): State<InboxState>, request: Request, next: Next) -> Response {
    if !is_for_a_socket(request.headers()) {
        return next.run(request).await;
    }
    let (mut parts, _body) = request.into_parts();
    match accept(&state, &mut parts).await {
        Ok(response) => response,
        Err(refused) => Refusal(refused).into_response(),
    }
}

fn is_for_a_socket(headers: &HeaderMap) -> bool {
    let upgrade = headers.get(header::UPGRADE).and_then(|value| value.to_str().ok());
    upgrade.is_some_and(|value| value.eq_ignore_ascii_case("websocket"))
}

async fn accept(state: &InboxState, parts: &mut Parts) -> Result<Response> {
    let hello = authenticate(state, Query::read(parts.uri.query().unwrap_or_default())).await?;
    let place = state.gateway().shared().enter()?;
    let upgrade = WebSocketUpgrade::from_request_parts(parts, &())
        .await
        .map_err(|refused| Error::invalid(refused.body_text()))?;
    let upgrade = upgrade
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(0)
        .max_write_buffer_size(MAX_WRITE_BUFFER)
        .max_frame_size(MAX_READ)
        .max_message_size(MAX_READ);
    Ok(upgrade.on_upgrade(move |socket| connection::serve(socket, place, hello)))
}

/// Finds out who connects, before anything is set aside for them.
async fn authenticate(state: &InboxState, query: Query) -> Result<Hello> {
    let auth = state.auth();
    let identity = match (&query.auth, &query.client_key) {
        (Some(text), _) => {
            let identity = auth.identify(&Credential::from_text(text)).await?;
            if identity.scope().is_none() && !state.gateway().shared().limits.keys {
                return Err(Error::forbidden(
                    "An API key may not stand in an address: make a token with POST /auth/issue-token",
                ));
            }
            check(&identity, query.user.as_deref().map(UserId::from).as_ref())?;
            Some(identity)
        }
        (None, Some(key)) => {
            auth.client_environment(key).await?;
            None
        }
        (None, None) => return Err(Error::unauthenticated("Unauthorized: the address has no `auth`")),
    };
    Ok(Hello {
        identity,
        client_key: query.client_key,
        source: query.connection,
        framing: query.framing,
    })
}
