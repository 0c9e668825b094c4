//! Duplicate slashes in a path count as one: a client whose base URL ends in a slash asks for `//send`.

use axum::extract::Request;
use http::Uri;
use http::uri::PathAndQuery;

/// Rewrites the path of a request before it is routed.
pub(crate) fn collapse(mut request: Request) -> Request {
    if let Some(uri) = collapsed(request.uri()) {
        *request.uri_mut() = uri;
    }
    request
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
    if let Some(query) = uri.query() {
        short.push('?');
        short.push_str(query);
    }
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(PathAndQuery::try_from(short).ok()?);
    Uri::from_parts(parts).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slashes_collapse_and_the_query_stays() {
        let collapse = |text: &str| collapsed(&text.parse().unwrap()).map(|uri| uri.to_string());
        assert_eq!(collapse("//send").as_deref(), Some("/send"));
        assert_eq!(collapse("/a///b/?x=//").as_deref(), Some("/a/b/?x=//"));
        assert_eq!(collapse("/users/a%2F%2Fb"), None);
        assert_eq!(collapse("/a?x=//"), None);
    }
}
