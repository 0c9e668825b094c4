//! Notifications: templates with drafts, versions and aliases.

mod archive;
mod checksum;
mod create;
mod draft_content;
mod elements;
mod get;
mod get_content;
mod keys;
mod list;
mod publish;
mod put_content;
mod replace;
mod shown;
mod stored;
mod version;
mod versions;
mod written;

pub(crate) use shown::summary;
pub(crate) use stored::strategy_of;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::AppState;

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list::list_notifications, create::create_notification))
        .routes(routes!(
            get::get_notification,
            replace::replace_notification,
            archive::archive_notification
        ))
        .routes(routes!(publish::publish_notification))
        .routes(routes!(versions::list_versions))
        .routes(routes!(get_content::get_content, put_content::put_content))
        .routes(routes!(draft_content::get_draft_content))
}
