//! Templates as single tenants have them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use tidings_types::Object;
use tidings_types::Routing;
use tidings_types::message::{ChannelOptions, ProviderOptions};
use utoipa::ToSchema;

/// What `PUT /tenants/{tenant_id}/templates/{template_id}` takes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TenantTemplatePut {
    /// The template.
    pub template: TenantTemplateWrite,
    /// Whether it is in force at once.
    #[serde(default)]
    pub published: Option<bool>,
}

/// A tenant's own version of a template, as it is written.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TenantTemplateWrite {
    /// What it says: `{version, elements}`, or `{title, body}`.
    #[schema(value_type = Object)]
    pub content: Object,
    /// How it is routed, in place of the workspace's strategy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub routing: Option<Routing>,
    /// Settings per channel, over those of the strategy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub channels: Option<BTreeMap<String, ChannelOptions>>,
    /// Settings per provider, over those of the strategy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub providers: Option<BTreeMap<String, ProviderOptions>>,
}

/// What writing a tenant's template answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TenantTemplateSaved {
    /// The template.
    pub id: String,
    /// The version that was saved.
    #[schema(examples("v2"))]
    pub version: String,
    /// When it was published, if it was with this call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published_at: Option<String>,
}

/// A tenant's own version of a template.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TenantTemplate {
    /// The template.
    pub id: String,
    /// The version that is shown.
    #[schema(examples("v2"))]
    pub version: String,
    /// When the tenant first got its own.
    pub created_at: String,
    /// When this version was saved.
    pub updated_at: String,
    /// When what is in force was published; null when nothing is.
    pub published_at: Option<String>,
    /// Routing, and unless it is a listing what it says.
    #[schema(value_type = Object)]
    pub data: Object,
}

/// What `POST /tenants/{tenant_id}/templates/{template_id}/publish` takes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TenantTemplatePublish {
    /// Which version; `latest` when absent.
    #[serde(default)]
    #[schema(examples("v1"))]
    pub version: Option<String>,
}
