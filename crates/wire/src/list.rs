//! Lists, and who is on them.

use serde::{Deserialize, Serialize};
use tidings_types::Object;
use utoipa::ToSchema;

use crate::optional::present;

/// What `PUT /lists/{list_id}` takes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ListWrite {
    /// Its name.
    #[schema(examples("Weekly news"))]
    pub name: String,
    /// What its people prefer who said nothing: `{notifications, categories}`; absent leaves what is there.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    pub preferences: Option<Object>,
}

/// A list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct List {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// When it was made, ISO 8601.
    pub created: String,
    /// When it was last changed, ISO 8601.
    pub updated: String,
    /// What the person prefers for it, or the list itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub preferences: Option<Object>,
}

/// What `PUT` and `POST /lists/{list_id}/subscriptions` take.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct SubscriptionsWrite {
    /// The people.
    pub recipients: Vec<Subscriber>,
}

/// Somebody to be put on a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Subscriber {
    /// The person.
    #[serde(rename = "recipientId")]
    pub recipient_id: String,
    /// What they prefer for this list: `{notifications, categories}`. Absent leaves what is there, null clears it.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub preferences: Option<Option<Object>>,
}

/// What `PUT /lists/{list_id}/subscriptions/{user_id}` takes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct SubscriptionWrite {
    /// What they prefer for this list: `{notifications, categories}`. Absent leaves what is there, null clears it.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub preferences: Option<Option<Object>>,
}

/// Somebody on a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Subscription {
    /// The person.
    #[serde(rename = "recipientId")]
    pub recipient_id: String,
    /// Since when, ISO 8601.
    pub created: String,
    /// What they prefer for this list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub preferences: Option<Object>,
}

/// What `POST /profiles/{user_id}/lists` takes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ProfileListsWrite {
    /// The lists.
    pub lists: Vec<ProfileList>,
}

/// A list that a person is put on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ProfileList {
    /// The list.
    #[serde(rename = "listId")]
    pub list_id: String,
    /// What they prefer for this list: `{notifications, categories}`. Absent leaves what is there, null clears it.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub preferences: Option<Option<Object>>,
}
