//! `POST /requests/{request_id}/cancel`: call a request off.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use http::{HeaderValue, StatusCode};
use serde::Serialize;
use tidings_pipeline::requests::{self, Canceled};
use tidings_types::{Error, RequestId};
use tidings_wire::error::ErrorBody;
use tidings_wire::request::RequestDetails;
use utoipa::ToSchema;

use super::get::details;
use crate::AppState;
use crate::auth::ApiCaller;
use crate::error::{ApiResult, X_SHOULD_RETRY};
use crate::path::Path;

/// The answer when there is nothing left to call off: what is so, and that it cannot be changed.
#[derive(Serialize, ToSchema)]
#[schema(as = RequestTooLate)]
pub(super) struct TooLate {
    #[serde(flatten)]
    error: ErrorBody,
    #[serde(flatten)]
    request: RequestDetails,
}

/// Call a request off: nothing more is expanded, and nothing is handed over that has not been.
///
/// The messages get their status in the background; calling off twice is no mistake.
#[utoipa::path(
    post, path = "/requests/{request_id}/cancel", tag = "messages",
    params(("request_id" = String, Path)),
    responses(
        (status = 200, description = "As it stands.", body = RequestDetails),
        (status = 404, body = ErrorBody),
        (status = 409, description = "Too late, all of it has ended: the request as it stands.", body = TooLate),
    ),
)]
pub(super) async fn cancel_request(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path(id): Path<RequestId>,
) -> ApiResult<Response> {
    let (services, environment) = (state.services(), caller.environment);
    match requests::cancel(services, environment, &id).await? {
        Canceled::Done => Ok(Json(details(&state, environment, &id).await?).into_response()),
        Canceled::NotFound => Err(Error::not_found("Request not found").into()),
        Canceled::TooLate => Ok(too_late(details(&state, environment, &id).await?)),
    }
}

fn too_late(request: RequestDetails) -> Response {
    let error = ErrorBody {
        kind: "invalid_request_error".to_owned(),
        message: "The request can no longer be canceled: all of it has ended".to_owned(),
    };
    let mut response = (StatusCode::CONFLICT, Json(TooLate { error, request })).into_response();
    response
        .headers_mut()
        .insert(X_SHOULD_RETRY, HeaderValue::from_static("false"));
    response
}
