//! Whom to call, and how: the account's own address, or the profile's `webhook` object.

use http::Method;
use serde_json::Value;
use tidings_types::{Object, Settings};
use url::Url;

use crate::settings::http_url;
use crate::shared::call;
use crate::{AddressProblem, Guard, Reject};

/// A resolved webhook.
pub(super) struct Target {
    pub(super) method: Method,
    pub(super) url: Url,
    pub(super) headers: Vec<(String, String)>,
    pub(super) authorization: Option<String>,
    pub(super) expanded: bool,
    pub(super) guard: Guard,
}

/// The address: the profile's `webhook` object, with the account's `url` when it has one.
pub(super) fn address(profile: &Object, settings: &Settings) -> Result<Object, AddressProblem> {
    let own = profile.get("webhook").and_then(Value::as_object);
    if let Some(url) = settings.text("url") {
        let mut address = Object::new();
        address.insert("url".to_owned(), url.into());
        return Ok(address);
    }
    let Some(own) = own else {
        return Err(AddressProblem::Missing("the profile has no webhook".to_owned()));
    };
    match own.get("url").and_then(Value::as_str) {
        None | Some("") => Err(AddressProblem::Missing("the profile's webhook has no url".to_owned())),
        Some(url) => {
            locate(url, settings).map_err(|why| AddressProblem::Invalid(format!("webhook.url: {why}")))?;
            method(own.get("method")).map_err(AddressProblem::Invalid)?;
            Ok(own.clone())
        }
    }
}

/// Everything needed to call an address made by [`address`].
pub(super) fn resolve(address: &Object, settings: &Settings) -> Result<Target, Reject> {
    let text = address.get("url").and_then(Value::as_str).unwrap_or_default();
    let chosen_by_operator = settings.text("url").is_some();
    let location = settings.text("url").unwrap_or_else(|| text.to_owned());
    let (url, guard) = locate(&location, settings).map_err(|why| Reject::Address(format!("webhook.url: {why}")))?;
    let guard = if chosen_by_operator { Guard::Operator } else { guard };
    let method = method(address.get("method").or(settings.get("method"))).map_err(Reject::Address)?;
    let headers = match address.get("headers").and_then(Value::as_object) {
        Some(headers) => headers
            .iter()
            .filter_map(|(name, value)| Some((name.clone(), call::plain_text(value)?)))
            .collect(),
        None => Vec::new(),
    };
    // The account's credentials go to the account's own address only.
    let authentication = if chosen_by_operator {
        None
    } else {
        address.get("authentication").and_then(Value::as_object)
    };
    let authorization = match (chosen_by_operator, authentication) {
        (true, _) => authorization(|name| settings.text(if name == "mode" { "authentication" } else { name })),
        (false, Some(own)) => authorization(|name| own.get(name).and_then(call::plain_text)),
        (false, None) => None,
    };
    let profile = address
        .get("profile")
        .and_then(Value::as_str)
        .map(str::to_owned)
        .or_else(|| settings.text("profile"));
    Ok(Target {
        method,
        url,
        headers,
        authorization,
        expanded: profile.as_deref() == Some("expanded"),
        guard,
    })
}

/// The address to call, and whether its host is the operator's: a mere path is one under the account's `base_url`.
fn locate(text: &str, settings: &Settings) -> Result<(Url, Guard), String> {
    let base = settings.text("base_url").filter(|_| text.starts_with('/'));
    let Some(base) = base else {
        return Ok((http_url(text)?, Guard::Person));
    };
    let base = http_url(&base)?;
    let url = base.join(text).map_err(|error| error.to_string())?;
    // `//host/path` starts with a slash too, and leads elsewhere.
    let guard = if url.origin() == base.origin() {
        Guard::Operator
    } else {
        Guard::Person
    };
    Ok((url, guard))
}

fn method(value: Option<&Value>) -> Result<Method, String> {
    match value.and_then(Value::as_str).map(str::to_ascii_uppercase).as_deref() {
        None | Some("" | "POST") => Ok(Method::POST),
        Some("PUT") => Ok(Method::PUT),
        Some(_) => Err("webhook.method: must be POST or PUT".to_owned()),
    }
}

/// The header, when all that it needs is there.
fn authorization(field: impl Fn(&str) -> Option<String>) -> Option<String> {
    match field("mode")?.as_str() {
        "basic" => Some(call::basic(&field("username").unwrap_or_default(), &field("password")?)),
        "bearer" => Some(format!("Bearer {}", field("token")?)),
        _ => None,
    }
}
