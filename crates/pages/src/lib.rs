//! Pages that Tidings itself serves: the outbox, unsubscribe and preferences, the API's reference, the start page.
//!
//! Pages are made on the server; what moves in them is a few small scripts without a framework, embedded in the
//! program. Every page's content security policy allows only its own scripts and styles, and values are escaped by
//! construction: `maud` on the server, text nodes in the browser.
//!
//! Pages that show what was sent must not be put under a permissive CORS layer: in development they are open.

mod access;
mod assets;
mod demo;
mod images;
mod layout;
mod options;
mod outbox;
mod person;
mod problem;
mod reference;
mod response;
mod snippet;
mod start;
#[cfg(test)]
mod testing;
mod track;

use std::sync::Arc;

use axum::Router;
use tidings_pipeline::Services;

pub use options::{Authorise, PagesOptions, StartInfo};

/// What every handler is handed.
struct Pages {
    services: Arc<Services>,
    options: PagesOptions,
}

type State = axum::extract::State<Arc<Pages>>;

/// All pages. `/` is among them only when [`PagesOptions::start`] is given.
pub fn router(services: Arc<Services>, options: PagesOptions) -> Router {
    let reference = reference::router(options.openapi, &services.settings.public_url);
    let mut router = outbox::router()
        .merge(person::router())
        .merge(track::router())
        .merge(images::router())
        .merge(assets::router());
    if options.start.is_some() {
        router = router.merge(start::router()).merge(demo::router());
    }
    router
        .with_state(Arc::new(Pages { services, options }))
        .merge(reference)
}
