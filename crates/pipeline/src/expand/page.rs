//! From a page of people to a page of messages.

use std::collections::HashSet;

use serde_json::{Map, Value, json};
use tidings_store::{MessagePage, NewMessage, RequestRow};
use tidings_types::{Environment, Error, Lane, MessageSpec, Object, Result, UserId};

use super::Crowd;
use crate::accept::Mold;
use crate::{Services, tenants};

/// Somebody in a crowd.
pub(super) struct Person {
    pub(super) user: UserId,
    /// The list they are on, when it is a list that is sent to.
    pub(super) list: Option<String>,
    /// What they and the list said of it.
    pub(super) list_preferences: Option<Object>,
    /// The tenant, when it is a tenant that is sent to.
    pub(super) tenant: Option<String>,
}

/// The messages to these people, as far as the crowd's filters let them pass.
///
/// # Errors
/// When the store cannot be read.
pub(super) async fn messages(
    services: &Services,
    request: RequestRow,
    crowd: &Crowd,
    people: Vec<Person>,
) -> Result<MessagePage> {
    let environment = request.environment;
    let people = belonging(services, environment, crowd, people).await?;
    let spec: MessageSpec = serde_json::from_str(&request.spec).map_err(Error::internal)?;
    let mold = Mold::new(
        services,
        environment,
        request.scope,
        &spec,
        request.accepted_at,
        Some(Lane::Bulk),
    )
    .await?;
    let mut messages = Vec::with_capacity(people.len());
    for person in people {
        messages.push(message(&mold, &request, crowd, person)?);
    }
    tenants::infer(services, environment, &mut messages).await?;
    Ok(MessagePage { request, messages })
}

/// Those whom the crowd's filters let pass.
///
/// # Errors
/// When the store cannot be read.
pub(super) async fn belonging(
    services: &Services,
    environment: Environment,
    crowd: &Crowd,
    mut people: Vec<Person>,
) -> Result<Vec<Person>> {
    for tenant in &crowd.members_of {
        let users = people.iter().map(|person| person.user.clone()).collect();
        let belonging = services.store.belonging(environment, tenant, users).await?;
        let belonging: HashSet<UserId> = belonging.into_iter().collect();
        people.retain(|person| belonging.contains(&person.user));
    }
    Ok(people)
}

fn message(mold: &Mold<'_>, request: &RequestRow, crowd: &Crowd, person: Person) -> Result<NewMessage> {
    let mut to = Map::new();
    to.insert("user_id".to_owned(), json!(person.user.as_str()));
    if let Some(list) = person.list {
        to.insert("list_id".to_owned(), Value::String(list));
    }
    if let Some(preferences) = person.list_preferences {
        to.insert(LIST_PREFERENCES.to_owned(), Value::Object(preferences));
    }
    // The crowd's data stays with the request: it is the same for everybody.
    if !crowd.data.is_empty() {
        to.insert(ENTRY.to_owned(), json!(crowd.entry));
    }
    let id = crowd.message_id(request.id.as_str(), person.user.as_str());
    mold.message(id.into(), &to, person.tenant.as_deref().or(crowd.tenant.as_deref()))
}

/// The key in a message's `to` that says which entry of the request's crowds has its data.
pub(crate) const ENTRY: &str = "$entry";
/// The key in a message's `to` with what the person and the list said of the list.
pub(crate) const LIST_PREFERENCES: &str = "$list_preferences";

/// Whether a key of a message's `to` is one of those that only an expansion writes.
pub(crate) fn is_internal(name: &str) -> bool {
    name == ENTRY || name == LIST_PREFERENCES
}
