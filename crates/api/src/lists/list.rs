//! `GET /lists`: all lists, or those whose ids match a pattern.

use axum::Json;
use axum::extract::State;
use tidings_domain::list::Pattern;
use tidings_store::{Cursor, Page};
use tidings_types::Error;
use tidings_wire::error::ErrorBody;
use tidings_wire::list::List;
use tidings_wire::paging::Items;

use super::on_the_wire;
use crate::AppState;
use crate::auth::ApiCaller;
use crate::error::ApiResult;
use crate::paging::items;
use crate::query::{DEFAULT_PAGE, Query};

/// List lists, by their ids.
#[utoipa::path(
    get, path = "/lists", tag = "lists",
    params(
        ("pattern" = Option<String>, Query, description = "Only those whose ids match: `orders.*`, `orders.**`."),
        ("cursor" = Option<String>, Query),
    ),
    responses((status = 200, body = Items<List>), (status = 400, body = ErrorBody)),
)]
pub(super) async fn list_lists(
    caller: ApiCaller,
    State(state): State<AppState>,
    query: Query,
) -> ApiResult<Json<Items<List>>> {
    let mut page = query.page(DEFAULT_PAGE, DEFAULT_PAGE)?;
    let pattern = query.text("pattern").map(Pattern::parse).transpose();
    let pattern = pattern.map_err(|refusal| Error::invalid(format!("pattern: {refusal}")))?;
    let prefix = pattern.as_ref().map(Pattern::prefix).unwrap_or_default();
    let store = &state.services().store;
    let limit = page.limit;
    let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
    let mut found = Vec::new();
    loop {
        let read = store.lists(caller.environment, &prefix, page.clone()).await?;
        let matches = |id: &str| pattern.as_ref().is_none_or(|pattern| pattern.matches(id));
        found.extend(read.items.into_iter().filter(|list| matches(&list.id)));
        match read.next {
            // One more than wanted says that there is more.
            Some(next) if found.len() <= wanted => page.after = Some(next),
            _ => break,
        }
    }
    let page = Page::from_surplus(found, limit, |last| Cursor {
        sort: 0,
        id: last.id.clone(),
    });
    Ok(Json(items(page.map(|list| on_the_wire(list, None)))))
}
