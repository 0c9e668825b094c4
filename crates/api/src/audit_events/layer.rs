//! Writing down who changed what: around every route, for what a team edits.
//!
//! Sends and what is known of people are not written down here: they have their own records, and there are far more of
//! them than anybody would read.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::Method;
use tidings_auth::Identity;
use tidings_store::AuditEvent;
use tidings_types::id::new_prefixed_id;

use crate::{AppState, auth};

/// The first parts of the paths of what a team edits.
const EDITED: [&str; 14] = [
    "audiences",
    "automations",
    "brands",
    "broadcasts",
    "events",
    "journeys",
    "lists",
    "notifications",
    "preferences",
    "providers",
    "requests",
    "routing-strategies",
    "tenants",
    "translations",
];

/// Writes a change down once it was made, before it is answered.
pub(crate) async fn layer(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let Some(kind) = kind(request.method(), request.uri().path()) else {
        return next.run(request).await;
    };
    let target = request.uri().path().to_owned();
    let (mut parts, body) = request.into_parts();
    let identity = auth::authenticate(&mut parts, &state).await.ok();
    let response = next.run(Request::from_parts(parts, body)).await;
    if let Some(identity) = identity.filter(|_| response.status().is_success()) {
        write(&state, &identity, kind, target).await;
    }
    response
}

/// The change is made, so it is answered whether or not it could be written down.
async fn write(state: &AppState, identity: &Identity, kind: String, target: String) {
    let services = state.services();
    let now = services.clock.now();
    let event = AuditEvent {
        id: new_prefixed_id("ae_", now, services.random.as_ref()),
        at: now,
        actor: identity.actor().to_owned(),
        target,
        source: "api".to_owned(),
        kind,
    };
    if let Err(error) = services.store.append_audit_event(identity.environment(), event).await {
        tracing::error!(%error, "a change could not be written down");
    }
}

/// What kind of change a call is: `brands:update`. None for what is not written down.
fn kind(method: &Method, path: &str) -> Option<String> {
    let mut parts = path.split('/').filter(|part| !part.is_empty());
    let resource = parts.next().filter(|first| EDITED.contains(first))?;
    let rest: Vec<&str> = parts.collect();
    // Who is on a list is known of people.
    if resource == "lists" && rest.contains(&"subscriptions") {
        return None;
    }
    let verb = match *method {
        // `/brands/{id}/publish` says itself what it does.
        Method::POST if rest.len() > 1 => rest.last().copied().unwrap_or("create"),
        Method::POST => "create",
        Method::PUT if rest.last() == Some(&"restore") => "restore",
        Method::PUT | Method::PATCH => "update",
        Method::DELETE => "delete",
        _ => return None,
    };
    Some(format!("{resource}:{verb}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_named_by_resource_and_verb() {
        let of = |method, path| kind(&method, path);
        assert_eq!(of(Method::PUT, "/brands/x").as_deref(), Some("brands:update"));
        assert_eq!(
            of(Method::POST, "/notifications").as_deref(),
            Some("notifications:create")
        );
        assert_eq!(
            of(Method::POST, "/notifications/x/publish").as_deref(),
            Some("notifications:publish")
        );
        assert_eq!(of(Method::DELETE, "/lists/x").as_deref(), Some("lists:delete"));
        for quiet in ["/send", "/profiles/x", "/lists/x/subscriptions/y", "/messages/x/cancel"] {
            assert_eq!(of(Method::POST, quiet), None, "{quiet}");
        }
        assert_eq!(of(Method::GET, "/brands/x"), None);
    }
}
