//! Writing down who changed what: around every route, for what a team edits.
//!
//! Sends and what is known of people are not written down here: they have their own records, and there are far more of
//! them than anybody would read.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::Method;
use tidings_auth::Identity;
use tidings_store::{AuditEvent, AuditLine, audit};
use tidings_types::id::new_prefixed_id;

use crate::{AppState, auth};

/// The first parts of the paths of what a team edits.
const EDITED: [&str; 17] = [
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
    "settings",
    "tenants",
    "translations",
    "users",
    "webhooks",
];

/// The last parts of paths that say themselves what a POST does.
const VERBS: [&str; 8] = [
    "cancel",
    "duplicate",
    "publish",
    "redeliver",
    "release",
    "schedule",
    "send",
    "submissions",
];

/// Has a change written down by the transaction that makes it.
pub(crate) async fn layer(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let Some(kind) = kind(request.method(), request.uri().path()) else {
        return next.run(request).await;
    };
    let target = target(request.uri().path());
    let (mut parts, body) = request.into_parts();
    let identity = auth::authenticate(&mut parts, &state).await.ok();
    let call = next.run(Request::from_parts(parts, body));
    match identity {
        Some(identity) => audit::under(line(&state, &identity, kind, target), call).await,
        // It is refused by whoever needs to know who calls.
        None => call.await,
    }
}

/// What a call changes, as the line names it. Who was erased is not named: nothing is to be left of them.
fn target(path: &str) -> String {
    let mut parts = path.split('/').filter(|part| !part.is_empty());
    match (parts.next(), parts.next(), parts.next()) {
        (Some("users"), Some(_), None) => "/users/{user_id}".to_owned(),
        (Some("users"), Some(_), Some("consents")) => "/users/{user_id}/consents".to_owned(),
        _ => path.to_owned(),
    }
}

/// A line that tells of a change somebody makes to `target`, a path of the API.
pub(crate) fn line(state: &AppState, identity: &Identity, kind: String, target: String) -> AuditLine {
    let (state, actor) = (state.clone(), identity.actor().to_owned());
    AuditLine::new(identity.environment(), move || {
        let services = state.services();
        let now = services.clock.now();
        AuditEvent {
            id: new_prefixed_id("ae_", now, services.random.as_ref()),
            at: now,
            actor: actor.clone(),
            target: target.clone(),
            source: "api".to_owned(),
            kind: kind.clone(),
        }
    })
}

/// What kind of change a call is: `brands:update`. None for what is not written down.
fn kind(method: &Method, path: &str) -> Option<String> {
    let mut parts = path.split('/').filter(|part| !part.is_empty());
    let resource = parts.next().filter(|first| EDITED.contains(first))?;
    let rest: Vec<&str> = parts.collect();
    // Who is on a list, and what somebody prefers, is known of people; trying a template out changes nothing.
    let is_of_people = match resource {
        "lists" => rest.contains(&"subscriptions"),
        "preferences" => !matches!(rest.first(), Some(&("sections" | "publish"))),
        // But that somebody was erased is what an auditor asks for.
        "users" => rest.len() != 1 && rest.last() != Some(&"consents"),
        _ => false,
    };
    if is_of_people || matches!(rest.last(), Some(&("preview" | "test"))) {
        return None;
    }
    let verb = match *method {
        // `/notifications/{id}/publish` says itself what it does.
        Method::POST => rest
            .last()
            .filter(|last| VERBS.contains(last))
            .copied()
            .unwrap_or("create"),
        Method::PUT if rest.last() == Some(&"restore") => "restore",
        Method::PUT if resource == "requests" => "archive",
        Method::PUT | Method::PATCH => "update",
        Method::DELETE if resource == "users" && rest.len() == 1 => "erase",
        Method::DELETE if resource == "users" => "erase-consents",
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
        assert_eq!(
            of(Method::PUT, "/requests/x/archive").as_deref(),
            Some("requests:archive")
        );
        assert_eq!(of(Method::PUT, "/settings/content").as_deref(), Some("settings:update"));
        assert_eq!(
            of(Method::POST, "/preferences/publish").as_deref(),
            Some("preferences:publish")
        );
        assert_eq!(
            of(Method::POST, "/preferences/sections/x/topics").as_deref(),
            Some("preferences:create")
        );
        assert_eq!(
            of(Method::DELETE, "/users/x/consents").as_deref(),
            Some("users:erase-consents")
        );
        assert_eq!(of(Method::DELETE, "/users/x").as_deref(), Some("users:erase"));
        for quiet in [
            "/send",
            "/profiles/x",
            "/lists/x/subscriptions/y",
            "/messages/x/cancel",
            "/preferences/ada",
            "/users/x/tokens/y",
            "/notifications/x/test",
        ] {
            assert_eq!(of(Method::POST, quiet), None, "{quiet}");
        }
        assert_eq!(of(Method::GET, "/brands/x"), None);
    }

    #[test]
    fn who_is_erased_is_not_named() {
        assert_eq!(target("/users/ada"), "/users/{user_id}");
        assert_eq!(target("/users/ada/consents"), "/users/{user_id}/consents");
        assert_eq!(target("/brands/ada"), "/brands/ada");
    }
}
