//! Texts in the person's language: `t` and `intl`.

use std::borrow::Cow;

use serde_json::Value;

use super::{Arguments, Fail, Outcome, find, made};
use crate::argument::Argument;
use crate::message::{self, Message};

/// What `t` says when there are no texts for the person. The wording is what those who move here know.
const NO_TRANSLATIONS: &str = "translate helper: Could not find translations";

const UNREADABLE: &str = "is given a message that cannot be read";

/// The text of a key in the person's language, itself a message; a key without a text is its own text.
pub(super) fn translate<'e>(given: &mut Arguments<'e>) -> Outcome<'e> {
    let texts = given
        .env
        .options()
        .translations
        .ok_or_else(|| Fail::from(NO_TRANSLATIONS))?;
    let key = given.text(0);
    let text = texts.get(&key).unwrap_or(&key);
    if !text.contains(['{', '\'']) {
        return made(text);
    }
    match Message::parse(text) {
        Some(message) => print(&message, given),
        // Not meant as a message.
        None => made(text),
    }
}

/// A message with its values.
pub(super) fn message<'e>(given: &mut Arguments<'e>) -> Outcome<'e> {
    let text = given.text(0);
    let message = Message::parse(&text).ok_or_else(|| Fail::from(UNREADABLE))?;
    print(&message, given)
}

pub(super) fn refuse(given: &[Argument]) -> Option<&'static str> {
    let text = given.first()?.literal_text()?;
    Message::parse(text).is_none().then_some(UNREADABLE)
}

/// Prints a message: names are those given to the helper, else variables.
fn print<'e>(message: &Message, given: &Arguments<'e>) -> Outcome<'e> {
    let value = |name: &str| -> Result<Value, Fail> {
        if let Some(value) = given.named(name) {
            return Ok(value.clone());
        }
        // What is no path is no variable.
        Ok(find(given.env, name)
            .ok()
            .flatten()
            .map(Cow::into_owned)
            .unwrap_or_default())
    };
    let options = given.env.options();
    made(message.print(&message::Arguments {
        locale: options.locale,
        time_zone: options.time_zone,
        value: &value,
    })?)
}
