//! Telling one endpoint, again and again until it listens or a day has passed.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use serde::Deserialize;
use tidings_bus::Hint;
use tidings_domain::retry;
use tidings_providers::{Body, Guard, OutgoingRequest, Response};
use tidings_store::webhooks::{DELIVERY, DeliveryState, WebhookAttempt, WebhookDelivery, WebhookTried};
use tidings_store::{DocumentKind, DocumentWrite, JobRow, ParentChange, WriteMode};
use tidings_types::{Environment, Error, Outcome, Result, Timestamp};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::{Endpoint, HEADER, open_secret, signature};
use crate::Services;
use crate::jobs::{JobHandler, JobStep};

/// How long an endpoint may take to answer.
const TIMEOUT: Duration = Duration::from_secs(10);
/// How many attempts a delivery gets, at most.
const MAX_TRIES: u32 = 104;
/// How many calls one endpoint gets at once, so that one that hangs leaves places for others.
const AT_ONCE: usize = 8;
/// How long a delivery waits for a place, in milliseconds.
const CROWDED_WAIT_MS: u64 = 1_000;
/// How much of an answer is kept, in characters.
const KEPT_ANSWER: usize = 500;
/// How long an endpoint may fail before it is disabled, in milliseconds.
const PATIENCE_MS: u64 = retry::CEILING_MS;

/// Carries out deliveries.
#[derive(Default)]
pub struct Deliver {
    places: Mutex<HashMap<(Environment, String), Arc<Semaphore>>>,
}

/// What a job says.
#[derive(Deserialize)]
struct Work {
    endpoint: String,
    id: String,
    since: Timestamp,
}

/// What an attempt came to.
enum Answer {
    Taken,
    /// Not before this many milliseconds, if it asked for a pause.
    Later(Option<u64>),
    Refused,
    /// It says that it is no more.
    Gone,
}

#[async_trait]
impl JobHandler for Deliver {
    fn kind(&self) -> &'static str {
        DELIVERY
    }

    fn places(&self) -> usize {
        32
    }

    async fn run(&self, services: &Services, job: &JobRow) -> Result<JobStep> {
        let environment = job.name.environment;
        let work: Work = serde_json::from_value(job.body.clone()).map_err(Error::internal)?;
        let found = services
            .store
            .webhook_delivery(environment, &work.endpoint, &work.id)
            .await?;
        // It has gone, has ended, or was asked for anew, which has a job of its own.
        let Some(delivery) = found.filter(|one| one.state == DeliveryState::Pending && one.since == work.since) else {
            return Ok(JobStep::finished());
        };
        let Services { library, .. } = services;
        let document = library
            .document(environment, DocumentKind::Webhook, &work.endpoint)
            .await?;
        let endpoint = document.as_deref().map(Endpoint::of).transpose()?;
        let Some(endpoint) = endpoint.filter(|endpoint| endpoint.enabled) else {
            note(services, &delivery, None, DeliveryState::Failed, None).await?;
            return Ok(JobStep::finished());
        };
        let now = services.clock.now();
        let Some(_place) = self.enter(environment, &work.endpoint) else {
            return Ok(JobStep::at(now.plus(CROWDED_WAIT_MS), job.body.clone()));
        };
        let (attempt, answer) = attempt(services, &delivery, &endpoint, now).await?;
        let (state, next_at) = settle(&delivery, &attempt, &answer, services.clock.now());
        let health = note(services, &delivery, Some(attempt), state, next_at).await?;
        let failing_for = health
            .and_then(|health| health.failing_since)
            .map_or(0, |since| now.since(since));
        match answer {
            Answer::Gone => disable(services, &delivery, "It answered 410 Gone").await?,
            Answer::Later(_) | Answer::Refused if failing_for >= PATIENCE_MS => {
                disable(services, &delivery, "It took nothing for 24 hours").await?;
            }
            _ => {}
        }
        Ok(next_at.map_or_else(JobStep::finished, |at| JobStep::at(at, job.body.clone())))
    }
}

impl Deliver {
    fn enter(&self, environment: Environment, endpoint: &str) -> Option<OwnedSemaphorePermit> {
        let mut places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        places.retain(|_, one| one.available_permits() < AT_ONCE);
        let one = places
            .entry((environment, endpoint.to_owned()))
            .or_insert_with(|| Arc::new(Semaphore::new(AT_ONCE)));
        Arc::clone(one).try_acquire_owned().ok()
    }
}

async fn attempt(
    services: &Services,
    delivery: &WebhookDelivery,
    endpoint: &Endpoint,
    now: Timestamp,
) -> Result<(WebhookAttempt, Answer)> {
    let known = &delivery.delivery;
    let mut headers = Vec::new();
    if let Some(sealed) = &endpoint.secret {
        let secret = open_secret(&services.vault, known.environment, &known.endpoint_id, sealed)?;
        headers.push((HEADER.to_owned(), signature(&secret, &known.payload, now)));
    }
    let request = OutgoingRequest {
        method: http::Method::POST,
        url: endpoint.url.parse().map_err(Error::internal)?,
        headers,
        body: Body::Raw {
            content_type: "application/json".to_owned(),
            bytes: known.payload.clone().into_bytes(),
        },
        guard: Guard::Person,
    };
    let answered = services.driver.send(request, now, TIMEOUT).await;
    let mut attempt = WebhookAttempt {
        at: now,
        took_ms: services.clock.now().since(now),
        ..WebhookAttempt::default()
    };
    let answer = match answered {
        Ok(response) => {
            attempt.status = Some(response.status.as_u16());
            attempt.answer = beginning(&response);
            judge(&response)
        }
        Err(outcome) => {
            attempt.error = outcome.error().map(str::to_owned);
            match outcome {
                Outcome::Refused { .. } => Answer::Refused,
                _ => Answer::Later(None),
            }
        }
    };
    Ok((attempt, answer))
}

/// Anything but success, a pause that is asked for and a fault of the server's is final.
fn judge(response: &Response) -> Answer {
    match response.status.as_u16() {
        200..=299 => Answer::Taken,
        410 => Answer::Gone,
        408 | 429 | 500..=599 => Answer::Later(response.retry_after_ms()),
        _ => Answer::Refused,
    }
}

fn beginning(response: &Response) -> String {
    let text = String::from_utf8_lossy(&response.body);
    text.chars()
        .filter(|one| !one.is_control() || *one == '\n')
        .take(KEPT_ANSWER)
        .collect()
}

fn settle(
    delivery: &WebhookDelivery,
    attempt: &WebhookAttempt,
    answer: &Answer,
    now: Timestamp,
) -> (DeliveryState, Option<Timestamp>) {
    match answer {
        Answer::Taken => (DeliveryState::Delivered, None),
        Answer::Refused | Answer::Gone => (DeliveryState::Failed, None),
        Answer::Later(asked) => {
            let tries = delivery.tries + 1;
            let next = now.plus(retry::wait_ms(tries, *asked));
            let first = delivery.since.min(attempt.at);
            if tries >= MAX_TRIES || next.since(first) > retry::CEILING_MS {
                (DeliveryState::Failed, None)
            } else {
                (DeliveryState::Pending, Some(next))
            }
        }
    }
}

async fn note(
    services: &Services,
    delivery: &WebhookDelivery,
    attempt: Option<WebhookAttempt>,
    state: DeliveryState,
    next_at: Option<Timestamp>,
) -> Result<Option<tidings_store::webhooks::WebhookHealth>> {
    let known = &delivery.delivery;
    let outcome = if state == DeliveryState::Delivered {
        "delivered"
    } else {
        "failed"
    };
    metrics::counter!("tidings_webhook_attempts_total", "outcome" => outcome).increment(1);
    let tried = WebhookTried {
        environment: known.environment,
        endpoint_id: known.endpoint_id.clone(),
        id: known.id.clone(),
        attempt,
        state,
        next_at,
    };
    services.store.webhook_tried(tried).await
}

/// Tells an endpoint nothing more until somebody enables it.
async fn disable(services: &Services, delivery: &WebhookDelivery, why: &str) -> Result<()> {
    let (environment, id) = (delivery.delivery.environment, &delivery.delivery.endpoint_id);
    let kind = DocumentKind::Webhook;
    let Some(document) = services.store.document(environment, kind, id).await? else {
        return Ok(());
    };
    let endpoint = Endpoint {
        enabled: false,
        disabled_reason: Some(why.to_owned()),
        disabled_at: Some(services.clock.now()),
        ..Endpoint::of(&document)?
    };
    let write = DocumentWrite {
        kind,
        id: id.clone(),
        names: None,
        parent: ParentChange::Keep,
        body: serde_json::to_value(endpoint).map_err(Error::internal)?,
        mode: WriteMode::Live,
        // Whoever changes it at this moment knows better.
        seen: Some(document.body),
        now: services.clock.now(),
        by: "webhooks".to_owned(),
    };
    if let Err(error) = services.store.write_document(environment, write).await {
        tracing::info!(endpoint = id, %error, "a failing endpoint was changed meanwhile and stays enabled");
        return Ok(());
    }
    let Services { library, bus, .. } = services;
    library.changed(environment);
    bus.send(Hint::Documents(environment));
    tracing::warn!(endpoint = id, why, "a webhook endpoint is disabled");
    Ok(())
}
