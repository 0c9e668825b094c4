//! `GET /translations/{domain}/{locale}`: the texts of one language.

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use http::{HeaderValue, header};
use tidings_pipeline::translations;
use tidings_store::DocumentKind;
use tidings_types::Error;
use tidings_wire::error::ErrorBody;

use super::check;
use crate::AppState;
use crate::auth::ApiCaller;
use crate::error::ApiResult;
use crate::path::Path;

/// Read the translations of a language: the PO file, byte for byte as it was written.
#[utoipa::path(
    get, path = "/translations/{domain}/{locale}", tag = "notifications",
    params(
        ("domain" = String, Path, description = "Always `default`."),
        ("locale" = String, Path, description = "The language, such as `es-MX`."),
    ),
    responses(
        (status = 200, description = "The PO file.", body = String, content_type = "text/plain"),
        (status = 400, body = ErrorBody),
        (status = 404, body = ErrorBody),
    ),
)]
pub(super) async fn get_translations(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path((domain, locale)): Path<(String, String)>,
) -> ApiResult<Response> {
    check(&domain, &locale)?;
    let id = translations::document_id(&domain, &locale);
    let store = &state.services().store;
    let found = store
        .document(caller.environment, DocumentKind::Translation, &id)
        .await?;
    let found = found.ok_or_else(|| Error::not_found(format!("Translations {id} not found")))?;
    let file = translations::file(&found.body)?.to_owned();
    let text = HeaderValue::from_static("text/plain; charset=utf-8");
    Ok(([(header::CONTENT_TYPE, text)], file).into_response())
}
