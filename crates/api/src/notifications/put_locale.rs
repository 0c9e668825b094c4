//! `PUT /notifications/{id}/locales/{locale_id}`: what a template says in one language.

use axum::Json;
use axum::extract::State;
use serde_json::Value;
use tidings_types::{Error, Object, Result};
use tidings_wire::error::ErrorBody;
use tidings_wire::notification::{BlockLocale, LocalePut, Mutation};

use super::blocks;
use super::change::{Then, change_elements};
use super::tree;
use crate::auth::ApiCaller;
use crate::body::JsonValue;
use crate::error::ApiResult;
use crate::path::Path;
use crate::{AppState, validation};

/// Write texts of one language into a template's draft, or publish the draft with them at once.
///
/// They are laid over what the language has: elements and fields that are not named stay. One unknown element, or one
/// field that cannot differ by language, and nothing is written. The older form `{blocks, channels}` is taken too; it
/// publishes, and is refused while the draft has other changes.
#[utoipa::path(
    put, path = "/notifications/{id}/locales/{locale_id}", tag = "notifications",
    params(("id" = String, Path), ("locale_id" = String, Path, description = "The language, such as `es-MX`.")),
    request_body(
        content = LocalePut,
        example = json!({"elements": [{"id": "elem_1", "content": "Hola {{name}}"}], "state": "DRAFT"}),
    ),
    responses((status = 200, body = Mutation), (status = 400, body = ErrorBody), (status = 404, body = ErrorBody)),
)]
pub(super) async fn put_locale(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path((id, locale)): Path<(String, String)>,
    JsonValue(body): JsonValue,
) -> ApiResult<Json<Mutation>> {
    tidings_types::locale::check("locale_id", &locale)?;
    let (services, environment) = (state.services(), caller.environment);
    let older = body.get("elements").is_none() && (body.get("blocks").is_some() || body.get("channels").is_some());
    let mutation = if older {
        let written: BlockLocale = validation::decode(&body)?;
        let edit = |elements: &mut Vec<Value>| blocks::one_locale(elements, &id, &locale, written);
        change_elements(services, environment, &id, Then::PublishAlone, edit).await?
    } else {
        let written: LocalePut = validation::decode(&body)?;
        let then = Then::of(written.state.as_deref())?;
        let edit = |elements: &mut Vec<Value>| translate(elements, &id, &locale, written.elements);
        change_elements(services, environment, &id, then, edit).await?
    };
    Ok(Json(mutation))
}

fn translate(elements: &mut [Value], template: &str, locale: &str, written: Vec<Object>) -> Result<()> {
    for (index, mut texts) in written.into_iter().enumerate() {
        let field = format!("elements.{index}");
        let id = match texts.remove("id") {
            Some(Value::String(id)) => id,
            None => return Err(Error::invalid(format!("{field}.id: Required"))),
            Some(other) => {
                let received = tidings_types::routing::kind_of(&other);
                return Err(Error::invalid(format!(
                    "{field}.id: Expected string, received {received}"
                )));
            }
        };
        let element = tree::find_mut(elements, &id)
            .ok_or_else(|| Error::invalid(format!("{field}.id: Element {id} not found in template {template}")))?;
        tree::translate(&field, element, locale, texts)?;
    }
    Ok(())
}
