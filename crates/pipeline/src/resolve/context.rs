//! The values that content may use.

use serde_json::{Value, json};
use tidings_render::PreparedBrand;
use tidings_template::Context;
use tidings_types::{MessageSpec, Object, Timestamp, Topic, UserId};

use super::Subject;
use crate::library::Template;
use crate::tenants::TenantChain;
use crate::{LinkClaims, LinkKind, Services};

/// What the values are made of.
pub(super) struct Parts<'a> {
    pub(super) subject: &'a Subject<'a>,
    pub(super) spec: &'a MessageSpec,
    pub(super) template: Option<&'a Template>,
    pub(super) topic: Option<&'a Topic>,
    /// Whether the person may leave the topic.
    pub(super) may_leave: bool,
    pub(super) brand: Option<&'a PreparedBrand>,
    pub(super) tenants: Option<&'a TenantChain>,
    pub(super) profile: &'a Object,
    pub(super) data: &'a Object,
    pub(super) now: Timestamp,
}

/// The context, and the message's unsubscribe link where there is one.
pub(super) fn build(services: &Services, parts: &Parts<'_>) -> (Context, Option<String>) {
    let message = parts.subject.message;
    let link = |kind| {
        let claims = LinkClaims {
            kind,
            environment: message.environment,
            user_id: message.user_id.as_ref().map(UserId::to_string)?,
            tenant_id: message.tenant_id.clone(),
            topic_id: parts.topic.map(|topic| topic.id.to_string()),
            message_id: Some(message.id.to_string()),
            // The moment of acceptance, so that every attempt renders the same bytes.
            issued: message.enqueued,
        };
        Some(services.links.url(&claims))
    };
    let preferences = link(LinkKind::Preferences);
    let unsubscribe = if parts.may_leave {
        link(LinkKind::Unsubscribe)
    } else {
        None
    };
    let mut roots = Object::new();
    let mut set = |name: &str, value: Value| {
        roots.insert(name.to_owned(), value);
    };
    set("data", Value::Object(parts.data.clone()));
    set("profile", Value::Object(parts.profile.clone()));
    set(
        "urls",
        json!({ "preferences": preferences.unwrap_or_default(), "unsubscribe": unsubscribe.clone().unwrap_or_default() }),
    );
    set(
        "courier",
        json!({ "environment": message.environment.as_str(), "scope": parts.subject.request.scope.as_str() }),
    );
    set("event", json!(message.event));
    set("recipient", json!(message.recipient));
    set("messageId", json!(message.id.as_str()));
    set(
        "template",
        json!(
            parts
                .template
                .map(|template| template.name.as_str())
                .unwrap_or_default()
        ),
    );
    set(
        "subscriptionTopicId",
        json!(parts.topic.map(|topic| topic.id.as_str()).unwrap_or_default()),
    );
    set(
        "datetime",
        json!({ "year": parts.now.to_rfc3339().get(..4).unwrap_or_default() }),
    );
    set(
        "tenant",
        match parts.tenants {
            Some(chain) => Value::Object(chain.values.clone()),
            None => json!({ "id": message.tenant_id.clone().or_else(|| parts.spec.context.tenant_id.clone()) }),
        },
    );
    if let Some(brand) = parts.brand {
        set("brand", brand_value(brand));
    }
    (Context::new(roots), unsubscribe)
}

/// A brand as content sees it: its settings, its id and its name.
pub(super) fn brand_value(brand: &PreparedBrand) -> Value {
    let brand = brand.brand();
    let mut value = brand.settings.clone();
    value.insert("id".to_owned(), json!(brand.id));
    value.insert("name".to_owned(), json!(brand.name));
    Value::Object(value)
}
