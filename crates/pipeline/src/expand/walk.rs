//! Reading a crowd, a page at a time. Of what stands for several (a pattern, a tenant with those beneath it) one is read
//! after the other, always in the same order: whoever is in two of them is sent to as one of the first.

use tidings_domain::list::Pattern;
use tidings_store::{Cursor, DocumentKind, FollowUps, JobKey, Page, PageRequest, RequestNote, RequestRow};
use tidings_types::{Environment, Error, Result};

use super::job::Body;
use super::page::{Person, messages};
use super::people::page_of;
use super::{Crowd, CrowdKind, PAGE};
use crate::Services;
use crate::audiences::REBUILD;
use crate::jobs::JobStep;
use crate::tenants::MAX_LEVELS;
use crate::webhooks::enqueued;

/// How long a crowd waits that is being changed in the background, before it looks again, in milliseconds.
const WAIT_MS: u64 = 200;

/// A job on its way through a crowd.
pub(super) struct Walk<'a> {
    pub(super) services: &'a Services,
    pub(super) request: RequestRow,
    pub(super) crowd: Crowd,
    pub(super) body: Body,
}

impl Walk<'_> {
    /// The next step.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub(super) async fn step(self) -> Result<JobStep> {
        match self.body.kind {
            CrowdKind::List => self.list().await,
            CrowdKind::Pattern => self.pattern().await,
            CrowdKind::Audience => self.audience().await,
            CrowdKind::Tenant => self.tenant().await,
        }
    }

    fn environment(&self) -> Environment {
        self.request.environment
    }

    fn is_first(&self) -> bool {
        self.body.after.is_none()
    }

    fn page(&self) -> PageRequest {
        let after = self.body.after.clone().map(|id| Cursor { sort: 0, id });
        PageRequest { after, limit: PAGE }
    }

    async fn list(mut self) -> Result<JobStep> {
        let id = self.body.id.clone();
        if self.is_being_filled(&id).await? {
            return self.wait();
        }
        let Some(page) = self.people(CrowdKind::List, &id).await? else {
            // One that went in the middle of it is sent no further.
            return Ok(self.nobody(format!("There is no list \"{id}\"")));
        };
        self.body.after = page.next.map(|next| next.id);
        let goes_on = self.body.after.is_some();
        self.written(page.items, goes_on).await
    }

    /// The next page of a list, an audience or a tenant; none when it is not there.
    async fn people(&self, kind: CrowdKind, id: &str) -> Result<Option<Page<Person>>> {
        page_of(self.services, self.environment(), kind, id, self.page()).await
    }

    /// The matching lists by their ids, one after the other.
    async fn pattern(mut self) -> Result<JobStep> {
        if let Some(list) = self.body.path.first().cloned() {
            if self.is_being_filled(&list).await? {
                return self.wait();
            }
            let page = self.people(CrowdKind::List, &list).await?;
            let (people, next) = page.map(|page| (page.items, page.next)).unwrap_or_default();
            if next.is_none() {
                self.body.path.clear();
            }
            self.body.after = next.map(|next| next.id).or(Some(list));
            return self.written(people, true).await;
        }
        let pattern = Pattern::parse(&self.body.id).map_err(Error::internal)?;
        let mut page = self.page();
        loop {
            let lists = self
                .services
                .store
                .lists(self.environment(), &pattern.prefix(), page.clone())
                .await?;
            if let Some(list) = lists.items.into_iter().find(|list| pattern.matches(&list.id)) {
                self.body.path = vec![list.id];
                self.body.after = None;
                self.body.found = true;
                return Box::pin(self.pattern()).await;
            }
            match lists.next {
                Some(next) => page.after = Some(next),
                None if self.body.found => return self.written(Vec::new(), false).await,
                None => {
                    let told = format!("There is no list that matches \"{}\"", self.body.id);
                    return Ok(self.nobody(told));
                }
            }
        }
    }

    /// Whether a large write to a list that had been asked for before the send is still under way. Once it is being read it
    /// is read to its end.
    async fn is_being_filled(&self, list: &str) -> Result<bool> {
        let asked = self.request.accepted_at;
        Ok(self.is_first()
            && self
                .services
                .store
                .is_being_filled(self.environment(), list, asked)
                .await?)
    }

    /// Only those are sent to who passed the filter as it is. While people are being looked at again, the crowd waits.
    async fn audience(mut self) -> Result<JobStep> {
        let id = self.body.id.clone();
        let before = self.version_of(&id).await?;
        let Some(page) = self.people(CrowdKind::Audience, &id).await? else {
            return Ok(self.nobody(format!("There is no audience \"{id}\"")));
        };
        // Looked at after the page was read: a filter that changed before that has its job by now, or another version.
        let rebuild = JobKey::new(self.environment(), REBUILD, &id);
        let rebuild = self.services.store.job(&rebuild).await?;
        let given_up = rebuild.as_ref().is_some_and(|job| job.dead_since.is_some());
        if !given_up && (rebuild.is_some() || self.version_of(&id).await? != before) {
            return self.wait();
        }
        self.body.after = page.next.map(|next| next.id);
        let goes_on = self.body.after.is_some();
        let note = given_up.then(|| {
            self.note(format!(
                "Who belongs to the audience \"{id}\" could not be brought up to date"
            ))
        });
        let mut step = self.written(page.items, goes_on).await?;
        step.follow_ups.notes.extend(note);
        Ok(step)
    }

    async fn version_of(&self, audience: &str) -> Result<Option<i64>> {
        let found = self.services.store.audience(self.environment(), audience).await?;
        Ok(found.map(|audience| audience.version))
    }

    /// A tenant, then those beneath it, the older first, each with all beneath it.
    async fn tenant(mut self) -> Result<JobStep> {
        if self.body.path.is_empty() {
            self.body.path.push(self.body.id.clone());
        }
        let id = self.body.path.last().cloned().unwrap_or_default();
        let page = self.people(CrowdKind::Tenant, &id).await?;
        if page.is_none() && self.body.path.len() == 1 {
            return Ok(self.nobody(format!("There is no tenant \"{id}\"")));
        }
        // One beneath it that went meanwhile has nobody.
        let (people, next) = page.map(|page| (page.items, page.next)).unwrap_or_default();
        self.body.after = next.map(|next| next.id);
        let goes_on = self.body.after.is_some() || (self.crowd.include_children && self.descend().await?);
        self.written(people, goes_on).await
    }

    /// Goes to the next tenant; false when there is none.
    async fn descend(&mut self) -> Result<bool> {
        // As deep as tenants stand, whatever they say of each other.
        if self.body.path.len() < MAX_LEVELS
            && let Some(parent) = self.body.path.last()
            && let Some(child) = self.beneath(parent, None).await?
        {
            self.body.path.push(child);
            return Ok(true);
        }
        while let Some(left) = self.body.path.pop() {
            let Some(parent) = self.body.path.last() else { break };
            if let Some(sibling) = self.beneath(parent, Some(&left)).await? {
                self.body.path.push(sibling);
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The tenant beneath another that comes after one of them.
    async fn beneath(&self, parent: &str, after: Option<&str>) -> Result<Option<String>> {
        let (store, environment) = (&self.services.store, self.environment());
        let after = match after {
            None => None,
            // They stand in the order in which they were made. One that went meanwhile has no place any more: the others are
            // gone through again, and whoever has a message gets no second one.
            Some(id) => {
                let found = store.document(environment, DocumentKind::Tenant, id).await?;
                found.map(|tenant| Cursor {
                    sort: tenant.created.as_millis(),
                    id: tenant.id,
                })
            }
        };
        let page = PageRequest { after, limit: 1 };
        let found = store
            .documents(environment, DocumentKind::Tenant, Some(parent), page)
            .await?;
        Ok(found.items.into_iter().next().map(|tenant| tenant.id))
    }

    /// Looks again in a moment.
    fn wait(self) -> Result<JobStep> {
        let due = self.services.clock.now().plus(WAIT_MS);
        Ok(JobStep::at(
            due,
            serde_json::to_value(self.body).map_err(Error::internal)?,
        ))
    }

    /// A page, and the place after it.
    async fn written(mut self, people: Vec<Person>, goes_on: bool) -> Result<JobStep> {
        let mut follow_ups = FollowUps::default();
        if !people.is_empty() {
            let page = messages(self.services, self.request.clone(), &self.crowd, people).await?;
            self.body.reached |= !page.messages.is_empty();
            let (environment, accepted) = (page.request.environment, page.request.accepted_at);
            follow_ups.jobs = enqueued(self.services, environment, &page.messages, accepted).await;
            follow_ups.messages.push(page);
        }
        if goes_on {
            let body = serde_json::to_value(self.body).map_err(Error::internal)?;
            return Ok(JobStep::go_on(body).with(follow_ups));
        }
        if !self.body.reached {
            let place = match self.body.kind {
                CrowdKind::List => "on the list",
                CrowdKind::Pattern => "on the lists that match",
                CrowdKind::Audience => "in the audience",
                CrowdKind::Tenant => "in the tenant",
            };
            let filtered = if self.crowd.members_of.is_empty() {
                ""
            } else {
                " whom the filters let pass"
            };
            let told = format!("There is nobody {place} \"{}\"{filtered}", self.body.id);
            return Ok(self.nobody(told));
        }
        Ok(JobStep::finished().with(follow_ups))
    }

    /// It ends, and the request says why there is nobody, or nobody more.
    fn nobody(&self, told: String) -> JobStep {
        JobStep::finished().with(FollowUps {
            notes: vec![self.note(told)],
            ..FollowUps::default()
        })
    }

    fn note(&self, note: String) -> RequestNote {
        RequestNote {
            request_id: self.request.id.clone(),
            entry: self.crowd.entry,
            note,
        }
    }
}
