//! What people do with their mail is tracked only where a team wants it, and machines do not count.

use serde_json::{Value, json};
use tidings_pipeline::tracking::{TrackingClaims, TrackingKind, Visitor, follow, report};
use tidings_store::{Act, DocumentKind, WriteMode};
use tidings_testkit::{HttpDouble, Reply, World};
use tidings_types::{Clock as _, MessageId, Status};

use crate::common::{mail_and_text, queued, taken};

const BROWSER: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

async fn tracking(settings: Value) -> (World, HttpDouble) {
    let (world, sendgrid, _) = mail_and_text(queued(), taken()).await;
    world
        .document(DocumentKind::Settings, "tracking", None, settings, WriteMode::Live)
        .await;
    (world, sendgrid)
}

fn letter() -> Value {
    json!({
        "to": { "user_id": "ada", "email": "ada@example.org" },
        "content": { "version": "2022-01-01", "elements": [
            { "type": "meta", "title": "News" },
            { "type": "text", "content": "Read [the first](https://shop.example/first?a=1&b=2) or [write](mailto:us@shop.example)." },
            { "type": "text", "content": "[Settings]({{urls.preferences}})" },
            { "type": "action", "content": "Second", "href": "https://shop.example/second" },
            { "type": "action", "content": "Third", "href": "https://shop.example/third", "disable_tracking": true },
        ] },
        "metadata": { "utm": { "source": "tidings", "campaign": "news" } },
        "routing": { "method": "single", "channels": ["email"] },
    })
}

/// The HTML and the text of the mail that left.
fn parts(sendgrid: &HttpDouble) -> (String, String) {
    let body = sendgrid.requests().remove(0).json();
    let part = |kind: &str| {
        let parts = body["content"].as_array().unwrap();
        let found = parts.iter().find(|part| part["type"] == kind).unwrap();
        found["value"].as_str().unwrap().to_owned()
    };
    (part("text/html"), part("text/plain"))
}

/// The tracked links of a mail, read back, in order. A button's stands there twice: Outlook draws its own.
fn tracked(world: &World, html: &str) -> Vec<TrackingClaims> {
    let mut found: Vec<TrackingClaims> = Vec::new();
    for rest in html.split("href=\"http://tidings.test/r/").skip(1) {
        let token = rest.split('"').next().unwrap();
        let claims = TrackingClaims::read(&world.services.links, token, TrackingKind::Click).unwrap();
        if !found.contains(&claims) {
            found.push(claims);
        }
    }
    found
}

async fn sent(settings: Value, message: Value) -> (World, MessageId, String, String) {
    let (world, sendgrid) = tracking(settings).await;
    let id = world.send(message).await;
    world.drain().await;
    let (html, text) = parts(&sendgrid);
    (world, id, html, text)
}

async fn click(world: &World, claims: &TrackingClaims) {
    let visitor = Visitor {
        agent: BROWSER,
        ..Visitor::default()
    };
    follow(&world.services, claims, &visitor).await.unwrap();
}

#[tokio::test]
async fn nothing_is_tracked_until_it_is_asked_for() {
    let (_, _, html, _) = sent(json!({}), letter()).await;
    assert!(!html.contains("tidings.test/r/") && !html.contains("/o/"), "{html}");
    assert!(html.contains("https://shop.example/first?a=1&amp;b=2"), "{html}");
}

#[tokio::test]
async fn links_lead_through_here_with_utm_and_some_never_do() {
    let (world, id, html, text) = sent(json!({ "clicks": true }), letter()).await;
    let links = tracked(&world, &html);
    let targets: Vec<_> = links.iter().map(|claims| claims.target.clone().unwrap()).collect();
    assert_eq!(
        targets,
        [
            "https://shop.example/first?a=1&b=2&utm_source=tidings&utm_campaign=news",
            "https://shop.example/second?utm_source=tidings&utm_campaign=news",
        ]
    );
    assert!(
        links
            .iter()
            .all(|claims| claims.message_id == id.as_str() && claims.via == "email:sendgrid")
    );
    let environment = world.caller.environment;
    let kept = world.services.store.outputs(environment, &id).await.unwrap();
    let kept = kept[0].content["html"].as_str().unwrap();
    assert!(
        kept.contains("https://shop.example/first?a=1&amp;b=2") && !kept.contains("/r/"),
        "{kept}"
    );
    for as_it_is in [
        "mailto:us@shop.example",
        "http://tidings.test/p/",
        "https://shop.example/third\"",
    ] {
        assert!(html.contains(as_it_is), "{as_it_is} in {html}");
    }
    assert!(!html.contains("/o/"), "opens were not asked for");
    assert!(
        text.contains("https://shop.example/second") && !text.contains("/r/"),
        "{text}"
    );
}

#[tokio::test]
async fn the_pixel_stands_in_what_leaves_and_not_in_what_is_kept() {
    let (world, id, html, _) = sent(json!({ "opens": true }), letter()).await;
    assert!(
        html.contains("http://tidings.test/o/") && html.contains(".gif\""),
        "{html}"
    );
    assert!(!html.contains("/r/"));
    let kept = world
        .services
        .store
        .outputs(world.caller.environment, &id)
        .await
        .unwrap();
    assert!(!kept[0].content.to_string().contains("/o/"));

    let mut without = letter();
    without["channels"] = json!({ "email": { "override": { "tracking": { "open": false } } } });
    let (_, _, html, _) = sent(json!({ "opens": true }), without).await;
    assert!(!html.contains("/o/"));
}

#[tokio::test]
async fn a_one_time_message_is_never_tracked() {
    let mut code = letter();
    code["metadata"]["tags"] = json!(["otp"]);
    let (_, _, html, _) = sent(json!({ "clicks": true, "opens": true }), code).await;
    assert!(!html.contains("/r/") && !html.contains("/o/"), "{html}");
}

#[tokio::test]
async fn a_click_counts_after_a_moment_once() {
    let (world, id, html, _) = sent(json!({ "clicks": true }), letter()).await;
    let links = tracked(&world, &html);
    click(&world, &links[0]).await;
    world.drain().await;
    assert_eq!(world.message(&id).await.status, Status::Sent, "it is held");
    world.clock.advance(5_000);
    world.drain().await;
    let message = world.message(&id).await;
    assert_eq!(message.status, Status::Clicked);
    assert_eq!(message.clicked, Some(message.told.hits[0].at), "when it was followed");
    assert_eq!(message.providers[0].status, "CLICKED");
    let history = world
        .services
        .store
        .history(world.caller.environment, &id)
        .await
        .unwrap();
    assert_eq!(history.last().unwrap().fields["url"], "https://shop.example/first");
    let before = history.len();
    click(&world, &links[0]).await;
    world.clock.advance(5_000);
    world.drain().await;
    let history = world
        .services
        .store
        .history(world.caller.environment, &id)
        .await
        .unwrap();
    assert_eq!(history.len(), before);
}

#[tokio::test]
async fn a_burst_is_a_machines_doing_and_a_later_click_is_not() {
    let mut message = letter();
    message["content"]["elements"]
        .as_array_mut()
        .unwrap()
        .push(json!({ "type": "action", "content": "Fourth", "href": "https://shop.example/fourth" }));
    let (world, id, html, _) = sent(json!({ "clicks": true }), message).await;
    let links = tracked(&world, &html);
    assert_eq!(links.len(), 3);
    for claims in &links {
        click(&world, claims).await;
        world.clock.advance(300);
    }
    world.clock.advance(5_000);
    world.drain().await;
    let message = world.message(&id).await;
    assert_eq!(
        (message.status, message.clicked, message.told.scans),
        (Status::Sent, None, 3)
    );
    world.clock.advance(60_000);
    click(&world, &links[1]).await;
    world.clock.advance(5_000);
    world.drain().await;
    assert_eq!(world.message(&id).await.status, Status::Clicked);
}

#[tokio::test]
async fn links_of_the_authors_own_html_lead_through_here_too() {
    let mut message = letter();
    let own = "<p><a href='https://own.example/?a=1&amp;b=2'>own</a> <a href=\"{{urls.preferences}}\">wishes</a> \
        <a href=\"https://shop.example/third\">third</a></p>";
    let elements = message["content"]["elements"].as_array_mut().unwrap();
    elements.push(json!({ "type": "html", "content": own }));
    let (world, _, html, _) = sent(json!({ "clicks": true }), message).await;
    assert_eq!(
        targets(&world, &html, "href='"),
        ["https://own.example/?a=1&b=2&utm_source=tidings&utm_campaign=news"]
    );
    assert!(
        html.contains("<a href=\"http://tidings.test/p/"),
        "people's own pages: {html}"
    );
    let third = html.matches("https://shop.example/third\"").count();
    assert!(third >= 2, "what one element keeps out of it stays out of it: {html}");

    let mut message = letter();
    let own = "<html><body><a href=\"https://override.example/\">over</a></body></html>";
    message["channels"] = json!({ "email": { "override": { "html": own } } });
    let (world, id, html, _) = sent(json!({ "clicks": true }), message).await;
    assert_eq!(
        targets(&world, &html, "href=\""),
        ["https://override.example/?utm_source=tidings&utm_campaign=news"]
    );
    let links = tracked(&world, &html);
    assert_eq!(links[0].message_id, id.as_str());
}

/// Where the tracked links lead that stand behind these characters.
fn targets(world: &World, html: &str, before: &str) -> Vec<String> {
    let before = format!("{before}http://tidings.test/r/");
    let parts = html.split(&before).skip(1);
    let token = |rest: &str| rest.split(['"', '\'']).next().unwrap_or_default().to_owned();
    let read = |token: String| TrackingClaims::read(&world.services.links, &token, TrackingKind::Click).unwrap();
    parts.map(token).map(|token| read(token).target.unwrap()).collect()
}

#[tokio::test]
async fn an_author_may_place_the_pixel() {
    let mut message = letter();
    let own = "<img src=\"{{urls.opened}}\" alt=\"\">";
    let elements = message["content"]["elements"].as_array_mut().unwrap();
    elements.push(json!({ "type": "html", "content": own }));
    let (world, id, html, _) = sent(json!({ "opens": true }), message.clone()).await;
    assert_eq!(html.matches("http://tidings.test/o/").count(), 1, "{html}");
    let environment = world.caller.environment;
    let kept = world.services.store.outputs(environment, &id).await.unwrap();
    assert!(!kept[0].content.to_string().contains("/o/"));
    let (_, _, html, _) = sent(json!({}), message).await;
    assert!(html.contains("<img src=\"\""), "without tracking there is none: {html}");
}

#[tokio::test]
async fn links_in_a_chat_lead_through_here_where_people_do_not_read_them() {
    let (world, ..) = tracking(json!({ "clicks": true })).await;
    let slack = HttpDouble::start(Reply::json(
        "200 OK",
        &json!({ "ok": true, "channel": "C1", "ts": "1.2" }),
    ))
    .await;
    world
        .account("slack", "slack", json!({ "base_url": slack.url("") }))
        .await;
    let mut message = letter();
    message["to"] = json!({ "user_id": "ada", "slack": { "access_token": "xoxb-1", "channel": "C1" } });
    message["routing"]["channels"] = json!(["direct_message"]);
    let id = world.send(message).await;
    world.drain().await;
    assert_eq!(world.status(&id).await, "SENT");
    let body = slack.requests().remove(0).body;
    assert_eq!(body.matches("http://tidings.test/r/").count(), 2, "{body}");
    assert!(body.contains("https://shop.example/third"), "{body}");
}

#[tokio::test]
async fn what_is_read_on_a_phone_is_read_in_the_feed() {
    let (world, ..) = tracking(json!({ "pushes": true })).await;
    let mut message = letter();
    message["routing"]["channels"] = json!(["inbox"]);
    let id = world.send(message).await;
    world.drain().await;
    let claims = TrackingClaims {
        kind: TrackingKind::Device,
        environment: world.caller.environment,
        message_id: id.to_string(),
        via: "push:apn".to_owned(),
        target: None,
    };
    for (act, read) in [(Act::Read, true), (Act::Unread, false), (Act::Read, true)] {
        report(&world.services, &claims, act).await.unwrap();
        let store = &world.services.store;
        let entry = store
            .feed_entry(claims.environment, "ada", &id, world.clock.now())
            .await
            .unwrap();
        assert_eq!(entry.unwrap().read.is_some(), read);
        let message = world.message(&id).await;
        assert_eq!((message.told.read.is_some(), message.status), (read, Status::Opened));
        assert_eq!(message.providers[0].status, "SENT", "it was not opened in the inbox");
    }
}
