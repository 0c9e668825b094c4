//! Tenants: organisations and workspaces of the calling application, and the people in them.

use serde::{Deserialize, Serialize};
use tidings_types::{Channel, Object, PreferenceStatus};
use utoipa::ToSchema;

/// What `PUT /tenants/{tenant_id}` takes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TenantWrite {
    /// Its name.
    #[schema(examples("Acme Inc."))]
    pub name: String,
    /// The tenant it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent_tenant_id: Option<String>,
    /// The brand its messages are rendered with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub brand_id: Option<String>,
    /// What holds for its people who said nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default_preferences: Option<TenantPreferences>,
    /// Values that content reads as `{{tenant.name}}`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub properties: Option<Object>,
    /// Profile values for all its people, beneath their own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub user_profile: Option<Object>,
}

/// A tenant.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Tenant {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The tenant it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent_tenant_id: Option<String>,
    /// The brand its messages are rendered with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub brand_id: Option<String>,
    /// What holds for its people who said nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default_preferences: Option<TenantPreferences>,
    /// Values that content reads.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub properties: Option<Object>,
    /// Profile values for all its people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub user_profile: Option<Object>,
}

/// What holds for a tenant's people who said nothing.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TenantPreferences {
    /// One entry per topic.
    #[serde(default, deserialize_with = "crate::optional::null_default")]
    pub items: Vec<TenantPreference>,
}

/// What holds for one topic.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TenantPreference {
    /// The topic.
    pub id: String,
    /// Whether messages reach people.
    #[schema(value_type = String, examples("OPTED_OUT"))]
    pub status: PreferenceStatus,
    /// Whether `custom_routing` holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub has_custom_routing: Option<bool>,
    /// The channels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<String>>)]
    pub custom_routing: Option<Vec<Channel>>,
    /// Always `subscription_topic`.
    #[serde(default, rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
}

/// What `PUT /tenants/{tenant_id}/default_preferences/items/{topic_id}` takes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TenantPreferenceWrite {
    /// Whether messages reach people.
    #[schema(value_type = String, examples("OPTED_OUT"))]
    pub status: PreferenceStatus,
    /// Whether `custom_routing` holds.
    #[serde(default)]
    pub has_custom_routing: Option<bool>,
    /// The channels.
    #[serde(default)]
    #[schema(value_type = Option<Vec<String>>)]
    pub custom_routing: Option<Vec<Channel>>,
}

/// A person in a tenant.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Membership {
    /// The person.
    pub user_id: String,
    /// The tenant.
    pub tenant_id: String,
    /// Always `user`.
    #[serde(rename = "type")]
    #[schema(examples("user"))]
    pub kind: String,
    /// The person's profile within the tenant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub profile: Option<Object>,
}

/// What `PUT /users/{user_id}/tenants` takes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct MembershipsWrite {
    /// The tenants the person is added to.
    pub tenants: Vec<NewMembership>,
}

/// A tenant a person is added to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct NewMembership {
    /// The tenant.
    pub tenant_id: String,
    /// The person's profile within the tenant; absent leaves what is there.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    pub profile: Option<Object>,
}

/// What `PUT /users/{user_id}/tenants/{tenant_id}` takes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct MembershipWrite {
    /// The person's profile within the tenant; absent leaves what is there.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    pub profile: Option<Object>,
}
