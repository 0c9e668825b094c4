//! `GET /providers/catalog`: what can be configured.

use axum::Json;
use axum::extract::State;
use tidings_providers::{CatalogFilter, Setting, SettingKind, Spec};
use tidings_store::Page;
use tidings_types::Channel;
use tidings_wire::error::ErrorBody;
use tidings_wire::paging::Results;
use tidings_wire::provider::{CatalogEntry, CatalogSetting};

use crate::AppState;
use crate::auth::ApiCaller;
use crate::error::ApiResult;
use crate::paging::results;
use crate::query::{DEFAULT_PAGE, Query};

/// List the providers there are, and the settings each takes.
#[utoipa::path(
    get, path = "/providers/catalog", tag = "providers",
    params(
        ("keys" = Option<Vec<String>>, Query, description = "Only these."),
        ("name" = Option<String>, Query, description = "Only those with this in their name."),
        ("channel" = Option<String>, Query, description = "Only those of this channel."),
        ("cursor" = Option<String>, Query),
    ),
    responses((status = 200, body = Results<CatalogEntry>), (status = 400, body = ErrorBody)),
)]
pub(super) async fn list_catalog(
    _caller: ApiCaller,
    State(state): State<AppState>,
    query: Query,
) -> ApiResult<Json<Results<CatalogEntry>>> {
    // The catalog fits one page; a cursor is read only to be refused when it is none.
    query.page(DEFAULT_PAGE, DEFAULT_PAGE)?;
    let keys = query.list("keys");
    let channel = query.text("channel").map(Channel::parse);
    let filter = CatalogFilter {
        keys: Some(keys.iter().map(String::as_str).collect::<Vec<_>>()).filter(|keys| !keys.is_empty()),
        name: query.text("name"),
        channel: channel.flatten(),
    };
    let found = match channel {
        Some(None) => Vec::new(),
        _ => state.services().registry.catalog(&filter),
    };
    let items = found.into_iter().map(entry).collect();
    Ok(Json(results(Page { items, next: None })))
}

fn entry(spec: &Spec) -> CatalogEntry {
    CatalogEntry {
        provider: spec.key.to_owned(),
        name: spec.name.to_owned(),
        description: spec.description.to_owned(),
        channel: spec.channel.as_str().to_owned(),
        settings: spec
            .settings
            .iter()
            .map(|one| (one.name.to_owned(), setting(one)))
            .collect(),
    }
}

fn setting(setting: &Setting) -> CatalogSetting {
    let values = match setting.kind {
        SettingKind::Enum(values) => Some(values.iter().map(|&value| value.to_owned()).collect()),
        _ => None,
    };
    CatalogSetting {
        kind: setting.kind.as_str().to_owned(),
        required: setting.required,
        values,
        description: setting.doc.to_owned(),
        secret: setting.secret,
    }
}
