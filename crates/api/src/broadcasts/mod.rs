//! Broadcasts: messages that a team prepares for a list or an audience.

mod archive;
mod cancel;
mod content_get;
mod content_put;
mod create;
mod duplicate;
mod get;
mod list;
mod rename;
mod schedule;
mod send;
mod stored;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::AppState;

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list::list_broadcasts, create::create_broadcast))
        .routes(routes!(
            get::get_broadcast,
            rename::rename_broadcast,
            archive::archive_broadcast
        ))
        .routes(routes!(
            content_get::get_broadcast_content,
            content_put::put_broadcast_content
        ))
        .routes(routes!(schedule::schedule_broadcast))
        .routes(routes!(send::send_broadcast))
        .routes(routes!(cancel::cancel_broadcast))
        .routes(routes!(duplicate::duplicate_broadcast))
}
