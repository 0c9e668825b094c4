//! `POST /notifications/{id}/duplicate`: a new template that says the same.

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use tidings_store::{DocumentKind, NewDocument, WriteMode};
use tidings_types::id::new_prefixed_id;
use tidings_wire::error::ErrorBody;
use tidings_wire::notification::{Notification, NotificationState};

use super::shown::Shown;
use super::stored::StoredNotification;
use crate::auth::ApiCaller;
use crate::error::ApiResult;
use crate::path::Path;
use crate::{AppState, document};

/// Make a new template of another's draft, as a draft. Alias and events stay where they are.
#[utoipa::path(
    post, path = "/notifications/{id}/duplicate", tag = "notifications",
    params(("id" = String, Path)),
    responses((status = 201, body = Notification), (status = 404, body = ErrorBody)),
)]
pub(super) async fn duplicate_notification(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path(id): Path<String>,
) -> ApiResult<(StatusCode, Json<Notification>)> {
    let (services, environment) = (state.services(), caller.environment);
    let found = document::find(services, environment, DocumentKind::Notification, &id).await?;
    let mut stored: StoredNotification = document::read(found.body)?;
    stored.name = format!("{} (copy)", stored.name);
    let id = new_prefixed_id("nt_", services.clock.now(), services.random.as_ref());
    let new = NewDocument {
        mode: WriteMode::Draft,
        ..document::new(services, DocumentKind::Notification, id, document::stored(&stored)?)
    };
    let created = document::create(services, environment, new).await?;
    let shown = Shown::latest(created, NotificationState::Draft)?;
    Ok((StatusCode::CREATED, Json(shown.on_the_wire()?)))
}
