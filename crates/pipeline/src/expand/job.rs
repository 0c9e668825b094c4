//! The job that expands a crowd.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use tidings_domain::list::Pattern;
use tidings_store::{
    Cursor, DocumentKind, FollowUps, JobKey, JobRow, Lane, NewJob, PageRequest, RequestNote, RequestRow,
};
use tidings_types::{Environment, Error, RequestId, Result, Timestamp};

use super::page::{Person, messages};
use super::people::page_of;
use super::{Crowd, CrowdKind, EXPAND, PAGE};
use crate::Services;
use crate::jobs::{JobHandler, JobStep};
use crate::tenants::MAX_LEVELS;

/// Does jobs of the kind [`EXPAND`].
pub(crate) struct Expand;

/// What such a job carries.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Body {
    /// The request.
    request: RequestId,
    /// Which of its crowds.
    entry: u32,
    /// What is read: the crowd itself, or one of the lists or tenants it stands for.
    kind: CrowdKind,
    id: String,
    /// The last one read; none before the first page.
    after: Option<String>,
    /// How many tenants above this one led here.
    #[serde(default)]
    depth: usize,
    /// Whether a list was found that matches.
    #[serde(default)]
    found: bool,
}

/// The jobs that expand a new request's crowds.
pub(crate) fn jobs_of(
    environment: Environment,
    request: &RequestId,
    crowds: &[Crowd],
    now: Timestamp,
) -> Result<Vec<NewJob>> {
    let job = |crowd: &Crowd| {
        let body = Body {
            request: request.clone(),
            entry: crowd.entry,
            kind: crowd.kind,
            id: crowd.id.clone(),
            after: None,
            depth: 0,
            found: false,
        };
        new_job(environment, format!("{request}/{}", crowd.entry), &body, now)
    };
    crowds.iter().map(job).collect()
}

fn new_job(environment: Environment, key: String, body: &Body, now: Timestamp) -> Result<NewJob> {
    Ok(NewJob {
        name: JobKey::new(environment, EXPAND, key),
        lane: Lane::Bulk,
        due: now,
        body: serde_json::to_value(body).map_err(Error::internal)?,
    })
}

#[async_trait]
impl JobHandler for Expand {
    fn kind(&self) -> &'static str {
        EXPAND
    }

    fn places(&self) -> usize {
        2
    }

    fn attempts(&self) -> u32 {
        // Half a day: an accepted send is not given up because the store had a bad hour.
        60
    }

    async fn run(&self, services: &Services, job: &JobRow) -> Result<JobStep> {
        let body = Body::deserialize(&job.body).map_err(Error::internal)?;
        let request = services.store.request(job.name.environment, &body.request).await?;
        let Some(request) = request.filter(|request| request.canceled_at.is_none()) else {
            return Ok(JobStep::finished());
        };
        let crowds: Vec<Crowd> =
            serde_json::from_str(request.crowds.as_deref().unwrap_or("[]")).map_err(Error::internal)?;
        let Some(crowd) = crowds.into_iter().find(|crowd| crowd.entry == body.entry) else {
            return Ok(JobStep::finished());
        };
        let work = Work {
            services,
            key: &job.name.key,
            request,
            crowd,
            body,
        };
        match work.body.kind {
            CrowdKind::List | CrowdKind::Audience => work.people().await,
            CrowdKind::Pattern => work.pattern().await,
            CrowdKind::Tenant => work.tenant().await,
        }
    }
}

struct Work<'a> {
    services: &'a Services,
    key: &'a str,
    request: RequestRow,
    crowd: Crowd,
    body: Body,
}

impl Work<'_> {
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

    /// Everybody on a list or in an audience.
    async fn people(self) -> Result<JobStep> {
        let (kind, id) = (self.body.kind, &self.body.id);
        match page_of(self.services, self.environment(), kind, id, self.page()).await? {
            // One that went in the middle of it is sent no further.
            None => Ok(self.nobody(&format!("There is no {}", kind.as_str()))),
            Some(page) => self.written(page.items, page.next, Vec::new()).await,
        }
    }

    async fn pattern(mut self) -> Result<JobStep> {
        let pattern = Pattern::parse(&self.body.id).map_err(Error::internal)?;
        let store = &self.services.store;
        let page = store.lists(self.environment(), &pattern.prefix(), self.page()).await?;
        let matching = page.items.iter().filter(|list| pattern.matches(&list.id));
        let jobs: Vec<NewJob> = matching
            .map(|list| self.part(CrowdKind::List, &list.id))
            .collect::<Result<_>>()?;
        self.body.found |= !jobs.is_empty();
        if page.next.is_none() && !self.body.found {
            return Ok(self.nobody("There is no list that matches"));
        }
        self.written(Vec::new(), page.next, jobs).await
    }

    async fn tenant(self) -> Result<JobStep> {
        let (environment, id) = (self.environment(), self.body.id.clone());
        let Some(page) = page_of(self.services, environment, CrowdKind::Tenant, &id, self.page()).await? else {
            return Ok(self.nobody("There is no tenant"));
        };
        let mut jobs = Vec::new();
        // As deep as tenants stand, in case two that moved at once made a circle.
        if self.crowd.include_children && self.is_first() && self.body.depth + 1 < MAX_LEVELS {
            for child in children(self.services, environment, &id).await? {
                jobs.push(self.part(CrowdKind::Tenant, &child)?);
            }
        }
        self.written(page.items, page.next, jobs).await
    }

    /// The job for one of the lists or tenants that the crowd stands for.
    fn part(&self, kind: CrowdKind, id: &str) -> Result<NewJob> {
        let body = Body {
            kind,
            id: id.to_owned(),
            after: None,
            depth: self.body.depth + 1,
            ..self.body.clone()
        };
        let root = format!("{}/{}", self.request.id, self.crowd.entry);
        let key = format!("{root}/{}/{id}", kind.as_str());
        new_job(self.environment(), key, &body, self.services.clock.now())
    }

    /// A page, and where the next one begins.
    async fn written(self, people: Vec<Person>, next: Option<Cursor>, jobs: Vec<NewJob>) -> Result<JobStep> {
        let page = messages(self.services, self.request, &self.crowd, people).await?;
        let follow_ups = FollowUps {
            jobs,
            messages: vec![page],
            ..FollowUps::default()
        };
        let step = match next {
            None => JobStep::finished(),
            Some(next) => {
                let body = Body {
                    after: Some(next.id),
                    ..self.body
                };
                JobStep::go_on(serde_json::to_value(body).map_err(Error::internal)?)
            }
        };
        tracing::debug!(key = self.key, "a page was expanded");
        Ok(step.with(follow_ups))
    }

    /// Nobody is sent to, and the request says why.
    fn nobody(&self, told: &str) -> JobStep {
        let note = RequestNote {
            request_id: self.request.id.clone(),
            entry: self.crowd.entry,
            note: format!("{told} \"{}\"", self.body.id),
        };
        JobStep::finished().with(FollowUps {
            notes: vec![note],
            ..FollowUps::default()
        })
    }
}

/// The tenants right beneath one.
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
