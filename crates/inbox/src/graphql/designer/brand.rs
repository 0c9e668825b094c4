//! A tenant's own brand: changing and publishing it.

use async_graphql::{Context, InputObject, Object, Result, SimpleObject, Value};
use tidings_auth::{Of, Right};
use tidings_pipeline::tenant_brands;
use tidings_store::audit as log;
use tidings_types::{Error, Object as Fields};

use super::super::exact::Exact;
use super::super::services;
use super::audit::{line, part};
use super::{COST, allowed};

#[derive(InputObject)]
struct SaveBrandSettingsInput {
    tenant_id: String,
    /// What is not spoken of stays as it is.
    settings: Option<Exact>,
}

#[derive(InputObject)]
struct PublishBrandInput {
    tenant_id: String,
}

/// What a change came to.
#[derive(SimpleObject)]
struct SuccessResult {
    success: bool,
}

/// Changing tenants' own brands.
pub(super) struct BrandMutation;

#[Object]
impl BrandMutation {
    /// Changes the draft of a tenant's own brand.
    #[graphql(complexity = COST)]
    async fn update_settings(&self, context: &Context<'_>, input: SaveBrandSettingsInput) -> Result<SuccessResult> {
        let SaveBrandSettingsInput {
            tenant_id: tenant,
            settings,
        } = input;
        let viewer = allowed(context, Of::Brand, Right::Write, &tenant)?;
        let (services, environment, by) = (services(context)?, viewer.environment(), viewer.actor());
        let settings = fields(settings)?;
        let update = tenant_brands::update(services, environment, &tenant, &settings, by);
        // While somebody types, the log would say the same twice a second.
        if tenant_brands::goes_on(services, environment, &tenant, by).await? {
            update.await?;
        } else {
            let target = format!("/tenants/{}/brand", part(&tenant));
            log::under(line(services, viewer, "brands:update", target), update).await?;
        }
        Ok(SuccessResult { success: true })
    }

    /// Puts a tenant's own brand in force. What is wrong is refused, and what was in force stays.
    #[graphql(complexity = COST)]
    async fn publish(&self, context: &Context<'_>, input: PublishBrandInput) -> Result<SuccessResult> {
        let tenant = input.tenant_id;
        let viewer = allowed(context, Of::Brand, Right::Write, &tenant)?;
        let services = services(context)?;
        let target = format!("/tenants/{}/brand/publish", part(&tenant));
        let publish = tenant_brands::publish(services, viewer.environment(), &tenant, viewer.actor());
        log::under(line(services, viewer, "brands:publish", target), publish).await?;
        Ok(SuccessResult { success: true })
    }
}

/// The settings that are spoken of.
fn fields(settings: Option<Exact>) -> tidings_types::Result<Fields> {
    let wrong = || Error::invalid("settings: Expected object");
    match settings.map(|Exact(settings)| settings) {
        None | Some(Value::Null) => Ok(Fields::new()),
        Some(settings) => match settings.into_json().map_err(|_| wrong())? {
            serde_json::Value::Object(settings) => Ok(settings),
            _ => Err(wrong()),
        },
    }
}
