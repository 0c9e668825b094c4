//! `/images/{environment}/{digest}.{extension}`: pictures that mails show. Whoever has the address may load them, and what
//! stands there never changes.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use tidings_pipeline::images::Kind;
use tidings_types::Environment;

use crate::Pages;

/// How long the digest of a picture is, in hex.
const DIGEST: usize = 64;

pub(crate) fn router() -> Router<Arc<Pages>> {
    Router::new().route("/images/{environment}/{file}", get(picture))
}

async fn picture(
    State(pages): crate::State,
    Path((environment, file)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let found = Environment::parse(&environment).zip(parse(&file));
    let Some((environment, (digest, kind))) = found else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let tag = format!("\"{digest}\"");
    let asked = headers.get(header::IF_NONE_MATCH).map(HeaderValue::as_bytes);
    let store = &pages.services.store;
    let known = asked.is_some_and(|asked| asked.windows(tag.len()).any(|one| one == tag.as_bytes()));
    let has = if known {
        store.has_image(environment, digest).await
    } else {
        Ok(false)
    };
    if matches!(has, Ok(true)) {
        return (StatusCode::NOT_MODIFIED, fixed(&tag)).into_response();
    }
    match store.image(environment, digest).await {
        Ok(Some(image)) if image.media_type == kind.media_type() => {
            let media_type = [(header::CONTENT_TYPE, kind.media_type())];
            (media_type, fixed(&tag), image.bytes).into_response()
        }
        Ok(_) => StatusCode::NOT_FOUND.into_response(),
        Err(error) => {
            tracing::error!(%error, "a picture cannot be read");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}

/// The digest and kind that a file's name tells.
fn parse(file: &str) -> Option<(&str, Kind)> {
    let (digest, extension) = file.split_once('.')?;
    let is_digest = digest.len() == DIGEST && digest.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    Some((digest, Kind::of_extension(extension)?)).filter(|_| is_digest)
}

/// What goes with every picture: it may be kept for good and shown anywhere, and is nothing but a picture.
fn fixed(tag: &str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in [
        (header::ETAG, tag),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"),
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
    ] {
        // All are plain ASCII.
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    }
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("cross-origin"));
    headers
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::http::Request;
    use tidings_store::NewImage;
    use tower::ServiceExt as _;

    use super::*;
    use crate::testing::{House, NOW};

    async fn ask(house: &House, method: &str, path: &str, tag: Option<&str>) -> (StatusCode, HeaderMap, Vec<u8>) {
        let mut request = Request::builder().method(method).uri(path);
        if let Some(tag) = tag {
            request = request.header(header::IF_NONE_MATCH, tag);
        }
        let request = request.body(Body::empty()).unwrap();
        let response = house.pages(false).oneshot(request).await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        let body = axum::body::to_bytes(response.into_body(), 1000).await.unwrap();
        (status, headers, body.to_vec())
    }

    #[tokio::test]
    async fn a_picture_is_served_to_everybody_and_is_nothing_else() {
        let house = House::new().await;
        let digest = "ab".repeat(32);
        let image = NewImage {
            digest: digest.clone(),
            media_type: "image/png".to_owned(),
            bytes: b"<script>".to_vec(),
            now: NOW,
        };
        let store = &house.services.store;
        store.put_image(Environment::Production, image).await.unwrap();
        let path = format!("/images/production/{digest}.png");
        let (status, headers, body) = ask(&house, "GET", &path, None).await;
        assert_eq!((status, body.as_slice()), (StatusCode::OK, &b"<script>"[..]));
        for (name, value) in [
            ("content-type", "image/png"),
            ("cache-control", "public, max-age=31536000, immutable"),
            ("x-content-type-options", "nosniff"),
            ("content-security-policy", "default-src 'none'; sandbox"),
            ("access-control-allow-origin", "*"),
            ("cross-origin-resource-policy", "cross-origin"),
        ] {
            assert_eq!(headers[name], value, "{name}");
        }
        let tag = headers["etag"].to_str().unwrap();
        let (status, headers, body) = ask(&house, "GET", &path, Some(&format!("W/{tag}, \"x\""))).await;
        assert_eq!((status, body.len()), (StatusCode::NOT_MODIFIED, 0));
        assert_eq!(headers["etag"], tag);
        assert_eq!(ask(&house, "GET", &path, Some("\"x\"")).await.0, StatusCode::OK);
        let (status, headers, body) = ask(&house, "HEAD", &path, None).await;
        assert_eq!(
            (status, body.len(), &headers["content-length"]),
            (StatusCode::OK, 0, &HeaderValue::from(8))
        );
        for wrong in [
            format!("/images/test/{digest}.png"),
            format!("/images/production/{digest}.jpg"),
            format!("/images/production/{digest}.svg"),
            format!("/images/production/{digest}"),
            format!("/images/production/{}.png", "cd".repeat(32)),
            format!("/images/production/{}.png", "AB".repeat(32)),
            format!("/images/elsewhere/{digest}.png"),
            "/images/production/..%2f..%2fetc%2fpasswd.png".to_owned(),
        ] {
            assert_eq!(
                ask(&house, "GET", &wrong, None).await.0,
                StatusCode::NOT_FOUND,
                "{wrong}"
            );
        }
        assert_eq!(ask(&house, "POST", &path, None).await.0, StatusCode::METHOD_NOT_ALLOWED);
    }
}
