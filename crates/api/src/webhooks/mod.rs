//! Endpoints that are told what happens.

mod create;
mod delete;
mod deliveries;
mod delivery;
mod get;
mod list;
mod redeliver;
mod replace;
mod stored;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::AppState;

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list::list_webhooks, create::create_webhook))
        .routes(routes!(
            get::get_webhook,
            replace::replace_webhook,
            delete::delete_webhook
        ))
        .routes(routes!(deliveries::list_deliveries))
        .routes(routes!(delivery::get_delivery))
        .routes(routes!(redeliver::redeliver))
}
