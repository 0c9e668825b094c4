//! `WhatsApp`, through Twilio or through Meta's Cloud API.
//!
//! Facts from <https://www.twilio.com/docs/whatsapp/api> and
//! <https://developers.facebook.com/docs/whatsapp/cloud-api/guides/send-messages>.

mod meta;
mod twilio;

use tidings_types::rendered::{Chat, ChatForm};
use tidings_types::{Address, Channel, Error, Outcome, Rendered, Result as SettingsResult, Settings};

use crate::shared::address::phone_addresses;
use crate::shared::{call, chat};
use crate::{AddressProblem, Call, Outgoing, Person, Provider, Reject, Response, Setting, Spec};

/// What it says of itself.
pub static SPEC: Spec = Spec {
    key: "whatsapp",
    name: "WhatsApp",
    description: "WhatsApp messages through Twilio or Meta's Cloud API.",
    channel: Channel::DirectMessage,
    settings: &[
        Setting::optional("account_sid", "Twilio: the account's SID, `AC..`."),
        Setting::optional("auth_token", "Twilio: the account's auth token.").secret(),
        Setting::optional("from", "Twilio: the sending number, in E.164 form."),
        Setting::optional("phone_number_id", "Meta: the id of the sending number."),
        Setting::optional("access_token", "Meta: a token that may send messages.").secret(),
        Setting::BASE_URL,
    ],
    always_available: false,
    check: Some(check),
};

/// Whose API an account uses.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Carrier {
    Twilio,
    Meta,
}

fn carrier(settings: &Settings) -> Carrier {
    if settings.text("account_sid").is_some() {
        Carrier::Twilio
    } else {
        Carrier::Meta
    }
}

fn check(settings: &Settings) -> SettingsResult<()> {
    let (needed, others): (&[&str], &[&str]) = match carrier(settings) {
        Carrier::Twilio => (&["auth_token", "from"], &["phone_number_id", "access_token"]),
        Carrier::Meta => (&["phone_number_id", "access_token"], &["auth_token", "from"]),
    };
    if let Some(missing) = needed.iter().find(|name| settings.text(name).is_none()) {
        return Err(Error::invalid(format!(
            "settings.{missing}: Required; an account has account_sid, auth_token and from (Twilio), or phone_number_id \
             and access_token (Meta)"
        )));
    }
    if let Some(other) = others.iter().find(|name| settings.text(name).is_some()) {
        return Err(Error::invalid(format!(
            "settings.{other}: an account is Twilio's or Meta's, not both"
        )));
    }
    Ok(())
}

/// The provider.
#[derive(Clone, Copy, Debug)]
pub struct WhatsApp;

/// The text with `WhatsApp`'s marks.
fn text(chat: &Chat) -> String {
    let payload = chat::payload(chat, ChatForm::Whatsapp, "text");
    chat::text(&payload, "text").unwrap_or_default().to_owned()
}

impl Provider for WhatsApp {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }

    fn addresses(&self, person: &Person<'_>, _settings: &Settings) -> Result<Vec<Address>, AddressProblem> {
        phone_addresses(person)
    }

    fn request(&self, call: &Call<'_>) -> Result<Outgoing, Reject> {
        let Rendered::DirectMessage(chat) = call.rendered else {
            return Err(call::wrong_content(&SPEC));
        };
        let Address::Phone(to) = call.address else {
            return Err(call::wrong_address(&SPEC));
        };
        let request = match carrier(call.settings) {
            Carrier::Twilio => twilio::request(call, chat, to)?,
            Carrier::Meta => meta::request(call, chat, to)?,
        };
        Ok(Outgoing::Http(request))
    }

    fn outcome(&self, response: &Response) -> Outcome {
        let json = response.json();
        if json.get("messages").is_some() || json.get("error").is_some_and(serde_json::Value::is_object) {
            meta::outcome(response)
        } else {
            twilio::outcome(response)
        }
    }
}
