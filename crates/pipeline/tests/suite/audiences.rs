//! Who belongs to an audience, kept up change by change, is who passes when everybody is looked at.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};
use tidings_domain::audience::{Filter, Subject};
use tidings_pipeline::audiences::rebuild;
use tidings_store::{AudienceWrite, NewMembership, PageRequest, ProfileChange};
use tidings_testkit::World;
use tidings_types::{Environment, Object};

const HERE: Environment = Environment::Production;
const USERS: [&str; 4] = ["u0", "u1", "u2", "u3"];
const TENANTS: [&str; 2] = ["t0", "t1"];
const AUDIENCES: [&str; 2] = ["a0", "a1"];

/// Something that happens.
#[derive(Clone, Debug)]
enum Change {
    Replace(&'static str, Object),
    Merge(&'static str, Object),
    Forget(&'static str),
    Join(&'static str, &'static str),
    Leave(&'static str, &'static str),
    Write(&'static str, Value),
    Delete(&'static str),
    /// What waits in the background is done.
    Settle,
}

async fn make(world: &World, change: Change) {
    let (store, now) = (&world.services.store, world.services.clock.now());
    match change {
        Change::Replace(user, profile) => {
            let change = ProfileChange::Replace(profile);
            store.change_profile(HERE, &user.into(), change, now).await.unwrap();
        }
        Change::Merge(user, profile) => {
            let change = ProfileChange::Merge(profile);
            store.change_profile(HERE, &user.into(), change, now).await.unwrap();
        }
        Change::Forget(user) => drop(store.delete_profile(HERE, &user.into()).await.unwrap()),
        Change::Join(user, tenant) => {
            let one = NewMembership {
                user_id: user.into(),
                tenant_id: tenant.to_owned(),
                profile: None,
            };
            store.put_memberships(HERE, vec![one], now).await.unwrap();
        }
        Change::Leave(user, tenant) => {
            store.delete_membership(HERE, &user.into(), tenant).await.unwrap();
        }
        Change::Write(id, filter) => {
            let write = AudienceWrite {
                id: id.to_owned(),
                name: None,
                description: None,
                keys: Filter::parse(&filter, None).unwrap().keys(),
                filter: Some(filter),
                operator: None,
                rebuild: rebuild(HERE, id, now),
                now,
            };
            store.put_audience(HERE, write).await.unwrap();
        }
        Change::Delete(id) => drop(store.delete_audience(HERE, id, rebuild(HERE, id, now)).await.unwrap()),
        Change::Settle => world.drain().await,
    }
}

fn all() -> PageRequest {
    PageRequest {
        after: None,
        limit: 100,
    }
}

/// Who is listed, and who passes when everybody is looked at.
async fn members(world: &World, id: &str) -> (BTreeSet<String>, BTreeSet<String>) {
    let store = &world.services.store;
    let listed = store.audience_members(HERE, id, all()).await.unwrap().items;
    let listed = listed.into_iter().map(|member| member.user_id.into_string()).collect();
    let filter = store.audience(HERE, id).await.unwrap().and_then(|one| one.filter);
    let filter = filter.map(|filter| Filter::parse(&filter, None).unwrap());
    let mut passing = BTreeSet::new();
    for user in USERS {
        let profile = store.profile(HERE, &user.into()).await.unwrap();
        let tenants = store.memberships(HERE, &user.into(), all()).await.unwrap().items;
        let tenants: Vec<String> = tenants.into_iter().map(|one| one.tenant_id).collect();
        if let (Some(filter), Some(profile)) = (&filter, &profile) {
            let subject = Subject {
                profile,
                tenants: &tenants,
            };
            if filter.evaluate(&subject).is_some() {
                passing.insert(user.to_owned());
            }
        }
    }
    (listed, passing)
}

fn any_profile() -> impl Strategy<Value = Object> {
    let value = prop_oneof![
        (0..4_i64).prop_map(|number| json!(number)),
        Just(json!("x")),
        Just(Value::Null),
        Just(json!({"c": 1})),
    ];
    prop::collection::btree_map(prop::sample::select(vec!["a", "b", "z"]), value, 0..3)
        .prop_map(|map| map.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
}

fn any_filter() -> impl Strategy<Value = Value> {
    let operators = prop::sample::select(vec!["EQ", "NEQ", "GT", "EXISTS", "OMIT"]);
    let paths = prop::sample::select(vec!["a", "b", "a.c"]);
    let leaf = prop_oneof![
        4 => (operators, paths, 0..3_i64)
            .prop_map(|(operator, path, value)| json!({"operator": operator, "path": path, "value": value.to_string()})),
        1 => prop::sample::select(TENANTS.to_vec())
            .prop_map(|tenant| json!({"operator": "MEMBER_OF", "path": "account_id", "value": tenant})),
    ];
    leaf.prop_recursive(2, 6, 3, |inner| {
        let groups = prop::sample::select(vec!["AND", "OR"]);
        (groups, prop::collection::vec(inner, 1..3))
            .prop_map(|(operator, filters)| json!({"operator": operator, "filters": filters}))
    })
}

fn any_change() -> impl Strategy<Value = Change> {
    let user = || prop::sample::select(USERS.to_vec());
    let tenant = || prop::sample::select(TENANTS.to_vec());
    let audience = || prop::sample::select(AUDIENCES.to_vec());
    prop_oneof![
        4 => (user(), any_profile()).prop_map(|(user, profile)| Change::Replace(user, profile)),
        2 => (user(), any_profile()).prop_map(|(user, profile)| Change::Merge(user, profile)),
        1 => user().prop_map(Change::Forget),
        2 => (user(), tenant()).prop_map(|(user, tenant)| Change::Join(user, tenant)),
        1 => (user(), tenant()).prop_map(|(user, tenant)| Change::Leave(user, tenant)),
        2 => (audience(), any_filter()).prop_map(|(id, filter)| Change::Write(id, filter)),
        1 => audience().prop_map(Change::Delete),
        2 => Just(Change::Settle),
    ]
}

#[test]
fn membership_is_who_passes_when_everybody_is_looked_at() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let mut runner = TestRunner::new(Config {
        cases: 32,
        failure_persistence: None,
        ..Config::default()
    });
    let stories = prop::collection::vec(any_change(), 1..30);
    let ran = runner.run(&stories, |story| {
        runtime.block_on(async {
            let world = World::new().await;
            for change in story {
                let settles = matches!(change, Change::Settle);
                make(&world, change).await;
                if settles {
                    for id in AUDIENCES {
                        let (listed, passing) = members(&world, id).await;
                        prop_assert_eq!(listed, passing, "{}", id);
                    }
                }
            }
            world.drain().await;
            for id in AUDIENCES {
                let (listed, passing) = members(&world, id).await;
                prop_assert_eq!(listed, passing, "{} at the end", id);
            }
            Ok(())
        })
    });
    if let Err(error) = ran {
        panic!("{error}");
    }
}
