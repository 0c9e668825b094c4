//! `PUT /tenants/{tenant_id}/templates/{template_id}`: give a tenant its own version of a template.

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use tidings_pipeline::library::tenant_document_id;
use tidings_pipeline::tenant_templates::{latest, must_have_tenant};
use tidings_store::{DocumentKind, DocumentWrite, NewDocument, WriteMode};
use tidings_types::Timestamp;
use tidings_wire::error::ErrorBody;
use tidings_wire::tenant_template::{TenantTemplatePut, TenantTemplateSaved};

use super::stored::checked;
use crate::auth::ApiCaller;
use crate::body::JsonBody;
use crate::error::ApiResult;
use crate::path::Path;
use crate::{AppState, document};

/// Give a tenant its own version of a template. Each call saves a new version; it is in force once it is published.
///
/// Messages for the tenant, or one beneath it, then say this in place of the workspace's template of the same id. When
/// it is made, every element stands inside a channel element; `{title, body}` does as well.
#[utoipa::path(
    put, path = "/tenants/{tenant_id}/templates/{template_id}", tag = "tenants",
    params(("tenant_id" = String, Path), ("template_id" = String, Path)),
    request_body(
        content = TenantTemplatePut,
        example = json!({"template": {"content": {"title": "Welcome to Acme", "body": "Hello {{name}}"}}, "published": true}),
    ),
    responses(
        (status = 200, description = "A new version.", body = TenantTemplateSaved),
        (status = 201, description = "The first version.", body = TenantTemplateSaved),
        (status = 400, body = ErrorBody),
        (status = 404, description = "There is no such tenant.", body = ErrorBody),
        (status = 413, description = "It is larger than 256 KB.", body = ErrorBody),
    ),
)]
pub(super) async fn put_tenant_template(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path((tenant, id)): Path<(String, String)>,
    JsonBody(request): JsonBody<TenantTemplatePut>,
) -> ApiResult<(StatusCode, Json<TenantTemplateSaved>)> {
    let (services, environment) = (state.services(), caller.environment);
    let kind = DocumentKind::TenantTemplate;
    must_have_tenant(services, environment, &tenant).await?;
    let document_id = tenant_document_id(&tenant, &id);
    let found = services.store.document(environment, kind, &document_id).await?;
    let body = checked(services, &id, request.template, found.is_none())?;
    let published = request.published == Some(true);
    let mode = if published {
        WriteMode::SaveAndPublish
    } else {
        WriteMode::Save
    };
    let (status, saved) = if let Some(found) = found {
        let change = document::change(services, &found, body);
        let saved = document::write(services, environment, DocumentWrite { mode, ..change }).await?;
        (StatusCode::OK, saved)
    } else {
        let new = NewDocument {
            parent: Some(tenant),
            mode,
            ..document::new(services, kind, document_id, body)
        };
        (StatusCode::CREATED, document::create(services, environment, new).await?)
    };
    let answer = TenantTemplateSaved {
        id,
        version: format!("v{}", latest(services, environment, &saved).await?),
        published_at: saved.published_at.filter(|_| published).map(Timestamp::to_rfc3339),
    };
    Ok((status, Json(answer)))
}
