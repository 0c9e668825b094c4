//! One running server: HTTP in front, the worker behind.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use axum::http::StatusCode;
use axum::middleware::from_fn_with_state;
use axum::{Json, Router};
use metrics_exporter_prometheus::PrometheusBuilder;
use serde_json::json;
use tidings_api::AppState;
use tidings_inbox::{Gateway, InboxState, Limits};
use tidings_pages::{PagesOptions, StartInfo};
use tidings_pipeline::{JobRunner, Services, Worker, jobs, upkeep};
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::knocking::{self, Door};
use crate::serving::{self, Bounds};
use crate::settings::Settings;
use crate::{demo, descriptors, health, shutdown};

/// How long requests under way may take to end once the server is asked to stop.
const HTTP_GRACE: Duration = Duration::from_secs(5);
/// How long clients may take to leave their sockets at the end.
const SOCKET_GRACE: Duration = Duration::from_secs(2);
/// How long messages under way may take to end after that.
const WORK_GRACE: Duration = Duration::from_secs(20);

/// Runs until asked to stop. `ready` is called once the server listens.
///
/// # Errors
/// When it cannot listen, or the store fails at the end.
pub(crate) async fn run(
    settings: &Settings,
    services: Arc<Services>,
    start: Option<StartInfo>,
    ready: impl FnOnce(),
) -> anyhow::Result<()> {
    let metrics = PrometheusBuilder::new()
        .install_recorder()
        .context("metrics cannot be counted")?;
    // What the outbox shows is for this machine alone unless a key is given.
    let open = settings.is_for_this_machine();
    let start = start.filter(|_| open);
    let state = AppState::new(Arc::clone(&services));
    let shares = descriptors::shares();
    let limits = Limits {
        keys: open,
        ..Limits::of(shares.sockets)
    };
    let gateway = Arc::new(Gateway::start(Arc::clone(&services), Arc::clone(state.auth()), limits));
    let router = router(&services, state, &gateway, metrics, open, start);
    let listener = TcpListener::bind(settings.listen)
        .await
        .with_context(|| format!("listen: {} cannot be used", settings.listen))?;
    let (stop, stopped) = watch::channel(false);
    let upkeep = tokio::spawn(upkeep::run(Arc::clone(&services), stopped.clone()));
    let worker = Worker::start(Arc::clone(&services));
    let runner = JobRunner::start(&services, jobs::handlers());
    ready();

    let bounds = Bounds::of(shares.connections);
    let mut serving = tokio::spawn(serving::serve(listener, router, bounds, stopped.clone()));
    tokio::select! {
        ended = &mut serving => ended.context("the server ended unexpectedly")??,
        asked = shutdown::requested() => {
            asked?;
            stop.send_replace(true);
            // Streams such as the outbox's never end by themselves.
            if tokio::time::timeout(HTTP_GRACE, &mut serving).await.is_err() {
                serving.abort();
            }
        }
    }
    stop.send_replace(true);
    let (messages, jobs) = tokio::join!(worker.stop(WORK_GRACE), runner.stop(WORK_GRACE));
    messages.context("unfinished messages could not be given back")?;
    jobs.context("unfinished jobs could not be given back")?;
    // Last: until here people heard what was new.
    gateway.drain(SOCKET_GRACE).await;
    upkeep.await.context("upkeep ended unexpectedly")?;
    services.store.close().await.context("the store could not be closed")?;
    tracing::info!("stopped");
    Ok(())
}

fn router(
    services: &Arc<Services>,
    state: AppState,
    gateway: &Arc<Gateway>,
    metrics: metrics_exporter_prometheus::PrometheusHandle,
    open: bool,
    start: Option<StartInfo>,
) -> Router {
    let inbox = InboxState::new(Arc::clone(services), Arc::clone(state.auth()), Arc::clone(gateway));
    let api = tidings_api::router(state.clone());
    let authorise_state = state;
    let options = PagesOptions {
        open,
        authorise: Arc::new(move |headers| {
            let state = authorise_state.clone();
            Box::pin(async move { tidings_api::environment_of(&state, headers).await })
        }),
        openapi: || serde_json::to_value(tidings_api::document()).unwrap_or_default(),
        demo_bundles: if start.is_some() { demo::bundles() } else { Vec::new() },
        start,
    };
    let router = health::router(Arc::clone(services), metrics)
        .merge(tidings_pages::router(Arc::clone(services), options))
        .method_not_allowed_fallback(wrong_method)
        // After that, or it would answer the preliminary questions of browsers in place of the inbox.
        .merge(tidings_inbox::router(inbox.clone()))
        .fallback_service(api);
    let door = Door::new(Arc::clone(&services.clock));
    tidings_inbox::with_sockets(router, inbox).layer(from_fn_with_state(door, knocking::layer))
}

/// Every answer that is no success is a JSON object: clients read it as one.
async fn wrong_method() -> (StatusCode, Json<serde_json::Value>) {
    let body = json!({ "type": "invalid_request_error", "message": "Method Not Allowed" });
    (StatusCode::METHOD_NOT_ALLOWED, Json(body))
}
