//! A person's pages, as browsers and mail programs use them.

mod leaving;

use axum::http::{StatusCode, header};
use serde_json::json;
use tidings_pipeline::LinkKind;
use tidings_store::{DocumentKind, WriteMode};
use tidings_types::{Channel, PreferenceStatus};

use crate::testing::{House, NOW, ask, get, post};

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
    assert!(form.contains("Text message") && !form.contains("In the app"));

    let unchanged = "topic=news&topic=tips&on=news&via:news=email&via:news=sms";
    let reply = post(&pages, &link, unchanged).await;
    let back = reply.headers[header::LOCATION].to_str().unwrap();
    assert_eq!(
        (reply.status, back),
        (StatusCode::SEE_OTHER, "?saved="),
        "with nothing to undo"
    );
    assert!(
        house.said(None).await.is_empty(),
        "what was not touched follows its default"
    );
    let shown = get(&pages, &format!("{link}{back}")).await.body;
    assert!(shown.contains("Your choices are saved.") && !shown.contains(">Undo<"));

    let changed = "topic=news&topic=tips&on=tips&via:tips=email&via:tips=sms&on=news&via:news=sms&via:news=push";
    let reply = post(&pages, &link, changed).await;
    let back = reply.headers[header::LOCATION].to_str().unwrap();
    assert_eq!(back, format!("?saved={}", NOW.as_millis()));
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
    let shown = get(&pages, &format!("{link}{back}")).await.body;
    assert!(shown.contains("Your choices are saved.") && shown.contains(">Undo<"));

    post(&pages, &link, "topic=news&on=news&via:news=sms&via:news=email").await;
    assert_eq!(
        house.said(None).await[0].preference.has_custom_routing,
        Some(false),
        "all is any"
    );
}

#[tokio::test]
async fn no_channel_at_all_is_asked_about() {
    let house = house().await;
    let pages = house.pages(false);
    let link = house.link(LinkKind::Preferences, None, None);
    let reply = post(&pages, &link, "topic=news&on=news").await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        reply
            .body
            .contains("Choose at least one way for News &amp; &lt;b&gt;offers&lt;/b&gt;")
    );
    let accept = [("accept", "application/json")];
    let reply = ask(&pages, "POST", &link, &accept, "topic=news&on=news").await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        reply.json()["problem"]
            .as_str()
            .unwrap()
            .starts_with("Choose at least one way")
    );
    assert!(house.said(None).await.is_empty());
}

#[tokio::test]
async fn a_script_saves_one_topic_at_a_time_and_undoes_it() {
    let house = house().await;
    let pages = house.pages(false);
    let link = house.link(LinkKind::Preferences, None, None);
    let accept = [("accept", "application/json")];
    let saved = ask(&pages, "POST", &link, &accept, "topic=news").await;
    assert_eq!(
        (saved.status, saved.json()),
        (StatusCode::OK, json!({ "saved": NOW.as_millis(), "notes": {} }))
    );
    assert_eq!(house.said(None).await.len(), 1);
    let undo = format!("action=undo&at={}", NOW.as_millis());
    assert_eq!(ask(&pages, "POST", &link, &accept, &undo).await.status, StatusCode::OK);
    assert!(house.said(None).await.is_empty(), "nothing is said, as before");
}

#[tokio::test]
async fn leaving_everything_leaves_what_may_be_left_and_can_be_undone() {
    let house = house().await;
    let pages = house.pages(false);
    let link = house.link(LinkKind::Preferences, None, Some("acme"));
    assert!(get(&pages, &link).await.body.contains("Unsubscribe from everything"));
    post(&pages, &link, "action=leave").await;
    let said = house.said(Some("acme")).await;
    assert_eq!(said.len(), 1, "tips were off, and codes are required");
    assert_eq!(said[0].topic_id.as_str(), "news");
    let reply = post(&pages, &link, &format!("action=undo&at={}", NOW.as_millis())).await;
    let back = reply.headers[header::LOCATION].to_str().unwrap().to_owned();
    assert!(
        get(&pages, &format!("{link}{back}"))
            .await
            .body
            .contains("as it was before")
    );
    assert!(house.said(Some("acme")).await.is_empty());
}

#[tokio::test]
async fn everything_is_paused_and_resumed_whatever_the_tenant() {
    let house = house().await;
    let pages = house.pages(false);
    let link = house.link(LinkKind::Preferences, None, Some("acme"));
    post(&pages, &link, "action=pause&for=week").await;
    let shown = get(&pages, &link).await.body;
    assert!(shown.contains("Everything is paused until") && shown.contains("Resume now"));
    assert_eq!(house.said(None).await[0].topic_id.as_str(), "*");
    post(&pages, &link, "action=quiet&quiet=on&start=21:00&end=08:00").await;
    assert!(get(&pages, &link).await.body.contains("value=\"21:00\""));
    post(&pages, &link, "action=resume").await;
    assert!(!get(&pages, &link).await.body.contains("Everything is paused"));
    assert_eq!(
        post(&pages, &link, "action=pause&until=soon").await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
}

#[tokio::test]
async fn old_and_revoked_links_are_gone_and_say_so() {
    let house = house().await;
    let pages = house.pages(false);
    let link = house.link(LinkKind::Preferences, None, None);
    let ada = tidings_types::UserId::from("ada");
    let store = &house.services.store;
    store
        .revoke_links(tidings_types::Environment::Test, &ada, NOW)
        .await
        .unwrap();
    assert_eq!(
        get(&pages, &link).await.status,
        StatusCode::OK,
        "made at that very moment, it is a new one"
    );
    store
        .revoke_links(tidings_types::Environment::Test, &ada, NOW.plus(1))
        .await
        .unwrap();
    for reply in [get(&pages, &link).await, post(&pages, &link, "topic=news").await] {
        assert_eq!(reply.status, StatusCode::GONE);
        assert!(reply.body.contains("Nothing was changed."));
    }
    assert!(house.said(None).await.is_empty());
    let unsubscribe = house.link(LinkKind::Unsubscribe, Some("news"), None);
    assert_eq!(
        get(&pages, &unsubscribe).await.status,
        StatusCode::OK,
        "leaving always works"
    );
}

#[tokio::test]
async fn a_preview_shows_the_draft_and_saves_nothing() {
    let house = house().await;
    let pages = house.pages(false);
    let publish = tidings_pipeline::preferences::Publish {
        heading: Some("Stay in touch".to_owned()),
        ..Default::default()
    };
    tidings_pipeline::preferences::publish(&house.services, tidings_types::Environment::Test, publish)
        .await
        .unwrap();
    let added = json!({"name": "Brand new", "default_status": "OPTED_IN"});
    house.document(DocumentKind::Topic, "new", Some("s1"), added).await;
    let published = get(&pages, &house.link(LinkKind::Preferences, None, None)).await.body;
    assert!(published.contains("Stay in touch") && !published.contains("Brand new"));
    let preview = house.link(LinkKind::Preview, None, None);
    let draft = get(&pages, &preview).await.body;
    assert!(draft.contains("Draft.") && draft.contains("Brand new") && draft.contains("Stay in touch"));
    assert_eq!(post(&pages, &preview, "topic=news").await.status, StatusCode::CONFLICT);
    assert!(house.said(None).await.is_empty());
}

#[tokio::test]
async fn the_page_speaks_the_language_that_was_asked_for() {
    let house = house().await;
    let pages = house.pages(false);
    let link = house.link(LinkKind::Preferences, None, None);
    let japanese = [("accept-language", "ja;q=0.9, xx")];
    assert!(
        ask(&pages, "GET", &link, &japanese, "")
            .await
            .body
            .contains("通知の設定")
    );
    let arabic = ask(&pages, "GET", &format!("{link}?lang=ar"), &japanese, "").await.body;
    assert!(arabic.contains("lang=\"ar\" dir=\"rtl\"") && arabic.contains("إشعاراتك"));
    let saved = post(&pages, &format!("{link}?lang=ar&x=y"), "topic=news").await;
    assert!(
        saved.headers[header::LOCATION]
            .to_str()
            .unwrap()
            .starts_with("?lang=ar&saved=")
    );
    let lost = ask(&pages, "GET", "/p/none", &[("accept-language", "fr-CA")], "").await;
    assert_eq!(lost.status, StatusCode::NOT_FOUND);
    assert!(lost.body.contains("Ce lien ne fonctionne pas"));
}

/// What comes over the wire for a page and everything it loads, in bytes.
async fn weight(pages: &axum::Router, link: &str, headers: &[(&str, &str)]) -> usize {
    let document = get(pages, link).await.body;
    let parts = document
        .split(['"', '\''])
        .filter(|part| part.starts_with("/pages/"))
        .collect::<std::collections::BTreeSet<_>>();
    assert!(parts.len() >= 3, "{parts:?}");
    let mut bytes = 0;
    for part in parts.into_iter().chain([link]) {
        bytes += ask(pages, "GET", part, headers, "").await.bytes;
    }
    bytes
}

#[tokio::test]
async fn all_of_the_page_is_small() {
    let house = house().await;
    let pages = house.pages(false);
    let link = house.link(LinkKind::Preferences, None, None);
    let gzip = [("accept-encoding", "gzip, br")];
    for number in 0..60 {
        let topic = json!({
            "name": format!("Topic {number}"), "description": "What it is about, in a sentence or so.",
            "default_status": "OPTED_IN", "allowed_preferences": ["snooze"],
        });
        house
            .document(
                DocumentKind::Topic,
                &format!("01M3SDGS4FXP2J6WZAW778{number:04}"),
                Some("s1"),
                topic,
            )
            .await;
        if number == 10 {
            let plain = weight(&pages, &link, &[]).await;
            assert!(plain < 50_000, "{plain} bytes of a usual page as it is");
        }
    }
    let packed = weight(&pages, &link, &gzip).await;
    assert!(packed < 25_000, "{packed} bytes of a long page, compressed");
    let reply = ask(&pages, "GET", &link, &gzip, "").await;
    assert_eq!(reply.headers[header::CONTENT_ENCODING], "gzip");
    assert_eq!(reply.headers[header::VARY], "accept-encoding");
}

#[tokio::test]
async fn nothing_to_choose_is_said() {
    let house = House::new().await;
    let link = house.link(LinkKind::Preferences, None, None);
    assert!(get(&house.pages(false), &link).await.body.contains("nothing to choose"));
}

/// The hidden fields of a page's form, as a browser would send them back.
fn set_out(page: &str, topic: &str) -> String {
    let name = format!("name=\"was:{topic}\" value=\"");
    let (_, rest) = page.split_once(&name).unwrap();
    let value = rest.split('"').next().unwrap().replace("&amp;", "&");
    format!(
        "topic={topic}&was:{topic}={}",
        url::form_urlencoded::byte_serialize(value.as_bytes()).collect::<String>()
    )
}

#[tokio::test]
async fn a_page_that_stood_open_takes_nothing_back_that_was_said_elsewhere() {
    let house = house().await;
    let pages = house.pages(false);
    let link = house.link(LinkKind::Preferences, None, None);
    let page = get(&pages, &link).await.body;
    let (news, tips) = (set_out(&page, "news"), set_out(&page, "tips"));
    let leave = house.link(LinkKind::Unsubscribe, Some("news"), None);
    post(&pages, &leave, "List-Unsubscribe=One-Click").await;

    let form = format!("{news}&on=news&via:news=email&via:news=sms&{tips}&on=tips&via:tips=email&via:tips=sms");
    post(&pages, &link, &form).await;
    let said = house.said(None).await;
    let status = |topic: &str| {
        let found = said.iter().find(|one| one.topic_id.as_str() == topic);
        found.and_then(|one| one.preference.status)
    };
    assert_eq!(
        status("news"),
        Some(PreferenceStatus::OptedOut),
        "shown as on, and not touched"
    );
    assert_eq!(status("tips"), Some(PreferenceStatus::OptedIn));
}

#[tokio::test]
async fn turning_on_and_choosing_channels_is_one_step() {
    let house = house().await;
    let pages = house.pages(false);
    let link = house.link(LinkKind::Preferences, None, None);
    post(&pages, &link, "topic=tips&on=tips&via:tips=sms").await;
    let said = house.said(None).await;
    assert_eq!(said[0].preference.status, Some(PreferenceStatus::OptedIn));
    assert_eq!(said[0].preference.custom_routing, [Channel::Sms]);
}

#[tokio::test]
async fn a_form_that_is_refused_keeps_what_was_entered() {
    let house = house().await;
    let pages = house.pages(false);
    let link = house.link(LinkKind::Preferences, None, None);
    let reply = post(&pages, &link, "topic=news&on=news&topic=tips&on=tips&via:tips=sms").await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    let ticked = |channel: &str| {
        reply
            .body
            .contains(&format!("name=\"via:tips\" value=\"{channel}\" checked"))
    };
    assert!(reply.body.contains("value=\"tips\" checked") && ticked("sms") && !ticked("email"));
    assert!(house.said(None).await.is_empty());
}

#[tokio::test]
async fn channels_that_are_no_longer_offered_do_not_stand_in_the_way() {
    let house = house().await;
    let pages = house.pages(false);
    let link = house.link(LinkKind::Preferences, None, None);
    post(&pages, &link, "topic=news&on=news&via:news=sms").await;
    let narrowed = json!({"name": "Product", "has_custom_routing": true, "routing_options": ["email"]});
    house
        .world
        .rewrite(DocumentKind::Section, "s1", narrowed, WriteMode::Live)
        .await;
    let reply = post(&pages, &link, "topic=news&on=news&topic=tips&on=tips&via:tips=email").await;
    assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.body);
    assert_eq!(house.said(None).await.len(), 2);
}

#[tokio::test]
async fn what_the_topic_does_not_offer_is_not_saved_and_said() {
    let house = house().await;
    house
        .document(DocumentKind::Section, "s2", None, json!({"name": "Plain"}))
        .await;
    house
        .document(
            DocumentKind::Topic,
            "plain",
            Some("s2"),
            json!({"name": "Plain", "default_status": "OPTED_IN"}),
        )
        .await;
    let pages = house.pages(false);
    let link = house.link(LinkKind::Preferences, None, None);
    let reply = post(
        &pages,
        &link,
        "topic=tips&on=tips&topic=plain&on=plain&pause:plain=week",
    )
    .await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(reply.body.contains("your choice is not saved"));
    post(&pages, &link, "topic=plain&on=plain&via:plain=sms").await;
    assert!(house.said(None).await.is_empty(), "no half of it either");
}

#[tokio::test]
async fn a_form_sent_twice_can_be_undone_once() {
    let house = house().await;
    let pages = house.pages(false);
    let link = house.link(LinkKind::Preferences, None, None);
    for form in [
        "action=leave",
        "action=pause&for=week",
        "topic=tips&on=tips&via:tips=email&via:tips=sms",
    ] {
        post(&pages, &link, form).await;
        house.world.clock.advance(40);
        let reply = post(&pages, &link, form).await;
        let back = reply.headers[header::LOCATION].to_str().unwrap().to_owned();
        let at = back.strip_prefix("?saved=").unwrap();
        post(&pages, &link, &format!("action=undo&at={at}")).await;
        assert!(house.said(None).await.is_empty(), "{form}");
        house.world.clock.advance(70_000);
    }
}

#[tokio::test]
async fn links_work_with_what_programs_leave_at_their_end() {
    let house = house().await;
    let pages = house.pages(false);
    for (kind, topic) in [(LinkKind::Preferences, None), (LinkKind::Unsubscribe, Some("news"))] {
        let link = house.link(kind, topic, None);
        for end in [".", ")", "%3E", ",", "/", "%20", "=?utm_source=x"] {
            assert_eq!(
                get(&pages, &format!("{link}{end}")).await.status,
                StatusCode::OK,
                "{end}"
            );
        }
        for end in ["x", ".x", "-", "/x"] {
            assert_eq!(
                get(&pages, &format!("{link}{end}")).await.status,
                StatusCode::NOT_FOUND,
                "{end}"
            );
        }
    }
    for path in ["/p", "/p/", "/u", "/u/"] {
        assert!(
            get(&pages, path).await.body.contains("This link does not work"),
            "{path}"
        );
    }
}

#[tokio::test]
async fn a_tenants_page_wears_its_brand_and_says_whose_it_is() {
    let house = house().await;
    let brand = json!({"name": "Sunny", "settings": {"colors": {"primary": "#0044ff"}}});
    house.document(DocumentKind::Brand, "sunny", None, brand).await;
    let tenant = json!({"name": "Acme Rockets", "brand_id": "sunny"});
    house.document(DocumentKind::Tenant, "acme", None, tenant).await;
    let pages = house.pages(false);
    let page = get(&pages, &house.link(LinkKind::Preferences, None, Some("acme")))
        .await
        .body;
    assert!(
        page.contains("--accent:#0044ff") && page.contains("Your choices for Acme Rockets."),
        "{page}"
    );
    let ask = get(&pages, &house.link(LinkKind::Unsubscribe, Some("news"), Some("acme")))
        .await
        .body;
    assert!(ask.contains("Only for Acme Rockets.") && ask.contains("Sunny"));
    let none = get(&pages, &house.link(LinkKind::Unsubscribe, Some("news"), None))
        .await
        .body;
    assert!(!none.contains("Only for"));
}
