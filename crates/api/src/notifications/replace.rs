//! `PUT /notifications/{id}`: replace a template.

use axum::Json;
use axum::extract::State;
use tidings_store::{DocumentKind, DocumentWrite};
use tidings_wire::error::ErrorBody;
use tidings_wire::notification::{Notification, NotificationWrite};

use super::shown::Shown;
use super::stored::StoredNotification;
use super::submissions;
use super::written::{checked, mode, names};
use crate::auth::ApiCaller;
use crate::body::JsonBody;
use crate::error::ApiResult;
use crate::path::Path;
use crate::{AppState, document};

/// Replace a template's draft, or publish what is written at once.
///
/// What is left out is gone, except the alias and the mail headers, which stay.
#[utoipa::path(
    put, path = "/notifications/{id}", tag = "notifications",
    params(("id" = String, Path)),
    request_body = NotificationWrite,
    responses(
        (status = 200, body = Notification),
        (status = 400, body = ErrorBody),
        (status = 404, body = ErrorBody),
        (status = 409, description = "The alias is another template's.", body = ErrorBody),
    ),
)]
pub(super) async fn replace_notification(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path(id): Path<String>,
    JsonBody(mut request): JsonBody<NotificationWrite>,
) -> ApiResult<Json<Notification>> {
    let (services, environment) = (state.services(), caller.environment);
    let (mode, shown_as) = mode(request.state.as_deref())?;
    let found = document::find(services, environment, DocumentKind::Notification, &id).await?;
    let before: StoredNotification = document::read(found.body.clone())?;
    submissions::must_not_wait(services, environment, &id).await?;
    let names = names(services, environment, request.notification.alias.take()).await?;
    let stored = checked(services, environment, request.notification, false, before.email).await?;
    let change = DocumentWrite {
        names,
        mode,
        ..document::change(services, &found, document::stored(&stored)?)
    };
    let written = document::write(services, environment, change).await?;
    Ok(Json(Shown::latest(written, shown_as)?.on_the_wire()?))
}
