//! What the template designer asks for: one tenant's own templates and its brand.
//!
//! The published designer asks six things here; what it may do is in its token's scope, for all tenants or for one. What
//! saving and publishing mean is the pipeline's (`tenant_templates`).

mod audit;
mod brand;
mod fonts;
mod image;
mod notification;
mod tenant;

use async_graphql::{Context, Object, Result};
use tidings_auth::{Of, Right};
use tidings_pipeline::tenant_templates;
use tidings_types::Error;

use self::brand::BrandMutation;
use self::fonts::FontEntry;
use self::notification::NotificationMutation;
use self::tenant::Tenant;
use super::{Viewer, services};

/// What a change counts among a query's fields: a designer makes one at a time.
const COST: usize = super::MAX_FIELDS / 10;

/// Reading for the designer.
#[derive(Default)]
pub(super) struct DesignerQuery;

#[Object]
impl DesignerQuery {
    /// A tenant, with what is its own.
    async fn tenant(&self, context: &Context<'_>, tenant_id: String) -> Result<Option<Tenant>> {
        let viewer = Viewer::of(context)?;
        if !viewer.concerns_tenant(&tenant_id) {
            return Err(Error::forbidden(format!("The token grants nothing of tenant `{tenant_id}`")).into());
        }
        // An editor that is told nothing of a tenant would wait for it, so an unknown one is an error.
        let document = tenant_templates::must_have_tenant(services(context)?, viewer.environment(), &tenant_id).await?;
        Ok(Some(Tenant::of(viewer, document)))
    }

    /// The fonts that an editor offers.
    async fn font_catalog(&self) -> Vec<FontEntry> {
        fonts::catalog()
    }
}

/// Writing for the designer.
#[derive(Default)]
pub(super) struct DesignerMutation;

#[Object]
impl DesignerMutation {
    /// What belongs to tenants.
    async fn tenant(&self) -> TenantMutation {
        TenantMutation
    }
}

/// What belongs to tenants.
struct TenantMutation;

#[Object]
impl TenantMutation {
    /// Their own templates.
    async fn notification(&self) -> NotificationMutation {
        NotificationMutation
    }

    /// Their own brands.
    async fn brand(&self) -> BrandMutation {
        BrandMutation
    }
}

/// Who asks, who must be allowed this.
///
/// # Errors
/// `Forbidden`, naming what is missing.
fn allowed<'c>(context: &Context<'c>, of: Of, right: Right, tenant: &str) -> tidings_types::Result<&'c Viewer> {
    let viewer = Viewer::of(context)?;
    if viewer.grants_of_tenant(of, right, tenant) {
        return Ok(viewer);
    }
    let of = match of {
        Of::Tenant => "",
        Of::Brand => ":brand",
        Of::Notifications => ":notification",
    };
    let right = match right {
        Right::Read => "read",
        Right::Write => "write",
    };
    Err(Error::forbidden(format!(
        "The token lacks the scope `tenant:{tenant}{of}:{right}`"
    )))
}
