//! A person's pages, as browsers and mail programs use them.

use axum::http::{StatusCode, header};
use serde_json::json;
use tidings_pipeline::LinkKind;
use tidings_store::DocumentKind;
use tidings_types::{Channel, PreferenceStatus};

use crate::testing::{House, ask, get, post};

const NAME: &str = "News & <b>offers</b>";

async fn house() -> House {
    let house = House::new().await;
    let section = json!({"name": "Product", "has_custom_routing": true, "routing_options": ["email", "sms"]});
    house.document(DocumentKind::Section, "s1", None, section).await;
    let topic = |status: &str| json!({"name": NAME, "default_status": status, "routing_options": []});
    house
        .document(DocumentKind::Topic, "news", Some("s1"), topic("OPTED_IN"))
        .await;
    house
        .document(DocumentKind::Topic, "tips", Some("s1"), topic("OPTED_OUT"))
        .await;
    house
        .document(DocumentKind::Topic, "codes", Some("s1"), topic("REQUIRED"))
        .await;
    house
}

#[tokio::test]
async fn opening_the_link_changes_nothing_and_sending_the_form_opts_out() {
    let house = house().await;
    let pages = house.pages(false);
    let link = house.link(LinkKind::Unsubscribe, Some("news"), None);
    let question = get(&pages, &link).await;
    assert_eq!(question.status, StatusCode::OK);
    assert!(question.body.contains("News &amp; &lt;b&gt;offers&lt;/b&gt;") && !question.body.contains("<b>offers"));
    assert_eq!(question.headers[header::REFERRER_POLICY], "no-referrer");
    assert_eq!(ask(&pages, "HEAD", &link, &[], "").await.status, StatusCode::OK);
    assert!(house.said(None).await.is_empty());

    assert!(post(&pages, &link, "").await.body.contains("You are unsubscribed"));
    let said = house.said(None).await;
    assert_eq!(said[0].preference.status, Some(PreferenceStatus::OptedOut));
    assert!(get(&pages, &link).await.body.contains("You are unsubscribed"));

    assert!(post(&pages, &link, "action=undo").await.body.contains("Welcome back"));
    assert_eq!(
        house.said(None).await[0].preference.status,
        Some(PreferenceStatus::OptedIn)
    );
}

#[tokio::test]
async fn one_click_needs_no_page() {
    let house = house().await;
    let pages = house.pages(false);
    let reply = post(
        &pages,
        &house.link(LinkKind::Unsubscribe, Some("news"), Some("acme")),
        "List-Unsubscribe=One-Click",
    )
    .await;
    assert_eq!((reply.status, reply.body.as_str()), (StatusCode::OK, "Unsubscribed.\n"));
    assert!(house.said(None).await.is_empty());
    assert_eq!(
        house.said(Some("acme")).await[0].preference.status,
        Some(PreferenceStatus::OptedOut)
    );
}

#[tokio::test]
async fn required_topics_stay_whatever_is_sent() {
    let house = house().await;
    let pages = house.pages(false);
    let link = house.link(LinkKind::Unsubscribe, Some("codes"), None);
    assert!(get(&pages, &link).await.body.contains("cannot be turned off"));
    for body in ["", "List-Unsubscribe=One-Click"] {
        assert_eq!(post(&pages, &link, body).await.status, StatusCode::FORBIDDEN);
    }
    let preferences = house.link(LinkKind::Preferences, None, None);
    post(&pages, &preferences, "topic=codes").await;
    assert!(house.said(None).await.is_empty());
}

#[tokio::test]
async fn forged_links_and_links_to_other_pages_open_nothing() {
    let house = house().await;
    let pages = house.pages(false);
    let unsubscribe = house.link(LinkKind::Unsubscribe, Some("news"), None);
    let preferences = house.link(LinkKind::Preferences, None, None);
    let forged = [
        format!("{unsubscribe}x"),
        unsubscribe.replace("/u/", "/p/"),
        preferences.replace("/p/", "/u/"),
        "/u/none".to_owned(),
        "/p/a.b".to_owned(),
    ];
    for link in forged {
        for reply in [get(&pages, &link).await, post(&pages, &link, "topic=news").await] {
            assert_eq!(reply.status, StatusCode::NOT_FOUND, "{link}");
            assert!(reply.body.contains("Nothing was changed."));
        }
    }
    assert!(house.said(None).await.is_empty());
}

#[tokio::test]
async fn a_removed_topic_can_still_be_left() {
    let house = house().await;
    let pages = house.pages(false);
    let link = house.link(LinkKind::Unsubscribe, Some("gone"), None);
    assert!(
        get(&pages, &link)
            .await
            .body
            .contains("Unsubscribe from these messages?")
    );
    post(&pages, &link, "").await;
    assert_eq!(house.said(None).await[0].topic_id.as_str(), "gone");
}

#[tokio::test]
async fn saving_writes_what_was_changed_and_nothing_else() {
    let house = house().await;
    let pages = house.pages(false);
    let link = house.link(LinkKind::Preferences, None, None);
    let form = get(&pages, &link).await.body;
    assert!(form.contains("value=\"news\" checked") && form.contains("Always on"));
    assert!(form.contains("Text message") && !form.contains("Push notification"));

    let unchanged = "topic=news&topic=tips&on=news&how:news=any&how:tips=any&via:news=email&via:news=sms";
    let reply = post(&pages, &link, unchanged).await;
    assert_eq!(
        (reply.status, reply.headers[header::LOCATION].to_str().unwrap()),
        (StatusCode::SEE_OTHER, "?saved=1")
    );
    assert!(
        house.said(None).await.is_empty(),
        "what was not touched follows its default"
    );

    let changed = "topic=news&topic=tips&on=tips&on=news&how:news=only&via:news=sms&via:news=push&how:tips=any";
    post(&pages, &link, changed).await;
    let mut said = house.said(None).await;
    said.sort_by(|one, other| one.topic_id.cmp(&other.topic_id));
    assert_eq!(said[0].preference.status, None, "only the routing was changed");
    assert_eq!(
        said[0].preference.custom_routing,
        [Channel::Sms],
        "channels that were not offered do not count"
    );
    assert_eq!(said[1].preference.status, Some(PreferenceStatus::OptedIn));
    assert_eq!(said[1].preference.has_custom_routing, None);
    assert!(
        get(&pages, &format!("{link}?saved=1"))
            .await
            .body
            .contains("Your choices are saved.")
    );
}

#[tokio::test]
async fn no_channel_at_all_is_asked_about() {
    let house = house().await;
    let pages = house.pages(false);
    let link = house.link(LinkKind::Preferences, None, None);
    let reply = post(&pages, &link, "topic=news&on=news&how:news=only").await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(reply.body.contains("Nothing was saved yet"));
    assert!(house.said(None).await.is_empty());
}

#[tokio::test]
async fn nothing_to_choose_is_said() {
    let house = House::new().await;
    let link = house.link(LinkKind::Preferences, None, None);
    assert!(get(&house.pages(false), &link).await.body.contains("nothing to choose"));
}
