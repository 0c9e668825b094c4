//! Templates as single tenants have them, as those who edit them see them: over REST, and in the template designer.
//!
//! What is stored is [`body`]'s; what can be sent is `check`'s; [`save`](save()) and [`publish`](publish()) are what
//! happens to them.

pub mod body;
mod check;
mod publish;
mod save;

use tidings_store::{Document, DocumentKind, PageRequest};
use tidings_types::{Environment, Error, Result, Routing, RoutingEntry};

pub use self::publish::{publish, read_routing};
pub use self::save::{Design, MAX_DESIGN_BYTES, Saved, revises, save};

use crate::Services;
use crate::library::tenant_document_id;

/// The largest template that can be in force, in bytes of its JSON, without pictures inside it.
pub const MAX_BYTES: usize = 256 * 1024;

/// How long the id of a tenant or of one of its templates may be, in bytes.
const MAX_ID: usize = 256;

/// How deep a tree of routing may nest.
const MAX_ROUTING_DEPTH: usize = 8;

/// Refuses what no id of a tenant or of one of its templates can be.
///
/// # Errors
/// `Invalid`, naming the field.
pub fn check_id(field: &str, id: &str) -> Result<()> {
    if id.is_empty() || id.len() > MAX_ID {
        return Err(Error::invalid(format!("{field}: Expected 1 to {MAX_ID} bytes")));
    }
    no_control_characters(field, id)
}

fn no_control_characters(field: &str, text: &str) -> Result<()> {
    if text.chars().any(char::is_control) {
        return Err(Error::invalid(format!("{field}: Control characters are not allowed")));
    }
    Ok(())
}

/// Refuses routing that nests too deep or names what nothing can be called.
///
/// # Errors
/// `Invalid`, naming the place beneath `field`.
pub fn check_routing(field: &str, routing: &Routing) -> Result<()> {
    check_routing_at(field, routing, 0)
}

fn check_routing_at(field: &str, routing: &Routing, depth: usize) -> Result<()> {
    if depth > MAX_ROUTING_DEPTH {
        return Err(Error::invalid(format!(
            "{field}: Nested deeper than {MAX_ROUTING_DEPTH} levels"
        )));
    }
    for (index, entry) in routing.channels.iter().enumerate() {
        let field = format!("{field}.channels.{index}");
        match entry {
            RoutingEntry::Nested(nested) => check_routing_at(&field, nested, depth + 1)?,
            RoutingEntry::Target(target) => no_control_characters(&field, &target.name)?,
        }
    }
    Ok(())
}

/// Refuses an unknown tenant.
///
/// # Errors
/// `NotFound`.
pub async fn must_have_tenant(services: &Services, environment: Environment, tenant: &str) -> Result<Document> {
    let found = services
        .store
        .document(environment, DocumentKind::Tenant, tenant)
        .await?;
    found.ok_or_else(|| Error::not_found(format!("Tenant {tenant} not found")))
}

/// A tenant's template. None when it has none of its own by this id.
///
/// # Errors
/// Those of the store.
pub async fn look_up(
    services: &Services,
    environment: Environment,
    tenant: &str,
    id: &str,
) -> Result<Option<Document>> {
    let document_id = tenant_document_id(tenant, id);
    services
        .store
        .document(environment, DocumentKind::TenantTemplate, &document_id)
        .await
}

/// A tenant's template.
///
/// # Errors
/// `NotFound` when there is no such tenant, or it has none of its own.
pub async fn find(services: &Services, environment: Environment, tenant: &str, id: &str) -> Result<Document> {
    must_have_tenant(services, environment, tenant).await?;
    let found = look_up(services, environment, tenant, id).await?;
    found.ok_or_else(|| missing(tenant, id))
}

/// How a template that a tenant does not have is told.
pub fn missing(tenant: &str, id: &str) -> Error {
    Error::not_found(format!("Template {id} of tenant {tenant} not found"))
}

/// The number of the newest version.
///
/// # Errors
/// Those of the store.
pub async fn latest(services: &Services, environment: Environment, document: &Document) -> Result<u32> {
    let newest = PageRequest { after: None, limit: 1 };
    let versions = services
        .store
        .versions(environment, document.kind, &document.id, newest)
        .await?;
    Ok(versions.items.first().map_or(1, |version| version.number))
}

/// Which version is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// The newest.
    Latest,
    /// The one in force.
    Published,
    /// By its number.
    Number(u32),
}

impl Which {
    /// Reads `latest`, `published` or `v1`.
    ///
    /// # Errors
    /// `Invalid` for anything else.
    pub fn parse(text: &str) -> Result<Self> {
        let wrong = || Error::invalid("version: Expected format: latest, published, v1, v2, etc.");
        match text {
            "latest" => Ok(Self::Latest),
            "published" => Ok(Self::Published),
            text => {
                let digits = text
                    .strip_prefix('v')
                    .filter(|rest| rest.bytes().all(|byte| byte.is_ascii_digit()));
                let number = digits
                    .and_then(|digits| digits.parse().ok())
                    .filter(|number| *number > 0);
                number.map(Self::Number).ok_or_else(wrong)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read() {
        assert_eq!(Which::parse("latest").unwrap(), Which::Latest);
        assert_eq!(Which::parse("published").unwrap(), Which::Published);
        assert_eq!(Which::parse("v12").unwrap(), Which::Number(12));
        for wrong in ["", "v", "v0", "12", "v1x", "draft", "v99999999999"] {
            assert!(Which::parse(wrong).is_err(), "{wrong}");
        }
    }
}
