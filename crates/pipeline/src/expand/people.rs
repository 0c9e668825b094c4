//! Reading who is on a list, in an audience or in a tenant.

use tidings_store::people::merge_objects;
use tidings_store::{AudienceMember, DocumentKind, Membership, Page, PageRequest, Subscription};
use tidings_types::{Environment, Object, Result};

use super::page::Person;
use super::{CrowdKind, PAGE};
use crate::Services;

/// A page of people by their ids; none when there is no such list, audience or tenant. A pattern has no people of its own.
///
/// # Errors
/// When the store cannot be read.
pub(super) async fn page_of(
    services: &Services,
    environment: Environment,
    kind: CrowdKind,
    id: &str,
    page: PageRequest,
) -> Result<Option<Page<Person>>> {
    let store = &services.store;
    match kind {
        CrowdKind::Pattern => Ok(None),
        CrowdKind::List => {
            let Some(list) = store.list(environment, id).await? else {
                return Ok(None);
            };
            let page = store.subscriptions(environment, id, page).await?;
            Ok(Some(page.map(|one: Subscription| Person {
                user: one.user_id,
                list: Some(list.id.clone()),
                list_preferences: layered(list.preferences.as_ref(), one.preferences.as_ref()),
                tenant: None,
            })))
        }
        CrowdKind::Audience => {
            let Some(audience) = store.audience(environment, id).await? else {
                return Ok(None);
            };
            let mut page = store.audience_members(environment, id, page).await?;
            // Whoever passed an earlier filter belongs no more, or is still to be looked at.
            page.items.retain(|one| one.version == audience.version);
            Ok(Some(page.map(|one: AudienceMember| Person {
                user: one.user_id,
                list: None,
                list_preferences: None,
                tenant: None,
            })))
        }
        CrowdKind::Tenant => {
            if store.document(environment, DocumentKind::Tenant, id).await?.is_none() {
                return Ok(None);
            }
            let page = store.members(environment, id, page).await?;
            Ok(Some(page.map(|one: Membership| Person {
                user: one.user_id,
                list: None,
                list_preferences: None,
                tenant: Some(id.to_owned()),
            })))
        }
    }
}

/// What a list says, and over it what the person said of the list.
fn layered(list: Option<&Object>, own: Option<&Object>) -> Option<Object> {
    let mut layers = [list, own].into_iter().flatten();
    let mut merged = layers.next()?.clone();
    for layer in layers {
        merge_objects(&mut merged, layer);
    }
    Some(merged).filter(|merged| !merged.is_empty())
}

/// The tenants right beneath one, the oldest first.
///
/// # Errors
/// When the store cannot be read.
pub(super) async fn children(services: &Services, environment: Environment, id: &str) -> Result<Vec<String>> {
    let mut found = Vec::new();
    let mut page = PageRequest {
        after: None,
        limit: PAGE,
    };
    loop {
        let read = services
            .store
            .documents(environment, DocumentKind::Tenant, Some(id), page.clone())
            .await?;
        found.extend(read.items.into_iter().map(|child| child.id));
        match read.next {
            Some(next) => page.after = Some(next),
            None => return Ok(found),
        }
    }
}
