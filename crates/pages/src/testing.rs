//! What tests of pages need: a server's services over a store in a folder of its own, and replies read whole.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use http_body_util::BodyExt as _;
use serde_json::Value;
use tidings_pipeline::{LinkClaims, LinkKind, Services};
use tidings_store::{
    Acceptance, Claim, DocumentKind, Lane, NewCaught, NewMessage, Next, Record, RequestRow, WriteMode,
};
use tidings_testkit::World;
pub(crate) use tidings_testkit::world::NOW;
use tidings_types::trace::TraceCode;
use tidings_types::{
    Environment, Error, KeyMode, KeyScope, MessageId, Progress, Rendered, RequestId, Status, Trace, TraceEntry, UserId,
};
use tower::ServiceExt as _;

use crate::{PagesOptions, StartInfo, router};

/// A server without a server.
pub(crate) struct House {
    pub(crate) services: Arc<Services>,
    pub(crate) world: World,
}

/// A reply, read whole.
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
    /// How large the body was on its way, in bytes.
    pub(crate) bytes: usize,
}

impl Reply {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

impl House {
    pub(crate) async fn new() -> Self {
        let mut world = World::new().await;
        world.caller.environment = Environment::Test;
        Self {
            services: Arc::clone(&world.services),
            world,
        }
    }

    /// The pages, open to all or with the keys `production` and `test`.
    pub(crate) fn pages(&self, open: bool) -> Router {
        let authorise: crate::Authorise = Arc::new(|headers| {
            let key = headers
                .get(header::AUTHORIZATION)
                .and_then(|value| value.to_str().ok())
                .unwrap_or_default();
            let found = Environment::parse(key.trim_start_matches("Bearer "));
            Box::pin(async move { found.ok_or_else(|| Error::unauthenticated("Unknown key")) })
        });
        let start = open.then(|| StartInfo {
            base_url: "http://tidings.test".to_owned(),
            api_key: "secret-key".to_owned(),
        });
        router(
            Arc::clone(&self.services),
            PagesOptions {
                open,
                authorise,
                openapi: || Value::Null,
                demo_bundles: Vec::new(),
                start,
            },
        )
    }

    /// Accepts a message and catches a delivery of it.
    pub(crate) async fn catch(&self, environment: Environment, id: &str, to: &str, rendered: Rendered) {
        let message = NewMessage {
            id: MessageId::from(id),
            recipient: to.to_owned(),
            user_id: None,
            to: "{}".to_owned(),
            event: "e".to_owned(),
            notification: "n".to_owned(),
            tags: Vec::new(),
            trace_id: None,
            tenant_id: None,
            one_time: false,
            lane: Lane::Normal,
            due: NOW,
            deadline: NOW.plus(1000),
        };
        let request = RequestRow {
            id: RequestId::from(id),
            environment,
            scope: KeyScope::Published,
            mode: KeyMode::Live,
            accepted_at: NOW,
            spec: "{}".to_owned(),
            crowds: None,
            canceled_at: None,
        };
        let store = &self.services.store;
        store
            .accept(Acceptance {
                request,
                messages: vec![message],
                jobs: Vec::new(),
                idempotency: None,
            })
            .await
            .unwrap();
        let claim = Claim {
            lane: Lane::Normal,
            now: NOW,
            limit: 10,
            lease_ms: 1000,
        };
        let claimed = store.claim(claim).await.unwrap().pop().unwrap();
        let mut trace = Trace::default();
        trace.push(TraceEntry::new(NOW, TraceCode::Accepted, "Caught by the outbox."));
        let caught = NewCaught {
            provider: "smtp".to_owned(),
            to: to.to_owned(),
            rendered,
            payload: None,
            at: NOW,
        };
        let record = Record {
            environment,
            id: claimed.message.id,
            token: claimed.token,
            lane: claimed.lane,
            status: Status::Sent,
            reason: None,
            error: None,
            sent: Some(NOW),
            providers: Vec::new(),
            progress: Progress::default(),
            trace,
            notification: None,
            one_time: false,
            events: Vec::new(),
            outputs: Vec::new(),
            feed: Vec::new(),
            caught: vec![caught],
            hold: None,
            jobs: Vec::new(),
            next: Next::Finished,
        };
        assert!(store.record(record).await.unwrap());
    }

    /// Writes a section or a topic.
    pub(crate) async fn document(&self, kind: DocumentKind, id: &str, parent: Option<&str>, body: Value) {
        self.world.document(kind, id, parent, body, WriteMode::Live).await;
    }

    /// The path of a person's page in the test environment.
    pub(crate) fn link(&self, kind: LinkKind, topic: Option<&str>, tenant: Option<&str>) -> String {
        let claims = LinkClaims {
            kind,
            environment: Environment::Test,
            user_id: "ada".to_owned(),
            tenant_id: tenant.map(str::to_owned),
            topic_id: topic.map(str::to_owned),
            message_id: None,
            issued: NOW,
        };
        self.services
            .links
            .url(&claims)
            .trim_start_matches("http://tidings.test")
            .to_owned()
    }

    /// What Ada said of topics: id, status and channels.
    pub(crate) async fn said(&self, tenant: Option<&str>) -> Vec<tidings_store::StoredPreference> {
        self.services
            .store
            .preferences(Environment::Test, &UserId::from("ada"), tenant)
            .await
            .unwrap()
    }
}

/// Asks a router, under its own host name.
pub(crate) async fn ask(pages: &Router, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Reply {
    let mut request = Request::builder().method(method).uri(path);
    if !headers.iter().any(|(name, _)| *name == "host") {
        request = request.header(header::HOST, "localhost:8200");
    }
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = pages
        .clone()
        .oneshot(request.body(Body::from(body.to_owned())).unwrap())
        .await
        .unwrap();
    let (parts, body) = response.into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    Reply {
        status: parts.status,
        headers: parts.headers,
        body: String::from_utf8_lossy(&body).into_owned(),
        bytes: body.len(),
    }
}

/// Asks for a page.
pub(crate) async fn get(pages: &Router, path: &str) -> Reply {
    ask(pages, "GET", path, &[], "").await
}

/// Sends a form.
pub(crate) async fn post(pages: &Router, path: &str, form: &str) -> Reply {
    ask(
        pages,
        "POST",
        path,
        &[("content-type", "application/x-www-form-urlencoded")],
        form,
    )
    .await
}
