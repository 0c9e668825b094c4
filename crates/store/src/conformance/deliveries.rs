//! What became of a template's messages.

use serde_json::json;
use tidings_types::{Reason, Status, Timestamp};

use super::fixtures::{HERE, MINUTE, NOW, THERE, claim_all, finish, ids, single, step};
use crate::engagement::{Act, Engagement};
use crate::{DeliveryCount, Next, ProviderRecord, Store};

/// An entry of a provider that took the message over.
fn taken(channel: &str, provider: &str) -> ProviderRecord {
    ProviderRecord {
        channel: json!({"key": format!("{channel}:{provider}"), "name": "A name", "template": "welcome"}),
        provider: provider.to_owned(),
        status: "SENT".to_owned(),
        sent: Some(NOW),
        ..ProviderRecord::default()
    }
}

/// An entry of a provider that refused it.
fn refused(channel: &str, provider: &str) -> ProviderRecord {
    ProviderRecord {
        status: "UNDELIVERABLE".to_owned(),
        sent: None,
        error: Some("no such address".to_owned()),
        ..taken(channel, provider)
    }
}

async fn counted(store: &dyn Store, from: Timestamp, until: Timestamp) -> Vec<DeliveryCount> {
    store.template_deliveries(HERE, "welcome", from, until).await.unwrap()
}

pub async fn a_templates_messages_are_counted_by_provider_and_channel(store: &dyn Store) {
    finish(store, "1", |record| record.providers = vec![taken("email", "smtp")]).await;
    finish(store, "2", |record| {
        record.providers = vec![refused("email", "smtp"), taken("sms", "twilio")];
    })
    .await;
    finish(store, "3", |record| {
        record.status = Status::Undeliverable;
        record.providers = vec![refused("email", "smtp")];
    })
    .await;
    finish(store, "4", |record| {
        // Nobody was called: an opt-out has an entry without a channel.
        record.status = Status::Undeliverable;
        record.providers = vec![ProviderRecord {
            status: "UNDELIVERABLE".to_owned(),
            error: Some("opted out".to_owned()),
            ..ProviderRecord::default()
        }];
    })
    .await;
    let count = |provider: &str, channel: &str| DeliveryCount {
        provider: provider.to_owned(),
        channel: channel.to_owned(),
        sent: 1,
        ..DeliveryCount::default()
    };
    let mail = DeliveryCount {
        errors: 2,
        undeliverable: 1,
        ..count("smtp", "email")
    };
    assert_eq!(counted(store, NOW, NOW.plus(1)).await, [mail, count("twilio", "sms")]);
}

pub async fn only_the_time_and_the_template_asked_for_count(store: &dyn Store) {
    finish(store, "1", |record| record.providers = vec![taken("email", "smtp")]).await;
    let other = single("other", |new| "other".clone_into(&mut new.notification));
    store.accept(other).await.unwrap();
    let claimed = claim_all(store).await;
    assert_eq!(ids(&claimed), ["other"]);
    let mut record = step(&claimed[0], Status::Sent, Next::Finished);
    record.providers = vec![taken("email", "smtp")];
    // Only now is it known what it was made of.
    record.notification = Some("welcome".to_owned());
    assert!(store.record(record).await.unwrap());
    assert_eq!(counted(store, NOW, NOW.plus(1)).await[0].sent, 2);
    let of = async |environment, notification: &str| {
        store
            .template_deliveries(environment, notification, NOW, NOW.plus(1))
            .await
            .unwrap()
    };
    assert_eq!(of(HERE, "other").await, []);
    assert_eq!(of(HERE, "").await, []);
    assert_eq!(of(THERE, "welcome").await, []);
    assert_eq!(counted(store, NOW.plus(1), NOW.plus(MINUTE)).await, []);
    assert_eq!(counted(store, NOW.minus(MINUTE), NOW).await, [], "until is not within");
}

pub async fn what_was_told_later_counts_for_the_provider_it_is_of(store: &dyn Store) {
    finish(store, "1", |record| {
        record.providers = vec![
            refused("email", "sendgrid"),
            taken("email", "smtp"),
            taken("sms", "twilio"),
        ];
    })
    .await;
    finish(store, "2", |record| record.providers = vec![taken("sms", "twilio")]).await;
    finish(store, "3", |record| record.providers = vec![taken("email", "smtp")]).await;
    let told = |id: &str, act: Act| Engagement::new(HERE, id, act, NOW.plus(5), "device");
    let failed = Act::Undeliverable {
        reason: Reason::Bounced,
        error: "no such mailbox".to_owned(),
    };
    let all = vec![
        told("1", Act::Opened).via("email"),
        told("1", Act::Delivered).via("sms:twilio"),
        told("2", Act::Clicked),
        told("3", failed).via("email:smtp"),
    ];
    store.engage(all).await.unwrap();
    let counts = counted(store, NOW, NOW.plus(1)).await;
    let shown: Vec<_> = counts
        .iter()
        .map(|one| {
            let reached = [
                one.sent,
                one.delivered,
                one.opened,
                one.clicked,
                one.errors,
                one.undeliverable,
            ];
            (one.provider.as_str(), one.channel.as_str(), reached)
        })
        .collect();
    assert_eq!(
        shown,
        [
            ("sendgrid", "email", [0, 0, 0, 0, 1, 0]),
            ("smtp", "email", [2, 0, 1, 0, 1, 1]),
            ("twilio", "sms", [2, 1, 0, 1, 0, 0]),
        ]
    );
}
