//! The in-app feed: always there for people with an id, and stored rather than called.

use tidings_types::{Address, Channel, Outcome, Settings};

use crate::{AddressProblem, Call, Outgoing, Person, Provider, Reject, Response, Spec};

/// What it says of itself.
pub static SPEC: Spec = Spec {
    key: "inbox",
    name: "Inbox",
    description: "The in-app feed of this program. It needs no account.",
    channel: Channel::Inbox,
    settings: &[],
    always_available: true,
    check: None,
};

/// The provider.
#[derive(Clone, Copy, Debug)]
pub struct Inbox;

impl Provider for Inbox {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }

    fn addresses(&self, person: &Person<'_>, _settings: &Settings) -> Result<Vec<Address>, AddressProblem> {
        match person.user_id {
            Some(id) if !id.is_empty() => Ok(vec![Address::User(id.to_owned())]),
            _ => Err(AddressProblem::Missing(
                "the in-app feed needs a recipient with a user_id".to_owned(),
            )),
        }
    }

    fn request(&self, _call: &Call<'_>) -> Result<Outgoing, Reject> {
        Ok(Outgoing::Feed)
    }

    fn outcome(&self, _response: &Response) -> Outcome {
        Outcome::Refused {
            error: "the in-app feed makes no HTTP calls".to_owned(),
        }
    }
}
