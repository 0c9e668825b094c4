//! Small steps many providers take while writing a request.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use tidings_types::rendered::{Email, Mailbox};
use tidings_types::{Address, Settings};
use url::Url;

use crate::settings::http_url;
use crate::shared::address::parse_email;
use crate::{Call, Reject, Spec};

/// A required setting.
pub(crate) fn setting(settings: &Settings, name: &str) -> Result<String, Reject> {
    settings
        .text(name)
        .ok_or_else(|| Reject::Account(format!("the setting {name} is missing")))
}

/// Where to call: the account's `url` if it has one, else a path under its `base_url` or under the provider's usual
/// address. Segments are escaped.
pub(crate) fn endpoint(settings: &Settings, usual: &str, segments: &[&str]) -> Result<Url, Reject> {
    if let Some(whole) = settings.text("url") {
        return url(&whole);
    }
    let mut url = url(settings.text("base_url").as_deref().unwrap_or(usual))?;
    url.path_segments_mut()
        .map_err(|()| Reject::Account("base_url cannot have a path".to_owned()))?
        .pop_if_empty()
        .extend(segments);
    Ok(url)
}

/// An address from an account's settings.
fn url(text: &str) -> Result<Url, Reject> {
    http_url(text).map_err(|why| Reject::Account(format!("the URL to call: {why}")))
}

/// `Basic` credentials (RFC 7617).
pub(crate) fn basic(user: &str, password: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{user}:{password}")))
}

/// Text, a number or a boolean as text; nothing for the rest.
pub(crate) fn plain_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}

/// Who a mail comes from: what the content says, else the account's sender.
pub(crate) fn mail_sender(call: &Call<'_>, mail: &Email) -> Result<Mailbox, Reject> {
    let Some(from) = &mail.from else {
        let email = setting(call.settings, "from_address")?;
        return Ok(Mailbox {
            email,
            name: call.settings.text("from_name"),
        });
    };
    let email = parse_email(&from.email).map_err(|why| Reject::Message(format!("from: {why}")))?;
    Ok(Mailbox {
        email,
        name: from.name.clone(),
    })
}

/// Who a mail goes to.
pub(crate) fn mail_recipient(call: &Call<'_>) -> Result<Mailbox, Reject> {
    match call.address {
        Address::Email { email, name } => Ok(Mailbox {
            email: email.clone(),
            name: name.clone(),
        }),
        _ => Err(Reject::Message("a mail needs a mail address".to_owned())),
    }
}

/// The message was rendered for another channel.
pub(crate) fn wrong_content(spec: &Spec) -> Reject {
    Reject::Message(format!("{} carries {} messages only", spec.key, spec.channel))
}

/// The address belongs to another channel.
pub(crate) fn wrong_address(spec: &Spec) -> Reject {
    Reject::Message(format!("{} cannot reach an address of another channel", spec.key))
}
