//! What every provider does: three pure functions and a description.

use tidings_types::{Address, Object, Outcome, Rendered, Settings, Timestamp};

use crate::{Distrust, Inbound, Outgoing, OutgoingRequest, Receipt, Response, Spec};

/// A provider. All of it is pure: the driver makes the call.
pub trait Provider: Send + Sync + 'static {
    /// What it says of itself.
    fn spec(&self) -> &'static Spec;

    /// Where it reaches a person, given an account's settings. Never empty when it is `Ok`.
    fn addresses(&self, person: &Person<'_>, settings: &Settings) -> Result<Vec<Address>, AddressProblem>;

    /// What must be asked before the message can be handed over, if anything: whose address this is, a channel to be
    /// opened. Asking again must change nothing.
    fn ask_first(&self, _call: &Call<'_>) -> Result<Option<OutgoingRequest>, Reject> {
        Ok(None)
    }

    /// The address that the answer to [`Self::ask_first`] gives.
    fn answered(&self, call: &Call<'_>, _response: &Response) -> Result<Address, Outcome> {
        Ok(call.address.clone())
    }

    /// What to do to hand one message over. The same call always gives the same answer.
    fn request(&self, call: &Call<'_>) -> Result<Outgoing, Reject>;

    /// What an HTTP answer means. Providers that do not speak HTTP are never asked.
    fn outcome(&self, response: &Response) -> Outcome;

    /// What a request that came in for an account tells of messages. None when this provider tells nothing here.
    fn receipts(&self, _inbound: &Inbound<'_>) -> Option<Result<Vec<Receipt>, Distrust>> {
        None
    }
}

/// A person as providers see them when looking for an address.
#[derive(Clone, Copy, Debug)]
pub struct Person<'a> {
    /// Their id, when they have one here.
    pub user_id: Option<&'a str>,
    /// Their profile: what is stored, with what the send gave laid over it.
    pub profile: &'a Object,
    /// Their active push tokens.
    pub tokens: &'a [PushToken],
    /// The region in which phone numbers without `+` are read, as an ISO 3166-1 code such as `US`.
    pub default_region: &'a str,
}

/// A device's push token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PushToken {
    /// The provider it belongs to.
    pub provider_key: String,
    /// The token.
    pub token: String,
}

/// Why a provider cannot reach a person. It closes this channel, never the send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AddressProblem {
    /// The profile has none. In words.
    Missing(String),
    /// The profile has one that cannot be one. In words.
    Invalid(String),
}

impl AddressProblem {
    /// The words.
    pub fn detail(&self) -> &str {
        match self {
            Self::Missing(detail) | Self::Invalid(detail) => detail,
        }
    }
}

/// One message for one address through one account.
#[derive(Clone, Copy, Debug)]
pub struct Call<'a> {
    /// The message in the channel's own form.
    pub rendered: &'a Rendered,
    /// Where it goes.
    pub address: &'a Address,
    /// The account's settings, in the clear.
    pub settings: &'a Settings,
    /// The same for every attempt to hand over this message to this address here.
    pub idempotency_key: &'a str,
    /// What the message is about.
    pub message: &'a CallContext<'a>,
    /// The present moment.
    pub now: Timestamp,
}

/// The message behind a call, for providers that pass on more than its content.
#[derive(Clone, Copy, Debug)]
pub struct CallContext<'a> {
    /// The message's id.
    pub message_id: &'a str,
    /// The event or template that caused it; empty for inline content.
    pub event: &'a str,
    /// The recipient's id.
    pub recipient: &'a str,
    /// The template's id, unless the content was inline.
    pub template: Option<&'a str>,
    /// What the send itself said of the person.
    pub given_profile: &'a Object,
    /// That, laid over what is stored.
    pub profile: &'a Object,
    /// The send's data.
    pub data: &'a Object,
}

/// Why a call is not made at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reject {
    /// The account cannot make it, and an operator must mend that.
    Account(String),
    /// The address cannot take it.
    Address(String),
    /// The message cannot go this way.
    Message(String),
}

impl From<Reject> for Outcome {
    fn from(reject: Reject) -> Self {
        match reject {
            Reject::Account(error) => Self::ProviderDown { permanent: true, error },
            Reject::Address(error) => Self::AddressDead { error },
            Reject::Message(error) => Self::Refused { error },
        }
    }
}
