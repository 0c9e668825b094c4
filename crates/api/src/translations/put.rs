//! `PUT /translations/{domain}/{locale}`: replace the texts of one language.

use axum::body::Bytes;
use axum::extract::State;
use http::{HeaderMap, StatusCode, header};
use tidings_pipeline::translations;
use tidings_store::DocumentKind;
use tidings_types::{Error, Result};
use tidings_wire::error::ErrorBody;

use super::check;
use crate::auth::ApiCaller;
use crate::error::ApiResult;
use crate::path::Path;
use crate::{AppState, document};

/// Replace the translations of a language with a PO file. Templates read them with `{{t "key"}}`.
///
/// The file is taken as text, or as a JSON string, as some clients send it.
#[utoipa::path(
    put, path = "/translations/{domain}/{locale}", tag = "notifications",
    params(
        ("domain" = String, Path, description = "Always `default`."),
        ("locale" = String, Path, description = "The language, such as `es-MX`."),
    ),
    request_body(
        content = String, content_type = "text/plain",
        example = "msgid \"hello\"\nmsgstr \"Hola\"\n",
    ),
    responses(
        (status = 204, description = "In force."),
        (status = 400, description = "It is no PO file; the line is named.", body = ErrorBody),
    ),
)]
pub(super) async fn put_translations(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path((domain, locale)): Path<(String, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> ApiResult<StatusCode> {
    check(&domain, &locale)?;
    let body = translations::checked(&locale, &file(&headers, &body)?)?;
    let id = translations::document_id(&domain, &locale);
    let services = state.services();
    document::put(services, caller.environment, DocumentKind::Translation, &id, body).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The file, out of its JSON string where it came in one.
fn file(headers: &HeaderMap, body: &[u8]) -> Result<String> {
    let text = std::str::from_utf8(body).map_err(|_| Error::invalid("Expected a PO file in UTF-8"))?;
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    // Some clients announce JSON whatever they send.
    let json = content_type.is_some_and(|value| value.contains("json")) && text.trim_start().starts_with('"');
    if json && let Ok(file) = serde_json::from_str(text) {
        return Ok(file);
    }
    Ok(text.to_owned())
}
