//! Phones with feed and socket together, in the forms of the published SDKs' sources (iOS 5.8, Android 6.1). What the SDK for
//! Android says was recorded as well, and is said again to the whole program: `clients/node/recorded`.

use serde_json::{Value, json};

use crate::app::{ALL, App, Client, Socket};

/// Whose way of speaking.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    Ios,
    Android,
}

/// What the phone calls its connection.
const SOURCE: &str = "8E1D6C2A-7F0B-4B67-9C53-0C9B4A3B6C11";

/// What both select of a message in a list.
const NODES: &str = "nodes {
    messageId
    read
    archived
    created
    opened
    title
    preview
    data
    actions {
        content
        data
        href
    }
    trackingIds {
        clickTrackingId
    }
}";

/// A phone that shows a tenant, or none.
struct Phone<'a> {
    kind: Kind,
    /// `accountId: ".."`, or nothing.
    tenant: String,
    client: Client<'a>,
    socket: Socket,
}

impl<'a> Phone<'a> {
    async fn open(app: &'a App, kind: Kind, tenant: Option<&str>) -> Self {
        let token = app.token("ada", ALL).await;
        let mut socket = app.connect(&format!("/?auth={token}")).await.unwrap();
        let agent = match kind {
            Kind::Ios => "courier-ios/5.8.1",
            Kind::Android => "courier-android/6.1.1",
        };
        let mut data = json!({
            "userAgent": agent, "channel": "ada", "event": "*", "version": 5, "clientSourceId": SOURCE
        });
        if let Some(tenant) = tenant {
            data["accountId"] = json!(tenant);
        }
        socket.say(&json!({ "action": "subscribe", "data": data })).await;
        socket.settle().await;
        Self {
            kind,
            tenant: tenant
                .map(|tenant| format!("accountId: \"{tenant}\""))
                .unwrap_or_default(),
            client: app.bearer(&token).header("x-courier-user-id", "ada"),
            socket,
        }
    }

    /// Posts a query in this phone's form: iOS sends variables as text, Android takes the line breaks out.
    async fn post(&self, client: &Client<'_>, query: &str) -> Value {
        let body = match self.kind {
            Kind::Ios => json!({ "query": query, "variables": "{}" }),
            Kind::Android => json!({ "query": query.replace('\n', "") }),
        };
        let (status, mut body) = client.post("/q", body.to_string()).await;
        assert_eq!(
            (status.as_u16(), &body["errors"]),
            (200, &Value::Null),
            "{query}: {body}"
        );
        body["data"].take()
    }

    /// A page of the feed or of the archive.
    async fn list(&self, archived: bool, limit: u32, after: Option<&str>) -> Value {
        let tenant = &self.tenant;
        let params = match (self.kind, archived, tenant.is_empty()) {
            (Kind::Ios, false, true) => String::new(),
            (Kind::Ios, true, true) => "= { archived: true }".to_owned(),
            // Android leaves the braces and the comma where there is no tenant.
            (_, true, _) => format!("= {{ {tenant}, archived: true }}"),
            (_, false, _) => format!("= {{ {tenant} }}"),
        };
        let name = match (self.kind, archived) {
            (Kind::Ios, true) => "GetArchivedMessages",
            (Kind::Ios, false) => "GetMessages",
            (Kind::Android, _) => "GetInboxMessages",
        };
        let after = after.map(|after| format!("= \"{after}\"")).unwrap_or_default();
        let query = format!(
            "query {name}(
                $params: FilterParamsInput {params}
                $limit: Int = {limit}
                $after: String {after}
            ) {{
                count(params: $params)
                messages(params: $params, limit: $limit, after: $after) {{
                    totalCount
                    pageInfo {{
                        startCursor
                        hasNextPage
                    }}
                    {NODES}
                }}
            }}"
        );
        self.post(&self.client, &query).await
    }

    async fn unread(&self) -> i64 {
        let tenant = &self.tenant;
        let query = match (self.kind, tenant.is_empty()) {
            (Kind::Ios, is_none) => {
                let tenant = if is_none { String::new() } else { format!("{tenant}, ") };
                format!(
                    "query GetMessages(
                        $params: FilterParamsInput = {{ {tenant}status: \"unread\" }}
                    ) {{
                        count(params: $params)
                    }}"
                )
            }
            (Kind::Android, is_none) => {
                let tenant = if is_none { String::new() } else { format!(", {tenant}") };
                format!("query GetMessages {{\n    count(params: {{ status: \"unread\" {tenant} }})\n}}")
            }
        };
        self.post(&self.client, &query).await["count"].as_i64().unwrap()
    }

    /// Does something, naming its own connection.
    async fn mark(&self, mark: &str) {
        let client = self.client.clone().from(SOURCE);
        self.post(&client, &format!("mutation TrackEvent {{\n    {mark}\n}}"))
            .await;
    }
}

/// A message that the stricter of the two can decode: one field of another kind, and it drops the whole page.
fn decodes(message: &Value) {
    assert!(message["messageId"].is_string());
    for name in ["read", "opened", "archived", "title", "preview"] {
        assert!(
            message[name].is_null() || message[name].is_string(),
            "{name} of {message}"
        );
    }
    let created = message["created"].as_str().unwrap();
    assert!(
        created.len() == 24 && created.ends_with('Z') && created.as_bytes()[19] == b'.',
        "{created}"
    );
    assert!(message["data"].is_null() || message["data"].is_object());
    for action in message["actions"].as_array().unwrap() {
        assert!(action["content"].is_string() && action["data"].is_object());
        assert!(action["href"].is_null() || action["href"].is_string());
    }
    assert!(message["trackingIds"]["clickTrackingId"].is_string());
}

async fn story(kind: Kind, tenant: Option<&str>) {
    let app = App::start().await;
    let mut phone = Phone::open(&app, kind, tenant).await;
    let mut web = app.web("ada", "desk", tenant).await;
    let desk = app.client("ada").await.from("desk");
    let (feed, archive, unread) = tokio::join!(phone.list(false, 32, None), phone.list(true, 32, None), phone.unread());
    for empty in [&feed, &archive] {
        assert_eq!(empty["count"], 0);
        assert_eq!(empty["messages"]["nodes"], json!([]));
        assert_eq!(
            empty["messages"]["pageInfo"],
            json!({ "startCursor": null, "hasNextPage": false })
        );
    }
    assert_eq!(unread, 0);

    let mut to = json!({ "user_id": "ada" });
    if let Some(tenant) = tenant {
        to["context"] = json!({ "tenant_id": tenant });
    }
    let actions = json!([{ "content": "Open", "href": "https://a.test/" }, { "content": "Mine", "data": { "n": 1 } }]);
    let more = json!({ "data": { "n": 7 }, "channels": { "inbox": { "override": { "actions": actions } } } });
    let mut ids = Vec::new();
    for title in ["First", "Second"] {
        let id = app.send_with(to.clone(), title, more.clone()).await;
        let live = phone.socket.hear().await;
        decodes(&live);
        assert_eq!((&live["type"], &live["messageId"]), (&json!("message"), &json!(id)));
        assert_eq!(live["data"]["n"], 7);
        let stored = phone.list(false, 32, None).await["messages"]["nodes"][0].take();
        decodes(&stored);
        for name in ["messageId", "title", "preview", "created"] {
            assert_eq!(live[name], stored[name], "{name}");
        }
        for (live, stored) in live["actions"]
            .as_array()
            .unwrap()
            .iter()
            .zip(stored["actions"].as_array().unwrap())
        {
            for name in ["content", "href", "data"] {
                assert_eq!(live[name], stored[name], "{name}");
            }
        }
        let click = live["data"]["trackingIds"]["clickTrackingId"].as_str().unwrap();
        assert_eq!(stored["trackingIds"]["clickTrackingId"], click);
        phone
            .mark(&format!("clicked(messageId: \"{id}\", trackingId: \"{click}\")"))
            .await;
        for _ in 0..2 {
            web.hear().await;
        }
        ids.push(id);
    }
    assert_eq!(phone.unread().await, 2);

    let page = phone.list(false, 1, None).await;
    assert_eq!(
        (&page["count"], &page["messages"]["pageInfo"]["hasNextPage"]),
        (&json!(2), &json!(true))
    );
    let next = page["messages"]["pageInfo"]["startCursor"].as_str().unwrap();
    let page = phone.list(false, 1, Some(next)).await;
    assert_eq!(page["messages"]["nodes"][0]["title"], "First");
    assert_eq!(page["messages"]["pageInfo"]["hasNextPage"], false);

    for mark in ["opened", "read"] {
        phone.mark(&format!("{mark}(messageId: \"{}\")", ids[0])).await;
        assert_eq!(web.hear().await, json!({ "event": mark, "messageId": ids[0] }));
    }
    assert_eq!(phone.unread().await, 1);
    phone.socket.say(&json!({ "action": "keepAlive" })).await;
    desk.ask(&format!("mutation {{ unread(messageId: \"{}\") }}", ids[0]))
        .await;
    let heard = phone.socket.hear().await;
    assert_eq!(
        heard,
        json!({ "type": "event", "event": "unread", "messageId": ids[0] }),
        "the first: nothing it did itself"
    );
    phone.mark("markAllRead").await;
    assert_eq!(web.hear().await, json!({ "event": "mark-all-read" }));
    assert_eq!(phone.unread().await, 0);

    desk.ask("mutation { archiveAll }").await;
    ids.sort();
    for id in &ids {
        let heard = phone.socket.hear().await;
        assert_eq!(heard, json!({ "type": "event", "event": "archive", "messageId": id }));
    }
    assert_eq!(phone.list(false, 32, None).await["count"], 0);
    let archive = phone.list(true, 32, None).await;
    assert_eq!(archive["count"], 2);
    archive["messages"]["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .for_each(decodes);
    assert!(phone.socket.is_silent().await && web.is_silent().await);
}

#[tokio::test]
async fn an_iphone_shows_a_feed() {
    story(Kind::Ios, None).await;
}

#[tokio::test]
async fn an_iphone_shows_a_tenants_feed() {
    story(Kind::Ios, Some("acme")).await;
}

#[tokio::test]
async fn an_android_phone_shows_a_feed() {
    story(Kind::Android, None).await;
}

#[tokio::test]
async fn an_android_phone_shows_a_tenants_feed() {
    story(Kind::Android, Some("acme")).await;
}
