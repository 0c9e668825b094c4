//! `GET /routing-strategies/{id}/notifications`: the templates linked to a strategy.

use axum::Json;
use axum::extract::State;
use tidings_pipeline::Services;
use tidings_store::{Document, DocumentKind, Page, PageRequest};
use tidings_types::{Environment, Result};
use tidings_wire::error::ErrorBody;
use tidings_wire::notification::NotificationSummary;
use tidings_wire::paging::Results;

use super::list::{MAX_PAGE, PAGE};
use crate::auth::ApiCaller;
use crate::error::ApiResult;
use crate::notifications::{strategy_of, summary};
use crate::paging::results;
use crate::path::Path;
use crate::query::Query;
use crate::{AppState, document};

/// List the templates linked to a routing strategy, in force or as drafts.
#[utoipa::path(
    get, path = "/routing-strategies/{id}/notifications", tag = "routing-strategies",
    params(("id" = String, Path), ("cursor" = Option<String>, Query), ("limit" = Option<u32>, Query)),
    responses(
        (status = 200, body = Results<NotificationSummary>),
        (status = 400, body = ErrorBody),
        (status = 404, body = ErrorBody),
    ),
)]
pub(super) async fn list_strategy_notifications(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path(id): Path<String>,
    query: Query,
) -> ApiResult<Json<Results<NotificationSummary>>> {
    let (services, environment) = (state.services(), caller.environment);
    let page = query.page(PAGE, MAX_PAGE)?;
    document::find(services, environment, DocumentKind::RoutingStrategy, &id).await?;
    let found = linked(services, environment, &id, page).await?;
    let items = found.items.into_iter().map(summary).collect::<Result<_>>()?;
    Ok(Json(results(Page {
        items,
        next: found.next,
    })))
}

/// The templates whose draft or published version is routed by a strategy.
pub(super) async fn linked(
    services: &Services,
    environment: Environment,
    id: &str,
    page: PageRequest,
) -> Result<Page<Document>> {
    let admits = |one: &Document| {
        let bodies = [Some(&one.body), one.published.as_ref()];
        bodies.into_iter().flatten().any(|body| strategy_of(body) == Some(id))
    };
    document::page_of(services, environment, DocumentKind::Notification, page, admits).await
}
