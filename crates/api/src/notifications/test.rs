//! `POST /notifications/{id}/test`: try a template out on a few people.

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use serde_json::{Value, json};
use tidings_pipeline::{Caller, accept};
use tidings_types::{Error, KeyScope, Result};
use tidings_wire::error::ErrorBody;
use tidings_wire::notification::TestRequest;
use tidings_wire::send::SendResponse;

use super::shown::Shown;
use super::version::{Which, label};
use crate::AppState;
use crate::auth::ApiCaller;
use crate::body::JsonBody;
use crate::error::ApiResult;
use crate::path::Path;

/// The most people one test goes to.
const MAX_PEOPLE: usize = 10;

/// Send any version of a template to a few people, to see it where it will be read.
///
/// It goes the way of every message, preferences included, and bears the tag `test` in the log. At most 10 people at
/// once, and 60 calls a minute.
#[utoipa::path(
    post, path = "/notifications/{id}/test", tag = "notifications",
    params(("id" = String, Path)),
    request_body(
        content = TestRequest,
        example = json!({"to": {"email": "ada@example.com"}, "version": "draft", "data": {"name": "Ada"}}),
    ),
    responses(
        (status = 202, body = SendResponse),
        (status = 400, body = ErrorBody),
        (status = 404, body = ErrorBody),
        (status = 429, description = "Too many tests in a minute.", body = ErrorBody),
    ),
)]
pub(super) async fn test_notification(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path(id): Path<String>,
    JsonBody(request): JsonBody<TestRequest>,
) -> ApiResult<(StatusCode, Json<SendResponse>)> {
    let services = state.services();
    let which = Which::parse(request.version.as_deref())?;
    Shown::find(services, caller.environment, &id, which).await?;
    if !state.tests().admit(caller.environment, services.clock.now()) {
        return Err(Error::too_many("Too many test sends. Try again in a minute").into());
    }
    let scope = match which {
        Which::Draft => KeyScope::Draft,
        Which::Published | Which::Number(_) => caller.scope,
    };
    let version = label(which).filter(|_| which != Which::Draft);
    let message = message(&id, request)?;
    let accepted = accept::test(services, &Caller { scope, ..*caller }, message, version).await?;
    let request_id = accepted.request_id.into_string();
    Ok((StatusCode::ACCEPTED, Json(SendResponse { request_id })))
}

/// The test as the `message` of a send.
fn message(id: &str, request: TestRequest) -> Result<Value> {
    let mut to = request.to;
    if let Value::Array(people) = &to
        && people.len() > MAX_PEOPLE
    {
        let told = format!("to has {} recipients. Max is {MAX_PEOPLE}", people.len());
        return Err(Error::invalid(told));
    }
    if let Some(locale) = request.locale {
        let people = match &mut to {
            Value::Array(people) => people.as_mut_slice(),
            one => std::slice::from_mut(one),
        };
        for person in people.iter_mut().filter_map(Value::as_object_mut) {
            person.insert("locale".to_owned(), json!(locale));
        }
    }
    let mut message = json!({
        "to": to, "template": id, "data": request.data, "brand_id": request.brand_id,
        "context": { "tenant_id": request.tenant_id },
    });
    if let (Some(message), Some(channels)) = (message.as_object_mut(), request.channels) {
        message.insert("routing".to_owned(), json!({ "method": "all", "channels": channels }));
    }
    Ok(message)
}
