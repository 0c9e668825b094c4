//! Telling that messages were accepted.

use tidings_store::webhooks::{MessageState, message_updated};
use tidings_store::{NewJob, NewMessage};
use tidings_types::{Environment, Status, Timestamp};

use crate::Services;

/// The jobs that tell of messages that are accepted, to be written with them; none when nobody listens. `accepted` is the
/// moment of the request, so that a page that is expanded twice tells of the same.
pub(crate) async fn enqueued(
    services: &Services,
    environment: Environment,
    messages: &[NewMessage],
    accepted: Timestamp,
) -> Vec<NewJob> {
    let Services { library, .. } = services;
    if messages.is_empty() || !library.anyone_listens(environment).await {
        return Vec::new();
    }
    let state = MessageState::new(Status::Enqueued);
    let word = state.status.as_str();
    let tell = |message: &NewMessage| message_updated(environment, &message.id, state.clone(), word, accepted);
    messages.iter().map(tell).collect()
}
