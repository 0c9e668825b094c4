//! `GET /broadcasts`: all broadcasts, newest first.

use axum::Json;
use axum::extract::State;
use tidings_store::{Cursor, DocumentKind, Page};
use tidings_types::Result;
use tidings_wire::broadcast::Broadcast;
use tidings_wire::error::ErrorBody;
use tidings_wire::paging::Results;

use super::stored::on_the_wire;
use crate::auth::ApiCaller;
use crate::error::ApiResult;
use crate::paging::results;
use crate::query::{DEFAULT_PAGE, Query};
use crate::{AppState, document};

/// List broadcasts, newest first.
#[utoipa::path(
    get, path = "/broadcasts", tag = "broadcasts",
    params(("cursor" = Option<String>, Query), ("limit" = Option<u32>, Query)),
    responses((status = 200, body = Results<Broadcast>), (status = 400, body = ErrorBody)),
)]
pub(super) async fn list_broadcasts(
    caller: ApiCaller,
    State(state): State<AppState>,
    query: Query,
) -> ApiResult<Json<Results<Broadcast>>> {
    let request = query.page(DEFAULT_PAGE, DEFAULT_PAGE)?;
    let mut found = document::all(state.services(), caller.environment, DocumentKind::Broadcast, None).await?;
    found.sort_by(|a, b| (b.created, &b.id).cmp(&(a.created, &a.id)));
    if let Some(after) = &request.after {
        let after = (after.sort, after.id.as_str());
        found.retain(|one| (one.created.as_millis(), one.id.as_str()) < after);
    }
    let page = Page::from_surplus(found, request.limit, |last| Cursor {
        sort: last.created.as_millis(),
        id: last.id.clone(),
    });
    let items = page.items.into_iter().map(on_the_wire).collect::<Result<_>>()?;
    Ok(Json(results(Page { items, next: page.next })))
}
