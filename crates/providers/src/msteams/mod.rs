//! Microsoft Teams: cards to a channel or chat through the address of a workflow or an incoming webhook.
//!
//! Facts from <https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using>.

use serde_json::{Value, json};
use tidings_types::rendered::ChatForm;
use tidings_types::{Address, Channel, Error, Object, Outcome, Result as SettingsResult, Settings};

use crate::settings::http_url;
use crate::shared::{answer, chat};
use crate::{AddressProblem, Call, Guard, Outgoing, Person, Provider, Reject, Response, Setting, Spec};

/// What it says of itself.
pub static SPEC: Spec = Spec {
    key: "msteams",
    name: "Microsoft Teams",
    description: "Cards in Microsoft Teams through the address of a workflow or an incoming webhook.",
    channel: Channel::DirectMessage,
    settings: &[Setting::optional(
        "webhook_url",
        "The address to post to for profiles that bring none of their own.",
    )
    .secret()],
    always_available: false,
    check: Some(check),
};

fn check(settings: &Settings) -> SettingsResult<()> {
    match settings.text("webhook_url") {
        Some(url) => http_url(&url)
            .map(drop)
            .map_err(|why| Error::invalid(format!("settings.webhook_url: {why}"))),
        None => Ok(()),
    }
}

/// The provider.
#[derive(Clone, Copy, Debug)]
pub struct MsTeams;

impl Provider for MsTeams {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }

    fn addresses(&self, person: &Person<'_>, settings: &Settings) -> Result<Vec<Address>, AddressProblem> {
        let address = chat::of_profile(person, "ms_teams")?;
        match chat::text(&address, "webhook_url") {
            Some(url) => chat::check_url(url, "ms_teams.webhook_url")?,
            None if settings.text("webhook_url").is_some() => {}
            None if address.is_empty() => {
                return Err(AddressProblem::Missing("the profile has no ms_teams".to_owned()));
            }
            None => {
                return Err(AddressProblem::Missing(
                    "the profile's ms_teams has no webhook_url; bots are not supported".to_owned(),
                ));
            }
        }
        Ok(vec![Address::Chat(address)])
    }

    fn request(&self, call: &Call<'_>) -> Result<Outgoing, Reject> {
        let (chat, address) = chat::parts(call, &SPEC)?;
        let own = chat::text(address, "webhook_url").map(|url| (url.to_owned(), Guard::Person));
        let account = call.settings.text("webhook_url").map(|url| (url, Guard::Operator));
        let Some((url, guard)) = own.or(account) else {
            return Err(Reject::Address("the profile's ms_teams has no webhook_url".to_owned()));
        };
        let mut body = Object::new();
        body.insert("type".to_owned(), "message".into());
        if chat.form == Some(ChatForm::Msteams) && !chat.payload.is_empty() {
            let card = json!({
                "contentType": "application/vnd.microsoft.card.adaptive",
                "contentUrl": null,
                "content": Value::Object(chat.payload.clone()),
            });
            body.insert("attachments".to_owned(), json!([card]));
        } else {
            body.insert("text".to_owned(), chat::words(chat).into());
        }
        Ok(Outgoing::Http(chat::post_to_hook(&url, guard, body)?))
    }

    /// Workflows answer 202, webhooks 200 with `1` or a sentence about what went wrong behind it.
    fn outcome(&self, response: &Response) -> Outcome {
        let body = String::from_utf8_lossy(&response.body);
        if response.status.is_success() {
            // "Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 429 ..".
            return match body.split_once("HTTP error ") {
                None => Outcome::accepted(None),
                Some((_, rest)) => behind(rest.get(..3).unwrap_or_default()),
            };
        }
        match response.status.as_u16() {
            // The address carries its own permission: where this one is refused, another one may work.
            401 | 403 | 404 | 410 => Outcome::AddressDead {
                error: answer::error(response, None),
            },
            _ => answer::by_status(response, None),
        }
    }
}

/// An error of Teams itself, told by the webhook in front of it.
fn behind(status: &str) -> Outcome {
    let error = format!("Teams answered the webhook with HTTP {status}");
    match status {
        "429" => Outcome::Retry { after_ms: None, error },
        "404" | "410" => Outcome::AddressDead { error },
        status if status.starts_with('5') => Outcome::ProviderDown {
            permanent: false,
            error,
        },
        _ => Outcome::Refused { error },
    }
}
