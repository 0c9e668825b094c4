//! Notifications: templates with drafts, versions and aliases.

mod archive;
mod blocks;
mod change;
mod checks;
mod checksum;
mod create;
mod draft_content;
mod duplicate;
mod elements;
mod get;
mod get_content;
mod keys;
mod list;
mod metrics;
mod post_block_locales;
mod post_channel_locales;
mod post_draft_block_locales;
mod post_draft_channel_locales;
mod preview;
mod publish;
mod put_content;
mod put_draft_locale;
mod put_draft_locales;
mod put_element;
mod put_locale;
mod put_locales;
mod replace;
mod shown;
mod stored;
mod submissions;
mod test;
mod translatable;
mod tree;
mod version;
mod versions;
mod written;

pub(crate) use checksum::flattened;
pub(crate) use get_content::content_with_checksums;
pub(crate) use shown::summary;
pub(crate) use stored::strategy_of;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
pub(crate) use version::Which;
pub(crate) use written::{check_name, checked_content, told};

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
        .routes(routes!(put_element::put_element))
        .routes(routes!(put_locale::put_locale))
        .routes(routes!(put_locales::put_locales))
        .routes(routes!(put_draft_locale::put_draft_locale))
        .routes(routes!(put_draft_locales::put_draft_locales))
        .routes(routes!(post_block_locales::post_block_locales))
        .routes(routes!(post_draft_block_locales::post_draft_block_locales))
        .routes(routes!(post_channel_locales::post_channel_locales))
        .routes(routes!(post_draft_channel_locales::post_draft_channel_locales))
        .routes(routes!(preview::preview_notification))
        .routes(routes!(test::test_notification))
        .routes(routes!(duplicate::duplicate_notification))
        .routes(routes!(metrics::get_metrics))
        .routes(routes!(submissions::submit::submit_notification))
        .routes(routes!(
            checks::get::get_checks,
            checks::put::put_checks,
            checks::delete::delete_checks
        ))
}
