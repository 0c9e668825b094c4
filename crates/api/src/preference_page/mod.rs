//! Everything the hosted preference page does, for apps that draw their own.

mod change;
mod choices;
mod get;
mod leave_all;
mod links;
mod undo;

use tidings_pipeline::preferences::Written;
use tidings_wire::preference_page::PageChanged;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::AppState;

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(get::get_preference_page, change::change_preference_page))
        .routes(routes!(leave_all::unsubscribe_from_all))
        .routes(routes!(undo::undo_preference_change))
        .routes(routes!(links::create_preference_link, links::revoke_preference_links))
}

fn changed(written: Written) -> PageChanged {
    PageChanged {
        at: written.at.as_millis(),
        topics: written.said.into_iter().map(|one| one.topic_id.into_string()).collect(),
    }
}
