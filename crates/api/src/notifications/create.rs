//! `POST /notifications`: a new template.

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use tidings_store::{DocumentKind, NewDocument};
use tidings_types::id::new_prefixed_id;
use tidings_wire::error::ErrorBody;
use tidings_wire::notification::{Notification, NotificationWrite};

use super::shown::Shown;
use super::written::{checked, mode, names};
use crate::auth::ApiCaller;
use crate::body::JsonBody;
use crate::error::ApiResult;
use crate::{AppState, document};

/// Make a template, as a draft or published at once. Every element stands inside a channel element.
#[utoipa::path(
    post, path = "/notifications", tag = "notifications",
    request_body = NotificationWrite,
    responses(
        (status = 201, body = Notification),
        (status = 400, body = ErrorBody),
        (status = 409, description = "The alias is another template's.", body = ErrorBody),
    ),
)]
pub(super) async fn create_notification(
    caller: ApiCaller,
    State(state): State<AppState>,
    JsonBody(mut request): JsonBody<NotificationWrite>,
) -> ApiResult<(StatusCode, Json<Notification>)> {
    let (services, environment) = (state.services(), caller.environment);
    let (mode, shown_as) = mode(request.state.as_deref())?;
    let names = names(services, environment, request.notification.alias.take()).await?;
    let stored = checked(services, environment, request.notification, true, None).await?;
    let id = new_prefixed_id("nt_", services.clock.now(), services.random.as_ref());
    let new = NewDocument {
        names: names.unwrap_or_default(),
        mode,
        ..document::new(services, DocumentKind::Notification, id, document::stored(&stored)?)
    };
    let created = document::create(services, environment, new).await?;
    Ok((
        StatusCode::CREATED,
        Json(Shown::latest(created, shown_as)?.on_the_wire()?),
    ))
}
