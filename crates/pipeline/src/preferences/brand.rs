//! Whose colours and logo a preference page wears.

use std::sync::Arc;

use tidings_render::PreparedBrand;
use tidings_types::{Environment, NO_BRAND, Result};

use super::page::Page;
use crate::Services;

/// A page's brand: the one that was asked for, else the tenant's, else the page's own, else the default one. A name that
/// is no brand's is passed over; [`NO_BRAND`] means none at all.
///
/// # Errors
/// When the store cannot be read.
pub async fn brand(
    services: &Services,
    environment: Environment,
    page: &Page,
    tenant: Option<&str>,
    asked: Option<&str>,
) -> Result<Option<Arc<PreparedBrand>>> {
    let documents = services.documents();
    let chain = match tenant {
        Some(tenant) => documents.tenant_chain(environment, tenant).await?,
        None => None,
    };
    let of_tenant = chain.as_ref().and_then(|chain| chain.brand_id.as_deref());
    for id in [asked, of_tenant, page.brand_id.as_deref()].into_iter().flatten() {
        let found = match id {
            NO_BRAND => return Ok(None),
            "default" => documents.default_brand(environment).await?,
            id => documents.brand(environment, id).await?,
        };
        if found.is_some() {
            return Ok(found);
        }
    }
    documents.default_brand(environment).await
}
