//! `GET /messages`: the log, newest first.

use axum::Json;
use axum::extract::State;
use tidings_providers::Registry;
use tidings_store::MessageFilter;
use tidings_types::{Error, Result, Status, Timestamp};
use tidings_wire::error::ErrorBody;
use tidings_wire::message::MessageDetails;
use tidings_wire::paging::Results;

use crate::AppState;
use crate::auth::ApiCaller;
use crate::error::ApiResult;
use crate::moment;
use crate::paging::results;
use crate::query::{DEFAULT_PAGE, Query};
use tidings_pipeline::webhooks::summary;

/// List messages, newest first.
///
/// Filters narrow the list together; of several values for one filter, any will do.
#[utoipa::path(
    get, path = "/messages", tag = "messages",
    params(
        ("archived" = Option<bool>, Query, description = "Only archived ones. They are left out otherwise."),
        ("cursor" = Option<String>, Query),
        ("limit" = Option<u32>, Query),
        ("enqueued_after" = Option<String>, Query, description = "Accepted after this ISO 8601 moment."),
        ("event" = Option<Vec<String>>, Query),
        ("list" = Option<Vec<String>>, Query),
        ("messageId" = Option<Vec<String>>, Query),
        ("notification" = Option<Vec<String>>, Query),
        ("provider" = Option<Vec<String>>, Query),
        ("recipient" = Option<Vec<String>>, Query),
        ("status" = Option<Vec<String>>, Query),
        ("tag" = Option<Vec<String>>, Query),
        ("tags" = Option<Vec<String>>, Query),
        ("tenant_id" = Option<String>, Query),
        ("traceId" = Option<String>, Query, description = "The request's id or the caller's correlation string."),
    ),
    responses((status = 200, body = Results<MessageDetails>), (status = 400, body = ErrorBody)),
)]
pub(super) async fn list(
    caller: ApiCaller,
    State(state): State<AppState>,
    query: Query,
) -> ApiResult<Json<Results<MessageDetails>>> {
    let page = query.page(DEFAULT_PAGE, DEFAULT_PAGE)?;
    let found = state
        .services()
        .store
        .messages(caller.environment, filter(&query)?, page)
        .await?;
    Ok(Json(results(found.map(summary))))
}

fn filter(query: &Query) -> Result<MessageFilter> {
    Ok(MessageFilter {
        archived: query.flag("archived")?,
        enqueued_after: query.text("enqueued_after").map(enqueued_after).transpose()?,
        events: query.list("event"),
        lists: query.list("list"),
        message_ids: query.list("messageId"),
        notifications: query.list("notification"),
        providers: query
            .list("provider")
            .iter()
            .map(|name| Registry::canonical_key(name).to_owned())
            .collect(),
        recipients: query.list("recipient"),
        statuses: query
            .list("status")
            .iter()
            .map(|text| status(text))
            .collect::<Result<_>>()?,
        tags: query.list("tag").into_iter().chain(query.list("tags")).collect(),
        tenant_id: query.text("tenant_id").map(str::to_owned),
        trace_id: query
            .text("traceId")
            .or_else(|| query.text("trace_id"))
            .map(str::to_owned),
    })
}

fn status(text: &str) -> Result<Status> {
    Status::parse(text).ok_or_else(|| {
        let known: Vec<&str> = Status::ALL.iter().map(|one| one.as_str()).collect();
        Error::invalid(format!("status: Invalid value. Expected one of {}", known.join(", ")))
    })
}

fn enqueued_after(text: &str) -> Result<Timestamp> {
    moment::parse(text).ok_or_else(|| Error::invalid("enqueued_after: Expected an ISO 8601 moment"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_are_read_in_every_spelling() {
        let query = "status=SENT,DELIVERED&tag=a&tags=b,c&enqueued_after=1970-01-01T00:00:01%2B00:00&archived=true";
        let filter = filter(&Query::parse(query).unwrap()).unwrap();
        assert_eq!(filter.statuses, [Status::Sent, Status::Delivered]);
        assert_eq!(filter.tags, ["a", "b", "c"]);
        assert_eq!(filter.enqueued_after, Some(Timestamp::from_millis(1000)));
        assert_eq!(filter.archived, Some(true));
    }

    #[test]
    fn wrong_values_are_refused_by_name() {
        for (query, field) in [
            ("status=LOST", "status: "),
            ("enqueued_after=soon", "enqueued_after: "),
            ("archived=x", "archived: "),
        ] {
            let told = filter(&Query::parse(query).unwrap()).unwrap_err();
            assert!(told.message().starts_with(field), "{told}");
        }
    }
}
