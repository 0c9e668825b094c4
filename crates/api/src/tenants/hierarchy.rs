//! What a tenant may belong to: no tenant beneath itself, and no more than four levels in all.

use tidings_pipeline::Services;
use tidings_pipeline::tenants::MAX_LEVELS;
use tidings_store::{DocumentKind, PageRequest};
use tidings_types::{Environment, Error, Result};

use crate::document;

/// How many children are looked at, per level, for the depth beneath a tenant that moves.
const MAX_CHILDREN: u32 = 1000;

/// Refuses a parent that is not there, that stands beneath the tenant, or that is too deep for it.
///
/// # Errors
/// `Invalid`, naming the field.
pub(super) async fn check(services: &Services, environment: Environment, id: &str, parent: &str) -> Result<()> {
    let field = "parent_tenant_id";
    let mut above = 1;
    let mut current = Some(parent.to_owned());
    while let Some(name) = current {
        if name == id {
            return Err(Error::invalid(format!("{field}: A tenant cannot stand beneath itself")));
        }
        let found = services
            .store
            .document(environment, DocumentKind::Tenant, &name)
            .await?;
        let Some(found) = found else {
            if name == parent {
                let told = document::not_found(DocumentKind::Tenant, parent);
                return Err(Error::invalid(format!("{field}: {}", told.message())));
            }
            break;
        };
        above += 1;
        if above > MAX_LEVELS {
            return Err(too_deep());
        }
        current = found.parent;
    }
    if above + below(services, environment, id).await? > MAX_LEVELS {
        return Err(too_deep());
    }
    Ok(())
}

fn too_deep() -> Error {
    Error::invalid(format!(
        "parent_tenant_id: Tenants stand at most {MAX_LEVELS} levels deep"
    ))
}

/// How many levels stand beneath a tenant.
async fn below(services: &Services, environment: Environment, id: &str) -> Result<usize> {
    let mut level = vec![id.to_owned()];
    let mut levels = 0;
    while levels < MAX_LEVELS {
        let mut next = Vec::new();
        for one in &level {
            let page = PageRequest {
                after: None,
                limit: MAX_CHILDREN,
            };
            let children = services
                .store
                .documents(environment, DocumentKind::Tenant, Some(one), page)
                .await?;
            next.extend(children.items.into_iter().map(|child| child.id));
        }
        if next.is_empty() {
            break;
        }
        levels += 1;
        level = next;
    }
    Ok(levels)
}
