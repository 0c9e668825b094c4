//! Translations: texts by key and language, as PO files.

mod get;
mod put;

use tidings_pipeline::translations::DOMAIN;
use tidings_types::{Error, Result};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::AppState;

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(get::get_translations, put::put_translations))
}

/// Refuses what cannot be a domain or a language.
fn check(domain: &str, locale: &str) -> Result<()> {
    if domain != DOMAIN {
        return Err(Error::invalid(format!("domain: Invalid value. Expected '{DOMAIN}'")));
    }
    tidings_types::locale::check("locale", locale)
}
