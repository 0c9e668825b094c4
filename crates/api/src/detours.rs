//! Addresses behind that of GraphQL.
//!
//! The provider of the older web packages (7.x) has one address, which is that of GraphQL, and gives it to the client that
//! calls the REST API as well. So that client asks for `/client/q/client/identify/ada`.

use axum::extract::Request;
use http::Uri;

use crate::slashes::replaced;

/// Where GraphQL is answered.
const GRAPHQL: [&str; 2] = ["/client/q/", "/q/"];
/// What that client calls.
const CALLED: [&str; 3] = ["client/lists/", "client/identify/", "inbound/courier"];

/// Rewrites the path of a request before it is routed.
pub(crate) fn straighten(mut request: Request) -> Request {
    if let Some(uri) = straight(request.uri()) {
        *request.uri_mut() = uri;
    }
    request
}

fn straight(uri: &Uri) -> Option<Uri> {
    let path = uri.path();
    let rest = GRAPHQL.iter().find_map(|graphql| path.strip_prefix(graphql))?;
    let is_called = CALLED.iter().any(|called| rest.starts_with(called));
    is_called.then(|| replaced(uri, format!("/{rest}"))).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_behind_graphql_is_found() {
        let of = |path: &str| straight(&path.parse().unwrap()).map(|uri| uri.to_string());
        for (path, found) in [
            ("/client/q/client/identify/ada", "/client/identify/ada"),
            ("/q/client/lists/a/subscribe/b?x=1", "/client/lists/a/subscribe/b?x=1"),
            ("/client/q/inbound/courier", "/inbound/courier"),
        ] {
            assert_eq!(of(path).as_deref(), Some(found));
        }
        for path in [
            "/q",
            "/client/q",
            "/client/q/",
            "/client/q/profiles/ada",
            "/client/identify/ada",
            "/x/q/inbound/courier",
        ] {
            assert_eq!(of(path), None, "{path}");
        }
    }
}
