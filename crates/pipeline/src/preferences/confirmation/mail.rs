//! The mail that asks.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use tidings_store::Acceptance;
use tidings_types::consent::{Consent, ConsentAction};
use tidings_types::message::ONE_TIME_TAG;
use tidings_types::routing::RoutingTarget;
use tidings_types::section::ContentSettings;
use tidings_types::{MessageSpec, Method, Object, Result, Routing, RoutingEntry, TemplateContent, Timestamp};

use super::words::ConfirmationWords;
use super::{HOUR_MS, MAILS_PER_HOUR};
use crate::preferences::Speaker;
use crate::preferences::write::address;
use crate::{LinkClaims, LinkKind, Services, accept};

/// The mail that asks a person to confirm what they opted in to at this moment, ready to be accepted; none when they were
/// sent as many as are sent within an hour.
///
/// # Errors
/// When the store cannot be read.
pub(in crate::preferences) async fn mail(
    services: &Services,
    speaker: &Speaker<'_>,
    topics: &[String],
    ledger: &[Consent],
    now: Timestamp,
) -> Result<Option<Acceptance>> {
    let since = now.minus(HOUR_MS);
    let lately = ledger
        .iter()
        .filter(|line| line.action == ConsentAction::Pending && line.at > since)
        .map(|line| line.at)
        .collect::<BTreeSet<_>>();
    if lately.len() >= MAILS_PER_HOUR {
        tracing::warn!(environment = %speaker.environment, "no mail asks for a confirmation: the person was sent {MAILS_PER_HOUR} within an hour");
        return Ok(None);
    }
    let profile = services.store.profile(speaker.environment, speaker.user).await?;
    let of_profile = |name: &str| profile.as_ref().and_then(|profile| profile.get(name)?.as_str());
    let words = words(services, speaker, of_profile("locale")).await?;
    let claims = LinkClaims {
        kind: LinkKind::Confirm,
        environment: speaker.environment,
        user_id: speaker.user.to_string(),
        tenant_id: speaker.tenant.map(str::to_owned),
        topic_id: None,
        message_id: None,
        issued: now,
    };
    let link = format!("{}?lang={}", services.links.url(&claims), words.tag);
    let mut spec = MessageSpec {
        content: Some(content(words)),
        data: values(topics, &link),
        routing: Some(Routing {
            method: Method::Single,
            channels: vec![RoutingEntry::Target(RoutingTarget::named("email"))],
        }),
        ..MessageSpec::default()
    };
    // Who holds the link may confirm: it is kept no longer, and shown no more, than a code.
    spec.metadata.tags = vec![ONE_TIME_TAG.to_owned()];
    spec.metadata.event = Some("confirm-opt-in".to_owned());
    spec.context.tenant_id = speaker.tenant.map(str::to_owned);
    // Who is known only by the messages sent to them has a mailbox too: the one that the link was taken from.
    let known = of_profile("email").is_some_and(|email| !email.is_empty());
    let email = if known { None } else { address(services, speaker).await? };
    let to = match email {
        Some(email) => json!({ "user_id": speaker.user, "locale": words.tag, "email": email }),
        None => json!({ "user_id": speaker.user, "locale": words.tag }),
    };
    accept::composed(services, speaker.environment, &spec, to)
        .await
        .map(Some)
}

/// The language of the page the person chose on, else their own, else the default one.
async fn words(services: &Services, speaker: &Speaker<'_>, own: Option<&str>) -> Result<&'static ConfirmationWords> {
    if let Some(tag) = speaker.language {
        return Ok(ConfirmationWords::best([tag]));
    }
    let settings: ContentSettings = services.documents().settings(speaker.environment).await?;
    Ok(ConfirmationWords::best(
        own.into_iter().chain(settings.default_locale.as_deref()),
    ))
}

fn values(topics: &[String], link: &str) -> Object {
    let mut data = Object::new();
    data.insert("topics".to_owned(), json!(topics.join(", ")));
    data.insert("link".to_owned(), json!(link));
    data
}

fn content(words: &ConfirmationWords) -> TemplateContent {
    let elements: Vec<Value> = vec![
        json!({ "type": "meta", "title": words.mail_subject }),
        json!({ "type": "text", "content": words.mail_text }),
        json!({ "type": "action", "content": words.mail_do, "href": "{{link}}", "disable_tracking": true }),
        json!({ "type": "text", "content": words.mail_ignore }),
    ];
    TemplateContent {
        version: Some("2022-01-01".to_owned()),
        elements: Some(elements),
        ..TemplateContent::default()
    }
}
