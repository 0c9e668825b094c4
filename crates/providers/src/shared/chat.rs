//! What chat providers share: their part of a profile, the message, and addresses that people bring themselves.

use http::Method;
use serde_json::Value;
use tidings_types::rendered::{Chat, ChatForm};
use tidings_types::{Address, Object, Rendered};
use url::Url;

use crate::settings::http_url;
use crate::shared::call;
use crate::{AddressProblem, Body, Call, Guard, OutgoingRequest, Person, Reject, Spec};

/// A profile's object for a provider; an absent one is empty.
pub(crate) fn of_profile(person: &Person<'_>, key: &str) -> Result<Object, AddressProblem> {
    match person.profile.get(key) {
        None | Some(Value::Null) => Ok(Object::new()),
        Some(Value::Object(object)) => Ok(object.clone()),
        Some(_) => Err(AddressProblem::Invalid(format!("{key}: must be an object"))),
    }
}

/// A text of an address that says something.
pub(crate) fn text<'a>(address: &'a Object, name: &str) -> Option<&'a str> {
    let text = address.get(name)?.as_str()?.trim();
    (!text.is_empty()).then_some(text)
}

/// Checks a web address that stands in a profile.
pub(crate) fn check_url(text: &str, name: &str) -> Result<(), AddressProblem> {
    http_url(text)
        .map(drop)
        .map_err(|why| AddressProblem::Invalid(format!("{name}: {why}")))
}

/// The message and the address of a call.
pub(crate) fn parts<'a>(call: &Call<'a>, spec: &Spec) -> Result<(&'a Chat, &'a Object), Reject> {
    let Rendered::DirectMessage(chat) = call.rendered else {
        return Err(call::wrong_content(spec));
    };
    match call.address {
        Address::Chat(address) => Ok((chat, address)),
        _ => Err(call::wrong_address(spec)),
    }
}

/// The message in a program's form; plain text under `name` if it was rendered in no form or another's.
pub(crate) fn payload(chat: &Chat, form: ChatForm, name: &str) -> Object {
    if chat.form == Some(form) && !chat.payload.is_empty() {
        return chat.payload.clone();
    }
    let mut payload = Object::new();
    payload.insert(name.to_owned(), words(chat).into());
    payload
}

/// Title and text.
pub(crate) fn words(chat: &Chat) -> String {
    format!("{}\n{}", chat.title, chat.text).trim().to_owned()
}

/// A call with a JSON body to a provider's own host.
pub(crate) fn post(url: Url, authorization: String, body: Object) -> OutgoingRequest {
    OutgoingRequest {
        method: Method::POST,
        url,
        headers: vec![("authorization".to_owned(), authorization)],
        body: Body::Json(Value::Object(body)),
        guard: Guard::Operator,
    }
}

/// A call with a JSON body to an address that is a secret by itself. One from a profile is guarded.
pub(crate) fn post_to_hook(text: &str, guard: Guard, body: Object) -> Result<OutgoingRequest, Reject> {
    let url = http_url(text).map_err(|why| Reject::Address(format!("the webhook's address: {why}")))?;
    Ok(OutgoingRequest {
        method: Method::POST,
        url,
        headers: Vec::new(),
        body: Body::Json(Value::Object(body)),
        guard,
    })
}
