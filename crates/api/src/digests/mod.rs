//! Digests: what is gathered, and sending it before its time.

mod instances;
mod release;
mod remove;
mod trigger;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::AppState;

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(instances::list_digest_instances))
        .routes(routes!(trigger::trigger_digest_schedule))
        .routes(routes!(release::release_digest))
        .routes(routes!(remove::delete_topic_digest))
}
