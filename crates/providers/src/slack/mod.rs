//! Slack: messages through `chat.postMessage` with a bot's token, or to an incoming webhook.
//!
//! Facts from <https://docs.slack.dev/reference/methods/chat.postMessage>,
//! <https://docs.slack.dev/reference/methods/users.lookupByEmail> and
//! <https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks>.

mod answer;

use http::Method;
use tidings_types::rendered::ChatForm;
use tidings_types::{Address, Channel, Object, Outcome, Settings};

use crate::shared::{call, chat};
use crate::{
    AddressProblem, Body, Call, Guard, Outgoing, OutgoingRequest, Person, Provider, Reject, Response, Setting, Spec,
};

/// Where Slack's methods are.
const API: &str = "https://slack.com";

/// What it says of itself.
pub static SPEC: Spec = Spec {
    key: "slack",
    name: "Slack",
    description: "Messages to people and channels in Slack, by a bot or an incoming webhook.",
    channel: Channel::DirectMessage,
    settings: &[
        Setting::optional(
            "access_token",
            "The bot's token, `xoxb-..`, for profiles that bring none of their own.",
        )
        .secret(),
        Setting::BASE_URL,
    ],
    always_available: false,
    check: None,
};

/// The provider.
#[derive(Clone, Copy, Debug)]
pub struct Slack;

/// How a message reaches somebody.
enum Way<'a> {
    /// To a channel or a person, by the bot.
    Bot { token: String, to: &'a str },
    /// To the person with a mail address, who must be looked up first.
    Email { token: String, email: &'a str },
    /// To an address that Slack gave for one channel.
    Hook(&'a str),
}

/// The way for the profile's `slack` object. `channel` goes before `user_id`, that before `email`, and a bot's token
/// before an incoming webhook.
fn way<'a>(address: &'a Object, settings: &Settings) -> Option<Way<'a>> {
    let token = chat::text(address, "access_token").map(str::to_owned);
    if let Some(token) = token.or_else(|| settings.text("access_token")) {
        let to = chat::text(address, "channel").or_else(|| chat::text(address, "user_id"));
        if let Some(to) = to {
            return Some(Way::Bot { token, to });
        }
        if let Some(email) = chat::text(address, "email") {
            return Some(Way::Email { token, email });
        }
    }
    let hook = address.get("incoming_webhook").and_then(|hook| hook.as_object());
    let hook = hook.and_then(|hook| chat::text(hook, "url"));
    hook.or_else(|| chat::text(address, "response_url")).map(Way::Hook)
}

impl Provider for Slack {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }

    fn addresses(&self, person: &Person<'_>, settings: &Settings) -> Result<Vec<Address>, AddressProblem> {
        let mut address = chat::of_profile(person, "slack")?;
        if address.is_empty() {
            return Err(AddressProblem::Missing("the profile has no slack".to_owned()));
        }
        // A token alone is enough when the person's mail address is known: Slack finds them by it.
        let aims = ["channel", "user_id", "email", "incoming_webhook", "response_url"];
        let own_email = person.profile.get("email").filter(|email| email.is_string());
        if let (false, Some(email)) = (aims.iter().any(|aim| address.contains_key(*aim)), own_email) {
            address.insert("email".to_owned(), email.clone());
        }
        match way(&address, settings) {
            Some(Way::Hook(url)) => chat::check_url(url, "slack")?,
            Some(Way::Bot { .. } | Way::Email { .. }) => {}
            None => {
                return Err(AddressProblem::Missing(
                    "the profile's slack needs an access_token with a channel, user_id or email, or an incoming_webhook"
                        .to_owned(),
                ));
            }
        }
        Ok(vec![Address::Chat(address)])
    }

    fn ask_first(&self, call: &Call<'_>) -> Result<Option<OutgoingRequest>, Reject> {
        let (_, address) = chat::parts(call, &SPEC)?;
        let Some(Way::Email { token, email }) = way(address, call.settings) else {
            return Ok(None);
        };
        let mut url = call::endpoint(call.settings, API, &["api", "users.lookupByEmail"])?;
        url.query_pairs_mut().append_pair("email", email);
        Ok(Some(OutgoingRequest {
            method: Method::GET,
            url,
            headers: vec![("authorization".to_owned(), format!("Bearer {token}"))],
            body: Body::Form(Vec::new()),
            guard: Guard::Operator,
        }))
    }

    fn answered(&self, call: &Call<'_>, response: &Response) -> Result<Address, Outcome> {
        let json = response.json();
        let id = json.pointer("/user/id").and_then(|id| id.as_str());
        match (id, call.address) {
            (Some(id), Address::Chat(address)) => {
                let mut address = address.clone();
                address.insert("user_id".to_owned(), id.into());
                Ok(Address::Chat(address))
            }
            _ => Err(answer::failure(response)),
        }
    }

    fn request(&self, call: &Call<'_>) -> Result<Outgoing, Reject> {
        let (chat, address) = chat::parts(call, &SPEC)?;
        let mut body = chat::payload(chat, ChatForm::Slack, "text");
        let request = match way(address, call.settings) {
            Some(Way::Bot { token, to }) => {
                // Overrides turn a new message into a change of an earlier one, or one for later.
                let method = if body.contains_key("ts") {
                    "chat.update"
                } else if body.contains_key("post_at") {
                    "chat.scheduleMessage"
                } else {
                    "chat.postMessage"
                };
                body.entry("channel").or_insert_with(|| to.into());
                let url = call::endpoint(call.settings, API, &["api", method])?;
                chat::post(url, format!("Bearer {token}"), body)
            }
            Some(Way::Email { .. }) => {
                return Err(Reject::Address("the person was not looked up in Slack".to_owned()));
            }
            Some(Way::Hook(url)) => chat::post_to_hook(url, Guard::Person, body)?,
            None => return Err(Reject::Address("the profile's slack leads nowhere".to_owned())),
        };
        Ok(Outgoing::Http(request))
    }

    fn outcome(&self, response: &Response) -> Outcome {
        answer::outcome(response)
    }
}
