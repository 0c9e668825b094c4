//! Which of all that a store keeps of a person counts for a message, held against a plain model of it: each question is
//! asked of the rows, the most particular first.

use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use serde_json::json;
use tidings_domain::preference::{Standing, effective};
use tidings_pipeline::preferences::Said;
use tidings_store::{DocumentKind, Evidence, PreferenceWrite, StoredPreference, WriteMode};
use tidings_testkit::World;
use tidings_testkit::world::NOW;
use tidings_types::consent::{Consent, ConsentAction, ConsentState};
use tidings_types::preference::Snooze;
use tidings_types::{Channel, Classification, Preference, PreferenceStatus, Timestamp, Topic, TopicId, UserId};

const TOPIC: &str = "news";
const TEMPLATE: &str = "weekly";
const KEYS: [&str; 5] = [TOPIC, "notifications/weekly", "*", "other", "notifications/other"];
/// What a tenant may say of the topic.
const DEFAULTS: [Option<&str>; 4] = [None, Some("OPTED_IN"), Some("OPTED_OUT"), Some("REQUIRED")];
const CASES: usize = 400;

/// A row of what somebody said.
#[derive(Clone, Debug)]
struct Row {
    tenant: Option<String>,
    key: &'static str,
    said: Preference,
}

/// A person, and a message to them.
#[derive(Clone, Debug)]
struct Case {
    rows: Vec<Row>,
    consents: Vec<(Option<String>, ConsentAction)>,
    tenant: Option<String>,
    template: Option<&'static str>,
    topic: Topic,
}

/// A tenant of which root and leaf say these two.
fn tenant(root: usize, leaf: usize) -> String {
    format!("leaf-{root}-{leaf}")
}

fn any_tenant() -> impl Strategy<Value = Option<String>> {
    // Few, so that rows and message often agree.
    proptest::option::of((0..4_usize, 0..4_usize).prop_map(|(root, leaf)| tenant(root, leaf)))
}

fn any_status() -> impl Strategy<Value = PreferenceStatus> {
    proptest::sample::select(vec![PreferenceStatus::OptedIn, PreferenceStatus::OptedOut])
}

prop_compose! {
    fn any_preference()(
        status in proptest::option::of(any_status()),
        routing in proptest::option::of(proptest::sample::subsequence(Channel::ALL.to_vec(), 0..=2)),
        channel_preferences in proptest::sample::subsequence(Channel::ALL.to_vec(), 0..=2),
        until in proptest::option::of(0_u64..4),
        digest_schedule_id in proptest::option::of("[ab]"),
    ) -> Preference {
        let until = until.map(|hours| Snooze { start: None, until: NOW.plus(hours * 3_600_000) });
        Preference {
            status, channel_preferences, digest_schedule_id,
            has_custom_routing: routing.as_ref().map(|_| true),
            custom_routing: routing.unwrap_or_default(),
            snooze: until.into_iter().collect(),
            quiet_hours: None,
        }
    }
}

prop_compose! {
    fn any_case()(
        tenant in any_tenant(),
    )(
        rows in proptest::collection::vec(
            (proptest::option::of(prop_oneof![3 => Just(tenant.clone()), 1 => any_tenant()]),
             proptest::sample::select(KEYS.to_vec()), any_preference()), 0..8),
        consents in proptest::collection::vec(
            (proptest::option::of(prop_oneof![3 => Just(tenant.clone()), 1 => any_tenant()]),
             proptest::sample::select(vec![ConsentAction::Pending, ConsentAction::Granted, ConsentAction::Withdrawn, ConsentAction::Reset])), 0..5),
        tenant in Just(tenant.clone()),
        template in proptest::option::of(Just(TEMPLATE)),
        default_status in any_status(),
        classification in proptest::option::of(Just(Classification::Marketing)),
        offers_channels in any::<bool>(),
    ) -> Case {
        let mut kept: Vec<Row> = Vec::new();
        for (tenant, key, said) in rows {
            let row = Row { tenant: tenant.flatten(), key, said };
            kept.retain(|one| (&one.tenant, one.key) != (&row.tenant, row.key));
            kept.push(row);
        }
        Case {
            rows: kept,
            consents: consents.into_iter().map(|(tenant, action)| (tenant.flatten(), action)).collect(),
            tenant, template,
            topic: Topic { classification, offers_channels, ..Topic::new(TOPIC.into(), TOPIC, default_status) },
        }
    }
}

impl Case {
    /// The rows that speak of the message, the most particular first: within the tenant before everywhere, of the template
    /// before the topic.
    fn speaking(&self) -> Vec<&Preference> {
        let template = self.template.map(|template| format!("notifications/{template}"));
        let mut found: Vec<_> = self
            .rows
            .iter()
            .filter(|row| row.tenant.is_none() || row.tenant == self.tenant)
            .filter(|row| row.key == TOPIC || Some(row.key) == template.as_deref())
            .collect();
        found.sort_by_key(|row| (row.tenant.is_none(), row.key == TOPIC));
        found.into_iter().map(|row| &row.said).collect()
    }

    fn first<T>(&self, answer: impl Fn(&Preference) -> Option<T>) -> Option<T> {
        self.speaking().into_iter().find_map(answer)
    }

    fn default_status(&self) -> PreferenceStatus {
        let word = |text: &str| serde_json::from_value(json!(text)).unwrap();
        let named = self.tenant.as_deref().and_then(|tenant| {
            let mut parts = tenant
                .trim_start_matches("leaf-")
                .split('-')
                .map(|part| part.parse::<usize>().unwrap());
            let (root, leaf) = (parts.next().unwrap(), parts.next().unwrap());
            DEFAULTS[leaf].or(DEFAULTS[root])
        });
        match named.map_or(self.topic.default_status, word) {
            PreferenceStatus::Required if self.topic.classification.is_some() => PreferenceStatus::OptedIn,
            other => other,
        }
    }

    fn consent(&self) -> ConsentState {
        let last = |tenant: &Option<String>| self.consents.iter().rfind(|line| line.0 == *tenant).map(|line| line.1);
        let own = self.tenant.as_ref().and_then(|_| last(&self.tenant));
        let counts = own
            .filter(|action| *action != ConsentAction::Reset)
            .or_else(|| last(&None));
        counts.map(ConsentAction::state).unwrap_or_default()
    }

    fn standing(&self) -> Standing {
        let default = self.default_status();
        match (default, self.first(|said| said.status)) {
            (PreferenceStatus::Required, _) => return Standing::Required,
            (_, Some(PreferenceStatus::OptedOut)) => return Standing::OptedOut,
            (PreferenceStatus::OptedOut, None) => return Standing::NotOptedIn,
            _ => {}
        }
        match (self.topic.classification, self.consent()) {
            (Some(_), ConsentState::None) => return Standing::NoConsent,
            (Some(_), ConsentState::Pending) => return Standing::Unconfirmed,
            _ => {}
        }
        let own = self.first(|said| said.snooze.first().copied());
        // A pause of everything holds whatever tenant it was said for, so only what was said for everywhere is one.
        let everything = self.rows.iter().find(|row| row.key == "*" && row.tenant.is_none());
        let everything = everything.and_then(|row| row.said.snooze.first().copied());
        let until = own.into_iter().chain(everything).map(|pause| pause.until);
        match until.filter(|until| *until > NOW).max() {
            Some(until) => Standing::Snoozed { until },
            None => Standing::In,
        }
    }
}

async fn write(world: &World, user: &UserId, case: &Case) {
    let mut tenants: Vec<Option<String>> = case.rows.iter().map(|row| row.tenant.clone()).collect();
    tenants.sort();
    tenants.dedup();
    let write = |tenant_id: Option<String>, set, consents| PreferenceWrite {
        tenant_id,
        set,
        unset: Vec::new(),
        replace_all: false,
        source: "api".to_owned(),
        evidence: Evidence::default(),
        consents,
        mail: None,
        seen: None,
        now: NOW,
    };
    let (store, here) = (&world.services.store, world.caller.environment);
    for tenant in tenants {
        let of_tenant = case.rows.iter().filter(|row| row.tenant == tenant);
        let set = of_tenant.map(|row| StoredPreference {
            topic_id: row.key.into(),
            preference: row.said.clone(),
        });
        let set = set.collect();
        store
            .write_preferences(here, user, write(tenant, set, Vec::new()))
            .await
            .unwrap();
    }
    for (tenant, action) in &case.consents {
        let line = Consent {
            topic_id: TOPIC.into(),
            tenant_id: tenant.clone(),
            action: *action,
            at: NOW,
            source: "api".to_owned(),
            wording: None,
            message_id: None,
        };
        let line = write(tenant.clone(), Vec::new(), vec![line]);
        store.write_preferences(here, user, line).await.unwrap();
    }
}

#[tokio::test]
async fn what_a_store_keeps_counts_as_in_the_plain_model() {
    let world = World::new().await;
    let defaults = |status: Option<&str>| {
        let items: Vec<_> = status
            .into_iter()
            .map(|status| json!({ "id": TOPIC, "status": status }))
            .collect();
        json!({ "name": "T", "default_preferences": { "items": items } })
    };
    let make = async |id: &str, parent: Option<&str>, status| {
        let kind = DocumentKind::Tenant;
        world
            .document(kind, id, parent, defaults(status), WriteMode::Live)
            .await;
    };
    for (root, of_root) in DEFAULTS.iter().enumerate() {
        let parent = format!("root-{root}");
        make(&parent, None, *of_root).await;
        for (leaf, of_leaf) in DEFAULTS.iter().enumerate() {
            make(&tenant(root, leaf), Some(&parent), *of_leaf).await;
        }
    }
    let here = world.caller.environment;
    let mut runner = TestRunner::deterministic();
    let mut met = std::collections::HashSet::new();
    for number in 0..CASES {
        let case = any_case().new_tree(&mut runner).unwrap().current();
        let user = UserId::from(format!("user-{number}"));
        write(&world, &user, &case).await;
        let said = Said::read(&world.services, here, Some(&user), case.tenant.as_deref())
            .await
            .unwrap();
        let said = said.with_consents(&world.services, here, Some(&user)).await.unwrap();
        let layers = said.layers(&TopicId::from(TOPIC), case.template);
        assert_eq!(layers.consent, case.consent(), "{case:?}");
        let real = effective(&case.topic, &layers, NOW);
        assert_eq!(real.standing, case.standing(), "{case:?}");
        assert_eq!(real.default_status, case.default_status(), "{case:?}");
        assert_eq!(said.default_status(&case.topic), case.default_status(), "{case:?}");
        let chosen = (real.preference.has_custom_routing == Some(true)).then_some(real.preference.custom_routing);
        let routing = case.first(|said| said.has_custom_routing.map(|_| said.custom_routing.clone()));
        assert_eq!(chosen, routing.filter(|_| case.topic.offers_channels), "{case:?}");
        let preferred = case.first(|said| Some(said.channel_preferences.clone()).filter(|some| !some.is_empty()));
        assert_eq!(
            real.preference.channel_preferences,
            preferred.unwrap_or_default(),
            "{case:?}"
        );
        let rhythm = case.first(|said| said.digest_schedule_id.clone());
        assert_eq!(real.preference.digest_schedule_id, rhythm, "{case:?}");
        met.insert(std::mem::discriminant(&real.standing));
        let _: Timestamp = NOW;
    }
    assert_eq!(met.len(), 7, "every standing was met");
}
