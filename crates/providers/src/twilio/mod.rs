//! Twilio: text messages over `POST /2010-04-01/Accounts/{SID}/Messages.json`.
//!
//! Facts from <https://www.twilio.com/docs/messaging/api/message-resource> and <https://www.twilio.com/docs/api/errors>.

mod error;
mod status;

use http::Method;
use tidings_types::{Address, Channel, Error, Object, Outcome, Rendered, Result as SettingsResult, Settings};

use crate::shared::address::phone_addresses;
use crate::shared::call;
use crate::{
    AddressProblem, Body, Call, Distrust, Guard, Inbound, Outgoing, OutgoingRequest, Person, Provider, Receipt, Reject,
    Response, Setting, Spec,
};

/// What it says of itself.
pub static SPEC: Spec = Spec {
    key: "twilio",
    name: "Twilio",
    description: "Text messages through Twilio Programmable Messaging.",
    channel: Channel::Sms,
    settings: &[
        Setting::required("account_sid", "The account's SID, `AC..`."),
        Setting::required("auth_token", "The account's auth token.").secret(),
        Setting::optional(
            "messaging_service_sid",
            "The messaging service that picks the sender, `MG..`. This or `from`.",
        ),
        Setting::optional(
            "from",
            "The sending number or sender id. This or `messaging_service_sid`.",
        ),
        Setting::optional(
            "url",
            "The whole address to post to, if it is not the account's messages under the base.",
        ),
        Setting::optional(
            "status_callback",
            "Where Twilio reports what became of a message, if it is not this server.",
        ),
        Setting::BASE_URL,
    ],
    always_available: false,
    check: Some(check),
};

fn check(settings: &Settings) -> SettingsResult<()> {
    if settings.text("messaging_service_sid").is_none() && settings.text("from").is_none() {
        return Err(Error::invalid(
            "settings.from: Required, unless there is a messaging_service_sid",
        ));
    }
    Ok(())
}

/// The provider.
#[derive(Clone, Copy, Debug)]
pub struct Twilio;

/// Reads an answer of Twilio that is not success, for its other channels too.
pub(crate) fn failure(response: &Response) -> Outcome {
    error::outcome(response)
}

impl Provider for Twilio {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }

    fn addresses(&self, person: &Person<'_>, _settings: &Settings) -> Result<Vec<Address>, AddressProblem> {
        phone_addresses(person)
    }

    fn request(&self, call: &Call<'_>) -> Result<Outgoing, Reject> {
        let Rendered::Sms(sms) = call.rendered else {
            return Err(call::wrong_content(&SPEC));
        };
        let Address::Phone(to) = call.address else {
            return Err(call::wrong_address(&SPEC));
        };
        let sid = call::setting(call.settings, "account_sid")?;
        let path = ["2010-04-01", "Accounts", &sid, "Messages.json"];
        let url = call::endpoint(call.settings, "https://api.twilio.com", &path)?;
        let mut form = vec![("To".to_owned(), to.clone()), ("Body".to_owned(), sms.body.clone())];
        match (call.settings.text("messaging_service_sid"), call.settings.text("from")) {
            (Some(service), _) => form.push(("MessagingServiceSid".to_owned(), service)),
            (None, Some(from)) => form.push(("From".to_owned(), from)),
            (None, None) => return Err(Reject::Account("twilio needs messaging_service_sid or from".to_owned())),
        }
        if let Some(callback) = call.settings.text("status_callback") {
            form.push((
                "StatusCallback".to_owned(),
                status::callback(&callback, call.message.message_id),
            ));
        }
        let authorization = call::basic(&sid, &call::setting(call.settings, "auth_token")?);
        Ok(Outgoing::Http(OutgoingRequest {
            method: Method::POST,
            url,
            headers: vec![("authorization".to_owned(), authorization)],
            body: Body::Form(form),
            guard: Guard::Operator,
        }))
    }

    fn receipts(&self, inbound: &Inbound<'_>) -> Option<Result<Vec<Receipt>, Distrust>> {
        Some(status::read(inbound))
    }

    fn outcome(&self, response: &Response) -> Outcome {
        if !response.status.is_success() {
            return error::outcome(response);
        }
        let json = response.json();
        let Some(sid) = json.get("sid").and_then(|sid| sid.as_str()) else {
            return Outcome::Unknown {
                error: "twilio answered with success but without a message SID".to_owned(),
            };
        };
        let mut reference = Object::new();
        reference.insert("sid".to_owned(), sid.into());
        Outcome::Accepted {
            id: Some(sid.to_owned()),
            reference,
        }
    }
}
