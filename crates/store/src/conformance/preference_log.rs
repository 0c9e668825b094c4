//! The log of what people said, and links that are no longer good.

use tidings_types::{Preference, PreferenceStatus, TopicId, UserId};

use super::fixtures::{HERE, NOW, THERE, first};
use crate::lists::{By, SUBSCRIBE};
use crate::{
    Evidence, JobKey, Lane, NewJob, NewSubscription, PageRequest, PreferenceLogFilter, PreferenceWrite, Store,
    StoredPreference,
};

fn says(topic: &str, status: PreferenceStatus) -> StoredPreference {
    StoredPreference {
        topic_id: TopicId::from(topic),
        preference: Preference {
            status: Some(status),
            ..Preference::default()
        },
    }
}

async fn write(store: &dyn Store, user: &str, tenant: Option<&str>, after: u64, said: StoredPreference, domain: &str) {
    let write = PreferenceWrite {
        tenant_id: tenant.map(str::to_owned),
        set: vec![said],
        unset: Vec::new(),
        replace_all: false,
        source: "one-click".to_owned(),
        evidence: Evidence {
            message_id: Some("m".to_owned()),
            mail_domain: Some(domain.to_owned()).filter(|domain| !domain.is_empty()),
        },
        consents: Vec::new(),
        mail: None,
        seen: None,
        now: NOW.plus(after),
    };
    store.write_preferences(HERE, &UserId::from(user), write).await.unwrap();
}

pub async fn changes_are_logged_newest_first(store: &dyn Store) {
    let (out, back) = (PreferenceStatus::OptedOut, PreferenceStatus::OptedIn);
    write(store, "ada", None, 0, says("news", out), "").await;
    write(store, "bob", None, 1, says("news", out), "").await;
    write(store, "ada", Some("acme"), 2, says("news", out), "").await;
    write(store, "ada", None, 3, says("news", back), "").await;
    // What changes nothing leaves no line.
    write(store, "ada", None, 4, says("news", back), "").await;

    let ada = PreferenceLogFilter {
        user_id: Some(UserId::from("ada")),
        ..PreferenceLogFilter::default()
    };
    let read = async |filter: &PreferenceLogFilter, after| {
        let page = PageRequest { after, limit: 2 };
        store.preference_log(HERE, filter.clone(), page).await.unwrap()
    };
    let first = read(&ada, None).await;
    let newest = &first.items[0];
    assert_eq!(newest.before, Some(says("news", out)));
    assert_eq!(newest.after, Some(says("news", back)));
    assert_eq!(
        (newest.source.as_str(), newest.message_id.as_deref()),
        ("one-click", Some("m"))
    );
    assert_eq!((newest.at, newest.tenant_id.as_deref()), (NOW.plus(3), None));
    assert_eq!(first.items[1].tenant_id.as_deref(), Some("acme"));
    let second = read(&ada, first.next).await;
    assert_eq!(second.items.iter().map(|one| one.at).collect::<Vec<_>>(), [NOW]);
    assert!(second.next.is_none());

    let everyone = read(&PreferenceLogFilter::default(), None).await;
    assert_eq!(everyone.items[0].user_id.as_str(), "ada");
    let since = PreferenceLogFilter {
        since: Some(NOW.plus(3)),
        ..PreferenceLogFilter::default()
    };
    assert_eq!(read(&since, None).await.items.len(), 1);
    let acme = PreferenceLogFilter {
        tenant_id: Some("acme".to_owned()),
        ..ada
    };
    assert_eq!(read(&acme, None).await.items.len(), 1);
    let page = PageRequest { after: None, limit: 9 };
    assert!(
        store
            .preference_log(THERE, PreferenceLogFilter::default(), page)
            .await
            .unwrap()
            .items
            .is_empty()
    );
}

pub async fn opt_outs_are_counted_by_mail_domain(store: &dyn Store) {
    let out = PreferenceStatus::OptedOut;
    for (after, (user, domain)) in
        (0_u64..).zip([("a", "x.example"), ("b", "x.example"), ("c", "y.example"), ("d", "")])
    {
        write(store, user, None, after, says("news", out), domain).await;
    }
    // One person twice is still one.
    write(store, "c", None, 9, says("offers", out), "y.example").await;
    // Who takes it back is part of no wave.
    let into = PreferenceStatus::OptedIn;
    write(store, "e", None, 9, says("news", into), "y.example").await;
    let found = store.opt_outs_by_domain(HERE, NOW, 2).await.unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].mail_domain.as_str(), found[0].people), ("x.example", 2));
    assert_eq!((found[0].first, found[0].last), (NOW, NOW.plus(1)));
    assert!(store.opt_outs_by_domain(HERE, NOW.plus(1), 2).await.unwrap().is_empty());
    assert!(store.opt_outs_by_domain(THERE, NOW, 1).await.unwrap().is_empty());
}

pub async fn links_are_revoked_and_never_come_back(store: &dyn Store) {
    let ada = UserId::from("ada");
    assert_eq!(store.links_revoked(HERE, &ada).await.unwrap(), None);
    store.revoke_links(HERE, &ada, NOW.plus(5)).await.unwrap();
    store.revoke_links(HERE, &ada, NOW).await.unwrap();
    assert_eq!(store.links_revoked(HERE, &ada).await.unwrap(), Some(NOW.plus(5)));
    assert_eq!(store.links_revoked(THERE, &ada).await.unwrap(), None);
}

/// A line on a list: the list, topic, source, and the status before and since.
type Line = (String, String, String, Option<String>, Option<String>);

/// What a person said of lists, oldest first.
async fn of_lists(store: &dyn Store, user: &str) -> Vec<Line> {
    let filter = PreferenceLogFilter {
        user_id: Some(user.into()),
        ..PreferenceLogFilter::default()
    };
    let log = store.preference_log(HERE, filter, first(100)).await.unwrap().items;
    let status = |said: Option<serde_json::Value>| Some(said?["status"].as_str()?.to_owned());
    log.into_iter()
        .rev()
        .map(|line| {
            assert!(line.before.is_none() && line.after.is_none() && line.at == NOW);
            let list = line.list.unwrap();
            let said = (status(list.before), status(list.after));
            (list.id, line.topic_id.into_string(), line.source, said.0, said.1)
        })
        .collect()
}

/// `{categories: {t: {status}}}`, or nothing.
fn for_list(user: &str, status: Option<&str>) -> NewSubscription {
    let said = status.map(|status| serde_json::json!({"categories": {"t": {"status": status}}}));
    NewSubscription {
        user_id: user.into(),
        preferences: said.and_then(|said| said.as_object().cloned()),
    }
}

fn line(topic: &str, source: &str, before: Option<&str>, after: Option<&str>) -> Line {
    let text = |one: Option<&str>| one.map(str::to_owned);
    (
        "l".to_owned(),
        topic.to_owned(),
        source.to_owned(),
        text(before),
        text(after),
    )
}

const OUT: Option<&str> = Some("OPTED_OUT");

pub async fn what_people_say_of_lists_is_logged(store: &dyn Store) {
    let both = serde_json::json!({
        "categories": {"t": {"status": "OPTED_OUT"}}, "notifications": {"n": {"status": "OPTED_OUT"}},
    });
    let import = By {
        source: "import",
        now: NOW,
    };
    let (ada, api) = (UserId::from("ada"), By::api(NOW));
    let subscribe = async |people, replace, by| store.subscribe(HERE, "l", people, replace, by).await.unwrap();
    subscribe(vec![for_list("ada", OUT), for_list("bob", None)], false, import).await;
    // Nothing new, nothing at all, and one word more.
    subscribe(vec![for_list("ada", OUT)], false, api).await;
    subscribe(vec![for_list("ada", None)], true, api).await;
    store
        .subscribe_to(HERE, &ada, vec![("l".to_owned(), both.as_object().cloned())], api)
        .await
        .unwrap();
    let mut expected = vec![
        line("t", "import", None, OUT),
        line("notifications/n", "api", None, OUT),
    ];
    assert_eq!(of_lists(store, "ada").await, expected);
    // Each way of leaving takes the words along.
    let app = By {
        source: "app",
        now: NOW,
    };
    store.unsubscribe(HERE, "l", vec![ada.clone()], app).await.unwrap();
    expected.extend([line("t", "app", OUT, None), line("notifications/n", "app", OUT, None)]);
    assert_eq!(of_lists(store, "ada").await, expected);
    subscribe(vec![for_list("ada", OUT)], false, api).await;
    subscribe(Vec::new(), true, api).await;
    subscribe(vec![for_list("ada", OUT)], false, api).await;
    store.unsubscribe_from_all(HERE, &ada, api).await.unwrap();
    let (said, taken) = (line("t", "api", None, OUT), line("t", "api", OUT, None));
    expected.extend([said.clone(), taken.clone(), said, taken]);
    assert_eq!(of_lists(store, "ada").await, expected);
    assert_eq!(of_lists(store, "bob").await, []);
}

pub async fn what_a_fill_makes_people_say_is_logged(store: &dyn Store) {
    let job = NewJob {
        name: JobKey::new(HERE, SUBSCRIBE, "fill"),
        lane: Lane::Normal,
        due: NOW,
        body: serde_json::Value::Null,
    };
    let api = By::api(NOW);
    let subscribe = async |user| {
        let people = vec![for_list(user, OUT)];
        store.subscribe(HERE, "l", people, false, api).await.unwrap();
    };
    subscribe("ada").await;
    store.subscribe_later(HERE, "l", true, job, NOW).await.unwrap();
    subscribe("cy").await;
    let filled = ["cy", "dan"].map(|user| for_list(user, Some("OPTED_IN")));
    assert!(store.fill_list(HERE, "l", "fill", filled.to_vec(), api).await.unwrap());
    while !store.end_fill(HERE, "l", "fill", true, 1, api).await.unwrap() {}
    let said = line("t", "api", None, OUT);
    assert_eq!(
        of_lists(store, "ada").await,
        [said.clone(), line("t", "api", OUT, None)]
    );
    assert_eq!(of_lists(store, "cy").await, [said], "what is newer than the fill stays");
    assert_eq!(of_lists(store, "dan").await, [line("t", "api", None, Some("OPTED_IN"))]);
}
