//! SendGrid: mail over `POST /v3/mail/send`.
//!
//! Facts from <https://www.twilio.com/docs/sendgrid/api-reference/mail-send/mail-send>.

mod body;
mod events;

use http::Method;
use tidings_types::{Address, Channel, Object, Outcome, Rendered, Settings};

use crate::shared::address::{check_from_address, email_addresses};
use crate::shared::{answer, call};
use crate::{
    AddressProblem, Body, Call, Distrust, Guard, Inbound, Outgoing, OutgoingRequest, Person, Provider, Receipt, Reject,
    Response, Setting, Spec,
};

/// What it says of itself.
pub static SPEC: Spec = Spec {
    key: "sendgrid",
    name: "SendGrid",
    description: "Mail through Twilio SendGrid's Mail Send API.",
    channel: Channel::Email,
    settings: &[
        Setting::required("api_key", "An API key with the right to send mail.").secret(),
        Setting::required("from_address", "The sender's address, verified with SendGrid."),
        Setting::optional("from_name", "The sender's name."),
        Setting::optional("ip_pool_name", "The pool of IP addresses to send from."),
        Setting::optional(
            "url",
            "The whole address to post to, if it is not `/v3/mail/send` under the base.",
        ),
        Setting::optional(
            "webhook_public_key",
            "The verification key of the signed event webhook; with it, what SendGrid reports to us is believed.",
        ),
        Setting::BASE_URL,
    ],
    always_available: false,
    check: Some(check_from_address),
};

/// The provider.
#[derive(Clone, Copy, Debug)]
pub struct SendGrid;

impl Provider for SendGrid {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }

    fn addresses(&self, person: &Person<'_>, _settings: &Settings) -> Result<Vec<Address>, AddressProblem> {
        email_addresses(person)
    }

    fn request(&self, call: &Call<'_>) -> Result<Outgoing, Reject> {
        let Rendered::Email(mail) = call.rendered else {
            return Err(call::wrong_content(&SPEC));
        };
        let url = call::endpoint(call.settings, "https://api.sendgrid.com", &["v3", "mail", "send"])?;
        let api_key = call::setting(call.settings, "api_key")?;
        Ok(Outgoing::Http(OutgoingRequest {
            method: Method::POST,
            url,
            headers: vec![("authorization".to_owned(), format!("Bearer {api_key}"))],
            body: Body::Json(body::mail_send(call, mail)?),
            guard: Guard::Operator,
        }))
    }

    fn receipts(&self, inbound: &Inbound<'_>) -> Option<Result<Vec<Receipt>, Distrust>> {
        Some(events::read(inbound))
    }

    fn outcome(&self, response: &Response) -> Outcome {
        if response.status.is_success() {
            let id = response.header("x-message-id").map(str::to_owned);
            let mut reference = Object::new();
            if let Some(id) = &id {
                reference.insert("x-message-id".to_owned(), id.as_str().into());
            }
            return Outcome::Accepted { id, reference };
        }
        // {"errors": [{"message": "..", "field": "..", "help": ".."}]}
        let json = response.json();
        let first = json.pointer("/errors/0");
        let text = |name: &str| first.and_then(|error| error.get(name)).and_then(|value| value.as_str());
        let words = text("message").map(str::to_owned);
        let field = text("field").unwrap_or_default();
        if response.status == 400 && field.starts_with("personalizations") && field.contains(".to") {
            return Outcome::AddressDead {
                error: answer::error(response, words),
            };
        }
        answer::by_status(response, words)
    }
}
