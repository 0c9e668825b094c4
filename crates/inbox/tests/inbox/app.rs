//! A server with its sockets, and small clients for both.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use futures_util::{SinkExt as _, StreamExt as _};
use http::{Request, StatusCode};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tidings_auth::{Auth, Claims, seconds};
use tidings_inbox::{Gateway, InboxState, Limits};
use tidings_store::{ApiKey, DocumentKind, WriteMode};
use tidings_testkit::World;
use tidings_types::{Clock as _, Environment, KeyMode, KeyScope, MessageId};
use tokio::net::{TcpSocket, TcpStream};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::{self, Message};
use tower::ServiceExt as _;

/// What the inbox of a person may do, without the person.
pub(crate) const ALL: &str = "inbox:read:messages inbox:write:events read:brands";

/// How long a frame that is to come may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// What a narrow connection holds on either side, in bytes; the kernel doubles it.
const NARROW: u32 = 16 * 1024;

/// A server with its sockets.
pub(crate) struct App {
    pub(crate) world: World,
    pub(crate) auth: Arc<Auth>,
    pub(crate) gateway: Arc<Gateway>,
    router: Router,
    address: SocketAddr,
    narrow: bool,
}

impl App {
    pub(crate) async fn start() -> Self {
        Self::with(1000).await
    }

    /// One that takes a number of sockets at once.
    pub(crate) async fn with(most: usize) -> Self {
        Self::bearing(Limits::of(most), false).await
    }

    /// One whose connections hold next to nothing in between, so that a client which does not read is behind at once. It
    /// is very patient with such clients.
    pub(crate) async fn narrow() -> Self {
        let limits = Limits {
            patience: Duration::from_mins(10),
            ..Limits::of(1000)
        };
        Self::bearing(limits, true).await
    }

    /// One with limits of its own, and narrow connections if need be.
    pub(crate) async fn bearing(limits: Limits, narrow: bool) -> Self {
        let world = World::new().await;
        let auth = Arc::new(Auth::new(Arc::clone(&world.services)));
        let gateway = Arc::new(Gateway::start(Arc::clone(&world.services), Arc::clone(&auth), limits));
        let state = InboxState::new(Arc::clone(&world.services), Arc::clone(&auth), Arc::clone(&gateway));
        let router = tidings_inbox::with_sockets(tidings_inbox::router(state.clone()), state);
        let socket = TcpSocket::new_v4().unwrap();
        if narrow {
            socket.set_send_buffer_size(NARROW).unwrap();
        }
        socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let listener = socket.listen(1024).unwrap();
        let address = listener.local_addr().unwrap();
        let served = router.clone();
        tokio::spawn(async move { axum::serve(listener, served).await });
        Self {
            world,
            auth,
            gateway,
            router,
            address,
            narrow,
        }
    }

    /// A token of a person with a scope beside.
    pub(crate) async fn token(&self, user: &str, scope: &str) -> String {
        let now = self.world.clock.now();
        let claims = Claims {
            scope: format!("user_id:{user} {scope}"),
            tenant_scope: "published/production".to_owned(),
            tenant_id: String::new(),
            iat: seconds(now),
            exp: seconds(now) + 3600,
            jti: "jti".to_owned(),
        };
        self.auth.sign(Environment::Production, claims).await.unwrap()
    }

    /// An API key.
    pub(crate) async fn api_key(&self) -> String {
        let text = "pk_prod_0000000000".to_owned();
        let key = ApiKey {
            id: "key_1".to_owned(),
            environment: Environment::Production,
            scope: KeyScope::Published,
            mode: KeyMode::Live,
            hint: "pk_p".to_owned(),
            hash: hex::encode(Sha256::digest(&text)),
            name: "test".to_owned(),
            created: self.world.clock.now(),
            revoked: None,
        };
        self.world.services.store.create_key(key).await.unwrap();
        text
    }

    /// A client of a person who may do everything.
    pub(crate) async fn client(&self, user: &str) -> Client<'_> {
        let token = self.token(user, ALL).await;
        self.bearer(&token)
    }

    /// A client with a token.
    pub(crate) fn bearer(&self, token: &str) -> Client<'_> {
        let headers = vec![("authorization", format!("Bearer {token}").into_bytes())];
        Client {
            app: self,
            headers,
            typed: true,
        }
    }

    /// A client that says nothing of itself.
    pub(crate) fn anonymous(&self) -> Client<'_> {
        Client {
            app: self,
            headers: Vec::new(),
            typed: true,
        }
    }

    /// Sends a message to a person's feed and carries it out.
    pub(crate) async fn send(&self, user: &str, title: &str) -> MessageId {
        self.send_with(json!({ "user_id": user }), title, json!({})).await
    }

    /// The same with more fields.
    pub(crate) async fn send_with(&self, to: Value, title: &str, more: Value) -> MessageId {
        let mut message = json!({
            "to": to,
            "content": { "title": title, "body": format!("{title}!") },
            "routing": { "method": "single", "channels": ["inbox"] },
        });
        message
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        let id = self.world.send(message).await;
        self.world.drain().await;
        id
    }

    /// Connects to an address such as `/?auth=..`.
    pub(crate) async fn connect(&self, address: &str) -> Result<Socket, u16> {
        let url = format!("ws://{}{address}", self.address);
        let socket = TcpSocket::new_v4().unwrap();
        if self.narrow {
            socket.set_recv_buffer_size(NARROW).unwrap();
        }
        let stream = socket.connect(self.address).await.unwrap();
        match tokio_tungstenite::client_async(url, stream).await {
            Ok((stream, _)) => Ok(Socket(stream)),
            Err(tungstenite::Error::Http(response)) => Err(response.status().as_u16()),
            Err(error) => panic!("{error}"),
        }
    }

    /// The web client's connection, with its first two questions asked and answered.
    pub(crate) async fn web(&self, user: &str, connection: &str, tenant: Option<&str>) -> Socket {
        let token = self.token(user, ALL).await;
        let address = format!("/?auth={token}&cid={connection}&iwpv=v1&userId={user}&sdk=courier-js&sdkv=3.4.0");
        let mut socket = self.connect(&address).await.unwrap();
        let mut data = json!({ "channel": user, "event": "*" });
        if let Some(tenant) = tenant {
            data["accountId"] = json!(tenant);
        }
        socket.say(&json!({ "tid": "c", "action": "get-config" })).await;
        socket
            .say(&json!({ "tid": "s", "action": "subscribe", "data": data }))
            .await;
        assert_eq!(socket.hear().await["response"], "config");
        assert_eq!(socket.hear().await, json!({ "tid": "s", "response": "ack" }));
        socket
    }

    /// A phone's connection.
    pub(crate) async fn phone(&self, user: &str, source: &str, tenant: Option<&str>) -> Socket {
        let agent = json!({ "userAgent": "courier-ios" });
        self.flat(user, source, tenant, agent).await
    }

    /// An older web package's connection.
    pub(crate) async fn older_web(&self, user: &str, source: &str, tenant: Option<&str>) -> Socket {
        self.flat(user, source, tenant, json!({})).await
    }

    /// Such clients are not told when their subscription holds, so this waits until it does.
    async fn flat(&self, user: &str, source: &str, tenant: Option<&str>, mut data: Value) -> Socket {
        let token = self.token(user, ALL).await;
        let mut socket = self.connect(&format!("/?auth={token}")).await.unwrap();
        for (name, value) in [("channel", user), ("event", "*"), ("clientSourceId", source)] {
            data[name] = json!(value);
        }
        data["version"] = json!(5);
        if let Some(tenant) = tenant {
            data["accountId"] = json!(tenant);
        }
        socket.say(&json!({ "action": "subscribe", "data": data })).await;
        socket.settle().await;
        socket
    }
}

/// A client of GraphQL.
#[derive(Clone)]
pub(crate) struct Client<'a> {
    pub(crate) app: &'a App,
    headers: Vec<(&'static str, Vec<u8>)>,
    typed: bool,
}

impl Client<'_> {
    pub(crate) fn header(mut self, name: &'static str, value: impl AsRef<[u8]>) -> Self {
        self.headers.push((name, value.as_ref().to_owned()));
        self
    }

    /// The same client, saying nothing of the type of what it sends.
    pub(crate) fn untyped(self) -> Self {
        Self { typed: false, ..self }
    }

    /// The same client, naming its socket.
    pub(crate) fn from(self, source: &str) -> Self {
        self.header("x-courier-client-source-id", source)
    }

    /// Posts a body as it is.
    pub(crate) async fn post(&self, path: &str, body: impl Into<Body>) -> (StatusCode, Value) {
        let (status, text) = self.post_for_text(path, body).await;
        (status, serde_json::from_str(&text).unwrap_or(Value::Null))
    }

    /// The same, for the answer as it is written.
    pub(crate) async fn post_for_text(&self, path: &str, body: impl Into<Body>) -> (StatusCode, String) {
        let mut request = Request::post(path);
        if self.typed {
            request = request.header("content-type", "application/json");
        }
        for (name, value) in &self.headers {
            request = request.header(*name, value.as_slice());
        }
        let request = request.body(body.into()).unwrap();
        let response = self.app.router.clone().oneshot(request).await.unwrap();
        let status = response.status();
        let body = axum::body::to_bytes(response.into_body(), 10_000_000).await.unwrap();
        (status, String::from_utf8(body.to_vec()).unwrap())
    }

    /// What a query answers, which must be no error.
    pub(crate) async fn ask(&self, query: &str) -> Value {
        let (status, mut body) = self.post("/q", json!({ "query": query }).to_string()).await;
        assert_eq!(status, StatusCode::OK, "{body}");
        assert_eq!(body["errors"], Value::Null, "{query}");
        body["data"].take()
    }

    /// The status of a query.
    pub(crate) async fn status(&self, query: &str) -> u16 {
        let (status, body) = self.post("/q", json!({ "query": query }).to_string()).await;
        if !status.is_success() {
            assert!(body["message"].is_string() && body["type"].is_string(), "{body}");
        }
        status.as_u16()
    }

    /// The titles of the messages that fit, newest first.
    pub(crate) async fn titles(&self, params: &str) -> Vec<String> {
        let data = self
            .ask(&format!(
                "{{ messages(params: {{ {params} }}) {{ nodes {{ title }} }} }}"
            ))
            .await;
        let nodes = data["messages"]["nodes"].as_array().unwrap();
        nodes
            .iter()
            .map(|node| node["title"].as_str().unwrap().to_owned())
            .collect()
    }

    pub(crate) async fn count(&self, params: &str) -> i64 {
        let data = self.ask(&format!("{{ count(params: {{ {params} }}) }}")).await;
        data["count"].as_i64().unwrap()
    }
}

/// A socket.
pub(crate) struct Socket(pub(crate) WebSocketStream<TcpStream>);

impl Socket {
    pub(crate) async fn say(&mut self, frame: &Value) {
        self.0.send(Message::text(frame.to_string())).await.unwrap();
    }

    /// The next frame; anything but text is passed over.
    pub(crate) async fn hear(&mut self) -> Value {
        self.hear_within(PATIENCE).await.expect("a frame comes")
    }

    /// The next frame, if one comes in time.
    pub(crate) async fn hear_within(&mut self, within: Duration) -> Option<Value> {
        let next = async {
            loop {
                match self.0.next().await {
                    Some(Ok(Message::Text(text))) => return serde_json::from_str(&text).unwrap(),
                    Some(Ok(_)) => {}
                    ended => panic!("{ended:?}"),
                }
            }
        };
        tokio::time::timeout(within, next).await.ok()
    }

    /// Whether nothing comes for a while.
    pub(crate) async fn is_silent(&mut self) -> bool {
        self.hear_within(Duration::from_millis(300)).await.is_none()
    }

    /// Returns when everything that was said has been dealt with: a question after it has been answered.
    pub(crate) async fn settle(&mut self) {
        self.0.send(Message::Ping(vec![7].into())).await.unwrap();
        let next = tokio::time::timeout(PATIENCE, self.0.next()).await.unwrap();
        assert!(
            matches!(next, Some(Ok(Message::Pong(_)))),
            "{next:?} came before the answer"
        );
    }

    /// Reads to the end; returns the close code, if there was one.
    pub(crate) async fn close_code(&mut self) -> Option<u16> {
        let end = async {
            while let Some(Ok(message)) = self.0.next().await {
                if let Message::Close(frame) = message {
                    return frame.map(|frame| frame.code.into());
                }
            }
            None
        };
        tokio::time::timeout(PATIENCE, end).await.expect("it ends")
    }
}

impl App {
    /// A number that grows with every change to a document.
    pub(crate) async fn revision(&self) -> i64 {
        let store = &self.world.services.store;
        store.documents_revision(Environment::Production).await.unwrap()
    }

    /// A browser's preliminary question.
    pub(crate) async fn preflight(&self, path: &str, headers: &str) -> (StatusCode, http::HeaderMap) {
        let request = Request::options(path)
            .header("origin", "https://app.test")
            .header("access-control-request-method", "POST")
            .header("access-control-request-headers", headers)
            .body(Body::empty())
            .unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        (response.status(), response.headers().clone())
    }

    /// Stores a brand.
    pub(crate) async fn brand(&self, id: &str, settings: Value) {
        let body = json!({ "name": id, "settings": settings });
        self.world
            .document(DocumentKind::Brand, id, None, body, WriteMode::Live)
            .await;
    }
}
