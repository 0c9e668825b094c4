//! `GET /notifications`: the templates there are.

use axum::Json;
use axum::extract::State;
use serde_json::Value;
use tidings_store::{Document, DocumentKind, Page};
use tidings_types::Result;
use tidings_wire::error::ErrorBody;
use tidings_wire::notification::NotificationSummary;
use tidings_wire::paging::Results;

use super::shown::summary;
use crate::auth::ApiCaller;
use crate::error::ApiResult;
use crate::paging::results;
use crate::query::{DEFAULT_PAGE, Query};
use crate::{AppState, document};

/// List templates, oldest first.
#[utoipa::path(
    get, path = "/notifications", tag = "notifications",
    params(
        ("cursor" = Option<String>, Query),
        ("limit" = Option<u32>, Query),
        ("tags" = Option<Vec<String>>, Query, description = "Only those with all of these tags, in any case."),
        ("event_id" = Option<String>, Query, description = "Only the one with this id or alias."),
    ),
    responses((status = 200, body = Results<NotificationSummary>), (status = 400, body = ErrorBody)),
)]
pub(super) async fn list_notifications(
    caller: ApiCaller,
    State(state): State<AppState>,
    query: Query,
) -> ApiResult<Json<Results<NotificationSummary>>> {
    let page = query.page(DEFAULT_PAGE, DEFAULT_PAGE)?;
    let tags: Vec<String> = query.list("tags").iter().map(|tag| tag.trim().to_lowercase()).collect();
    let event = query.text("event_id");
    let admits = |one: &Document| has_tags(one, &tags) && event.is_none_or(|event| is_called(one, event));
    let kind = DocumentKind::Notification;
    let found = document::page_of(state.services(), caller.environment, kind, page, admits).await?;
    let items = found.items.into_iter().map(summary).collect::<Result<_>>()?;
    Ok(Json(results(Page {
        items,
        next: found.next,
    })))
}

/// Whether it has all of these tags, which are in lower case.
fn has_tags(document: &Document, tags: &[String]) -> bool {
    let own = document
        .body
        .get("tags")
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default();
    let own: Vec<String> = own.iter().filter_map(Value::as_str).map(str::to_lowercase).collect();
    tags.iter().all(|tag| own.contains(tag))
}

fn is_called(document: &Document, name: &str) -> bool {
    document.id == name || document.names.iter().any(|one| one == name)
}
