//! Pages for the people messages are sent to: unsubscribe and preferences. They need no script.
//!
//! Who holds a signed link may act for that person on that page. Opening a link changes nothing, since mail scanners
//! open links; only sending a form does.

mod form;
mod lost;
mod preferences;
mod shell;
#[cfg(test)]
mod tests;
mod topics;
mod unsubscribe;
mod write;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::get;
use tidings_pipeline::{LinkClaims, LinkKind};

use crate::Pages;
use lost::Lost;

/// No form here is larger, in bytes.
const FORM_LIMIT: usize = 256 * 1024;

pub(crate) fn router() -> Router<Arc<Pages>> {
    Router::new()
        .route("/u/{token}", get(unsubscribe::ask).post(unsubscribe::act))
        .route("/p/{token}", get(preferences::show).post(preferences::save))
        .layer(DefaultBodyLimit::max(FORM_LIMIT))
}

impl Pages {
    /// What a link says, if it is ours and for this page.
    fn link(&self, token: &str, kind: LinkKind) -> Result<LinkClaims, Lost> {
        let claims = self.services.links.verify(token).map_err(|_| Lost::Link)?;
        if claims.kind == kind {
            Ok(claims)
        } else {
            Err(Lost::Link)
        }
    }
}
