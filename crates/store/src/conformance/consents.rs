//! The consent ledger, and what counts towards a person's limits.

use tidings_types::consent::{Consent, ConsentAction};
use tidings_types::{ErrorKind, MessageId, Preference, PreferenceStatus, TopicId, UserId};

use super::fixtures::{HERE, NOW, THERE};
use crate::{
    Admission, AdmissionLimit, Evidence, PageRequest, PreferenceLogFilter, PreferenceWrite, Seen, Store,
    StoredPreference,
};

fn write(consents: Vec<Consent>) -> PreferenceWrite {
    let said = StoredPreference {
        topic_id: TopicId::from("offers"),
        preference: Preference {
            status: Some(PreferenceStatus::OptedIn),
            ..Preference::default()
        },
    };
    PreferenceWrite {
        tenant_id: None,
        set: vec![said],
        unset: Vec::new(),
        replace_all: false,
        source: "page".to_owned(),
        evidence: Evidence::default(),
        consents,
        mail: None,
        seen: None,
        now: NOW,
    }
}

fn line(action: ConsentAction, tenant: Option<&str>) -> Consent {
    Consent {
        topic_id: TopicId::from("offers"),
        tenant_id: tenant.map(str::to_owned),
        action,
        at: NOW,
        source: "page".to_owned(),
        wording: Some("page-en-1".to_owned()),
        message_id: Some("m".to_owned()),
    }
}

pub async fn consents_are_kept_in_order(store: &dyn Store) {
    let ada = UserId::from("ada");
    let lines = vec![
        line(ConsentAction::Granted, None),
        line(ConsentAction::Withdrawn, Some("acme")),
    ];
    store.write_preferences(HERE, &ada, write(lines.clone())).await.unwrap();
    // The ledger grows even where nothing else changes.
    let again = line(ConsentAction::Granted, None);
    store
        .write_preferences(HERE, &ada, write(vec![again.clone()]))
        .await
        .unwrap();
    let found = store.consents(HERE, &ada).await.unwrap();
    assert_eq!(found, [lines, vec![again]].concat());
    assert!(store.consents(THERE, &ada).await.unwrap().is_empty());
}

pub async fn of_two_who_saw_the_same_one_is_refused(store: &dyn Store) {
    let ada = UserId::from("ada");
    let seen = |said: Vec<StoredPreference>, consents| {
        Some(Seen {
            said,
            consents: Some(consents),
        })
    };
    let first = PreferenceWrite {
        seen: seen(Vec::new(), 0),
        ..write(vec![line(ConsentAction::Granted, None)])
    };
    store.write_preferences(HERE, &ada, first.clone()).await.unwrap();
    let refused = store.write_preferences(HERE, &ada, first.clone()).await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Conflict);
    let said = store.preferences(HERE, &ada, None).await.unwrap();
    let ledger = PreferenceWrite {
        seen: seen(said.clone(), 0),
        ..first.clone()
    };
    let refused = store.write_preferences(HERE, &ada, ledger.clone()).await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Conflict, "the ledger has grown");
    assert_eq!(
        store.consents(HERE, &ada).await.unwrap().len(),
        1,
        "nothing was written"
    );
    let again = PreferenceWrite {
        seen: seen(said, 1),
        ..ledger
    };
    store.write_preferences(HERE, &ada, again).await.unwrap();
    assert_eq!(store.consents(HERE, &ada).await.unwrap().len(), 2);
}

pub async fn erasure_leaves_proof_without_a_name(store: &dyn Store) {
    let (ada, nobody) = (UserId::from("ada"), UserId::from("erased:1"));
    let lines = vec![line(ConsentAction::Granted, None)];
    store.write_preferences(HERE, &ada, write(lines)).await.unwrap();
    assert_eq!(
        store.erase_preferences(HERE, &ada, &nobody, NOW.plus(1)).await.unwrap(),
        2
    );
    assert!(store.consents(HERE, &ada).await.unwrap().is_empty());
    assert!(store.preferences(HERE, &ada, None).await.unwrap().is_empty());
    let proof = store.consents(HERE, &nobody).await.unwrap();
    assert_eq!(
        (proof[0].action, proof[0].message_id.as_deref()),
        (ConsentAction::Granted, None)
    );
    assert_eq!(proof[1], Consent::erased(NOW.plus(1)));
    let page = PageRequest { after: None, limit: 9 };
    let log = store
        .preference_log(HERE, PreferenceLogFilter::default(), page)
        .await
        .unwrap();
    assert!(log.items.iter().all(|change| change.user_id == nobody));
}

pub async fn messages_count_once_and_stop_at_a_limit(store: &dyn Store) {
    let ada = UserId::from("ada");
    let admit = async |message: &str, topic: &str, after: u64, limits: &[AdmissionLimit]| {
        let admission = Admission {
            message_id: MessageId::from(message),
            topic_id: TopicId::from(topic),
            limits: limits.to_vec(),
            now: NOW.plus(after),
            forget_before: NOW,
        };
        store.admit(HERE, &ada, admission).await.unwrap()
    };
    let limit = |all_topics, since: u64, max| AdmissionLimit {
        all_topics,
        since: NOW.plus(since),
        max,
    };
    let two = [limit(false, 0, 2), limit(true, 0, 3)];
    assert_eq!(admit("1", "news", 1, &two).await, None);
    assert_eq!(admit("1", "news", 2, &two).await, None, "the same again");
    assert_eq!(admit("2", "news", 3, &two).await, None);
    assert_eq!(admit("3", "news", 4, &two).await, Some(0), "two of the topic");
    assert_eq!(admit("4", "tips", 5, &two).await, None);
    assert_eq!(admit("5", "tips", 6, &two).await, Some(1), "three in all");
    assert_eq!(
        admit("6", "tips", 7, &[limit(true, 3, 2)]).await,
        None,
        "the first two were earlier"
    );
    assert_eq!(admit("7", "tips", 8, &[]).await, None);
}
