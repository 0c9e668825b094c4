//! Whether the process is up, whether it can work, and what it counts. No key is needed.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use metrics_exporter_prometheus::PrometheusHandle;
use serde_json::{Value, json};
use tidings_pipeline::Services;

/// How long the store may take to answer before it counts as unusable.
const PATIENCE: Duration = Duration::from_secs(3);

#[derive(Clone)]
struct Health {
    services: Arc<Services>,
    metrics: PrometheusHandle,
}

/// `/healthz`, `/readyz`, `/metrics`.
pub(crate) fn router(services: Arc<Services>, metrics: PrometheusHandle) -> Router {
    Router::new()
        .route("/healthz", get(up))
        .route("/readyz", get(ready))
        .route("/metrics", get(counts))
        .with_state(Health { services, metrics })
}

/// The process is up. Messages that are late without a final status are told as an alert.
async fn up(State(health): State<Health>) -> Json<Value> {
    let alerts = match tokio::time::timeout(PATIENCE, alerts(&health.services)).await {
        Ok(Ok((_, alerts))) => alerts,
        _ => vec![json!({ "name": "store_unusable", "message": "The store does not answer" })],
    };
    Json(json!({ "status": "ok", "version": env!("CARGO_PKG_VERSION"), "alerts": alerts }))
}

/// The store can be read and written.
async fn ready(State(health): State<Health>) -> (StatusCode, Json<Value>) {
    let look = async {
        health.services.store.ping().await?;
        alerts(&health.services).await
    };
    match tokio::time::timeout(PATIENCE, look).await {
        Ok(Ok((queue, alerts))) => (
            StatusCode::OK,
            Json(json!({ "status": "ready", "queue": queue, "alerts": alerts })),
        ),
        Ok(Err(error)) => {
            tracing::error!(%error, "the store is not usable");
            (
                StatusCode::SERVICE_UNAVAILABLE,
                Json(json!({ "status": "unavailable", "message": "The store fails" })),
            )
        }
        Err(_) => {
            let body = json!({ "status": "unavailable", "message": "The store does not answer" });
            (StatusCode::SERVICE_UNAVAILABLE, Json(body))
        }
    }
}

async fn alerts(services: &Services) -> tidings_types::Result<(Value, Vec<Value>)> {
    let queue = services.store.queue_state(services.clock.now()).await?;
    let mut alerts = Vec::new();
    if queue.overdue > 0 {
        let message = format!(
            "{} messages are past their deadline without a final status",
            queue.overdue
        );
        alerts.push(json!({ "name": "messages_overdue", "message": message, "count": queue.overdue }));
    }
    Ok((
        json!({ "pending": queue.pending, "due": queue.due, "overdue": queue.overdue }),
        alerts,
    ))
}

/// Counts in the Prometheus text format.
async fn counts(State(health): State<Health>) -> String {
    health.metrics.render()
}
