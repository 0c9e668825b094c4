//! Discord: messages to channels and people by a bot, or to a webhook.
//!
//! Facts from <https://discord.com/developers/docs/resources/message#create-message>,
//! <https://discord.com/developers/docs/resources/user#create-dm>,
//! <https://discord.com/developers/docs/resources/webhook#execute-webhook> and
//! <https://discord.com/developers/docs/topics/rate-limits>.

mod answer;

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tidings_types::rendered::ChatForm;
use tidings_types::{Address, Channel, Object, Outcome, Settings};

use crate::shared::{call, chat};
use crate::{
    AddressProblem, Call, Guard, Outgoing, OutgoingRequest, Person, Provider, Reject, Response, Setting, Spec,
};

/// Where the API is.
const API: &str = "https://discord.com";
/// The longest nonce, in characters.
const NONCE: usize = 25;

/// What it says of itself.
pub static SPEC: Spec = Spec {
    key: "discord",
    name: "Discord",
    description: "Messages to channels and people in Discord, by a bot or a webhook.",
    channel: Channel::DirectMessage,
    settings: &[
        Setting::optional(
            "bot_token",
            "The bot's token, for profiles with a channel_id or user_id.",
        )
        .secret(),
        Setting::BASE_URL,
    ],
    always_available: false,
    check: None,
};

/// The provider.
#[derive(Clone, Copy, Debug)]
pub struct Discord;

fn authorization(call: &Call<'_>) -> Result<String, Reject> {
    Ok(format!("Bot {}", call::setting(call.settings, "bot_token")?))
}

impl Provider for Discord {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }

    fn addresses(&self, person: &Person<'_>, settings: &Settings) -> Result<Vec<Address>, AddressProblem> {
        let address = chat::of_profile(person, "discord")?;
        let by_bot = ["channel_id", "user_id"]
            .iter()
            .any(|name| chat::text(&address, name).is_some());
        match chat::text(&address, "webhook_url") {
            _ if by_bot && settings.text("bot_token").is_some() => {}
            Some(url) => chat::check_url(url, "discord.webhook_url")?,
            None if by_bot => {
                return Err(AddressProblem::Missing(
                    "the account has no bot_token, which the profile's discord needs".to_owned(),
                ));
            }
            None if address.is_empty() => {
                return Err(AddressProblem::Missing("the profile has no discord".to_owned()));
            }
            None => {
                return Err(AddressProblem::Missing(
                    "the profile's discord has no channel_id, user_id or webhook_url".to_owned(),
                ));
            }
        }
        Ok(vec![Address::Chat(address)])
    }

    /// A direct message needs a channel with the person; opening it again gives the same one.
    fn ask_first(&self, call: &Call<'_>) -> Result<Option<OutgoingRequest>, Reject> {
        let (_, address) = chat::parts(call, &SPEC)?;
        let user = chat::text(address, "user_id").filter(|_| call.settings.text("bot_token").is_some());
        let (None, Some(user)) = (chat::text(address, "channel_id"), user) else {
            return Ok(None);
        };
        let mut body = Object::new();
        body.insert("recipient_id".to_owned(), user.into());
        let url = call::endpoint(call.settings, API, &["api", "v10", "users", "@me", "channels"])?;
        Ok(Some(chat::post(url, authorization(call)?, body)))
    }

    fn answered(&self, call: &Call<'_>, response: &Response) -> Result<Address, Outcome> {
        let json = response.json();
        let id = json.get("id").and_then(Value::as_str);
        match (id, call.address) {
            (Some(id), Address::Chat(address)) if response.status.is_success() => {
                let mut address = address.clone();
                address.insert("channel_id".to_owned(), id.into());
                Ok(Address::Chat(address))
            }
            _ => Err(answer::failure(response)),
        }
    }

    fn request(&self, call: &Call<'_>) -> Result<Outgoing, Reject> {
        let (chat, address) = chat::parts(call, &SPEC)?;
        let mut body = chat::payload(chat, ChatForm::Discord, "content");
        // The older spelling, which overrides still have.
        if let Some(embed) = body.remove("embed") {
            body.insert("embeds".to_owned(), json!([embed]));
        }
        let has_bot = call.settings.text("bot_token").is_some();
        if let Some(channel) = chat::text(address, "channel_id").filter(|_| has_bot) {
            // Within minutes, a message with the same nonce is not made twice.
            let digest = hex::encode(Sha256::digest(call.idempotency_key.as_bytes()));
            body.insert("nonce".to_owned(), digest.get(..NONCE).unwrap_or_default().into());
            body.insert("enforce_nonce".to_owned(), true.into());
            let url = call::endpoint(call.settings, API, &["api", "v10", "channels", channel, "messages"])?;
            return Ok(Outgoing::Http(chat::post(url, authorization(call)?, body)));
        }
        let Some(hook) = chat::text(address, "webhook_url") else {
            return Err(Reject::Address("the profile's discord leads nowhere".to_owned()));
        };
        let mut request = chat::post_to_hook(hook, Guard::Person, body)?;
        // Discord then answers with the message, and shows the buttons.
        request
            .url
            .query_pairs_mut()
            .append_pair("wait", "true")
            .append_pair("with_components", "true");
        Ok(Outgoing::Http(request))
    }

    fn outcome(&self, response: &Response) -> Outcome {
        answer::outcome(response)
    }
}
