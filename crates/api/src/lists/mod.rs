//! Lists: who subscribed to what.

mod add;
mod client;
mod delete;
mod get;
mod list;
mod put;
mod replace;
mod restore;
mod stored;
mod subscribe;
mod subscriptions;
mod unsubscribe;

pub(crate) use stored::{check_id, on_the_wire, said};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::AppState;

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list::list_lists))
        .routes(routes!(get::get_list, put::put_list, delete::delete_list))
        .routes(routes!(restore::restore_list))
        .routes(routes!(
            subscriptions::list_subscriptions,
            add::add_subscriptions,
            replace::replace_subscriptions
        ))
        .routes(routes!(subscribe::subscribe, unsubscribe::unsubscribe))
        .routes(routes!(client::client_subscribe))
        .routes(routes!(client::client_unsubscribe))
}
