//! Webhook: an HTTP call to the application's own address, from the person's profile or from the account.

mod payload;
mod target;

use tidings_types::{Address, Channel, Outcome, Rendered, Settings};

use crate::shared::{answer, call};
use crate::{
    AddressProblem, Body, Call, Outgoing, OutgoingRequest, Person, Provider, Reject, Response, Setting, SettingKind,
    Spec,
};

/// What it says of itself.
pub static SPEC: Spec = Spec {
    key: "webhook",
    name: "Webhook",
    description: "JSON to an address of your own: one for all, or the one in each person's profile.",
    channel: Channel::Webhook,
    settings: &[
        Setting::optional(
            "url",
            "One address for all messages. Without it, each profile's `webhook.url` is called.",
        ),
        Setting::optional("method", "The HTTP method, unless the profile says otherwise.")
            .of_kind(SettingKind::Enum(&["POST", "PUT"])),
        Setting::optional("authentication", "How to authenticate at `url`.")
            .of_kind(SettingKind::Enum(&["none", "basic", "bearer"])),
        Setting::optional("username", "The user name for `basic`."),
        Setting::optional("password", "The password for `basic`.").secret(),
        Setting::optional("token", "The token for `bearer`.").secret(),
        Setting::optional(
            "profile",
            "Whether the payload carries the profile as sent, or as stored.",
        )
        .of_kind(SettingKind::Enum(&["limited", "expanded"])),
        Setting::optional(
            "base_url",
            "Profiles whose `webhook.url` is only a path are called under this address.",
        ),
    ],
    always_available: false,
    check: None,
};

/// The provider.
#[derive(Clone, Copy, Debug)]
pub struct Webhook;

impl Provider for Webhook {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }

    fn addresses(&self, person: &Person<'_>, settings: &Settings) -> Result<Vec<Address>, AddressProblem> {
        target::address(person.profile, settings).map(|address| vec![Address::Webhook(address)])
    }

    fn request(&self, call: &Call<'_>) -> Result<Outgoing, Reject> {
        let Rendered::Webhook(content) = call.rendered else {
            return Err(call::wrong_content(&SPEC));
        };
        let Address::Webhook(address) = call.address else {
            return Err(call::wrong_address(&SPEC));
        };
        let target = target::resolve(address, call.settings)?;
        let mut request = OutgoingRequest {
            method: target.method,
            url: target.url,
            headers: Vec::new(),
            body: Body::Json(payload::build(call, content, target.expanded)),
            guard: target.guard,
        };
        for (name, value) in target.headers {
            request.set_header(&name, value);
        }
        if let Some(authorization) = target.authorization {
            request.set_header("authorization", authorization);
        }
        request.set_header("idempotency-key", call.idempotency_key);
        Ok(Outgoing::Http(request))
    }

    /// The answer's words are not repeated: many endpoints echo the whole payload.
    fn outcome(&self, response: &Response) -> Outcome {
        if response.status.is_success() {
            Outcome::accepted(None)
        } else {
            answer::by_status(response, None)
        }
    }
}
