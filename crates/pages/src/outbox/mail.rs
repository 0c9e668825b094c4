//! `/outbox/messages/{number}/html`: a mail's HTML, for the frame of the preview.
//!
//! What stands in a mail was written by others. The document is served with a sandbox of its own (no scripts, no
//! forms, an origin that is nobody's), whoever opens it and however. Its links open in new windows that know nothing
//! of this one.

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use tidings_types::{Error, Rendered};
use url::form_urlencoded;

use crate::Pages;
use crate::problem::Problem;

/// Pictures, fonts and styles as mail programs load them, and nothing else.
const POLICY: &str = "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; \
                      img-src http: https: data:; font-src http: https: data:; \
                      style-src 'unsafe-inline' http: https:; form-action 'none'; base-uri 'none'; frame-ancestors 'self'";

/// Links open outside the frame.
const BASE: &str = "<base target=\"_blank\">";

/// With the key in the header, or without one where the outbox is open.
pub(crate) async fn with_header(
    State(pages): crate::State,
    headers: HeaderMap,
    Path(number): Path<String>,
) -> Result<Response, Problem> {
    mail(&pages, &headers, &number).await
}

/// With the key in a form: a frame can send a form, and cannot send a header. A key in the address would be kept in
/// histories and logs.
pub(crate) async fn with_form(
    State(pages): crate::State,
    Path(number): Path<String>,
    mut headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    let key = form_urlencoded::parse(&body).find(|(name, _)| name == "key");
    if let Some((_, key)) = key {
        let mut value = HeaderValue::from_str(&format!("Bearer {key}"))
            .map_err(|_| Error::unauthenticated("This is not a key."))?;
        value.set_sensitive(true);
        headers.insert(header::AUTHORIZATION, value);
    }
    mail(&pages, &headers, &number).await
}

async fn mail(pages: &Pages, headers: &HeaderMap, number: &str) -> Result<Response, Problem> {
    let access = pages.access(headers).await?;
    let caught = pages.caught(access, number).await?;
    let Rendered::Email(mail) = caught.rendered else {
        return Err(Error::not_found("This message has no HTML.").into());
    };
    let headers = [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static("text/html; charset=utf-8"),
        ),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    ];
    Ok((headers, with_base(&mail.html)).into_response())
}

/// The document with [`BASE`] at the first place where it counts: in the head, else after the document type.
fn with_base(html: &str) -> String {
    let lower = html.to_ascii_lowercase();
    let after = |tag: &str| {
        let start = lower.find(tag)?;
        let rest = lower.get(start + tag.len()..)?;
        // `<header>` is no head.
        if !rest.starts_with(|next: char| next == '>' || next.is_ascii_whitespace()) {
            return None;
        }
        Some(start + tag.len() + rest.find('>')? + 1)
    };
    let place = after("<head").or_else(|| after("<!doctype")).unwrap_or(0);
    let (before, behind) = html.split_at_checked(place).unwrap_or(("", html));
    format!("{before}{BASE}{behind}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_open_outside_whatever_the_document_looks_like() {
        assert_eq!(
            with_base("<!DOCTYPE html><html><HEAD lang=x><p>"),
            format!("<!DOCTYPE html><html><HEAD lang=x>{BASE}<p>")
        );
        assert_eq!(
            with_base("<!doctype html><header>x"),
            format!("<!doctype html>{BASE}<header>x")
        );
        assert_eq!(with_base("é<p>x"), format!("{BASE}é<p>x"));
        assert_eq!(with_base("<head"), format!("{BASE}<head"));
    }
}
