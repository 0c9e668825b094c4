//! What tests of pages need: a server's services over a store in a folder of its own, and replies read whole.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use http_body_util::BodyExt as _;
use serde_json::Value;
use tempfile::TempDir;
use tidings_bus::LocalBus;
use tidings_pipeline::{Library, LinkClaims, LinkKind, Links, PipelineSettings, Services};
use tidings_providers::{Driver, DriverOptions, Registry};
use tidings_store::vault::Vault;
use tidings_store::{
    Acceptance, Claim, DocumentKind, Lane, NewCaught, NewDocument, NewMessage, Next, Record, RequestRow, Store,
    WriteMode,
};
use tidings_store_sqlite::{Options, SqliteStore};
use tidings_types::random::FixedRandom;
use tidings_types::time::MockClock;
use tidings_types::trace::TraceCode;
use tidings_types::{
    Environment, Error, KeyMode, KeyScope, MessageId, Progress, Rendered, RequestId, Status, Timestamp, Trace,
    TraceEntry, UserId,
};
use tower::ServiceExt as _;

use crate::{PagesOptions, StartInfo, router};

/// The moment at which tests take place.
pub(crate) const NOW: Timestamp = Timestamp::from_millis(1_790_000_000_000);

/// A server without a server.
pub(crate) struct House {
    pub(crate) services: Arc<Services>,
    _folder: TempDir,
}

/// A reply, read whole.
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Reply {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

impl House {
    pub(crate) async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store: Arc<dyn Store> =
            Arc::new(SqliteStore::open(&folder.path().join("t.db"), Options::server()).unwrap());
        let vault = Arc::new(Vault::new([7; 32]));
        let registry = Arc::new(Registry::builtin());
        let random = Arc::new(FixedRandom::new(1));
        let settings = PipelineSettings {
            public_url: "http://tidings.test".to_owned(),
            ..PipelineSettings::default()
        };
        let links = Links::load(store.as_ref(), &vault, random.as_ref(), &settings.public_url)
            .await
            .unwrap();
        let services = Services {
            library: Library::new(Arc::clone(&store), Arc::clone(&vault), Arc::clone(&registry)),
            clock: Arc::new(MockClock::at(NOW)),
            bus: Arc::new(LocalBus::default()),
            driver: Arc::new(Driver::new(DriverOptions::default()).unwrap()),
            store,
            vault,
            registry,
            random,
            links,
            settings,
        };
        Self {
            services: Arc::new(services),
            _folder: folder,
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
                openapi: Value::Null,
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
        };
        let store = &self.services.store;
        store
            .accept(Acceptance {
                request,
                messages: vec![message],
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
            next: Next::Finished,
        };
        assert!(store.record(record).await.unwrap());
    }

    /// Writes a section or a topic.
    pub(crate) async fn document(&self, kind: DocumentKind, id: &str, parent: Option<&str>, body: Value) {
        let new = NewDocument {
            kind,
            id: id.to_owned(),
            parent: parent.map(str::to_owned),
            names: Vec::new(),
            body,
            mode: WriteMode::Live,
            now: NOW,
            by: "test".to_owned(),
        };
        self.services
            .store
            .create_document(Environment::Test, new)
            .await
            .unwrap();
        self.services.library.changed(Environment::Test);
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
        body: String::from_utf8(body.to_vec()).unwrap(),
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
