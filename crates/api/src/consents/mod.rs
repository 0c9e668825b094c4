//! The consent ledger: who agreed to which marketing, when, where and to which words.

mod erase;
mod list;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::AppState;

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list::list_consents, erase::erase_person))
}
