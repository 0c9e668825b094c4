//! Reading: pages, counts, filters, who may.

use http::StatusCode;
use serde_json::{Value, json};

use crate::app::{ALL, App};

#[tokio::test]
async fn a_send_to_the_inbox_stands_in_the_feed() {
    let app = App::start().await;
    let content = json!({ "version": "2022-01-01", "elements": [
        { "type": "meta", "title": "Your export" },
        { "type": "text", "content": "It is ready." },
        { "type": "action", "content": "Download", "href": "https://example.com/x", "style": "button" },
    ]});
    let more = json!({ "content": content, "data": { "n": 7 }, "metadata": { "tags": ["export"] } });
    let id = app.send_with(json!({ "user_id": "ada" }), "", more).await;
    let query = "{ messages { totalCount pageInfo { startCursor hasNextPage } nodes {
        messageId accountId title preview body icon created read opened archived data tags
        trackingIds { openTrackingId archiveTrackingId clickTrackingId deliverTrackingId readTrackingId unreadTrackingId }
        pinned { slotId } actions(version: 2) { content href data background_color style } } } }";
    let mut data = app.client("ada").await.ask(query).await;
    let mut node = data["messages"]["nodes"][0].take();
    for (_, id) in node["trackingIds"].take().as_object().unwrap() {
        assert!(id.as_str().unwrap().len() > 20);
    }
    assert!(node["actions"][0]["data"].take()["trackingId"].is_string());
    assert_eq!(
        node,
        json!({
            "messageId": id, "accountId": null, "title": "Your export", "preview": "It is ready.", "body": null,
            "icon": null, "created": "2026-09-21T14:13:20.000Z", "read": null, "opened": null, "archived": null,
            "data": { "n": 7 }, "tags": ["export"], "trackingIds": null, "pinned": null,
            "actions": [{ "content": "Download", "href": "https://example.com/x", "data": null,
                          "background_color": null, "style": "button" }],
        })
    );
    assert_eq!(data["messages"]["totalCount"], 1);
    assert_eq!(
        data["messages"]["pageInfo"],
        json!({ "startCursor": null, "hasNextPage": false })
    );

    let one = format!(
        "{{ message(messageId: \"{id}\") {{ messageId content {{ title preview html actions {{ content }}
           elemental {{ ... on TextElement {{ type content }} ... on ActionElement {{ type href }} }} }} }} }}"
    );
    let content = app.client("ada").await.ask(&one).await["message"]["content"].take();
    assert_eq!(
        content["elemental"][0],
        json!({ "type": "text", "content": "It is ready." })
    );
    assert_eq!(
        content["elemental"][1],
        json!({ "type": "action", "href": "https://example.com/x" })
    );
}

#[tokio::test]
async fn pages_go_on_and_counts_are_exact() {
    let app = App::start().await;
    for number in 1..=5 {
        app.world.clock.advance(10);
        app.send("ada", &format!("m{number}")).await;
    }
    let ada = app.client("ada").await;
    let (mut after, mut seen) = (String::new(), Vec::new());
    loop {
        let query = format!(
            "{{ messages(limit: 2, after: \"{after}\") {{ totalCount pageInfo {{ startCursor hasNextPage }} nodes {{ title }} }} }}"
        );
        let page = ada.ask(&query).await["messages"].take();
        assert_eq!(page["totalCount"], 5);
        let nodes = page["nodes"].as_array().unwrap();
        seen.extend(nodes.iter().map(|node| node["title"].as_str().unwrap().to_owned()));
        let cursor = page["pageInfo"]["startCursor"].clone();
        assert_eq!(page["pageInfo"]["hasNextPage"], !cursor.is_null());
        let Some(cursor) = cursor.as_str() else { break };
        assert!(
            cursor
                .bytes()
                .all(|one| one.is_ascii_alphanumeric() || b"-_".contains(&one)),
            "{cursor}"
        );
        cursor.clone_into(&mut after);
    }
    assert_eq!(seen, ["m5", "m4", "m3", "m2", "m1"]);
    assert_eq!(
        ada.status("{ messages(after: \"nonsense\") { totalCount } }").await,
        400
    );
}

#[tokio::test]
async fn tenants_tags_and_moments_narrow() {
    let app = App::start().await;
    app.send("ada", "plain").await;
    app.world.clock.advance(1000);
    let to = json!({ "user_id": "ada", "context": { "tenant_id": "acme" } });
    app.send_with(to, "acme", json!({})).await;
    app.send_with(
        json!({ "user_id": "ada" }),
        "tagged",
        json!({ "metadata": { "tags": ["a"] } }),
    )
    .await;
    let ada = app.client("ada").await;
    assert_eq!(ada.titles("").await, ["tagged", "plain"]);
    assert_eq!(ada.titles("accountId: \"acme\"").await, ["acme"]);
    assert!(ada.titles("accountId: \"other\"").await.is_empty());
    assert_eq!(ada.titles("tags: [\"a\", \"b\"]").await, ["tagged"]);
    assert_eq!(ada.titles("from: \"2026-09-21T14:13:21Z\"").await, ["tagged"]);
    assert_eq!(ada.titles("from: 1790000001000").await, ["tagged"]);
    assert_eq!(ada.count("status: \"read\"").await, 0);
    assert_eq!(ada.count("status: \"unread\", archived: false, pinned: false").await, 2);
    assert_eq!(ada.status("{ count(params: { status: \"seen\" }) }").await, 400);
}

#[tokio::test]
async fn what_has_expired_is_gone() {
    let app = App::start().await;
    app.send_with(
        json!({ "user_id": "ada" }),
        "brief",
        json!({ "expiry": { "expires_in": "PT1H" } }),
    )
    .await;
    let ada = app.client("ada").await;
    assert_eq!(ada.count("").await, 1);
    app.world.clock.advance(3_540_000);
    assert_eq!(ada.count("").await, 1);
    app.world.clock.advance(60_001);
    let ada = app.client("ada").await;
    assert_eq!((ada.count("").await, ada.titles("").await.len()), (0, 0));
}

#[tokio::test]
async fn a_message_can_be_pinned() {
    let app = App::start().await;
    let pinned = json!({ "channels": { "inbox": { "override": { "pinned": { "slotId": "top" } } } } });
    let id = app.send_with(json!({ "user_id": "ada" }), "pinned", pinned).await;
    app.send("ada", "other").await;
    let ada = app.client("ada").await;
    assert_eq!(ada.titles("pinned: true").await, ["pinned"]);
    let slot = ada
        .ask(&format!("{{ message(messageId: \"{id}\") {{ pinned {{ slotId }} }} }}"))
        .await;
    assert_eq!(slot["message"]["pinned"]["slotId"], "top");
    assert_eq!(
        ada.ask(&format!("mutation {{ unpin(messageId: \"{id}\") }}")).await["unpin"],
        true
    );
    assert!(ada.titles("pinned: true").await.is_empty());
}

#[tokio::test]
async fn who_may_not_is_told_by_status() {
    let app = App::start().await;
    let id = app.send("ada", "hers").await;
    let query = "{ count }";
    assert_eq!(app.anonymous().status(query).await, 401);
    for nobody in ["undefined", "a.b.c"] {
        assert_eq!(app.bearer(nobody).status(query).await, 401, "{nobody}");
    }
    let no_scope = app.token("ada", "read:preferences").await;
    assert_eq!(app.bearer(&no_scope).status(query).await, 403);
    let reader = app.token("ada", "inbox:read:messages").await;
    assert_eq!(app.bearer(&reader).status(query).await, 200);
    assert_eq!(app.bearer(&reader).status("mutation { markAllRead }").await, 403);
    let other = app.client("eve").await;
    assert_eq!(
        other.clone().header("x-courier-user-id", "ada").status(query).await,
        403
    );
    assert!(other.titles("").await.is_empty());
    let message = other
        .ask(&format!("{{ message(messageId: \"{id}\") {{ title }} }}"))
        .await;
    assert_eq!(message["message"], Value::Null);
    assert_eq!(
        other.ask(&format!("mutation {{ read(messageId: \"{id}\") }}")).await["read"],
        false
    );
    assert_eq!(other.ask("mutation { markAllRead }").await["markAllRead"], true);
    assert_eq!(app.client("ada").await.count("status: \"unread\"").await, 1);
}

#[tokio::test]
async fn a_name_beyond_ascii_is_read_and_never_passed_over() {
    let app = App::start().await;
    app.send("m1", "his").await;
    app.send("ünï", "hers").await;
    let token = app.token("m1 user_id:ünï", ALL).await;
    let both = app.bearer(&token);
    let name = "x-courier-user-id";
    let latin = b"\xfcn\xef";
    assert_eq!(both.titles("").await, ["his"], "the first, when nobody is named");
    assert_eq!(both.clone().header(name, "ünï").titles("").await, ["hers"]);
    assert_eq!(both.clone().header(name, latin).titles("").await, ["hers"]);
    let hers = app.bearer(&app.token("ünï", ALL).await);
    assert_eq!(hers.clone().header(name, "bøb").status("{ count }").await, 403);
    assert_eq!(hers.clone().header(name, b"b\xf8b").status("{ count }").await, 403);
    assert_eq!(hers.header(name, latin).status("{ count }").await, 200);
}

#[tokio::test]
async fn a_slash_too_many_changes_nothing() {
    let app = App::start().await;
    let ada = app.client("ada").await;
    for path in ["/q", "/q/", "//q", "/client/q", "/client/q/", "//client/q"] {
        let (status, body) = ada.post(path, r#"{"query":"{ count }"}"#).await;
        assert_eq!((status.as_u16(), &body["data"]["count"]), (200, &json!(0)), "{path}");
    }
}

#[tokio::test]
async fn a_button_may_be_the_pages_own() {
    let app = App::start().await;
    let actions = json!([
        { "content": "Accept", "data": { "answer": "yes" } },
        { "content": "Open", "href": "https://a.test/" },
    ]);
    let more = json!({ "channels": { "inbox": { "override": { "actions": actions } } } });
    let mut socket = app.web("ada", "c1", None).await;
    let id = app.send_with(json!({ "user_id": "ada" }), "asked", more).await;
    let query = format!("{{ message(messageId: \"{id}\") {{ actions {{ content href data }} }} }}");
    let stored = app.client("ada").await.ask(&query).await["message"]["actions"].take();
    let live = socket.hear().await["data"]["actions"].take();
    for shown in [stored, live] {
        let [accept, open] = shown.as_array().unwrap().as_slice() else {
            panic!("{shown}")
        };
        assert_eq!(
            (&accept["href"], &accept["data"]["answer"]),
            (&Value::Null, &json!("yes"))
        );
        assert!(accept["data"]["trackingId"].is_string());
        assert_eq!(open["href"], "https://a.test/");
    }
}

#[tokio::test]
async fn a_token_counts_before_a_client_key() {
    let app = App::start().await;
    app.send("ada", "hers").await;
    for word in ["empty", "undefined", "JWT_AUTH", "Bearer a.b.c"] {
        let ada = app.client("ada").await.header("x-courier-client-key", word);
        assert_eq!(ada.count("").await, 1, "{word}");
    }
}

#[tokio::test]
async fn the_forms_of_all_clients_are_read() {
    let app = App::start().await;
    app.send("ada", "hers").await;
    let ada = app.client("ada").await;
    for (path, body) in [
        // The web client: values as defaults of variables.
        (
            "/q",
            json!({ "query": "query GetInboxMessages($params: FilterParamsInput = {  }, $unreadCountParams: FilterParamsInput = { status: \"unread\" }, $limit: Int = 24, $after: String) { count(params: $params) unreadCount: count(params: $unreadCountParams) messages(params: $params, limit: $limit, after: $after) { totalCount } }" }),
        ),
        // One phone: variables as a text; the other: commas first.
        (
            "/q",
            json!({ "query": "query GetInboxMessages { count(params: { , archived: false }) }", "variables": "{}" }),
        ),
        // The older web packages: an operation's name, type names, and real variables, some of them too many.
        (
            "/client/q",
            json!({ "operationName": "GetInboxCount", "query": "query GetInboxCount($params: FilterParamsInput) { count(params: $params) __typename }",
                              "variables": { "params": { "from": 5, "tags": null }, "brandId": "x" } }),
        ),
        (
            "/client/q",
            json!({ "query": "{ banners(params: {}) { nodes { id content { blocks { ... on TextBlock { text } } } } } inAppBrand { logo { image } } count }" }),
        ),
    ] {
        // With the type of what is sent, and without.
        for client in [ada.clone(), ada.clone().untyped()] {
            let (status, answer) = client.post(path, body.to_string()).await;
            assert_eq!(
                (status, &answer["data"]["count"]),
                (StatusCode::OK, &json!(1)),
                "{answer}"
            );
            assert_eq!(answer["errors"], Value::Null, "{answer}");
        }
    }
    for wrong in ["", "[]", "{}"] {
        assert_eq!(ada.post("/q", wrong).await.0, StatusCode::BAD_REQUEST);
    }
    let (status, answer) = ada.post("/q", "x".repeat(1024 * 1024 + 1)).await;
    assert_eq!(
        (status, answer["message"].is_string()),
        (StatusCode::PAYLOAD_TOO_LARGE, true)
    );
    let (status, answer) = ada.post("/q", json!({ "query": "{ nonsense }" }).to_string()).await;
    assert_eq!(status, StatusCode::OK);
    assert!(answer["errors"][0]["message"].is_string());
}

#[tokio::test]
async fn a_query_has_its_bounds() {
    let app = App::start().await;
    let ada = app.client("ada").await;
    let aliases = |count: usize| {
        let each = (0..count).map(|number| format!("open_{number}: opened(messageId: \"m{number}\")"));
        format!("mutation BatchTrackEvents {{ {} }}", each.collect::<Vec<_>>().join(" "))
    };
    let answer = ada.ask(&aliases(60)).await;
    assert_eq!(answer["open_59"], false);
    let refused = |query: String| {
        let ada = ada.clone();
        async move { ada.post("/q", json!({ "query": query }).to_string()).await.1["errors"].is_array() }
    };
    assert!(!refused(aliases(100)).await);
    assert!(refused(aliases(101)).await);
    let nested = format!(
        "{{ __schema {{ types {{ {} name {} }} }} }}",
        "ofType { ".repeat(30),
        "} ".repeat(30)
    );
    assert!(refused(nested).await);
}

#[tokio::test]
async fn browsers_may_ask_from_anywhere() {
    let app = App::start().await;
    let asked =
        "authorization,content-type,x-courier-client-key,x-courier-ua,x-courier-user-id,access-control-allow-origin";
    let (status, headers) = app.preflight("/client/q", asked).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(headers["access-control-allow-origin"], "*");
    assert_eq!(headers["access-control-allow-headers"], asked);
    assert!(headers.contains_key("access-control-max-age"));
}

#[tokio::test]
async fn a_brand_is_read_by_who_may() {
    let app = App::start().await;
    let settings = json!({ "colors": { "primary": "#123456" }, "inapp": { "borderRadius": 8, "slots": [{ "id": "top" }] },
                           "email": { "header": { "logo": { "image": "https://x.test/l.png" } },
                                      "footer": { "social": { "twitter": { "url": "https://t.test" } } } } });
    app.brand("acme", settings).await;
    let query =
        "{ brand(brandId: \"acme\") { brandId settings { colors { primary } inapp { borderRadius slots { id } } }
                   logo { href image } links } }";
    let brand = app.client("ada").await.ask(query).await["brand"].take();
    assert_eq!(
        brand,
        json!({ "brandId": "acme",
                "settings": { "colors": { "primary": "#123456" }, "inapp": { "borderRadius": "8", "slots": [{ "id": "top" }] } },
                "logo": { "href": null, "image": "https://x.test/l.png" }, "links": { "twitter": { "url": "https://t.test" } } })
    );
    let ada = app.client("ada").await;
    assert_eq!(
        ada.ask("{ brand(brandId: \"none\") { brandId } }").await["brand"],
        Value::Null
    );
    assert!(
        ada.ask("{ brand { settings { colors { primary } } } }").await["brand"].is_object(),
        "there is always a look"
    );
    app.brand("default", json!({ "colors": { "primary": "#654321" } }))
        .await;
    let default = ada.ask("{ brand { brandId settings { colors { primary } } } }").await["brand"].take();
    assert_eq!(
        default,
        json!({ "brandId": "default", "settings": { "colors": { "primary": "#654321" } } })
    );
    let without = app.token("ada", "inbox:read:messages").await;
    assert_eq!(app.bearer(&without).status(query).await, 403);
    assert_eq!(
        app.bearer(&without).status("{ inAppBrand { logo { image } } }").await,
        200
    );
    let other = app.token("ada", "read:brands:other").await;
    assert_eq!(app.bearer(&other).status(query).await, 403);
    assert!(ALL.contains("read:brands"));
}
