//! `GET /notifications/{id}/versions`: a template's history.

use axum::Json;
use axum::extract::State;
use tidings_pipeline::library::version_label;
use tidings_store::{Document, DocumentKind, DocumentVersion};
use tidings_wire::error::ErrorBody;
use tidings_wire::notification::{Version, Versions};

use crate::auth::ApiCaller;
use crate::error::ApiResult;
use crate::paging::paging;
use crate::path::Path;
use crate::query::Query;
use crate::{AppState, document};

const PAGE: u32 = 10;

/// List a template's versions: the draft, then what was ever published, newest first.
#[utoipa::path(
    get, path = "/notifications/{id}/versions", tag = "notifications",
    params(("id" = String, Path), ("cursor" = Option<String>, Query), ("limit" = Option<u32>, Query)),
    responses((status = 200, body = Versions), (status = 400, body = ErrorBody), (status = 404, body = ErrorBody)),
)]
pub(super) async fn list_versions(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path(id): Path<String>,
    query: Query,
) -> ApiResult<Json<Versions>> {
    let (store, kind) = (&state.services().store, DocumentKind::Notification);
    let page = query.page(PAGE, PAGE)?;
    let first = page.after.is_none();
    let found = store.document(caller.environment, kind, &id).await?;
    let published = store.versions(caller.environment, kind, &id, page).await?;
    if found.is_none() && published.items.is_empty() {
        return Err(document::not_found(kind, &id).into());
    }
    let in_force = found.as_ref().and_then(|document| document.published_version);
    let paging = paging(&published);
    let mut versions: Vec<Version> = found.filter(|_| first).map(draft).into_iter().collect();
    versions.extend(published.items.into_iter().map(|version| shown(version, in_force)));
    Ok(Json(Versions { versions, paging }))
}

fn draft(document: Document) -> Version {
    Version {
        version: "draft".to_owned(),
        created: document.updated.unwrap_or(document.created),
        creator: document.updater.unwrap_or(document.creator),
        has_changes: Some(document.has_changes),
    }
}

fn shown(version: DocumentVersion, in_force: Option<u32>) -> Version {
    let label = version_label(version.number);
    Version {
        version: if in_force == Some(version.number) {
            format!("published:{label}")
        } else {
            label
        },
        created: version.created,
        creator: version.creator,
        has_changes: None,
    }
}
