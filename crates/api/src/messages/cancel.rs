//! `POST /messages/{message_id}/cancel`: call a message off.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use http::{HeaderValue, StatusCode};
use serde::Serialize;
use tidings_pipeline::requests::{self, Canceled};
use tidings_store::{CancelResult, MessageFilter, MessageRow, PageRequest};
use tidings_types::{Environment, Error, MessageId, Object, RequestId, Result, Status};
use tidings_wire::error::ErrorBody;
use tidings_wire::message::MessageDetails;
use utoipa::ToSchema;

use super::not_found;
use crate::AppState;
use crate::auth::ApiCaller;
use crate::error::{ApiResult, X_SHOULD_RETRY};
use crate::path::Path;
use tidings_pipeline::webhooks::{details, summary};

/// How many messages one request can have.
const MAX_MESSAGES: u32 = 500;

/// How often a message that is being looked at is asked for, and how long between.
const LOOKS: u32 = 10;
const BETWEEN_LOOKS: Duration = Duration::from_millis(50);

/// The answer when it is too late: what is so, and that it cannot be changed.
#[derive(Serialize, ToSchema)]
pub(super) struct TooLate {
    #[serde(flatten)]
    error: ErrorBody,
    #[serde(flatten)]
    message: MessageDetails,
}

/// Call a message off, if it has not been handed to a provider.
///
/// The id of a request with several recipients calls off all of its messages that still wait.
#[utoipa::path(
    post, path = "/messages/{message_id}/cancel", tag = "messages",
    params(("message_id" = String, Path)),
    responses(
        (status = 200, description = "Called off.", body = MessageDetails),
        (status = 404, body = ErrorBody),
        (status = 409, description = "Too late: the message as it stands.", body = TooLate),
    ),
)]
pub(super) async fn cancel(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path(id): Path<MessageId>,
) -> ApiResult<Response> {
    let environment = caller.environment;
    match call_off(&state, environment, &id).await? {
        CancelResult::Canceled(row) => Ok(Json(details(row)?).into_response()),
        CancelResult::TooLate(row) => Ok(too_late(details(row)?)),
        CancelResult::NotFound => {
            if let Some(answer) = call_off_crowds(&state, environment, &id).await? {
                return Ok(answer);
            }
            let children = children(&state, environment, &id).await?;
            Ok(cancel_all(&state, environment, &id, children).await?)
        }
    }
}

/// Calls one message off. One that is just being looked at, as every message is right after acceptance, is waited for:
/// it may come to wait itself, and then can be called off.
async fn call_off(state: &AppState, environment: Environment, id: &MessageId) -> Result<CancelResult> {
    let services = state.services();
    for _ in 0..LOOKS {
        match services.store.cancel(environment, id, services.clock.now()).await? {
            CancelResult::TooLate(row) if !row.status.is_final() => tokio::time::sleep(BETWEEN_LOOKS).await,
            settled => return Ok(settled),
        }
    }
    services.store.cancel(environment, id, services.clock.now()).await
}

/// Calls off a request that is sent to lists, audiences or tenants, if it is one; however many messages it has.
async fn call_off_crowds(state: &AppState, environment: Environment, id: &MessageId) -> Result<Option<Response>> {
    let services = state.services();
    let request = RequestId::from(id.as_str());
    let found = services.store.request(environment, &request).await?;
    let Some(found) = found.filter(|found| found.crowds.is_some()) else {
        return Ok(None);
    };
    let canceled = requests::cancel(services, environment, &request).await? == Canceled::Done;
    let status = if canceled {
        Status::Canceled
    } else {
        // Where most of its messages ended.
        let counts = services.store.count_messages(environment, &request).await?;
        let most = counts.into_iter().max_by_key(|(_, count)| *count);
        most.map_or(Status::Undeliverable, |(status, _)| status)
    };
    let answer = serde_json::json!({
        "id": id.as_str(), "status": status, "enqueued": found.accepted_at, "event": "", "notification": "",
        "recipient": "", "providers": [],
    });
    if canceled {
        let mut answer: Object = serde_json::from_value(answer).map_err(Error::internal)?;
        let at = found.canceled_at.unwrap_or(services.clock.now());
        answer.insert("canceledAt".to_owned(), serde_json::json!(at));
        return Ok(Some(Json(answer).into_response()));
    }
    let ended = serde_json::from_value(answer).map_err(Error::internal)?;
    Ok(Some(too_late(ended)))
}

/// The messages of a request with several recipients.
async fn children(state: &AppState, environment: Environment, id: &MessageId) -> Result<Vec<MessageRow>> {
    let filter = MessageFilter {
        trace_id: Some(id.to_string()),
        ..MessageFilter::default()
    };
    let page = PageRequest {
        after: None,
        limit: MAX_MESSAGES,
    };
    let mut rows = state.services().store.messages(environment, filter, page).await?.items;
    // Another request's correlation string may look like this id.
    rows.retain(|row| row.request_id.as_str() == id.as_str());
    Ok(rows)
}

/// Calls off what still waits. The answer speaks of the request: its id, and no single recipient.
async fn cancel_all(
    state: &AppState,
    environment: Environment,
    id: &MessageId,
    children: Vec<MessageRow>,
) -> Result<Response> {
    let mut canceled = None;
    let mut late = None;
    for child in children {
        match call_off(state, environment, &child.id).await? {
            CancelResult::Canceled(row) => canceled = Some(row),
            CancelResult::TooLate(row) => late = Some(row),
            CancelResult::NotFound => {}
        }
    }
    let of_request = |row| MessageDetails {
        id: id.to_string(),
        recipient: String::new(),
        recipient_id: None,
        providers: Some(Vec::new()),
        ..summary(row)
    };
    match (canceled, late) {
        (Some(row), _) => Ok(Json(of_request(row)).into_response()),
        (None, Some(row)) => Ok(too_late(of_request(row))),
        (None, None) => Err(not_found()),
    }
}

fn too_late(message: MessageDetails) -> Response {
    let told = match message.status {
        Status::Canceled => "The message was canceled before".to_owned(),
        status => format!("The message can no longer be canceled: it is {status}"),
    };
    let error = ErrorBody {
        kind: "invalid_request_error".to_owned(),
        message: told,
    };
    let mut response = (StatusCode::CONFLICT, Json(TooLate { error, message })).into_response();
    response
        .headers_mut()
        .insert(X_SHOULD_RETRY, HeaderValue::from_static("false"));
    response
}
