//! Subscription topics: what people can choose to hear of.

mod create;
mod delete;
mod digest;
mod get;
mod list;
mod replace;
mod stored;

pub(crate) use stored::{find, on_the_wire};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::AppState;

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list::list_topics, create::create_topic))
        .routes(routes!(get::get_topic, replace::replace_topic, delete::delete_topic))
}
