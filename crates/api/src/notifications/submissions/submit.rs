//! `POST /notifications/{id}/submissions`: ask for approval of a draft.

use axum::Json;
use axum::extract::State as Reached;
use http::StatusCode;
use tidings_store::{DocumentKind, NewDocument};
use tidings_wire::error::ErrorBody;
use tidings_wire::notification::{ChecksPut, Submission};

use super::{State, Stored, checked, document_id, fingerprint, must_not_wait};
use crate::auth::ApiCaller;
use crate::body::JsonBody;
use crate::error::ApiResult;
use crate::path::Path;
use crate::{AppState, document};

/// Ask for approval of a template's draft. Until its checks are passed or it is taken back, the template cannot be
/// changed or published.
#[utoipa::path(
    post, path = "/notifications/{id}/submissions", tag = "notifications",
    params(("id" = String, Path)),
    request_body(
        content = Option<ChecksPut>,
        example = json!({"checks": [{"id": "legal", "status": "PENDING", "type": "custom"}]}),
    ),
    responses(
        (status = 201, body = Submission),
        (status = 400, body = ErrorBody),
        (status = 404, body = ErrorBody),
        (status = 409, description = "It waits already.", body = ErrorBody),
    ),
)]
pub(in crate::notifications) async fn submit_notification(
    caller: ApiCaller,
    Reached(state): Reached<AppState>,
    Path(id): Path<String>,
    JsonBody(request): JsonBody<ChecksPut>,
) -> ApiResult<(StatusCode, Json<Submission>)> {
    let (services, environment) = (state.services(), caller.environment);
    let now = services.clock.now();
    let checks = checked(request.checks, now)?;
    let found = document::find(services, environment, DocumentKind::Notification, &id).await?;
    must_not_wait(services, environment, &id).await?;
    let submission_id = now.as_millis().to_string();
    let stored = Stored {
        checks: checks.clone(),
        state: State::Waiting,
        draft: fingerprint(&found.body),
    };
    let document_id = document_id(&id, &submission_id);
    let body = document::stored(&stored)?;
    let new = NewDocument {
        parent: Some(id.clone()),
        names: vec![id.clone()],
        ..document::new(services, DocumentKind::Submission, document_id, body)
    };
    document::create(services, environment, new).await?;
    let answer = Submission {
        id,
        submission_id,
        checks,
    };
    Ok((StatusCode::CREATED, Json(answer)))
}
