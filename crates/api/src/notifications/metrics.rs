//! `GET /notifications/{id}/metrics`: what became of a template's messages, over time.

mod window;

use axum::Json;
use axum::extract::State;
use tidings_pipeline::Services;
use tidings_store::{DeliveryCount, DocumentKind};
use tidings_types::{Environment, Result, Timestamp};
use tidings_wire::error::ErrorBody;
use tidings_wire::notification::{Metrics, MetricsBucket, MetricsEntry};

use self::window::{DAY, Window};
use crate::AppState;
use crate::auth::ApiCaller;
use crate::error::ApiResult;
use crate::path::Path;
use crate::query::Query;

/// Read what became of a template's messages: sent, delivered, opened, clicked, failed, by provider and channel.
///
/// The window is `start` and `end`, or `lookback` from now; it grows to whole buckets. Hours reach back 7 days at most,
/// days 90; weeks begin on Sunday; no answer has more than 1000 buckets.
#[utoipa::path(
    get, path = "/notifications/{id}/metrics", tag = "notifications",
    params(
        ("id" = String, Path),
        ("granularity" = Option<String>, Query, description = "`HOUR`, `DAY` (the default), `WEEK` or `MONTH`."),
        ("lookback" = Option<String>, Query, description = "An ISO 8601 duration, `P30D` unless given."),
        ("start" = Option<String>, Query, description = "An ISO 8601 moment; with `end`."),
        ("end" = Option<String>, Query, description = "An ISO 8601 moment; with `start`."),
    ),
    responses((status = 200, body = Metrics), (status = 400, body = ErrorBody)),
)]
pub(super) async fn get_metrics(
    caller: ApiCaller,
    State(state): State<AppState>,
    Path(id): Path<String>,
    query: Query,
) -> ApiResult<Json<Metrics>> {
    let (services, environment) = (state.services(), caller.environment);
    let now = services.clock.now();
    let window = Window::read(&query, now)?;
    let kind = DocumentKind::Notification;
    let known = services.store.document(environment, kind, &id).await?;
    let mut series = Vec::new();
    if let Some(known) = known {
        for (from, until) in window.buckets() {
            // Nothing was sent before the template was made, nor after now.
            let (first, last) = (from.max(known.created), until.min(now.plus(1)));
            series.push(MetricsBucket {
                period: window::spelled(from),
                data: counted(services, environment, &id, first, last).await?,
            });
        }
    }
    Ok(Json(Metrics {
        notification_id: id,
        granularity: window.granularity().to_owned(),
        start: window::spelled(window.start()),
        end: window::spelled(window.end()),
        series,
    }))
}

/// What was counted in a time, a day after the other: each is a short read, however many messages there are.
async fn counted(
    services: &Services,
    environment: Environment,
    id: &str,
    from: Timestamp,
    until: Timestamp,
) -> Result<Vec<MetricsEntry>> {
    let mut sum: Vec<MetricsEntry> = Vec::new();
    let mut from = from;
    while from < until {
        let next = from.plus(DAY).min(until);
        for count in services.store.template_deliveries(environment, id, from, next).await? {
            add(&mut sum, count);
        }
        from = next;
    }
    sum.sort_by(|one, two| (&one.provider, &one.channel).cmp(&(&two.provider, &two.channel)));
    Ok(sum)
}

fn add(sum: &mut Vec<MetricsEntry>, count: DeliveryCount) {
    let DeliveryCount {
        provider,
        channel,
        sent,
        delivered,
        opened,
        clicked,
        errors,
        undeliverable,
    } = count;
    let same = |one: &&mut MetricsEntry| one.provider == provider && one.channel == channel;
    if let Some(known) = sum.iter_mut().find(same) {
        known.sent += sent;
        known.delivered += delivered;
        known.opened += opened;
        known.clicked += clicked;
        known.errors += errors;
        known.undeliverable += undeliverable;
    } else {
        sum.push(MetricsEntry {
            provider,
            channel,
            sent,
            delivered,
            opened,
            clicked,
            errors,
            undeliverable,
        });
    }
}
