//! Finding out whom to tell: one delivery for each endpoint that wants it.

use async_trait::async_trait;
use serde_json::{Value, json};
use tidings_store::JobRow;
use tidings_store::webhooks::{EVENT, MESSAGE_UPDATED, MessageState, NewWebhookDelivery, WebhookEvent};
use tidings_types::{Environment, Error, MessageId, MessageSpec, Result};

use super::{details, endpoints};
use crate::Services;
use crate::jobs::{JobHandler, JobStep};

/// Turns what happened into deliveries.
pub struct FanOut;

#[async_trait]
impl JobHandler for FanOut {
    fn kind(&self) -> &'static str {
        EVENT
    }

    fn places(&self) -> usize {
        8
    }

    async fn run(&self, services: &Services, job: &JobRow) -> Result<JobStep> {
        let environment = job.name.environment;
        let event: WebhookEvent = serde_json::from_value(job.body.clone()).map_err(Error::internal)?;
        let kind = match &event {
            WebhookEvent::Message { .. } => MESSAGE_UPDATED,
            WebhookEvent::Other { kind, .. } => kind,
        };
        let mut wanted = endpoints(services, environment).await?;
        wanted.retain(|(_, endpoint)| endpoint.wants(kind));
        if wanted.is_empty() {
            return Ok(JobStep::finished());
        }
        let kind = kind.to_owned();
        let Some((resource, data)) = data(services, environment, event).await? else {
            return Ok(JobStep::finished());
        };
        let payload = json!({ "type": kind, "data": data }).to_string();
        let delivery = |(endpoint_id, _)| NewWebhookDelivery {
            environment,
            endpoint_id,
            // The job's own name, so that doing it twice makes no second delivery.
            id: delivery_id(&job.name.key),
            event: kind.clone(),
            resource: resource.clone(),
            payload: payload.clone(),
            created: services.clock.now(),
        };
        let deliveries = wanted.into_iter().map(delivery).collect();
        services.store.add_webhook_deliveries(deliveries).await?;
        services.bus.send(tidings_bus::Hint::Jobs);
        Ok(JobStep::finished())
    }
}

/// A delivery's id: short, safe in a path, and the same for the same event.
fn delivery_id(key: &str) -> String {
    use sha2::{Digest as _, Sha256};
    let digest = Sha256::digest(key.as_bytes());
    format!("dlv_{}", hex::encode(digest.get(..16).unwrap_or_default()))
}

/// The envelope's `data`, with the id of what it is about. None when that has gone.
async fn data(services: &Services, environment: Environment, event: WebhookEvent) -> Result<Option<(String, Value)>> {
    match event {
        WebhookEvent::Other { data, .. } => {
            let id = data
                .get("id")
                .or_else(|| data.get("audience_id"))
                .and_then(Value::as_str);
            Ok(Some((id.unwrap_or_default().to_owned(), data)))
        }
        WebhookEvent::Message { id, state } => message(services, environment, id, *state).await,
    }
}

async fn message(
    services: &Services,
    environment: Environment,
    id: MessageId,
    state: MessageState,
) -> Result<Option<(String, Value)>> {
    let Some(mut row) = services.store.message(environment, &id).await? else {
        return Ok(None);
    };
    state.put_into(&mut row);
    let request = services.store.request(environment, &row.request_id).await?;
    let spec = request.and_then(|request| serde_json::from_str::<MessageSpec>(&request.spec).ok());
    let recipient_id = row
        .user_id
        .as_ref()
        .map_or_else(|| row.recipient.clone(), ToString::to_string);
    let mut data = serde_json::to_value(details(row)?).map_err(Error::internal)?;
    if let Some(fields) = data.as_object_mut() {
        fields.entry("recipientId").or_insert_with(|| json!(recipient_id));
        if let Some(spec) = spec.filter(|spec| !spec.metadata.utm.is_empty()) {
            fields.insert("utm".to_owned(), Value::Object(spec.metadata.utm));
        }
    }
    Ok(Some((id.into_string(), data)))
}
