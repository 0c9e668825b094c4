//! A tenant's own templates: reading, saving and publishing them.

use async_graphql::{Context, InputObject, Object, Result, SimpleObject, Value};
use tidings_auth::{Of, Right};
use tidings_pipeline::tenant_templates::{self, Design, Which, body};
use tidings_store::{Document, DocumentVersion, audit as log};
use tidings_types::{Error, Timestamp};

use super::super::exact::{self, Exact};
use super::super::services;
use super::audit::{line, part};
use super::image::{self, UploadImageInput, UploadResult};
use super::{COST, allowed};

/// One version of a tenant's own template.
#[derive(SimpleObject)]
pub(super) struct TenantNotification {
    created_at: String,
    /// When what is in force was published; null when nothing is.
    published_at: Option<String>,
    notification_id: String,
    version: String,
    data: TenantNotificationData,
}

/// What it says and how it is routed, as it was saved.
#[derive(SimpleObject)]
struct TenantNotificationData {
    content: Option<Exact>,
    routing: Option<Exact>,
}

impl TenantNotification {
    pub(super) fn of(id: String, document: &Document, kept: &DocumentVersion) -> tidings_types::Result<Self> {
        let data = match body::design(&kept.body) {
            Some(text) => Exact(exact::read(text)?),
            None => Exact(Value::from_json(kept.body.clone()).map_err(Error::internal)?),
        };
        let field = |name| data.field(name).cloned().map(Exact);
        Ok(Self {
            created_at: document.created.to_rfc3339(),
            published_at: document.published_at.map(Timestamp::to_rfc3339),
            notification_id: id,
            version: format!("v{}", kept.number),
            data: TenantNotificationData {
                content: field("content"),
                routing: field("routing"),
            },
        })
    }
}

#[derive(InputObject)]
struct SaveNotificationInput {
    tenant_id: String,
    notification_id: String,
    name: Option<String>,
    /// `content` and `routing`.
    data: Option<Exact>,
}

#[derive(InputObject)]
struct PublishNotificationInput {
    tenant_id: String,
    notification_id: String,
    /// The newest when absent.
    version: Option<String>,
}

/// What saving came to.
#[derive(SimpleObject)]
struct SaveResult {
    success: bool,
    version: String,
    updated_at: String,
    created_at: String,
}

/// What publishing came to.
#[derive(SimpleObject)]
struct PublishResult {
    success: bool,
    version: String,
    published_at: Option<String>,
}

/// Changing tenants' own templates.
pub(super) struct NotificationMutation;

#[Object]
impl NotificationMutation {
    /// Saves a template, whether or not it can be sent yet.
    #[graphql(complexity = COST)]
    async fn save(&self, context: &Context<'_>, input: SaveNotificationInput) -> Result<SaveResult> {
        let SaveNotificationInput {
            tenant_id: tenant,
            notification_id: id,
            name,
            data,
        } = input;
        let viewer = allowed(context, Of::Notifications, Right::Write, &tenant)?;
        let (services, environment) = (services(context)?, viewer.environment());
        let data = data.filter(|data| data.field("content").is_some());
        let data = data.ok_or_else(|| Error::invalid("data.content: Required"))?;
        let kept = ["content", "routing"].map(|name| Some((async_graphql::Name::new(name), data.field(name)?.clone())));
        let data = exact::write(&Value::Object(kept.into_iter().flatten().collect()))?;
        let design = Design {
            id: &id,
            name: name.as_deref().unwrap_or(&id),
            data: &data,
            by: viewer.actor(),
        };
        let save = tenant_templates::save(services, environment, &tenant, design);
        // While somebody types, the log would say the same twice a second: it tells of every new version.
        let saved = if tenant_templates::revises(services, environment, &tenant, &id, viewer.actor()).await? {
            save.await?
        } else {
            let target = format!("/tenants/{}/templates/{}", part(&tenant), part(&id));
            log::under(line(services, viewer, "tenants:update", target), save).await?
        };
        Ok(SaveResult {
            success: true,
            version: format!("v{}", saved.version),
            updated_at: saved.updated.to_rfc3339(),
            created_at: saved.created.to_rfc3339(),
        })
    }

    /// Takes in a picture that everybody can load.
    #[graphql(complexity = COST)]
    async fn upload_image(&self, context: &Context<'_>, input: UploadImageInput) -> Result<UploadResult> {
        Ok(image::upload(context, input).await?)
    }

    /// Puts a version in force. What cannot be sent is refused, and what was in force stays.
    #[graphql(complexity = COST)]
    async fn publish(&self, context: &Context<'_>, input: PublishNotificationInput) -> Result<PublishResult> {
        let PublishNotificationInput {
            tenant_id: tenant,
            notification_id: id,
            version,
        } = input;
        let viewer = allowed(context, Of::Notifications, Right::Write, &tenant)?;
        let services = services(context)?;
        let version = version.filter(|version| !version.is_empty());
        let which = version.as_deref().map_or(Ok(Which::Latest), Which::parse)?;
        let target = format!("/tenants/{}/templates/{}/publish", part(&tenant), part(&id));
        let publish = tenant_templates::publish(services, viewer.environment(), &tenant, &id, which);
        let (in_force, number) = log::under(line(services, viewer, "tenants:publish", target), publish).await?;
        Ok(PublishResult {
            success: true,
            version: format!("v{number}"),
            published_at: in_force.published_at.map(Timestamp::to_rfc3339),
        })
    }
}
