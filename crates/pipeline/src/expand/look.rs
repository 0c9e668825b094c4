//! Looking at a crowd without sending: for dry runs.

use std::collections::HashSet;

use tidings_domain::list::Pattern;
use tidings_store::{NewMessage, PageRequest, RequestRow};
use tidings_types::{Environment, Error, Result, UserId};

use super::page::{Person, belonging, messages};
use super::people::{children, page_of};
use super::{Crowd, CrowdKind, PAGE};
use crate::Services;
use crate::tenants::MAX_LEVELS;

/// How many people are gone through at most.
const MAX_PEOPLE: usize = 10_000;

/// What there is to see of a crowd.
pub(crate) struct Seen {
    /// How many people a send would reach now, each counted once.
    pub(crate) people: usize,
    /// Whether there are more, who were not gone through.
    pub(crate) more: bool,
    /// The messages that the first of them would get.
    pub(crate) sample: Vec<NewMessage>,
    /// What there is to say of it, such as that it is not there.
    pub(crate) notes: Vec<String>,
}

/// Looks at a crowd of a request that is not stored; `sample` says how many messages are made.
///
/// # Errors
/// When the store cannot be read.
pub(crate) async fn look(services: &Services, request: &RequestRow, crowd: &Crowd, sample: usize) -> Result<Seen> {
    let mut eye = Eye {
        services,
        environment: request.environment,
        crowd,
        seen: HashSet::new(),
        first: Vec::new(),
        wanted: sample,
        more: false,
    };
    let found = match crowd.kind {
        CrowdKind::Pattern => eye.pattern().await?,
        CrowdKind::Tenant => eye.tenants().await?,
        CrowdKind::List | CrowdKind::Audience => eye.part(crowd.kind, &crowd.id).await?,
    };
    let told = match crowd.kind {
        CrowdKind::Pattern => "There is no list that matches".to_owned(),
        kind => format!("There is no {}", kind.as_str()),
    };
    let notes = if found {
        Vec::new()
    } else {
        vec![format!("{told} \"{}\"", crowd.id)]
    };
    Ok(Seen {
        people: eye.seen.len(),
        more: eye.more,
        sample: messages(services, request.clone(), crowd, eye.first).await?.messages,
        notes,
    })
}

struct Eye<'a> {
    services: &'a Services,
    environment: Environment,
    crowd: &'a Crowd,
    seen: HashSet<UserId>,
    first: Vec<Person>,
    wanted: usize,
    more: bool,
}

impl Eye<'_> {
    /// Goes through a list, an audience or a tenant. False when it is not there.
    async fn part(&mut self, kind: CrowdKind, id: &str) -> Result<bool> {
        let mut page = start();
        loop {
            let Some(read) = page_of(self.services, self.environment, kind, id, page.clone()).await? else {
                return Ok(false);
            };
            let people = belonging(self.services, self.environment, self.crowd, read.items).await?;
            for person in people {
                if self.seen.len() >= MAX_PEOPLE {
                    self.more = true;
                    return Ok(true);
                }
                if self.seen.insert(person.user.clone()) && self.first.len() < self.wanted {
                    self.first.push(person);
                }
            }
            match read.next {
                Some(next) => page.after = Some(next),
                None => return Ok(true),
            }
        }
    }

    async fn pattern(&mut self) -> Result<bool> {
        let pattern = Pattern::parse(&self.crowd.id).map_err(Error::internal)?;
        let (mut page, mut found) = (start(), false);
        loop {
            let lists = self
                .services
                .store
                .lists(self.environment, &pattern.prefix(), page.clone())
                .await?;
            for list in lists.items.iter().filter(|list| pattern.matches(&list.id)) {
                found |= self.part(CrowdKind::List, &list.id).await?;
                if self.more {
                    return Ok(true);
                }
            }
            match lists.next {
                Some(next) => page.after = Some(next),
                None => return Ok(found),
            }
        }
    }

    /// A tenant and, if they count too, those beneath it, in the order in which a send goes through them.
    async fn tenants(&mut self) -> Result<bool> {
        let mut found = false;
        let mut waiting = vec![(self.crowd.id.clone(), 1)];
        while let Some((id, level)) = waiting.pop() {
            found |= self.part(CrowdKind::Tenant, &id).await?;
            if !found || self.more {
                break;
            }
            if self.crowd.include_children && level < MAX_LEVELS {
                let beneath = children(self.services, self.environment, &id).await?;
                waiting.extend(beneath.into_iter().rev().map(|child| (child, level + 1)));
            }
        }
        Ok(found)
    }
}

fn start() -> PageRequest {
    PageRequest {
        after: None,
        limit: PAGE,
    }
}
