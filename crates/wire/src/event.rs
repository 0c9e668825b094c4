//! Events: names by which sends find a template.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A name in listings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct EventEntry {
    /// The event.
    pub id: String,
    /// Always `notification`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The template it stands for.
    #[serde(rename = "notificationId")]
    pub notification_id: String,
}

/// What an event stands for; also what `PUT /events/{event_id}` takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct EventMap {
    /// The template.
    pub id: String,
    /// Always `notification`.
    #[serde(rename = "type", default = "notification")]
    pub kind: String,
}

fn notification() -> String {
    "notification".to_owned()
}
