//! `GET /preferences/sections`: the preference page's sections.

use std::collections::HashMap;

use axum::Json;
use axum::extract::State;
use tidings_store::DocumentKind;
use tidings_types::Result;
use tidings_wire::paging::Whole;
use tidings_wire::section::Section;
use tidings_wire::topic::Topic;

use super::stored::on_the_wire;
use crate::auth::ApiCaller;
use crate::error::ApiResult;
use crate::{AppState, document, topics};

/// List all sections with their topics, oldest first.
#[utoipa::path(
    get, path = "/preferences/sections", tag = "preferences",
    responses((status = 200, body = Whole<Section>)),
)]
pub(super) async fn list_sections(caller: ApiCaller, State(state): State<AppState>) -> ApiResult<Json<Whole<Section>>> {
    let services = state.services();
    let sections = document::all(services, caller.environment, DocumentKind::Section, None).await?;
    let mut topics: HashMap<String, Vec<Topic>> = HashMap::new();
    for topic in document::all(services, caller.environment, DocumentKind::Topic, None).await? {
        let section = topic.parent.clone().unwrap_or_default();
        topics.entry(section).or_default().push(topics::on_the_wire(topic)?);
    }
    let results = sections
        .into_iter()
        .map(|section| {
            let topics = topics.remove(&section.id).unwrap_or_default();
            on_the_wire(section, topics)
        })
        .collect::<Result<_>>()?;
    Ok(Json(Whole { results }))
}
