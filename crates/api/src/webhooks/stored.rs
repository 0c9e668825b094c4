//! An endpoint and its deliveries between the wire and the store.

use tidings_pipeline::Services;
use tidings_pipeline::accounts::MASK;
use tidings_pipeline::webhooks::{EVENTS, Endpoint, seal_secret};
use tidings_store::{Document, webhooks};
use tidings_types::{Environment, Error, Result};
use tidings_wire::webhook::{Webhook, WebhookAttempt, WebhookDelivery, WebhookWrite};
use url::Url;

use crate::validation::{no_control_characters, printable};

const MAX_SECRET: usize = 256;
const MAX_URL: usize = 2048;

/// Checks what was written and seals its secret. Where that holds the mask, the secret of `before` is kept.
///
/// # Errors
/// `Invalid`, naming the field.
pub(super) fn checked(
    services: &Services,
    environment: Environment,
    id: &str,
    written: WebhookWrite,
    before: Option<&Endpoint>,
) -> Result<Endpoint> {
    check_url(&written.url)?;
    printable("description", written.description.as_deref().unwrap_or_default())?;
    for (index, event) in written.events.iter().enumerate() {
        if !EVENTS.contains(&event.as_str()) {
            let known = EVENTS.join(", ");
            return Err(Error::invalid(format!("events.{index}: Expected one of {known}")));
        }
    }
    let secret = match written.secret.filter(|secret| !secret.is_empty()) {
        None => None,
        Some(secret) if secret == MASK => match before.and_then(|before| before.secret.clone()) {
            Some(kept) => Some(kept),
            None => return Err(Error::invalid("secret: A mask keeps what is stored, and nothing is")),
        },
        Some(secret) => {
            no_control_characters("secret", &secret)?;
            if secret.chars().count() > MAX_SECRET {
                return Err(Error::invalid(format!("secret: Longer than {MAX_SECRET} characters")));
            }
            let random = services.random.as_ref();
            Some(seal_secret(&services.vault, random, environment, id, &secret))
        }
    };
    Ok(Endpoint {
        url: written.url,
        description: written.description,
        events: written.events,
        secret,
        enabled: written.enabled.unwrap_or(true),
        disabled_reason: None,
        disabled_at: None,
    })
}

fn check_url(text: &str) -> Result<()> {
    let wrong = || Error::invalid("url: Expected an http or https address without user name and password");
    let url = Url::parse(text).map_err(|_| wrong())?;
    let plain = url.username().is_empty() && url.password().is_none();
    if text.len() > MAX_URL || !plain || !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return Err(wrong());
    }
    Ok(())
}

/// An endpoint as reads show it, with how it does.
///
/// # Errors
/// When the store cannot be read.
pub(super) async fn on_the_wire(services: &Services, environment: Environment, document: &Document) -> Result<Webhook> {
    let endpoint = Endpoint::of(document)?;
    let health = services.store.webhook_health(environment, &document.id).await?;
    Ok(Webhook {
        id: document.id.clone(),
        url: endpoint.url,
        description: endpoint.description,
        events: endpoint.events,
        secret: endpoint.secret.map(|_| MASK.to_owned()),
        enabled: endpoint.enabled,
        disabled_reason: endpoint.disabled_reason,
        disabled_at: endpoint.disabled_at,
        last_success: health.last_success,
        last_failure: health.last_failure,
        failing_since: health.failing_since,
        created: document.created,
        updated: document.updated,
    })
}

/// A delivery as reads show it.
pub(super) fn delivery(found: webhooks::WebhookDelivery, with_payload: bool) -> WebhookDelivery {
    let attempt = |one: webhooks::WebhookAttempt| WebhookAttempt {
        at: one.at,
        took_ms: one.took_ms,
        status: one.status,
        answer: one.answer,
        error: one.error,
    };
    WebhookDelivery {
        id: found.delivery.id,
        event: found.delivery.event,
        resource: found.delivery.resource,
        state: found.state.as_str().to_owned(),
        created: found.delivery.created,
        next_attempt: found.next_at,
        tries: found.tries,
        attempts: found.attempts.into_iter().map(attempt).collect(),
        payload: with_payload.then(|| serde_json::from_str(&found.delivery.payload).unwrap_or_default()),
    }
}

/// How a delivery that is not there is told.
pub(super) fn no_delivery(id: &str) -> Error {
    Error::not_found(format!("Delivery {id} not found"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_web_addresses_are_taken() {
        for fine in ["https://example.com/hook?a=b", "http://10.0.0.1:8080/"] {
            check_url(fine).unwrap();
        }
        for wrong in [
            "",
            "example.com",
            "ftp://example.com",
            "https://u:p@example.com",
            "mailto:a@b.c",
        ] {
            assert!(check_url(wrong).unwrap_err().message().starts_with("url: "), "{wrong}");
        }
    }
}
