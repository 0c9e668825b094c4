//! What is not about one topic: publishing the page, the log, and the older form of preferences.

mod get_older;
mod list_logs;
mod list_older;
mod list_waves;
pub(crate) mod older;
mod publish;
mod put_older;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::AppState;

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(publish::publish_preferences))
        .routes(routes!(list_logs::list_preference_logs))
        .routes(routes!(list_waves::list_opt_out_waves))
        .routes(routes!(list_older::list_preference_topics))
        .routes(routes!(
            get_older::get_recipient_preferences,
            put_older::put_recipient_preferences,
            put_older::patch_recipient_preferences
        ))
}
