//! A tenant, with what is its own.

use async_graphql::{Context, InputObject, Object, Result};
use tidings_auth::{Of, Right};
use tidings_pipeline::tenant_brands;
use tidings_pipeline::tenant_templates::{self, Which};
use tidings_store::Document;
use tidings_types::Error;

use super::super::brand::Brand;
use super::super::{Viewer, services};
use super::allowed;
use super::notification::TenantNotification;

/// Which template, in which version.
#[derive(InputObject)]
struct GetNotificationInput {
    notification_id: String,
    version: Option<String>,
}

/// Which version of the brand.
#[derive(InputObject)]
struct GetTenantBrandInput {
    /// `latest`, as it is edited, or `published`.
    version: Option<String>,
}

/// A tenant.
pub(super) struct Tenant {
    document: Document,
    name: Option<String>,
}

impl Tenant {
    pub(super) fn of(viewer: &Viewer, document: Document) -> Self {
        let may_see = viewer.grants_of_tenant(Of::Tenant, Right::Read, &document.id);
        let name = document.body.get("name").and_then(|name| name.as_str());
        Self {
            name: name.filter(|_| may_see).map(str::to_owned),
            document,
        }
    }
}

#[Object]
impl Tenant {
    async fn tenant_id(&self) -> &str {
        &self.document.id
    }

    /// Its name; null for a token that may not see the tenant itself.
    async fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// One of its own templates. Null when it has none by this id, or not in this version; an editor then begins one.
    async fn notification(
        &self,
        context: &Context<'_>,
        input: GetNotificationInput,
    ) -> Result<Option<TenantNotification>> {
        let GetNotificationInput {
            notification_id: id,
            version,
        } = input;
        // The editor of brands asks for no template.
        if id.is_empty() {
            return Ok(None);
        }
        let viewer = allowed(context, Of::Notifications, Right::Read, &self.document.id)?;
        let version = version.filter(|version| !version.is_empty());
        let which = version.as_deref().map_or(Ok(Which::Latest), Which::parse)?;
        let (services, environment) = (services(context)?, viewer.environment());
        let Some(found) = tenant_templates::look_up(services, environment, &self.document.id, &id).await? else {
            return Ok(None);
        };
        let number = match which {
            Which::Latest => Some(tenant_templates::latest(services, environment, &found).await?),
            Which::Published => found.published_version,
            Which::Number(number) => Some(number),
        };
        let Some(number) = number else { return Ok(None) };
        let kept = services
            .store
            .version(environment, found.kind, &found.id, number)
            .await?;
        let shown = kept.map(|kept| TenantNotification::of(id, &found, &kept)).transpose()?;
        Ok(shown)
    }

    /// How its mail looks. Null when it has no brand, or the token may not see it: the editor asks for it without need.
    async fn brand(&self, context: &Context<'_>, input: GetTenantBrandInput) -> Result<Option<Brand>> {
        let is_draft = match input.version.as_deref() {
            None | Some("" | "latest") => true,
            Some("published") => false,
            Some(_) => return Err(Error::invalid("version: Expected latest or published").into()),
        };
        let viewer = Viewer::of(context)?;
        if !viewer.grants_of_tenant(Of::Brand, Right::Read, &self.document.id) {
            return Ok(None);
        }
        let found = tenant_brands::find(services(context)?, viewer.environment(), &self.document, is_draft).await?;
        Ok(found.map(|brand| Brand::of(Some(&brand))))
    }
}
