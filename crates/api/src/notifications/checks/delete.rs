//! `DELETE /notifications/{id}/{submission_id}/checks`: take a submission back.

use axum::extract::State;
use http::StatusCode;
use tidings_store::DocumentWrite;
use tidings_types::Error;
use tidings_wire::error::ErrorBody;
use tidings_wire::notification::CheckStatus;

use crate::auth::ApiCaller;
use crate::error::ApiResult;
use crate::notifications::submissions::{self, State as Stage};
use crate::path::Path;
use crate::{AppState, document};

/// Take a submission back. What was pending has failed, and the draft can be changed again.
#[utoipa::path(
    delete, path = "/notifications/{id}/{submission_id}/checks", tag = "notifications",
    params(("id" = String, Path), ("submission_id" = String, Path)),
    responses(
        (status = 204, description = "Taken back."),
        (status = 404, body = ErrorBody),
        (status = 409, description = "It is published already.", body = ErrorBody),
    ),
)]
pub(in crate::notifications) async fn delete_checks(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path((id, submission_id)): Path<(String, String)>,
) -> ApiResult<StatusCode> {
    let (services, environment) = (state.services(), caller.environment);
    let (found, mut stored) = submissions::find(services, environment, &id, &submission_id).await?;
    match stored.state {
        Stage::Canceled => return Ok(StatusCode::NO_CONTENT),
        Stage::Published => {
            let told = format!("Submission {submission_id} is published already");
            return Err(Error::conflict(told).into());
        }
        Stage::Waiting => stored.state = Stage::Canceled,
    }
    let now = services.clock.now();
    for check in &mut stored.checks {
        if check.status == CheckStatus::Pending {
            check.status = CheckStatus::Failed;
            check.updated = now;
        }
    }
    let change = DocumentWrite {
        names: Some(Vec::new()),
        ..document::change(services, &found, document::stored(&stored)?)
    };
    document::write(services, environment, change).await?;
    Ok(StatusCode::NO_CONTENT)
}
