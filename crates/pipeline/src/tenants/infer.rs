//! Which tenant a message is for when nobody says so: the only one its person belongs to.

use std::collections::HashMap;

use tidings_store::NewMessage;
use tidings_types::{Environment, Result, UserId};

use crate::Services;

/// Fills in the tenant of messages that name none and whose person belongs to exactly one.
///
/// # Errors
/// When the store cannot be read.
pub(crate) async fn infer(services: &Services, environment: Environment, messages: &mut [NewMessage]) -> Result<()> {
    let users = messages
        .iter()
        .filter(|message| message.tenant_id.is_none())
        .filter_map(|message| message.user_id.clone());
    let sole = sole(services, environment, users.collect()).await?;
    if !sole.is_empty() {
        for message in messages.iter_mut().filter(|message| message.tenant_id.is_none()) {
            message.tenant_id = message.user_id.as_ref().and_then(|user| sole.get(user)).cloned();
        }
    }
    Ok(())
}

/// The tenants of those people who belong to exactly one.
///
/// # Errors
/// When the store cannot be read.
pub(crate) async fn sole(
    services: &Services,
    environment: Environment,
    users: Vec<UserId>,
) -> Result<HashMap<UserId, String>> {
    if users.is_empty() || !services.settings.infer_tenant || !services.documents().has_tenants(environment).await? {
        return Ok(HashMap::new());
    }
    let mut found: HashMap<_, _> = HashMap::new();
    for (user, tenant) in services.store.sole_tenants(environment, users).await? {
        // One that is gone is no tenant any more.
        if services.documents().tenant_chain(environment, &tenant).await?.is_some() {
            found.insert(user, tenant);
        }
    }
    Ok(found)
}
