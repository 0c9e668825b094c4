//! What became of a template's messages.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What `GET /notifications/{id}/metrics` answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Metrics {
    /// The notification.
    pub notification_id: String,
    /// How long a bucket is: `HOUR`, `DAY`, `WEEK` or `MONTH`.
    pub granularity: String,
    /// Where the first bucket begins, UTC.
    pub start: String,
    /// Where the last bucket ends, UTC.
    pub end: String,
    /// The buckets, oldest first; those without a message too.
    pub series: Vec<MetricsBucket>,
}

/// One bucket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MetricsBucket {
    /// Where it begins, UTC.
    pub period: String,
    /// One entry for each provider and channel.
    pub data: Vec<MetricsEntry>,
}

/// What became of the messages of a bucket through one channel of one provider. Messages belong to the bucket in which
/// they were accepted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MetricsEntry {
    /// The provider.
    pub provider: String,
    /// The channel.
    pub channel: String,
    /// Handed to the provider.
    pub sent: u64,
    /// Confirmed as delivered.
    pub delivered: u64,
    /// Opened at least once.
    pub opened: u64,
    /// Clicked in at least once.
    pub clicked: u64,
    /// Refused by the provider, also when a later one then delivered.
    pub errors: u64,
    /// Of these, those that reached nobody.
    pub undeliverable: u64,
}
