//! The person decides, up to the moment of the hand-over.

use std::time::Duration;

use serde_json::json;
use tidings_pipeline::preferences;
use tidings_store::{DocumentKind, WriteMode};
use tidings_testkit::{HttpDouble, Reply, World};

use crate::common::{HOUR, MINUTE, mail_and_text, queued, taken, template_of, template_to_ada, to_ada};

/// The scene: a template in a topic, and vendors that work.
async fn scene(default_status: &str) -> (World, HttpDouble, HttpDouble) {
    let (world, sendgrid, twilio) = mail_and_text(queued(), taken()).await;
    world.topic("account", default_status).await;
    world.template("reset", template_of("account")).await;
    (world, sendgrid, twilio)
}

#[tokio::test]
async fn who_said_nothing_gets_it() {
    let (world, sendgrid, twilio) = scene("OPTED_IN").await;
    let id = world.send(template_to_ada("reset")).await;
    world.finish().await;
    assert_eq!(
        (world.status(&id).await.as_str(), sendgrid.calls(), twilio.calls()),
        ("SENT", 1, 0)
    );
}

#[tokio::test]
async fn who_opted_out_does_not() {
    let (world, sendgrid, twilio) = scene("OPTED_IN").await;
    world.prefers("ada", "account", json!({ "status": "OPTED_OUT" })).await;
    let id = world.send(template_to_ada("reset")).await;
    world.finish().await;
    assert_eq!(world.status(&id).await, "UNDELIVERABLE UNSUBSCRIBED");
    assert_eq!((sendgrid.calls(), twilio.calls()), (0, 0));
    let trace = world.trace(&id).await;
    assert!(
        trace.contains("opted_out: The person opted out of topic \"account\""),
        "{trace}"
    );
}

#[tokio::test]
async fn an_opt_in_topic_needs_an_opt_in() {
    let (world, sendgrid, _twilio) = scene("OPTED_OUT").await;
    let id = world.send(template_to_ada("reset")).await;
    world.finish().await;
    assert_eq!(world.status(&id).await, "UNDELIVERABLE OPT_IN_REQUIRED");
    world.prefers("ada", "account", json!({ "status": "OPTED_IN" })).await;
    let id = world.send(template_to_ada("reset")).await;
    world.finish().await;
    assert_eq!((world.status(&id).await.as_str(), sendgrid.calls()), ("SENT", 1));
}

#[tokio::test]
async fn chosen_channels_are_the_only_ones() {
    let (world, sendgrid, twilio) = scene("OPTED_IN").await;
    let chosen = json!({ "status": "OPTED_IN", "has_custom_routing": true, "custom_routing": ["sms"] });
    world.prefers("ada", "account", chosen).await;
    let id = world.send(template_to_ada("reset")).await;
    world.finish().await;
    assert_eq!(
        (world.status(&id).await.as_str(), sendgrid.calls(), twilio.calls()),
        ("SENT", 0, 1)
    );
    let trace = world.trace(&id).await;
    assert!(trace.contains("email not_chosen: "), "{trace}");
}

#[tokio::test]
async fn what_is_required_goes_out_whatever_they_chose() {
    let (world, sendgrid, _twilio) = scene("REQUIRED").await;
    world.prefers("ada", "account", json!({ "status": "OPTED_OUT" })).await;
    let id = world.send(template_to_ada("reset")).await;
    world.finish().await;
    assert_eq!((world.status(&id).await.as_str(), sendgrid.calls()), ("SENT", 1));
}

#[tokio::test]
async fn an_opt_out_during_a_delay_holds() {
    let (world, sendgrid, twilio) = scene("OPTED_IN").await;
    let mut message = template_to_ada("reset");
    message["delay"] = json!({ "duration": HOUR });
    let id = world.send(message).await;
    world.drain().await;
    assert_eq!(world.status(&id).await, "DELAYED");
    world.prefers("ada", "account", json!({ "status": "OPTED_OUT" })).await;
    world.finish().await;
    assert_eq!(world.status(&id).await, "UNDELIVERABLE UNSUBSCRIBED");
    assert_eq!((sendgrid.calls(), twilio.calls()), (0, 0));
}

#[tokio::test]
async fn an_opt_out_between_two_attempts_holds() {
    let (world, sendgrid, twilio) = scene("OPTED_IN").await;
    sendgrid.now(Reply::status("503 Unavailable"));
    twilio.now(Reply::status("503 Unavailable"));
    let id = world.send(template_to_ada("reset")).await;
    world.drain().await;
    assert_eq!(
        (world.status(&id).await.as_str(), sendgrid.calls(), twilio.calls()),
        ("ROUTED", 1, 1)
    );
    world.prefers("ada", "account", json!({ "status": "OPTED_OUT" })).await;
    world.finish().await;
    assert_eq!(world.status(&id).await, "UNDELIVERABLE UNSUBSCRIBED");
    assert_eq!((sendgrid.calls(), twilio.calls()), (1, 1));
}

#[tokio::test]
async fn an_opt_out_during_the_first_call_stops_the_second() {
    let (world, sendgrid, twilio) = scene("OPTED_IN").await;
    let slow = Box::new(Reply::status("503 Unavailable"));
    sendgrid.now(Reply::After(Duration::from_millis(500), slow));
    let id = world.send(template_to_ada("reset")).await;
    let opting_out = async {
        while sendgrid.calls() == 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        world.prefers("ada", "account", json!({ "status": "OPTED_OUT" })).await;
    };
    tokio::join!(world.drain(), opting_out);
    assert_eq!(world.status(&id).await, "UNDELIVERABLE UNSUBSCRIBED");
    assert_eq!((sendgrid.calls(), twilio.calls()), (1, 0));
}

#[tokio::test]
async fn an_opt_out_after_one_of_all_channels_leaves_what_was_sent() {
    let (world, sendgrid, twilio) = scene("OPTED_IN").await;
    twilio.now(Reply::status("503 Unavailable"));
    let mut message = template_to_ada("reset");
    message["routing"]["method"] = json!("all");
    let id = world.send(message).await;
    world.drain().await;
    world.prefers("ada", "account", json!({ "status": "OPTED_OUT" })).await;
    world.finish().await;
    assert_eq!(
        (world.status(&id).await.as_str(), sendgrid.calls(), twilio.calls()),
        ("SENT", 1, 1)
    );
}

#[tokio::test]
async fn a_paused_topic_is_filtered_until_the_pause_ends() {
    let (world, sendgrid, _twilio) = scene("OPTED_IN").await;
    let until = tidings_testkit::world::NOW.plus(HOUR).as_millis();
    world
        .prefers("ada", "account", json!({ "snooze": [{ "until": until }] }))
        .await;
    let id = world.send(template_to_ada("reset")).await;
    world.finish().await;
    assert_eq!(
        (world.status(&id).await.as_str(), sendgrid.calls()),
        ("FILTERED FILTERED", 0)
    );
    world.clock.advance(HOUR + MINUTE);
    let id = world.send(template_to_ada("reset")).await;
    world.finish().await;
    assert_eq!((world.status(&id).await.as_str(), sendgrid.calls()), ("SENT", 1));
}

/// A topic with more than a status.
async fn scene_of(topic: serde_json::Value) -> (World, HttpDouble, HttpDouble) {
    let (world, sendgrid, twilio) = mail_and_text(queued(), taken()).await;
    let mut body = json!({ "name": "account", "default_status": "OPTED_IN" });
    body.as_object_mut().unwrap().extend(topic.as_object().unwrap().clone());
    world
        .document(DocumentKind::Topic, "account", None, body, WriteMode::Live)
        .await;
    world.template("reset", template_of("account")).await;
    (world, sendgrid, twilio)
}

/// The clock of the suite stands at a moment within these hours, for who lives in UTC.
fn quiet_now() -> serde_json::Value {
    let now = tidings_testkit::world::NOW.to_rfc3339();
    let hour: u32 = now[11..13].parse().unwrap();
    json!({ "start": format!("{:02}:00", (hour + 23) % 24), "end": format!("{:02}:00", (hour + 2) % 24) })
}

#[tokio::test]
async fn in_quiet_hours_it_waits_and_goes_afterwards_unless_the_person_opts_out_meanwhile() {
    for opts_out in [false, true] {
        let (world, sendgrid, twilio) = scene_of(json!({ "quiet_hours": quiet_now() })).await;
        let id = world.send(template_to_ada("reset")).await;
        world.drain().await;
        assert_eq!((world.status(&id).await.as_str(), sendgrid.calls()), ("DELAYED", 0));
        let trace = world.trace(&id).await;
        assert!(
            trace.contains("quiet_hours: The person's quiet hours last until"),
            "{trace}"
        );
        if opts_out {
            world.prefers("ada", "account", json!({ "status": "OPTED_OUT" })).await;
        }
        world.finish().await;
        let expected = if opts_out {
            ("UNDELIVERABLE UNSUBSCRIBED", 0)
        } else {
            ("SENT", 1)
        };
        assert_eq!((world.status(&id).await.as_str(), sendgrid.calls()), expected);
        assert_eq!(twilio.calls(), 0);
    }
}

#[tokio::test]
async fn transactional_messages_know_no_quiet_hours() {
    let (world, sendgrid, _twilio) = scene_of(json!({ "classification": "transactional" })).await;
    world.prefers("ada", "*", json!({ "quiet_hours": quiet_now() })).await;
    let id = world.send(template_to_ada("reset")).await;
    world.drain().await;
    assert_eq!((world.status(&id).await.as_str(), sendgrid.calls()), ("SENT", 1));
}

#[tokio::test]
async fn a_pause_of_everything_holds_for_every_topic() {
    let (world, sendgrid, _twilio) = scene("OPTED_IN").await;
    let until = tidings_testkit::world::NOW.plus(HOUR).as_millis();
    world
        .prefers("ada", "*", json!({ "snooze": [{ "until": until }] }))
        .await;
    let id = world.send(template_to_ada("reset")).await;
    world.finish().await;
    assert_eq!(
        (world.status(&id).await.as_str(), sendgrid.calls()),
        ("FILTERED FILTERED", 0)
    );
}

#[tokio::test]
async fn more_than_a_limit_allows_is_throttled() {
    let (world, sendgrid, _twilio) = scene_of(json!({ "limits": [{ "max": 2, "per": "day" }] })).await;
    let mut ends = Vec::new();
    for _ in 0..3 {
        let id = world.send(template_to_ada("reset")).await;
        world.finish().await;
        ends.push(world.status(&id).await);
    }
    assert_eq!(ends, ["SENT", "SENT", "THROTTLED FILTERED"]);
    assert_eq!(sendgrid.calls(), 2);
    world.clock.advance(25 * HOUR);
    let id = world.send(template_to_ada("reset")).await;
    world.finish().await;
    assert_eq!(world.status(&id).await, "SENT", "the day is over");
}

#[tokio::test]
async fn marketing_needs_consent_an_address_and_a_way_out() {
    let (world, sendgrid, _twilio) = scene_of(json!({ "classification": "marketing" })).await;
    let mut message = template_to_ada("reset");
    message["routing"]["channels"] = json!(["email"]);
    world.prefers("ada", "account", json!({ "status": "OPTED_IN" })).await;
    let id = world.send(message.clone()).await;
    world.finish().await;
    assert_eq!(
        world.status(&id).await,
        "UNDELIVERABLE OPT_IN_REQUIRED",
        "a wish is no recorded consent"
    );
    assert!(world.trace(&id).await.contains("no_consent: "));

    let ada = tidings_types::UserId::from("ada");
    let speaker = preferences::Speaker {
        environment: world.caller.environment,
        user: &ada,
        tenant: None,
        origin: preferences::Origin::Page,
        message_id: None,
        wording: Some("page-en-1"),
        language: None,
    };
    let agrees = vec![(
        "account".into(),
        preferences::Choice::of_status(tidings_types::PreferenceStatus::OptedIn),
    )];
    preferences::change(&world.services, &speaker, agrees)
        .await
        .unwrap()
        .unwrap();
    let id = world.send(message.clone()).await;
    world.finish().await;
    let trace = world.trace(&id).await;
    assert!(trace.contains("must show a postal address"), "{trace}");
    assert_eq!(sendgrid.calls(), 0);

    let settings = json!({ "postal_address": "Acme Inc., 1 Main Street" });
    world
        .document(DocumentKind::Settings, "compliance", None, settings, WriteMode::Live)
        .await;
    let mut whole = template_of("account");
    let elements = whole["content"]["elements"].as_array_mut().unwrap();
    elements.push(json!({ "type": "text", "content": "Acme Inc.,\n1 Main Street. [Leave]({$.urls.unsubscribe})" }));
    world.publish("reset", whole).await;
    let id = world.send(message).await;
    world.finish().await;
    assert_eq!(
        (world.status(&id).await.as_str(), sendgrid.calls()),
        ("SENT", 1),
        "{}",
        world.trace(&id).await
    );
    let sent = sendgrid.requests()[0].json().to_string();
    assert!(sent.contains("List-Unsubscribe-Post"), "{sent}");
}

#[tokio::test]
async fn what_advertised_goes_on_needing_consent_once_its_topic_is_removed() {
    let marketing = json!({ "classification": "marketing", "default_status": "OPTED_IN" });
    let (world, sendgrid, _twilio) = scene_of(marketing).await;
    let settings = json!({ "postal_address": "Acme Inc., 1 Main Street" });
    world
        .document(DocumentKind::Settings, "compliance", None, settings, WriteMode::Live)
        .await;
    let mut message = template_to_ada("reset");
    message["routing"]["channels"] = json!(["email"]);
    world.archive(DocumentKind::Topic, "account").await;
    let id = world.send(message.clone()).await;
    world.finish().await;
    assert_eq!(world.status(&id).await, "UNDELIVERABLE OPT_IN_REQUIRED");
    assert!(
        world
            .trace(&id)
            .await
            .contains("was removed: what it was still decides")
    );

    world
        .document(
            DocumentKind::Topic,
            "account",
            None,
            json!({ "name": "A", "default_status": "OPTED_IN", "classification": "marketing" }),
            WriteMode::Live,
        )
        .await;
    world.forget();
    let ada = tidings_types::UserId::from("ada");
    let speaker = preferences::Speaker {
        environment: world.caller.environment,
        user: &ada,
        tenant: None,
        origin: preferences::Origin::Page,
        message_id: None,
        wording: Some("page-en-1"),
        language: None,
    };
    let says = |status| vec![("account".into(), preferences::Choice::of_status(status))];
    let agreed = preferences::change(
        &world.services,
        &speaker,
        says(tidings_types::PreferenceStatus::OptedIn),
    )
    .await;
    agreed.unwrap().unwrap();
    world.archive(DocumentKind::Topic, "account").await;
    let id = world.send(message.clone()).await;
    world.finish().await;
    let trace = world.trace(&id).await;
    assert!(trace.contains("must show the postal address"), "{trace}");
    assert_eq!(sendgrid.calls(), 0);
    let mut whole = template_of("account");
    let elements = whole["content"]["elements"].as_array_mut().unwrap();
    elements.push(json!({ "type": "text", "content": "Acme Inc.,\n1 Main Street. [Leave]({$.urls.unsubscribe})" }));
    world.publish("reset", whole).await;
    let id = world.send(message.clone()).await;
    world.finish().await;
    assert_eq!(
        (world.status(&id).await.as_str(), sendgrid.calls()),
        ("SENT", 1),
        "consent that was given still counts"
    );
    assert!(
        sendgrid.requests()[0]
            .json()
            .to_string()
            .contains("List-Unsubscribe-Post")
    );

    // Unwanted mail of a topic that is gone is a word, too, and takes the consent back.
    let complaint = preferences::Origin::ProviderComplaint;
    let now = world.services.clock.now();
    let left = preferences::left_at_provider(&world.services, world.caller.environment, &id, complaint, now).await;
    assert!(left.unwrap());
    let last = world
        .services
        .store
        .consents(world.caller.environment, &ada)
        .await
        .unwrap();
    assert_eq!(last.last().map(|line| line.action.as_str()), Some("withdrawn"));
    let id = world.send(message).await;
    world.finish().await;
    assert_eq!(world.status(&id).await, "UNDELIVERABLE UNSUBSCRIBED");
}

#[tokio::test]
async fn nobody_opts_out_of_what_is_transactional() {
    let (world, sendgrid, _twilio) = scene_of(json!({ "classification": "transactional" })).await;
    let ada = tidings_types::UserId::from("ada");
    for origin in [
        preferences::Origin::Page,
        preferences::Origin::Component,
        preferences::Origin::App,
    ] {
        let speaker = preferences::Speaker {
            environment: world.caller.environment,
            user: &ada,
            tenant: None,
            origin,
            message_id: None,
            wording: None,
            language: None,
        };
        let out = preferences::Choice::of_status(tidings_types::PreferenceStatus::OptedOut);
        let refused = preferences::change(&world.services, &speaker, vec![("account".into(), out)]).await;
        assert_eq!(refused.unwrap(), Err(preferences::Refusal::Required));
    }
    world.prefers("ada", "account", json!({ "status": "OPTED_OUT" })).await;
    let id = world.send(template_to_ada("reset")).await;
    world.finish().await;
    assert_eq!(
        (world.status(&id).await.as_str(), sendgrid.calls()),
        ("SENT", 1),
        "said before it was transactional"
    );
}

#[tokio::test]
async fn quiet_hours_hold_by_the_persons_clock_else_by_the_default_one_and_the_trace_says_which() {
    let (world, _sendgrid, _twilio) = scene_of(json!({ "quiet_hours": { "start": "22:00", "end": "07:00" } })).await;
    // 14:13 UTC: night in Tokyo, day in Berlin.
    let status = async |profile: serde_json::Value| {
        world.profile("ada", profile).await;
        let id = world.send(template_to_ada("reset")).await;
        world.drain().await;
        (world.status(&id).await, world.trace(&id).await)
    };
    let own = status(json!({ "zoneinfo": "Asia/Tokyo" })).await;
    assert_eq!(own.0, "DELAYED");
    assert!(own.1.contains("(by the clock of Asia/Tokyo)"), "{}", own.1);
    assert_eq!(status(json!({ "timezone": "Europe/Berlin" })).await.0, "SENT");
    assert_eq!(status(json!({})).await.0, "SENT", "it is day by UTC");

    let settings = json!({ "default_time_zone": "Asia/Tokyo" });
    world
        .document(DocumentKind::Settings, "quiet_hours", None, settings, WriteMode::Live)
        .await;
    let (known, trace) = status(json!({})).await;
    assert_eq!(known, "DELAYED");
    assert!(
        trace.contains("Asia/Tokyo, since the profile has no `zoneinfo`"),
        "{trace}"
    );
    let (known, trace) = status(json!({ "zoneinfo": "Mars" })).await;
    assert_eq!(known, "DELAYED");
    assert!(
        trace.contains("since the profile's \"Mars\" is no time zone"),
        "{trace}"
    );
}

#[tokio::test]
async fn a_message_whose_time_is_up_does_not_wait_for_the_end_of_quiet_hours() {
    let (world, sendgrid, _twilio) = scene_of(json!({ "quiet_hours": quiet_now() })).await;
    let mut message = template_to_ada("reset");
    message["timeout"] = json!({ "message": 2_000 });
    let id = world.send(message).await;
    world.drain().await;
    assert_eq!(world.status(&id).await, "DELAYED");
    world.clock.advance(2_000);
    world.drain().await;
    let status = world.status(&id).await;
    assert!(status.starts_with("UNDELIVERABLE"), "{status}");
    assert_eq!(sendgrid.calls(), 0);
}

#[tokio::test]
async fn messages_without_a_topic_count_towards_what_a_person_gets() {
    let (world, sendgrid, _twilio) = scene("OPTED_IN").await;
    let settings = json!({ "per_user": [{ "max": 2, "per": "day" }] });
    world
        .document(DocumentKind::Settings, "send_limits", None, settings, WriteMode::Live)
        .await;
    let mut ends = Vec::new();
    for message in [
        to_ada("single", &["email"]),
        template_to_ada("reset"),
        to_ada("single", &["email"]),
        template_to_ada("reset"),
    ] {
        let id = world.send(message).await;
        world.finish().await;
        ends.push(world.status(&id).await);
    }
    assert_eq!(ends, ["SENT", "SENT", "THROTTLED FILTERED", "THROTTLED FILTERED"]);
    assert_eq!(sendgrid.calls(), 2);
}

#[tokio::test]
async fn what_a_tenant_requires_offers_no_way_out() {
    let (world, sendgrid, _twilio) = scene_of(json!({ "include_unsubscribe_header": true })).await;
    let tenant = json!({
        "name": "Acme", "default_preferences": { "items": [{ "id": "account", "status": "REQUIRED" }] },
    });
    world
        .document(DocumentKind::Tenant, "acme", None, tenant, WriteMode::Live)
        .await;
    let mut template = template_of("account");
    let elements = template["content"]["elements"].as_array_mut().unwrap();
    elements.push(json!({ "type": "text", "content": "Leave: <{$.urls.unsubscribe}>" }));
    world.publish("reset", template).await;
    for (tenant, offers) in [(None, true), (Some("acme"), false)] {
        let mut message = template_to_ada("reset");
        message["routing"]["channels"] = json!(["email"]);
        message["context"] = json!({ "tenant_id": tenant });
        world.send(message).await;
        world.finish().await;
        let sent = sendgrid.requests().last().unwrap().json().to_string();
        assert_eq!(sent.contains("List-Unsubscribe"), offers, "{sent}");
        assert_eq!(sent.contains("http://tidings.test/"), offers, "{sent}");
    }
}

#[tokio::test]
async fn opt_outs_of_one_mail_domain_are_a_wave_whoever_is_known_by_a_profile() {
    let (world, _sendgrid, _twilio) = scene("OPTED_IN").await;
    let environment = world.caller.environment;
    for number in 0..preferences::WAVE {
        let user = tidings_types::UserId::from(format!("u{number}"));
        // Some are known from the send alone, and one has moved: the mail's own address counts.
        let mut message = template_to_ada("reset");
        message["to"] = json!({ "user_id": user, "email": format!("u{number}@Wave.example") });
        if number == 0 {
            world
                .profile(user.as_str(), json!({ "email": "u0@elsewhere.example" }))
                .await;
        }
        let id = world.send(message).await;
        let speaker = preferences::Speaker {
            environment,
            user: &user,
            tenant: None,
            origin: preferences::Origin::OneClick,
            message_id: Some(id.as_str()),
            wording: None,
            language: None,
        };
        for status in [
            tidings_types::PreferenceStatus::OptedOut,
            tidings_types::PreferenceStatus::OptedIn,
        ] {
            let wish = vec![("account".into(), preferences::Choice::of_status(status))];
            preferences::change(&world.services, &speaker, wish)
                .await
                .unwrap()
                .unwrap();
        }
    }
    let since = tidings_testkit::world::NOW;
    let store = &world.services.store;
    let waves = store
        .opt_outs_by_domain(environment, since, preferences::WAVE)
        .await
        .unwrap();
    let found: Vec<_> = waves
        .iter()
        .map(|wave| (wave.mail_domain.as_str(), wave.people))
        .collect();
    assert_eq!(found, [("wave.example", preferences::WAVE)]);
}

/// What a message began with stays: a later version of the template does not change it.
#[tokio::test]
async fn a_message_ends_with_the_template_version_it_began_with() {
    let (world, sendgrid, _twilio) = scene("OPTED_IN").await;
    sendgrid.now(Reply::status("503 Unavailable"));
    let mut message = template_to_ada("reset");
    message["routing"]["channels"] = json!(["email"]);
    let id = world.send(message).await;
    world.drain().await;
    let mut later = template_of("account");
    later["content"]["elements"][0]["title"] = json!("Another subject");
    world.publish("reset", later).await;
    sendgrid.now(queued());
    world.finish().await;
    assert_eq!(world.status(&id).await, "SENT");
    assert_eq!(sendgrid.requests()[1].json()["subject"], "Reset your password");
}
