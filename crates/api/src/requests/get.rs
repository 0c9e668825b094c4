//! `GET /requests/{request_id}`: how far a request is.

use axum::Json;
use axum::extract::State;
use tidings_pipeline::expand;
use tidings_types::{Environment, Error, RequestId, Result, Timestamp};
use tidings_wire::error::ErrorBody;
use tidings_wire::request::{RequestDetails, RequestRecipient};

use super::counts::Phase;
use crate::AppState;
use crate::auth::ApiCaller;
use crate::error::ApiResult;
use crate::path::Path;

/// Read how far a request is: how many messages it has and where they stand, and what there is to say of the lists,
/// audiences and tenants it is sent to.
#[utoipa::path(
    get, path = "/requests/{request_id}", tag = "messages",
    params(("request_id" = String, Path)),
    responses((status = 200, body = RequestDetails), (status = 404, body = ErrorBody)),
)]
pub(super) async fn get_request(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path(id): Path<RequestId>,
) -> ApiResult<Json<RequestDetails>> {
    Ok(Json(details(&state, caller.environment, &id).await?))
}

/// A request as reads show it.
///
/// # Errors
/// `NotFound` when there is none.
pub(super) async fn details(state: &AppState, environment: Environment, id: &RequestId) -> Result<RequestDetails> {
    let services = state.services();
    let request = services.store.request(environment, id).await?;
    let request = request.ok_or_else(|| Error::not_found("Request not found"))?;
    let progress = services.store.request_progress(environment, id).await?;
    let phase = Phase {
        expanding: progress.expanding > 0,
        canceled: request.canceled_at.is_some(),
    };
    let counts = state.counts().of(services, environment, id, phase).await?;
    let notes_of = |entry: u32| {
        let own = progress.notes.iter().filter(move |note| note.entry == entry);
        own.map(|note| note.note.clone()).collect()
    };
    let recipients = expand::crowds(&request)?.into_iter().map(|crowd| RequestRecipient {
        notes: notes_of(crowd.entry),
        kind: crowd.kind,
        id: crowd.id,
    });
    let status = match (request.canceled_at, progress.expanding, progress.given_up) {
        (Some(_), ..) => "CANCELED",
        (None, 0, 0) => "EXPANDED",
        (None, 0, _) => "FAILED",
        (None, ..) => "EXPANDING",
    };
    Ok(RequestDetails {
        id: id.to_string(),
        status: status.to_owned(),
        enqueued: request.accepted_at.as_millis(),
        canceled_at: request.canceled_at.map(Timestamp::as_millis),
        messages: counts.iter().map(|(_, count)| count).sum(),
        counts: counts
            .iter()
            .map(|(status, count)| (status.to_string(), *count))
            .collect(),
        recipients: recipients.collect(),
    })
}
