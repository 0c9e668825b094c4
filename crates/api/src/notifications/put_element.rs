//! `PUT /notifications/{id}/elements/{element_id}`: replace one element.

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};
use tidings_types::{Error, Object};
use tidings_wire::error::ErrorBody;
use tidings_wire::notification::{ElementPut, Mutation};

use super::change::{Then, change_elements};
use super::tree;
use crate::AppState;
use crate::auth::ApiCaller;
use crate::body::JsonBody;
use crate::error::ApiResult;
use crate::path::Path;

/// Replace one element of a template's draft, or publish the draft with it at once.
///
/// The whole element is replaced but its id: what is left out is gone, its texts in other languages too.
#[utoipa::path(
    put, path = "/notifications/{id}/elements/{element_id}", tag = "notifications",
    params(("id" = String, Path), ("element_id" = String, Path)),
    request_body(
        content = ElementPut,
        example = json!({"type": "text", "data": {"content": "Hello {{name}}"}, "state": "DRAFT"}),
    ),
    responses(
        (status = 200, body = Mutation),
        (status = 400, body = ErrorBody),
        (status = 404, description = "There is no such template, or no such element in it.", body = ErrorBody),
    ),
)]
pub(super) async fn put_element(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path((id, element_id)): Path<(String, String)>,
    JsonBody(request): JsonBody<ElementPut>,
) -> ApiResult<Json<Mutation>> {
    let then = Then::of(request.state.as_deref())?;
    let edit = |elements: &mut Vec<Value>| {
        let place = tree::find_mut(elements, &element_id)
            .ok_or_else(|| Error::not_found(format!("Element {element_id} not found in template {id}")))?;
        *place = element(request, &element_id);
        Ok(())
    };
    Ok(Json(
        change_elements(state.services(), caller.environment, &id, then, edit).await?,
    ))
}

/// The element as it is stored.
fn element(request: ElementPut, id: &str) -> Object {
    let mut element = request.data;
    let rest = [
        ("id", Some(json!(id))),
        ("type", Some(json!(request.kind))),
        ("channels", request.channels.map(Value::from)),
        ("if", request.condition),
        ("loop", request.repeat.map(Value::from)),
        ("ref", request.reference.map(Value::from)),
    ];
    for (name, value) in rest {
        if let Some(value) = value {
            element.insert(name.to_owned(), value);
        }
    }
    element
}
