//! Styles and scripts, embedded in the program.

use std::sync::LazyLock;

use axum::Router;
use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use sha2::{Digest as _, Sha256};
use tower_http::compression::CompressionLayer;

use crate::Pages;
use crate::problem::Problem;

/// A file as it is served.
struct Asset {
    path: &'static str,
    text: &'static str,
    /// A strong entity tag (RFC 9110, section 8.8.3).
    tag: String,
}

macro_rules! assets {
    ($($path:literal),* $(,)?) => {
        [$(($path, include_str!(concat!("../assets/", $path)))),*]
    };
}

static ASSETS: LazyLock<Vec<Asset>> = LazyLock::new(|| {
    let files = assets![
        "base.css",
        "copy.js",
        "demo/client.js",
        "demo/demo.css",
        "demo/ideas.js",
        "demo/inbox.css",
        "demo/main.js",
        "demo/plain.js",
        "demo/row.js",
        "demo/socket.js",
        "demo/toasts.js",
        "demo/told.js",
        "dom.js",
        "time.js",
        "person.css",
        "person.js",
        "start.css",
        "outbox/access.js",
        "outbox/detail.js",
        "outbox/list.js",
        "outbox/live.js",
        "outbox/main.js",
        "outbox/outbox.css",
        "outbox/previews.css",
        "outbox/previews.js",
        "outbox/trace.js",
        "reference/reference.css",
        "reference/reference.js",
    ];
    let asset = |(path, text): (&'static str, &'static str)| {
        let hash = hex::encode(Sha256::digest(text));
        Asset {
            path,
            text,
            tag: format!("\"{}\"", hash.get(..16).unwrap_or_default()),
        }
    };
    files.into_iter().map(asset).collect()
});

pub(crate) fn router() -> Router<std::sync::Arc<Pages>> {
    Router::new()
        .route("/pages/{*path}", get(asset))
        .layer(CompressionLayer::new())
}

async fn asset(Path(path): Path<String>, headers: HeaderMap) -> Result<Response, Problem> {
    let asset = ASSETS
        .iter()
        .find(|asset| asset.path == path)
        .ok_or_else(|| tidings_types::Error::not_found("Not Found"))?;
    // Asked for again at each visit and answered with 304: a new version of the program shows at once.
    let mut common = HeaderMap::new();
    common.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    common.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if let Ok(tag) = HeaderValue::from_str(&asset.tag) {
        common.insert(header::ETAG, tag);
    }
    if headers
        .get(header::IF_NONE_MATCH)
        .is_some_and(|seen| seen.as_bytes() == asset.tag.as_bytes())
    {
        return Ok((StatusCode::NOT_MODIFIED, common).into_response());
    }
    let kind = if asset.path.ends_with("css") {
        "text/css; charset=utf-8"
    } else {
        "text/javascript; charset=utf-8"
    };
    common.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    Ok((common, asset.text).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_outbox_stays_small() {
        let others = ["person.", "start.css", "demo/", "reference/"];
        let outbox = |asset: &&Asset| !others.iter().any(|other| asset.path.starts_with(other));
        let bytes: usize = ASSETS.iter().filter(outbox).map(|asset| asset.text.len()).sum();
        assert!(bytes < 44_500, "{bytes} bytes");
    }

    #[tokio::test]
    async fn unchanged_files_are_not_sent_again() {
        let first = asset(Path("base.css".to_owned()), HeaderMap::new()).await.unwrap();
        assert_eq!(first.status(), StatusCode::OK);
        let mut headers = HeaderMap::new();
        headers.insert(header::IF_NONE_MATCH, first.headers()[header::ETAG].clone());
        let second = asset(Path("base.css".to_owned()), headers).await.unwrap();
        assert_eq!(second.status(), StatusCode::NOT_MODIFIED);
        assert!(asset(Path("../Cargo.toml".to_owned()), HeaderMap::new()).await.is_err());
    }
}
