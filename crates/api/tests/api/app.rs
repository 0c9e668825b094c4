//! A server without a socket, and a small client for it.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use http::{HeaderMap, Method, Request, StatusCode, header};
use http_body_util::BodyExt as _;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use tidings_api::AppState;
use tidings_pipeline::{PipelineSettings, Services};
use tidings_store::{ApiKey, DocumentKind, WriteMode};
use tidings_testkit::World;
pub(crate) use tidings_testkit::world::NOW;
use tidings_types::time::MockClock;
use tidings_types::{Environment, KeyMode, KeyScope};
use tower::ServiceExt as _;

/// The key that calls are made with unless they say otherwise: test environment, published, live.
pub(crate) const KEY: &str = "test-key";
/// A key of the production environment.
pub(crate) const PRODUCTION_KEY: &str = "production-key";

/// A server without a socket.
pub(crate) struct App {
    pub(crate) services: Arc<Services>,
    pub(crate) clock: Arc<MockClock>,
    router: Router,
    world: World,
}

impl App {
    pub(crate) async fn start() -> Self {
        let settings = PipelineSettings {
            public_url: "https://tidings.test".to_owned(),
            ..PipelineSettings::default()
        };
        let mut world = World::with(settings).await;
        world.caller.environment = Environment::Test;
        for (text, environment) in [(KEY, Environment::Test), (PRODUCTION_KEY, Environment::Production)] {
            world
                .services
                .store
                .create_key(api_key(text, environment))
                .await
                .unwrap();
        }
        let (services, clock) = (Arc::clone(&world.services), Arc::clone(&world.clock));
        let router = tidings_api::router(AppState::new(Arc::clone(&services)));
        Self {
            services,
            clock,
            router,
            world,
        }
    }

    /// A call with the test key.
    pub(crate) fn call(&self, method: Method, path: &str) -> Call {
        let request = Request::builder().method(method).uri(path).body(Body::empty()).unwrap();
        Call {
            router: self.router.clone(),
            request,
        }
        .bearer(KEY)
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.call(Method::GET, path).send().await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Reply {
        self.call(Method::POST, path).json(&body).send().await
    }

    pub(crate) async fn put(&self, path: &str, body: Value) -> Reply {
        self.call(Method::PUT, path).json(&body).send().await
    }

    pub(crate) async fn patch(&self, path: &str, body: Value) -> Reply {
        self.call(Method::PATCH, path).json(&body).send().await
    }

    pub(crate) async fn delete(&self, path: &str) -> Reply {
        self.call(Method::DELETE, path).send().await
    }

    /// Accepts a message to a mail address and gives its id.
    pub(crate) async fn sent(&self) -> String {
        let reply = self.post("/send", message("a@example.com")).await;
        assert_eq!(reply.status, StatusCode::ACCEPTED, "{}", reply.body);
        reply.json()["requestId"].as_str().unwrap().to_owned()
    }

    /// Carries out everything that is due.
    pub(crate) async fn drain(&self) {
        self.world.drain().await;
    }

    /// Stores a topic in a section of the test environment.
    pub(crate) async fn topic(&self, id: &str, default_status: &str) {
        let store = &self.services.store;
        let section = store
            .document(Environment::Test, DocumentKind::Section, "section")
            .await;
        if section.unwrap().is_none() {
            let body = serde_json::json!({"name": "Account", "routing_options": [], "has_custom_routing": true});
            self.document(DocumentKind::Section, "section", None, body).await;
        }
        let body = serde_json::json!({"name": format!("Topic {id}"), "default_status": default_status});
        self.document(DocumentKind::Topic, id, Some("section"), body).await;
    }

    async fn document(&self, kind: DocumentKind, id: &str, parent: Option<&str>, body: Value) {
        self.world.document(kind, id, parent, body, WriteMode::Live).await;
    }
}

/// A send of inline content to a mail address.
pub(crate) fn message(email: &str) -> Value {
    serde_json::json!({"message": {"to": {"email": email}, "content": {"title": "Hi", "body": "Hello {{name}}"}, "data": {"name": "Ann"}}})
}

fn api_key(text: &str, environment: Environment) -> ApiKey {
    ApiKey {
        id: format!("key_{text}"),
        environment,
        scope: KeyScope::Published,
        mode: KeyMode::Live,
        hint: text.chars().take(4).collect(),
        hash: hex::encode(Sha256::digest(text)),
        name: text.to_owned(),
        created: NOW,
        revoked: None,
    }
}

/// A call being made.
pub(crate) struct Call {
    router: Router,
    request: Request<Body>,
}

impl Call {
    pub(crate) fn header(mut self, name: &'static str, value: &str) -> Self {
        self.request.headers_mut().insert(name, value.parse().unwrap());
        self
    }

    pub(crate) fn bearer(self, credential: &str) -> Self {
        self.header("authorization", &format!("Bearer {credential}"))
    }

    pub(crate) fn without_key(mut self) -> Self {
        self.request.headers_mut().remove(header::AUTHORIZATION);
        self
    }

    pub(crate) fn json(self, body: &Value) -> Self {
        self.raw(body.to_string())
    }

    /// Any body, announced as JSON.
    pub(crate) fn raw(mut self, body: impl Into<Body>) -> Self {
        *self.request.body_mut() = body.into();
        self.header("content-type", "application/json")
    }

    pub(crate) async fn send(self) -> Reply {
        let response = self.router.oneshot(self.request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        Reply {
            status: parts.status,
            headers: parts.headers,
            body: String::from_utf8(body.to_vec()).unwrap(),
        }
    }
}

/// A reply, read whole.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Reply {
    pub(crate) fn json(&self) -> Value {
        assert_eq!(self.header("content-type"), Some("application/json"), "{}", self.body);
        serde_json::from_str(&self.body).unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The status and the body, for snapshots.
    pub(crate) fn shown(&self) -> Value {
        let body = if self.body.is_empty() { Value::Null } else { self.json() };
        serde_json::json!({ "status": self.status.as_u16(), "body": body })
    }

    /// Asserts an error of the documented shape.
    pub(crate) fn is_error(&self, status: u16, message: &str) {
        assert_eq!(self.status.as_u16(), status, "{}", self.body);
        let body = self.json();
        assert!(body["type"].is_string(), "{body}");
        assert_eq!(body["message"], message);
    }
}
