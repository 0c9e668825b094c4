//! Leaving a topic by its link, and coming back.

use axum::http::StatusCode;
use serde_json::json;
use tidings_pipeline::LinkKind;
use tidings_store::DocumentKind;
use tidings_types::{Environment, PreferenceStatus, UserId};

use super::house;
use crate::testing::{House, get, post};

/// What stands in a hidden field of a page.
fn hidden(page: &str, name: &str) -> Option<String> {
    let (_, rest) = page.split_once(&format!("name=\"{name}\" value=\""))?;
    Some(rest.split_once('"')?.0.to_owned())
}

async fn advertising(house: &House, double_opt_in: bool) {
    let topic = json!({"name": "Offers", "description": "Once a week", "default_status": "OPTED_IN",
                       "classification": "marketing", "double_opt_in": double_opt_in});
    house.document(DocumentKind::Topic, "offers", Some("s1"), topic).await;
}

async fn ledger(house: &House) -> Vec<(String, Option<String>)> {
    let lines = house
        .services
        .store
        .consents(Environment::Test, &UserId::from("ada"))
        .await;
    let lines = lines.unwrap().into_iter();
    lines
        .map(|line| (line.action.as_str().to_owned(), line.wording))
        .collect()
}

#[tokio::test]
async fn who_comes_back_to_advertising_agrees_to_the_words_on_the_page() {
    let house = house().await;
    advertising(&house, false).await;
    let pages = house.pages(false);
    let link = house.link(LinkKind::Unsubscribe, Some("offers"), None);
    let page = get(&pages, &link).await.body;
    assert!(
        page.contains("By turning this on you agree") && page.contains("Once a week"),
        "{page}"
    );
    let words = hidden(&page, "words").unwrap();

    let unseen = post(&pages, &link, "action=undo").await;
    assert_eq!(
        unseen.status,
        StatusCode::CONFLICT,
        "whoever saw no words agrees to none"
    );
    assert!(unseen.body.contains("By turning this on you agree"));
    assert!(house.said(None).await.is_empty() && ledger(&house).await.is_empty());

    let agreed = format!("action=undo&words={}", words.replace(' ', "+"));
    assert!(post(&pages, &link, &agreed).await.body.contains("Welcome back"));
    assert_eq!(ledger(&house).await, [("granted".to_owned(), Some(words))]);
    assert!(get(&pages, &link).await.body.contains("Unsubscribe from Offers?"));
}

#[tokio::test]
async fn who_comes_back_confirms_it_by_mail_where_that_is_asked_for() {
    let house = house().await;
    advertising(&house, true).await;
    let pages = house.pages(false);
    let link = house.link(LinkKind::Unsubscribe, Some("offers"), None);
    let words = hidden(&get(&pages, &link).await.body, "words").unwrap();
    let reply = post(&pages, &link, &format!("action=undo&words={}", words.replace(' ', "+"))).await;
    assert!(reply.body.contains("Not confirmed yet"), "{}", reply.body);
    assert_eq!(ledger(&house).await, [("pending".to_owned(), Some(words))]);
}

#[tokio::test]
async fn a_link_from_before_an_erasure_a_revocation_or_long_ago_opts_out_and_nothing_else() {
    for why in ["erased", "revoked", "old"] {
        let house = house().await;
        advertising(&house, false).await;
        let pages = house.pages(false);
        for topic in ["offers", "news"] {
            let link = house.link(LinkKind::Unsubscribe, Some(topic), None);
            let page = get(&pages, &link).await.body;
            let words = hidden(&page, "words").unwrap_or_default().replace(' ', "+");
            let ada = UserId::from("ada");
            house.world.clock.advance(1);
            match why {
                "erased" => drop(
                    tidings_pipeline::preferences::erase(&house.services, Environment::Test, &ada)
                        .await
                        .unwrap(),
                ),
                "revoked" => {
                    let now = house.services.clock.now();
                    house
                        .services
                        .store
                        .revoke_links(Environment::Test, &ada, now)
                        .await
                        .unwrap();
                }
                _ => house.world.clock.advance(181 * 24 * 60 * 60 * 1000),
            }
            let back = post(&pages, &link, &format!("action=undo&words={words}")).await;
            assert_eq!(back.status, StatusCode::GONE, "{why} {topic}");
            assert!(house.said(None).await.iter().all(|one| one.topic_id.as_str() != topic));
            let gone = post(&pages, &link, "").await.body;
            assert!(
                gone.contains("You are unsubscribed") && !gone.contains("Subscribe again"),
                "{gone}"
            );
            assert!(!gone.contains("All your choices"), "the link to them is as old");
            let said = house.said(None).await;
            let said = said.iter().find(|one| one.topic_id.as_str() == topic).unwrap();
            assert_eq!(said.preference.status, Some(PreferenceStatus::OptedOut));
            let preferences = house.link(LinkKind::Preferences, None, None);
            assert_eq!(get(&pages, &preferences).await.status, StatusCode::GONE, "{why}");
        }
        assert!(ledger(&house).await.iter().all(|line| line.0 != "granted"));
    }
}

#[tokio::test]
async fn what_is_transactional_is_locked() {
    let house = house().await;
    let topic = json!({"name": "Receipts", "default_status": "OPTED_IN", "classification": "transactional",
                       "allowed_preferences": ["snooze"]});
    house.document(DocumentKind::Topic, "receipts", Some("s1"), topic).await;
    let pages = house.pages(false);
    let preferences = house.link(LinkKind::Preferences, None, None);
    let page = get(&pages, &preferences).await.body;
    assert!(
        page.contains("value=\"receipts\" checked disabled") && page.contains("id=\"about-receipts\""),
        "{page}"
    );
    post(&pages, &preferences, "topic=receipts").await;
    let link = house.link(LinkKind::Unsubscribe, Some("receipts"), None);
    assert!(get(&pages, &link).await.body.contains("cannot be turned off"));
    for body in ["", "List-Unsubscribe=One-Click"] {
        assert_eq!(post(&pages, &link, body).await.status, StatusCode::FORBIDDEN);
    }
    assert!(house.said(None).await.is_empty());
}
