//! Slashes in paths, as clients write them.
//!
//! Duplicate ones count as one: a client whose base URL ends in a slash asks for `//send`. Those in a device token, which
//! browsers and phones do not encode, belong to the token.

use axum::extract::Request;
use http::Uri;
use http::uri::PathAndQuery;

/// Rewrites the path of a request before it is routed.
pub(crate) fn collapse(mut request: Request) -> Request {
    if let Some(uri) = with_whole_token(request.uri()) {
        *request.uri_mut() = uri;
    }
    if let Some(uri) = collapsed(request.uri()) {
        *request.uri_mut() = uri;
    }
    request
}

/// Encodes the slashes of a device token, and of the person's id before it.
fn with_whole_token(uri: &Uri) -> Option<Uri> {
    let path = uri.path().trim_start_matches('/');
    let (user, token) = path.strip_prefix("users/")?.split_once("/tokens/")?;
    let user = user.trim_matches('/');
    // Anything else below a person is another resource.
    let is_other = ["/preferences", "/tenants"].iter().any(|other| user.contains(other));
    if is_other || user.is_empty() || token.is_empty() || !(token.contains('/') || user.contains('/')) {
        return None;
    }
    let whole = |text: &str| text.replace('/', "%2F");
    replaced(uri, format!("/users/{}/tokens/{}", whole(user), whole(token)))
}

fn collapsed(uri: &Uri) -> Option<Uri> {
    let path = uri.path();
    if !path.contains("//") {
        return None;
    }
    let mut short = String::with_capacity(path.len());
    for one in path.chars() {
        if !(one == '/' && short.ends_with('/')) {
            short.push(one);
        }
    }
    replaced(uri, short)
}

/// The same with another path.
pub(crate) fn replaced(uri: &Uri, mut path: String) -> Option<Uri> {
    if let Some(query) = uri.query() {
        path.push('?');
        path.push_str(query);
    }
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(PathAndQuery::try_from(path).ok()?);
    Uri::from_parts(parts).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_stays_whole() {
        let whole = |text: &str| with_whole_token(&text.parse().unwrap()).map(|uri| uri.to_string());
        assert_eq!(
            whole("/users/ann/tokens/a/b//c?x=1").as_deref(),
            Some("/users/ann/tokens/a%2Fb%2F%2Fc?x=1")
        );
        assert_eq!(
            whole("//users/org/ann/tokens/a").as_deref(),
            Some("/users/org%2Fann/tokens/a")
        );
        for as_it_is in [
            "/users/ann/tokens/a",
            "/users/ann/tokens",
            "/users/ann/tokens/a%2Fb",
            "/users/ann/preferences/tokens/x",
            "/profiles/a/tokens/b/c",
        ] {
            assert_eq!(whole(as_it_is), None, "{as_it_is}");
        }
    }

    #[test]
    fn slashes_collapse_and_the_query_stays() {
        let collapse = |text: &str| collapsed(&text.parse().unwrap()).map(|uri| uri.to_string());
        assert_eq!(collapse("//send").as_deref(), Some("/send"));
        assert_eq!(collapse("/a///b/?x=//").as_deref(), Some("/a/b/?x=//"));
        assert_eq!(collapse("/users/a%2F%2Fb"), None);
        assert_eq!(collapse("/a?x=//"), None);
    }
}
