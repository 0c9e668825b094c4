//! Audiences: people whose profiles pass a filter.

mod delete;
mod get;
mod list;
mod members;
mod put;

use tidings_pipeline::Services;
use tidings_types::{Environment, Error, Result};
use tidings_wire::audience::Audience;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::AppState;

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list::list_audiences))
        .routes(routes!(get::get_audience, put::put_audience, delete::delete_audience))
        .routes(routes!(members::list_audience_members))
}

/// An audience that is there.
async fn find(services: &Services, environment: Environment, id: &str) -> Result<tidings_store::Audience> {
    let found = services.store.audience(environment, id).await?;
    found.ok_or_else(|| not_found(id))
}

fn not_found(id: &str) -> Error {
    Error::not_found(format!("Audience {id} not found"))
}

/// An audience as reads show it.
fn on_the_wire(audience: tidings_store::Audience) -> Audience {
    Audience {
        id: audience.id,
        name: audience.name,
        description: audience.description,
        filter: audience.filter,
        operator: audience.operator,
        created_at: audience.created.to_rfc3339(),
        updated_at: audience.updated.to_rfc3339(),
    }
}
