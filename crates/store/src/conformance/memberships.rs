use tidings_types::{Object, UserId};

use super::fixtures::{HERE, MINUTE, NOW, THERE, first};
use crate::{NewMembership, PageRequest, Store};

fn new(user: &str, tenant: &str) -> NewMembership {
    NewMembership {
        user_id: UserId::from(user),
        tenant_id: tenant.to_owned(),
        profile: None,
    }
}

fn profile(role: &str) -> Object {
    Object::from_iter([("role".to_owned(), role.into())])
}

pub async fn people_belong_to_tenants(store: &dyn Store) {
    let ada = UserId::from("ada");
    assert!(!store.is_known(HERE, &ada).await.unwrap());
    let with = NewMembership {
        profile: Some(profile("admin")),
        ..new("ada", "acme")
    };
    store
        .put_memberships(HERE, vec![with, new("ada", "beta")], NOW)
        .await
        .unwrap();
    // Again without a profile: what is there stays.
    store
        .put_memberships(HERE, vec![new("ada", "acme")], NOW.plus(MINUTE))
        .await
        .unwrap();
    assert!(store.is_known(HERE, &ada).await.unwrap());
    let found = store.membership(HERE, &ada, "acme").await.unwrap().unwrap();
    assert_eq!(
        (found.profile, found.created),
        (Some(profile("admin")), NOW.plus(MINUTE))
    );
    assert_eq!(store.membership(THERE, &ada, "acme").await.unwrap(), None);
    let with = NewMembership {
        profile: Some(profile("guest")),
        ..new("ada", "acme")
    };
    store.put_memberships(HERE, vec![with], NOW).await.unwrap();
    let found = store.membership(HERE, &ada, "acme").await.unwrap().unwrap();
    assert_eq!(found.profile, Some(profile("guest")));

    assert!(store.delete_membership(HERE, &ada, "acme").await.unwrap());
    assert!(!store.delete_membership(HERE, &ada, "acme").await.unwrap());
    store.delete_memberships(HERE, &ada).await.unwrap();
    assert!(store.memberships(HERE, &ada, first(9)).await.unwrap().items.is_empty());
}

pub async fn members_are_paged_from_both_sides(store: &dyn Store) {
    let users = ["a", "b", "c"];
    let all = users.iter().flat_map(|user| [new(user, "acme"), new(user, "beta")]);
    store.put_memberships(HERE, all.collect(), NOW).await.unwrap();
    let page = store.members(HERE, "acme", first(2)).await.unwrap();
    assert_eq!(
        page.items.iter().map(|one| one.user_id.as_str()).collect::<Vec<_>>(),
        ["a", "b"]
    );
    let rest = PageRequest {
        after: page.next,
        limit: 2,
    };
    let page = store.members(HERE, "acme", rest).await.unwrap();
    assert_eq!((page.items[0].user_id.as_str(), page.next.is_none()), ("c", true));
    let of_a = store
        .memberships(HERE, &UserId::from("a"), first(9))
        .await
        .unwrap()
        .items;
    assert_eq!(
        of_a.iter().map(|one| one.tenant_id.as_str()).collect::<Vec<_>>(),
        ["acme", "beta"]
    );
}

pub async fn who_belongs_to_one_tenant_only_is_told(store: &dyn Store) {
    let all = vec![new("one", "acme"), new("two", "acme"), new("two", "beta")];
    store.put_memberships(HERE, all, NOW).await.unwrap();
    let users = ["none", "one", "two"].map(UserId::from).to_vec();
    assert_eq!(
        store.sole_tenants(HERE, users).await.unwrap(),
        [(UserId::from("one"), "acme".to_owned())]
    );
}

pub async fn a_tenant_is_cleared_of_those_who_were_there_before(store: &dyn Store) {
    let old = ["a", "b", "c", "again"].map(|user| new(user, "acme")).to_vec();
    store.put_memberships(HERE, old, NOW).await.unwrap();
    let later = vec![new("late", "acme"), new("again", "acme"), new("a", "beta")];
    store.put_memberships(HERE, later, NOW.plus(MINUTE)).await.unwrap();
    assert_eq!(store.clear_tenant(HERE, "acme", NOW, 2).await.unwrap(), 2);
    assert_eq!(store.clear_tenant(HERE, "acme", NOW, 2).await.unwrap(), 1);
    assert_eq!(store.clear_tenant(HERE, "acme", NOW, 2).await.unwrap(), 0);
    let left = store.members(HERE, "acme", first(9)).await.unwrap().items;
    assert_eq!(
        left.iter().map(|one| one.user_id.as_str()).collect::<Vec<_>>(),
        ["again", "late"]
    );
    assert_eq!(store.members(HERE, "beta", first(9)).await.unwrap().items.len(), 1);
}
