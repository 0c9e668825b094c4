//! Bulk jobs: from people who were handed in to one message each.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use tidings_bus::Hint;
use tidings_store::bulk::REDACTED_JOB;
use tidings_store::people::merge_objects;
use tidings_store::{
    BulkOutcome, BulkRun, BulkUser, Cursor, FollowUps, JobKey, JobRow, Lane, MessagePage, NewBulkUser, NewJob,
    PageRequest, RequestRow,
};
use tidings_types::id::{MAX_USER_ID, new_trace_style_id};
use tidings_types::{Environment, Error, MessageSpec, Object, RequestId, Result};

use crate::accept::{Mold, bulk_spec, check_recipient};
use crate::expand::{is_internal, message_id};
use crate::jobs::{JobHandler, JobStep};
use crate::webhooks::enqueued;
use crate::{Caller, Services, tenants};

/// The kind of job that makes a bulk job's messages. Its key is the bulk job's id.
const BULK: &str = tidings_store::jobs::EXPAND_BULK;

/// How many people a page has.
const PAGE: u32 = 256;

/// Makes a bulk job of the `message` of `POST /bulk`; returns its id.
///
/// # Errors
/// `Invalid`, naming the field.
pub async fn create(services: &Services, caller: &Caller, message: Value) -> Result<String> {
    // Read once, so that a mistake is told now and not when it runs.
    let spec = bulk_spec(services.documents().contents(), &message)?;
    let now = services.clock.now();
    let mold = Mold::new(services, caller.environment, caller.scope, &spec, now, None).await?;
    let id = new_trace_style_id(now, services.random.as_ref());
    services
        .store
        .create_bulk_job(caller.environment, &id, message, mold.is_one_time(), now)
        .await?;
    Ok(id)
}

/// An entry that was not taken.
#[derive(Clone, Debug, PartialEq)]
pub struct Refused {
    /// Why.
    pub error: String,
    /// The entry.
    pub user: Value,
}

/// Hands people in. Returns those who were not taken; none when there is no such job.
///
/// # Errors
/// `Conflict` when it was run before, or its data was redacted.
pub async fn add(services: &Services, caller: &Caller, id: &str, users: Vec<Value>) -> Result<Option<Vec<Refused>>> {
    let now = services.clock.now();
    let (mut new, mut refused) = (Vec::with_capacity(users.len()), Vec::new());
    for user in users {
        let checked = recipient(&user)
            .and_then(|recipient| check_recipient(&to_of(&user), recipient.is_some()).map(|()| recipient));
        match checked {
            Ok(recipient) => new.push(NewBulkUser {
                recipient: recipient.unwrap_or_else(|| new_trace_style_id(now, services.random.as_ref())),
                body: user,
            }),
            Err(error) => refused.push(Refused {
                error: error.message().to_owned(),
                user,
            }),
        }
    }
    let bodies: Vec<Value> = new.iter().map(|user| user.body.clone()).collect();
    let Some(twice) = services.store.add_bulk_users(caller.environment, id, new).await? else {
        return Ok(None);
    };
    let again = twice
        .into_iter()
        .filter_map(|index| bodies.get(index))
        .map(|user| Refused {
            error: "Duplicate user".to_owned(),
            user: user.clone(),
        });
    refused.extend(again);
    Ok(Some(refused))
}

/// Sets a bulk job going.
///
/// # Errors
/// `NotFound` when there is none, `Conflict` when it was set going before or its data was redacted.
pub async fn run(services: &Services, caller: &Caller, id: &str) -> Result<()> {
    let missing = || Error::not_found(format!("Bulk job {id} not found"));
    let job = services
        .store
        .bulk_job(caller.environment, id)
        .await?
        .ok_or_else(missing)?;
    let spec = bulk_spec(services.documents().contents(), &job.definition)?;
    let now = services.clock.now();
    let request = RequestRow {
        id: RequestId::from(id),
        environment: caller.environment,
        scope: caller.scope,
        mode: caller.mode,
        accepted_at: now,
        spec: serde_json::to_string(&spec).map_err(Error::internal)?,
        crowds: None,
        canceled_at: None,
    };
    let expand = NewJob {
        name: JobKey::new(caller.environment, BULK, format!("{id}/0")),
        lane: Lane::Bulk,
        due: now,
        body: json!(Body {
            id: id.to_owned(),
            after: 0
        }),
    };
    match services
        .store
        .run_bulk_job(caller.environment, id, request, expand)
        .await?
    {
        BulkRun::Started => {
            services.bus.send(Hint::Jobs);
            Ok(())
        }
        BulkRun::Running => Err(Error::conflict("The job was run already")),
        BulkRun::Redacted => Err(Error::conflict(REDACTED_JOB)),
        BulkRun::NotFound => Err(missing()),
    }
}

/// Who an entry is: `to.user_id`, else `recipient`.
fn recipient(user: &Value) -> Result<Option<String>> {
    let Value::Object(user) = user else {
        return Err(Error::invalid("Expected an object"));
    };
    for field in ["profile", "data", "preferences", "to"] {
        if user
            .get(field)
            .is_some_and(|value| !value.is_null() && !value.is_object())
        {
            return Err(Error::invalid(format!("{field}: Expected object")));
        }
    }
    let of_to = user.get("to").and_then(|to| to.get("user_id"));
    match of_to.filter(|id| !id.is_null()).or_else(|| user.get("recipient")) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(id)) if id.len() > MAX_USER_ID => Err(Error::invalid(format!(
            "recipient: Expected at most {MAX_USER_ID} bytes"
        ))),
        Some(Value::String(id)) if !id.is_empty() => Ok(Some(id.clone())),
        Some(_) => Err(Error::invalid("recipient: Expected a text that is not empty")),
    }
}

/// The entry as an entry of `to`: profile, then `to` over it; data of both, those of `to` winning.
fn to_of(user: &Value) -> Object {
    let object = |name: &str| user.get(name).and_then(Value::as_object).cloned().unwrap_or_default();
    let mut to = object("profile");
    let mut data = object("data");
    let own = object("to");
    merge_objects(
        &mut data,
        own.get("data").and_then(Value::as_object).unwrap_or(&Map::new()),
    );
    merge_objects(&mut to, &own);
    to.retain(|name, _| !is_internal(name));
    if !data.is_empty() {
        to.insert("data".to_owned(), Value::Object(data));
    }
    if let Some(preferences) = user.get("preferences").filter(|value| value.is_object()) {
        to.entry("preferences").or_insert_with(|| preferences.clone());
    }
    to
}

/// Does jobs of the kind [`BULK`].
pub(crate) struct ExpandBulk;

#[derive(Serialize, Deserialize)]
struct Body {
    id: String,
    after: i64,
}

#[async_trait]
impl JobHandler for ExpandBulk {
    fn kind(&self) -> &'static str {
        BULK
    }

    fn places(&self) -> usize {
        2
    }

    fn attempts(&self) -> u32 {
        60
    }

    async fn run(&self, services: &Services, job: &JobRow) -> Result<JobStep> {
        let (store, environment) = (&services.store, job.name.environment);
        let body = Body::deserialize(&job.body).map_err(Error::internal)?;
        let request = store.request(environment, &RequestId::from(body.id.as_str())).await?;
        let Some(request) = request.filter(|request| request.canceled_at.is_none()) else {
            return Ok(JobStep::finished());
        };
        let Some(definition) = store.bulk_definition(environment, &body.id).await? else {
            return Ok(JobStep::finished());
        };
        let page = PageRequest {
            after: Some(Cursor {
                sort: body.after,
                id: String::new(),
            }),
            limit: PAGE,
        };
        let page = store.bulk_users(environment, &body.id, page).await?;
        let follow_ups = messages(services, environment, request, &definition, page.items).await?;
        let step = match page.next {
            Some(next) => JobStep::go_on(json!(Body {
                after: next.sort,
                ..body
            })),
            None => JobStep::finished(),
        };
        Ok(step.with(follow_ups))
    }
}

async fn messages(
    services: &Services,
    environment: Environment,
    request: RequestRow,
    definition: &Value,
    users: Vec<BulkUser>,
) -> Result<FollowUps> {
    let spec: MessageSpec = serde_json::from_str(&request.spec).map_err(Error::internal)?;
    let mold = Mold::new(
        services,
        environment,
        request.scope,
        &spec,
        request.accepted_at,
        Some(Lane::Bulk),
    )
    .await?;
    let mut follow_ups = FollowUps::default();
    let mut messages = Vec::with_capacity(users.len());
    for user in users {
        let mut to = to_of(&user.body);
        to.insert("user_id".to_owned(), json!(user.recipient));
        localize(&mut to, definition);
        let id = message_id(request.id.as_str(), &user.recipient);
        follow_ups.bulk.push(BulkOutcome {
            job_id: request.id.to_string(),
            number: user.number,
            result: Ok(id.as_str().into()),
        });
        messages.push(mold.message(id.into(), &to, None)?);
    }
    tenants::infer(services, environment, &mut messages).await?;
    follow_ups.jobs = enqueued(services, environment, &messages, request.accepted_at).await;
    follow_ups.messages = vec![MessagePage { request, messages }];
    Ok(follow_ups)
}

/// The message's values for the person's language, beneath the person's own.
fn localize(to: &mut Object, definition: &Value) {
    let Some(locale) = to.get("locale").and_then(Value::as_str) else {
        return;
    };
    let Some(Value::Object(of_locale)) = definition.get("locale").and_then(|all| all.get(locale)) else {
        return;
    };
    let mut data = of_locale.clone();
    merge_objects(
        &mut data,
        to.get("data").and_then(Value::as_object).unwrap_or(&Map::new()),
    );
    to.insert("data".to_owned(), Value::Object(data));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_profile_and_to_together() {
        let user = json!({"profile": {"email": "a@b.c", "x": 1}, "data": {"a": 1, "b": 1},
            "to": {"x": 2, "data": {"b": 2}}, "recipient": "r"});
        assert_eq!(recipient(&user).unwrap().as_deref(), Some("r"));
        assert_eq!(
            json!(to_of(&user)),
            json!({"email": "a@b.c", "x": 2, "data": {"a": 1, "b": 2}})
        );
        let named = json!({"to": {"user_id": "u"}, "recipient": "r"});
        assert_eq!(recipient(&named).unwrap().as_deref(), Some("u"));
        for wrong in [json!(5), json!({"profile": []}), json!({"recipient": 7})] {
            assert!(recipient(&wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_language_brings_values_beneath_the_persons_own() {
        let mut to = json!({"locale": "de", "data": {"a": "own"}})
            .as_object()
            .cloned()
            .unwrap();
        localize(&mut to, &json!({"locale": {"de": {"a": "x", "b": "y"}}}));
        assert_eq!(to["data"], json!({"a": "own", "b": "y"}));
    }
}
