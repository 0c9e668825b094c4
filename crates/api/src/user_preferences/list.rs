//! `GET /users/{user_id}/preferences`: what a person said.

use axum::Json;
use axum::extract::State;
use tidings_store::{Cursor, Page};
use tidings_wire::error::ErrorBody;
use tidings_wire::paging::Items;
use tidings_wire::preference::TopicPreference;

use super::topic::KnownTopic;
use crate::AppState;
use crate::auth::{ReadPreferences, UserCaller};
use crate::error::ApiResult;
use crate::paging::items;
use crate::query::{DEFAULT_PAGE, Query};

/// List what a person said: one entry for every topic they chose something for.
#[utoipa::path(
    get, path = "/users/{user_id}/preferences", tag = "preferences",
    params(
        ("user_id" = String, Path),
        ("tenant_id" = Option<String>, Query, description = "What they said for this tenant only."),
        ("cursor" = Option<String>, Query),
    ),
    responses((status = 200, body = Items<TopicPreference>), (status = 403, body = ErrorBody)),
)]
pub(super) async fn list_preferences(
    caller: UserCaller<ReadPreferences>,
    State(state): State<AppState>,
    query: Query,
) -> ApiResult<Json<Items<TopicPreference>>> {
    let services = state.services();
    let tenant = query.tenant()?;
    let page = query.page(DEFAULT_PAGE, DEFAULT_PAGE)?;
    let mut said = services
        .store
        .preferences(caller.environment, &caller.user, tenant)
        .await?;
    said.sort_by(|one, other| one.topic_id.cmp(&other.topic_id));
    let mut shown = Vec::new();
    for one in said {
        let seen = page
            .after
            .as_ref()
            .is_some_and(|after| one.topic_id.as_str() <= after.id.as_str());
        if seen {
            continue;
        }
        // A topic that was archived since is not shown.
        if let Some(topic) = KnownTopic::find(services, caller.environment, one.topic_id.as_str(), tenant).await? {
            shown.push(topic.with(one.preference));
        }
        if shown.len() > usize::try_from(page.limit).unwrap_or(usize::MAX) {
            break;
        }
    }
    let shown = Page::from_surplus(shown, page.limit, |last| Cursor {
        sort: 0,
        id: last.topic_id.clone(),
    });
    Ok(Json(items(shown)))
}
