//! `GET /preferences`: all topics, as the older clients list them.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use tidings_pipeline::preferences::{PageTopic, page};
use tidings_types::{Channel, PreferenceStatus};
use tidings_wire::paging::{Items, Paging};
use utoipa::ToSchema;

use crate::AppState;
use crate::auth::ApiCaller;
use crate::error::ApiResult;

/// A topic, as the older clients list it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct OlderTopic {
    /// Its id.
    template_id: String,
    /// Its name.
    template_name: String,
    /// What holds for people who said nothing.
    #[schema(value_type = String)]
    default_status: PreferenceStatus,
    /// The section it stands in.
    section_id: String,
    /// Its name.
    section_name: String,
    /// The channels people may choose from.
    #[schema(value_type = Vec<String>)]
    routing_options: Vec<Channel>,
}

/// List all topics, in the older form.
#[utoipa::path(
    get, path = "/preferences", tag = "preferences",
    responses((status = 200, body = Items<OlderTopic>)),
)]
pub(super) async fn list_preference_topics(
    caller: ApiCaller,
    State(state): State<AppState>,
) -> ApiResult<Json<Items<OlderTopic>>> {
    let page = page(state.services(), caller.environment, true).await?;
    let mut items = Vec::new();
    for section in page.sections {
        let (section_id, section_name) = (section.id.clone(), section.name.clone());
        items.extend(section.topics.into_iter().map(
            |PageTopic {
                 topic, routing_options, ..
             }| OlderTopic {
                template_id: topic.id.into_string(),
                template_name: topic.name,
                default_status: topic.default_status,
                section_id: section_id.clone(),
                section_name: section_name.clone(),
                routing_options,
            },
        ));
    }
    let paging = Paging {
        more: false,
        cursor: None,
    };
    Ok(Json(Items { paging, items }))
}
