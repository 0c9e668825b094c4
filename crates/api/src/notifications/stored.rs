//! A notification as it is stored.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tidings_pipeline::Services;
use tidings_types::{Channel, TemplateContent};
use tidings_wire::notification::{BrandRef, EmailHeaders, RoutingRef, SubscriptionRef};

/// One version of a notification, as it is stored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct StoredNotification {
    /// Its name.
    pub(super) name: String,
    /// Its tags.
    pub(super) tags: Vec<String>,
    /// The brand it is rendered with.
    pub(super) brand: Option<BrandRef>,
    /// The topic it belongs to.
    pub(super) subscription: Option<SubscriptionRef>,
    /// How it is routed.
    pub(super) routing: Option<RoutingRef>,
    /// What it says.
    pub(super) content: TemplateContent,
    /// Headers of its mails.
    pub(super) email: Option<EmailHeaders>,
}

impl StoredNotification {
    /// Mail headers mean nothing to content that is never mailed, so they are not kept with it.
    pub(super) fn without_idle_headers(mut self, services: &Services) -> Self {
        if !can_be_mailed(services, &self.content) || self.email == Some(EmailHeaders::default()) {
            self.email = None;
        }
        self
    }
}

/// The strategy a stored body is routed by.
pub(crate) fn strategy_of(body: &Value) -> Option<&str> {
    body.get("routing")?.get("strategy_id")?.as_str()
}

fn can_be_mailed(services: &Services, content: &TemplateContent) -> bool {
    let elements = content.elements.as_deref().unwrap_or_default();
    let mut channels = elements
        .iter()
        .filter_map(|element| element.get("channel").and_then(Value::as_str))
        .peekable();
    // Content outside channel elements is for all channels.
    let for_all = channels.peek().is_none() && !elements.is_empty();
    for_all
        || channels.any(|name| {
            name == "default"
                || name == Channel::Email.as_str()
                || services
                    .registry
                    .get(name)
                    .is_some_and(|one| one.spec().channel == Channel::Email)
        })
}
