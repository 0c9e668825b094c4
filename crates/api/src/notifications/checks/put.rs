//! `PUT /notifications/{id}/{submission_id}/checks`: say how the checks stand.

use axum::Json;
use axum::extract::State;
use tidings_pipeline::Services;
use tidings_store::{DocumentKind, DocumentWrite, WriteMode};
use tidings_types::{Environment, Error, Result};
use tidings_wire::error::ErrorBody;
use tidings_wire::notification::{CheckStatus, Checks, ChecksPut};

use crate::auth::ApiCaller;
use crate::body::JsonBody;
use crate::error::ApiResult;
use crate::notifications::submissions::{self, State as Stage};
use crate::path::Path;
use crate::{AppState, document};

/// Replace the checks of a submission. Once there are checks and all are resolved, what was submitted is published.
#[utoipa::path(
    put, path = "/notifications/{id}/{submission_id}/checks", tag = "notifications",
    params(("id" = String, Path), ("submission_id" = String, Path)),
    request_body(
        content = ChecksPut,
        example = json!({"checks": [{"id": "legal", "status": "RESOLVED", "type": "custom"}]}),
    ),
    responses(
        (status = 200, body = Checks),
        (status = 400, body = ErrorBody),
        (status = 404, body = ErrorBody),
        (status = 409, description = "It was taken back, or is published already.", body = ErrorBody),
    ),
)]
pub(in crate::notifications) async fn put_checks(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path((id, submission_id)): Path<(String, String)>,
    JsonBody(request): JsonBody<ChecksPut>,
) -> ApiResult<Json<Checks>> {
    let (services, environment) = (state.services(), caller.environment);
    let (found, mut stored) = submissions::find(services, environment, &id, &submission_id).await?;
    stored.checks = submissions::checked(request.checks, services.clock.now())?;
    let passed = !stored.checks.is_empty() && stored.checks.iter().all(|one| one.status == CheckStatus::Resolved);
    if stored.state != Stage::Waiting {
        let told = format!("Submission {submission_id} does not wait any more");
        return Err(Error::conflict(told).into());
    }
    if passed {
        // First, so that a call that fails between the two can be made again: publishing twice is publishing once.
        publish(services, environment, &id, &stored.draft).await?;
        stored.state = Stage::Published;
    }
    let change = DocumentWrite {
        names: passed.then(Vec::new),
        ..document::change(services, &found, document::stored(&stored)?)
    };
    document::write(services, environment, change).await?;
    Ok(Json(Checks { checks: stored.checks }))
}

/// Publishes the draft that was submitted, and no other.
async fn publish(services: &Services, environment: Environment, id: &str, draft: &str) -> Result<()> {
    let found = document::find(services, environment, DocumentKind::Notification, id).await?;
    if submissions::fingerprint(&found.body) != draft {
        return Err(Error::conflict(format!(
            "The draft of template {id} is not the one that was submitted"
        )));
    }
    if !found.has_changes {
        return Ok(());
    }
    let change = DocumentWrite {
        mode: WriteMode::Publish,
        ..document::change(services, &found, found.body.clone())
    };
    document::write(services, environment, change).await.map(drop)
}
