//! `GET /digests/schedules/{schedule_id}/instances`: what is gathered in a rhythm, and for whom.

use axum::Json;
use axum::extract::State;
use tidings_pipeline::Services;
use tidings_store::{DigestFilter, DigestInstance};
use tidings_types::digest::Digest;
use tidings_types::{Environment, Result};
use tidings_wire::digest::{Instance, InstanceCategory};
use tidings_wire::error::ErrorBody;
use tidings_wire::paging::LinkedList;

use crate::AppState;
use crate::auth::ApiCaller;
use crate::error::ApiResult;
use crate::paging::linked;
use crate::path::Path;
use crate::query::Query;

/// How many a page has unless asked otherwise, and at most.
const PAGE: (u32, u32) = (20, 100);

/// List what is gathered in a rhythm and what was, newest first. An unknown rhythm has nothing.
#[utoipa::path(
    get, path = "/digests/schedules/{schedule_id}/instances", tag = "preferences",
    params(
        ("schedule_id" = String, Path),
        ("limit" = Option<u32>, Query),
        ("cursor" = Option<String>, Query),
    ),
    responses((status = 200, body = LinkedList<Instance>), (status = 400, body = ErrorBody)),
)]
pub(super) async fn list_digest_instances(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path(schedule): Path<String>,
    query: Query,
) -> ApiResult<Json<LinkedList<Instance>>> {
    let (services, environment) = (state.services(), caller.environment);
    let path = format!("/digests/schedules/{schedule}/instances");
    let filter = DigestFilter {
        schedule_id: Some(schedule),
        ..DigestFilter::default()
    };
    let request = query.page(PAGE.0, PAGE.1)?;
    let found = services
        .store
        .digest_instances(environment, filter, request.clone())
        .await?;
    let digest = match found.items.first() {
        Some(first) => digest(services, environment, first).await?,
        None => None,
    };
    let page = found.map(|one| shown(one, digest.as_ref()));
    Ok(Json(linked(page, &path, &request)))
}

/// The digest whose rhythm it is: all of a rhythm's are of one topic.
async fn digest(services: &Services, environment: Environment, instance: &DigestInstance) -> Result<Option<Digest>> {
    let topic = services
        .documents()
        .topic(environment, instance.key.topic_id.as_str())
        .await?;
    Ok(topic.and_then(|topic| topic.digest))
}

fn shown(instance: DigestInstance, digest: Option<&Digest>) -> Instance {
    let disabled = digest.is_none_or(|digest| {
        let mut schedules = digest.schedules.iter();
        !schedules.any(|one| one.schedule_id == instance.key.schedule_id && !one.disabled)
    });
    let categories = digest.into_iter().flat_map(|digest| &digest.categories);
    Instance {
        digest_instance_id: instance.id,
        user_id: instance.key.user_id.into_string(),
        tenant_id: instance.key.tenant_id,
        status: if instance.released { "COMPLETED" } else { "IN_PROGRESS" }.to_owned(),
        event_count: instance.events,
        category_key_counts: instance.counts,
        categories: categories.map(InstanceCategory::from).collect(),
        created_at: instance.created.to_rfc3339(),
        disabled,
    }
}
