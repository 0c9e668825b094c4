//! What a tenant may belong to. The store refuses circles and what would stand too deep, whoever moves another at the same
//! time; that the parent is there is looked at here.

use tidings_pipeline::Services;
use tidings_store::DocumentKind;
use tidings_store::documents::TENANT_CIRCLE;
use tidings_types::{Environment, Error, Result};

use crate::document;

/// Refuses a parent that is not there.
///
/// # Errors
/// `Invalid`, naming the field.
pub(super) async fn check(services: &Services, environment: Environment, id: &str, parent: &str) -> Result<()> {
    if parent == id {
        return Err(Error::invalid(TENANT_CIRCLE));
    }
    let found = services
        .store
        .document(environment, DocumentKind::Tenant, parent)
        .await?;
    if found.is_none() {
        let told = document::not_found(DocumentKind::Tenant, parent);
        return Err(Error::invalid(format!("parent_tenant_id: {}", told.message())));
    }
    Ok(())
}
