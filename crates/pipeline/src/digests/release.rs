//! Sending what was gathered: as one message, and by itself what no digest takes any more.

use tidings_domain::digest::{Gathered, filed_now, next_release, released};
use tidings_store::people::merge_objects;
use tidings_store::{Acceptance, DigestEvent, DigestFilter, DigestInstance, PageRequest};
use tidings_types::digest::Digest;
use tidings_types::{Environment, Error, ErrorKind, KeyScope, Object, Result, Timestamp, TopicId, UserId};

use super::alone::alone;
use super::body::Body;
use super::message::{compose, id_of_round};
use super::scene::{Scene, open};
use crate::library::Found;
use crate::{Services, accept};

/// How many gatherings one person has in a topic at most: one for each rhythm.
const PAGE: u32 = 200;
/// How often a release is tried anew because something was filed meanwhile.
const TRIES: usize = 20;

/// Sends a person what is gathered for them in a topic now.
///
/// # Errors
/// When the store fails. What could be sent is sent all the same.
pub async fn release_for(
    services: &Services,
    environment: Environment,
    user: &UserId,
    topic: &TopicId,
    tenant: Option<&str>,
) -> Result<()> {
    let filter = DigestFilter {
        user_id: Some(user.clone()),
        topic_id: Some(topic.clone()),
        tenant_id: Some(tenant.map(str::to_owned)),
        open: true,
        ..DigestFilter::default()
    };
    let page = PageRequest {
        after: None,
        limit: PAGE,
    };
    let mut outcome = Ok(());
    for instance in services.store.digest_instances(environment, filter, page).await?.items {
        let scene = Scene::look(services, environment, &instance.key).await?;
        let digest = scene.as_ref().map(|scene| &scene.digest);
        let sent = Release::with(services, environment, digest).send(instance).await;
        outcome = outcome.and(sent);
    }
    outcome
}

/// How what was gathered is sent.
pub(super) struct Release<'a> {
    services: &'a Services,
    environment: Environment,
    /// The digest; without one, each message goes by itself.
    digest: Option<&'a Digest>,
    /// The round of its rhythm that it is sent for, if it is for one.
    pub(super) round: Option<Round>,
}

/// A round of a rhythm.
#[derive(Clone, Copy, Debug)]
pub(super) struct Round {
    /// When.
    pub(super) due: Timestamp,
    /// Whether the next round is looked at though nothing may be gathered then.
    pub(super) goes_on: bool,
}

impl<'a> Release<'a> {
    pub(super) fn with(services: &'a Services, environment: Environment, digest: Option<&'a Digest>) -> Self {
        Self {
            services,
            environment,
            digest,
            round: None,
        }
    }

    /// Sends one gathering, with everything that is in it at that moment.
    pub(super) async fn send(&self, mut instance: DigestInstance) -> Result<()> {
        let Self {
            services, environment, ..
        } = *self;
        let digest = self.usable(&instance).await?;
        for _ in 0..TRIES {
            let events = services
                .store
                .digest_events(environment, &instance.key.user_id, &instance.id)
                .await?;
            instance.events = u32::try_from(events.len()).unwrap_or(u32::MAX);
            let acceptances = self.messages(digest, &instance, events).await?;
            let lanes: Vec<_> = acceptances
                .iter()
                .flat_map(|one| &one.messages)
                .map(|one| one.lane)
                .collect();
            match services
                .store
                .release_digest(environment, instance.clone(), acceptances, services.clock.now())
                .await
            {
                Ok(true) => {
                    for lane in lanes {
                        services.bus.send(tidings_bus::Hint::Work(lane));
                    }
                    return Ok(());
                }
                Ok(false) => {}
                // The digest of this round was sent before; what was filed since has a job of its own.
                Err(error) if self.round.is_some() && error.kind() == ErrorKind::Conflict => return Ok(()),
                Err(error) => return Err(error),
            }
            match open(services, environment, &instance.key).await? {
                // Something was filed meanwhile: it goes along.
                Some(again) if again.id == instance.id => {}
                // Somebody else was first.
                _ => return Ok(()),
            }
        }
        Err(Error::busy(
            "A digest could not be released, because messages are filed in it all the time",
        ))
    }

    /// The digest, if its template can be sent. Without it nothing is lost: each message goes by itself.
    async fn usable(&self, instance: &DigestInstance) -> Result<Option<&'a Digest>> {
        let Some(digest) = self.digest else { return Ok(None) };
        let library = self.services.documents();
        let (template, scope) = (digest.template_id.as_str(), KeyScope::Published);
        match library.template(self.environment, template, scope, &[]).await? {
            Found::Template(_) | Found::Broken(_) => Ok(Some(digest)),
            Found::Unpublished | Found::Unknown => {
                tracing::warn!(
                    topic = %instance.key.topic_id, template,
                    "the template of a digest is gone: what was gathered is sent one by one"
                );
                Ok(None)
            }
        }
    }

    /// The messages that follow: the digest first, if anything belongs into it.
    async fn messages(
        &self,
        digest: Option<&Digest>,
        instance: &DigestInstance,
        events: Vec<DigestEvent>,
    ) -> Result<Vec<Acceptance>> {
        let Self {
            services, environment, ..
        } = *self;
        let (mut gathered, mut recipient, mut others) = (Vec::new(), Object::new(), Vec::new());
        for event in events {
            let one = Gathered {
                at: event.at,
                data: event.data.clone(),
                categories: event.categories.clone(),
            };
            let categories = digest
                .map(|digest| filed_now(&digest.categories, &one))
                .unwrap_or_default();
            if categories.is_empty() {
                others.push(event);
                continue;
            }
            // The last that was said of the person counts.
            merge_objects(&mut recipient, &event.recipient);
            gathered.push(Gathered { categories, ..one });
        }
        let mut acceptances = Vec::with_capacity(others.len() + 1);
        if let Some(digest) = digest.filter(|_| !gathered.is_empty()) {
            let data = released(&digest.categories, &gathered);
            let (key, id) = (&instance.key, instance.id.as_str());
            let mut message = compose(services, environment, digest, key, id, data, &recipient).await?;
            if let Some(round) = self.round {
                message = accept::named(services, message, &id_of_round(key, round.due)).await;
            }
            acceptances.push(message);
        }
        for event in others {
            acceptances.push(alone(services, environment, instance, event).await?);
        }
        self.go_on(digest, instance, recipient, &mut acceptances)?;
        Ok(acceptances)
    }

    /// Asks for the next round, where the digest is sent though nothing was gathered.
    fn go_on(
        &self,
        digest: Option<&Digest>,
        instance: &DigestInstance,
        recipient: Object,
        acceptances: &mut [Acceptance],
    ) -> Result<()> {
        let goes_on = self.round.is_some_and(|round| round.goes_on);
        let Some(digest) = digest.filter(|_| goes_on) else {
            return Ok(());
        };
        let mut schedules = digest.schedules.iter();
        let schedule = schedules.find(|one| one.schedule_id == instance.key.schedule_id);
        let next = schedule.and_then(|schedule| next_release(schedule, self.services.clock.now()));
        if let (Some(next), Some(first)) = (next, acceptances.first_mut()) {
            let mut body = Body::at(&instance.key, next);
            body.recipient = recipient;
            first.jobs.push(body.job(self.environment)?);
        }
        Ok(())
    }
}
