//! Marketing that is confirmed by mail before it begins.

use serde_json::{Value, json};
use tidings_pipeline::LinkClaims;
use tidings_pipeline::preferences::{Choice, Origin, Speaker, State, change, confirm, confirmation};
use tidings_store::{DocumentKind, WriteMode};
use tidings_testkit::{HttpDouble, World};
use tidings_types::consent::ConsentAction;
use tidings_types::{Clock as _, MessageId, PreferenceStatus, UserId};

use crate::common::{HOUR, MINUTE, mail_and_text, queued, taken, template_of, template_to_ada};

/// A marketing topic that asks for a confirmation, and all that its mails must have.
async fn scene() -> (World, HttpDouble) {
    let (world, sendgrid, _twilio) = mail_and_text(queued(), taken()).await;
    let topic = json!({
        "name": "Offers {{code}}", "default_status": "OPTED_OUT", "classification": "marketing", "double_opt_in": true,
        "consent_wording": "offers-2",
    });
    world
        .document(DocumentKind::Topic, "offers", None, topic, WriteMode::Live)
        .await;
    let settings = json!({ "postal_address": "Acme Inc., 1 Main Street" });
    world
        .document(DocumentKind::Settings, "compliance", None, settings, WriteMode::Live)
        .await;
    let mut template = template_of("offers");
    let elements = template["content"]["elements"].as_array_mut().unwrap();
    elements.push(json!({ "type": "text", "content": "Acme Inc., 1 Main Street. [Leave]({$.urls.unsubscribe})" }));
    world.template("offer", template).await;
    world
        .profile("ada", json!({ "email": "ada@example.org", "locale": "de-AT" }))
        .await;
    (world, sendgrid)
}

fn ada() -> UserId {
    UserId::from("ada")
}

fn speaker<'a>(world: &World, user: &'a UserId, origin: Origin) -> Speaker<'a> {
    Speaker {
        environment: world.caller.environment,
        user,
        tenant: None,
        origin,
        message_id: None,
        wording: None,
        language: None,
    }
}

async fn says(world: &World, status: PreferenceStatus) {
    let ada = ada();
    let speaker = speaker(world, &ada, Origin::App);
    let wish = vec![("offers".into(), Choice::of_status(status))];
    change(&world.services, &speaker, wish).await.unwrap().unwrap();
}

async fn offer(world: &World) -> MessageId {
    let mut message = template_to_ada("offer");
    message["routing"]["channels"] = json!(["email"]);
    let id = world.send(message).await;
    world.finish().await;
    id
}

async fn ledger(world: &World) -> Vec<(ConsentAction, String, String)> {
    let lines = world
        .services
        .store
        .consents(world.caller.environment, &ada())
        .await
        .unwrap();
    lines
        .into_iter()
        .map(|line| (line.action, line.source, line.wording.unwrap_or_default()))
        .collect()
}

/// The link in a mail that asks.
fn link(mail: &Value) -> String {
    let text = mail.to_string();
    let (_, rest) = text.split_once("http://tidings.test/c/").unwrap();
    let end = rest.find(|one: char| !(one.is_ascii_alphanumeric() || "-_.".contains(one)));
    rest[..end.unwrap()].to_owned()
}

fn claims(world: &World, mail: &Value) -> LinkClaims {
    world.services.links.verify(&link(mail)).unwrap()
}

#[tokio::test]
async fn nothing_is_sent_until_it_is_confirmed_by_mail() {
    let (world, sendgrid) = scene().await;
    says(&world, PreferenceStatus::OptedIn).await;
    world.drain().await;
    assert_eq!(sendgrid.calls(), 1, "the mail that asks");
    let mail = sendgrid.requests()[0].json();
    assert_eq!(
        mail["subject"], "Bitte bestätigen: Offers {{code}}",
        "in the person's language, and as it stands"
    );
    assert!(!mail.to_string().contains("List-Unsubscribe"));

    let id = offer(&world).await;
    assert_eq!(world.status(&id).await, "UNDELIVERABLE OPT_IN_REQUIRED");
    let trace = world.trace(&id).await;
    assert!(trace.contains("unconfirmed: "), "{trace}");
    assert_eq!(sendgrid.calls(), 1);

    let ada = ada();
    let asked = claims(&world, &mail).issued;
    let here = speaker(&world, &ada, Origin::DoubleOptIn);
    let seen = confirmation(&world.services, &here, asked).await.unwrap();
    assert_eq!(seen.state, State::Awaited);
    assert_eq!(ledger(&world).await.len(), 1, "looking writes nothing");
    for _ in 0..2 {
        let done = confirm(&world.services, &here, asked).await.unwrap();
        assert_eq!(done.state, State::Confirmed);
    }
    let app = ("app".to_owned(), "offers-2".to_owned());
    let mail = ("double-opt-in".to_owned(), "offers-2".to_owned());
    assert_eq!(
        ledger(&world).await,
        [
            (ConsentAction::Pending, app.0, app.1),
            (ConsentAction::Confirmed, mail.0, mail.1),
        ]
    );
    let id = offer(&world).await;
    assert_eq!((world.status(&id).await.as_str(), sendgrid.calls()), ("SENT", 2));
}

#[tokio::test]
async fn what_was_taken_back_cannot_be_confirmed() {
    let (world, sendgrid) = scene().await;
    says(&world, PreferenceStatus::OptedIn).await;
    world.drain().await;
    let asked = claims(&world, &sendgrid.requests()[0].json()).issued;
    says(&world, PreferenceStatus::OptedOut).await;
    let ada = ada();
    let here = speaker(&world, &ada, Origin::DoubleOptIn);
    let done = confirm(&world.services, &here, asked).await.unwrap();
    assert_eq!(done.state, State::Gone);
    let actions: Vec<_> = ledger(&world).await.into_iter().map(|line| line.0).collect();
    assert_eq!(actions, [ConsentAction::Pending, ConsentAction::Withdrawn]);
}

#[tokio::test]
async fn nobody_is_flooded_with_mails_that_ask() {
    let (world, sendgrid) = scene().await;
    says(&world, PreferenceStatus::OptedIn).await;
    says(&world, PreferenceStatus::OptedIn).await;
    world.drain().await;
    assert_eq!(sendgrid.calls(), 1, "said again at once, it is not asked again");
    world.clock.advance(16 * MINUTE);
    says(&world, PreferenceStatus::OptedIn).await;
    world.drain().await;
    assert_eq!(sendgrid.calls(), 2, "later it is");
    for _ in 0..9 {
        world.clock.advance(1);
        says(&world, PreferenceStatus::OptedOut).await;
        says(&world, PreferenceStatus::OptedIn).await;
    }
    world.drain().await;
    assert_eq!(sendgrid.calls(), 5, "five within an hour");
    world.clock.advance(2 * HOUR);
    says(&world, PreferenceStatus::OptedOut).await;
    says(&world, PreferenceStatus::OptedIn).await;
    world.drain().await;
    assert_eq!(sendgrid.calls(), 6);
    let asked = claims(&world, &sendgrid.requests()[5].json()).issued;
    assert_eq!(asked, world.clock.now());
}

#[tokio::test]
async fn who_is_known_only_by_a_message_is_asked_where_it_went() {
    let (world, sendgrid) = scene().await;
    let mut message = template_to_ada("offer");
    message["to"] = json!({ "user_id": "bo", "email": "bo@example.org" });
    message["routing"]["channels"] = json!(["email"]);
    let id = world.send(message).await;
    world.finish().await;
    assert_eq!(sendgrid.calls(), 0);

    let bo = UserId::from("bo");
    let mut speaker = speaker(&world, &bo, Origin::Page);
    speaker.message_id = Some(id.as_str());
    let wish = vec![("offers".into(), Choice::of_status(PreferenceStatus::OptedIn))];
    change(&world.services, &speaker, wish).await.unwrap().unwrap();
    world.drain().await;
    let mail = sendgrid.requests()[0].json();
    assert_eq!(mail["personalizations"][0]["to"][0]["email"], "bo@example.org");
}
