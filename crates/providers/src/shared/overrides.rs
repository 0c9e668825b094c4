//! What a send changes about one provider's call: `providers.<key>.override`.

mod mail;
mod merge;

use std::borrow::Cow;

use http::Method;
use serde_json::Value;
use tidings_types::{Object, Rendered, Settings};

use self::merge::{merge_body, text};
use super::call::plain_text;
use crate::settings::http_url;
use crate::{Call, Guard, Outgoing, OutgoingRequest, Provider, Reject, Spec};

/// Keys of an override with a meaning of their own; all others are settings or parts of the body.
const RESERVED: [&str; 6] = ["body", "config", "headers", "method", "url", "attachments"];

/// What is to be done for a call once its override is applied.
///
/// - `config` and other keys that name a setting replace the account's for this call, in camel or snake case;
/// - `body`, and what names no setting, is merged into the body; for SMTP its keys are those of the mail;
/// - `headers`, `method` and `url` replace those of the HTTP call; for SMTP, `headers` are the mail's;
/// - `attachments` are added to a mail.
///
/// An override that leads to another host is not the operator's word: that host is guarded, and the account's own
/// secrets stay behind.
pub fn prepare(provider: &dyn Provider, call: &Call<'_>, overrides: &Object) -> Result<Outgoing, Reject> {
    if overrides.is_empty() {
        return provider.request(call);
    }
    let parts = Parts::of(provider.spec(), overrides);
    let rendered = match call.rendered {
        Rendered::Email(mail) => Cow::Owned(Rendered::Email(mail::edit(mail, overrides, &parts, provider.spec())?)),
        other => Cow::Borrowed(other),
    };
    let call = Call {
        rendered: &rendered,
        ..*call
    };
    let build = |settings: &Settings| {
        let outgoing = provider.request(&Call { settings, ..call }).map_err(as_refusal)?;
        apply(outgoing, overrides, &parts)
    };
    let mut settings = call.settings.clone();
    for (name, value) in &parts.settings {
        settings.set(*name, value.clone());
    }
    let usual = provider.request(&call);
    if parts.settings.is_empty() {
        // Nothing of the account is replaced, so what it lacks is the account's fault, not the send's.
        usual.clone()?;
    }
    let outgoing = build(&settings)?;
    if usual.is_ok_and(|usual| destination(&usual) == destination(&outgoing)) {
        return Ok(outgoing);
    }
    for secret in provider
        .spec()
        .secrets()
        .filter(|secret| !parts.settings.iter().any(|(name, _)| name == secret))
    {
        settings.set(secret, Value::Null);
    }
    let outgoing = build(&settings).map_err(|reject| match reject {
        Reject::Message(why) => Reject::Message(format!(
            "an override that leads to another host must bring its own credentials: {why}"
        )),
        other => other,
    })?;
    Ok(guarded(outgoing))
}

/// An override, sorted.
struct Parts {
    settings: Vec<(&'static str, Value)>,
    /// What names no setting.
    others: Object,
    /// What stands under `body`.
    body: Object,
}

impl Parts {
    fn of(spec: &Spec, overrides: &Object) -> Self {
        let mut parts = Self {
            settings: Vec::new(),
            others: Object::new(),
            body: Object::new(),
        };
        if let Some(Value::Object(config)) = overrides.get("config") {
            for (name, value) in config {
                parts.take_setting(spec, name, value);
            }
        }
        for (name, value) in overrides.iter().filter(|(name, _)| !RESERVED.contains(&name.as_str())) {
            if !parts.take_setting(spec, name, value) {
                parts.others.insert(name.clone(), value.clone());
            }
        }
        if let Some(Value::Object(body)) = overrides.get("body") {
            parts.body.clone_from(body);
        }
        parts
    }

    /// Takes a setting if the name is one: `apiKey`, `api_key` and `APIKEY` are the same.
    fn take_setting(&mut self, spec: &Spec, name: &str, value: &Value) -> bool {
        if let (true, Value::Object(auth)) = (name == "auth", value) {
            for (theirs, ours) in [("user", "username"), ("pass", "password")] {
                if let (Some(setting), Some(value)) = (spec.setting(ours), auth.get(theirs)) {
                    self.settings.push((setting.name, value.clone()));
                }
            }
            return true;
        }
        let known = spec.settings.iter().find(|setting| fold(setting.name) == fold(name));
        if let Some(setting) = known {
            self.settings.push((setting.name, value.clone()));
        }
        known.is_some()
    }
}

fn fold(name: &str) -> String {
    name.chars()
        .filter(|letter| !matches!(letter, '_' | '-'))
        .flat_map(char::to_lowercase)
        .collect()
}

/// Applies what is left once the provider has written its call.
fn apply(outgoing: Outgoing, overrides: &Object, parts: &Parts) -> Result<Outgoing, Reject> {
    let Outgoing::Http(mut request) = outgoing else {
        return Ok(outgoing);
    };
    if let Some(url) = text(overrides, "url")? {
        request.url = http_url(url).map_err(|why| Reject::Message(format!("override.url: {why}")))?;
    }
    if let Some(method) = text(overrides, "method")? {
        request.method = method_of(method)?;
    }
    if let Some(Value::Object(headers)) = overrides.get("headers") {
        for (name, value) in headers {
            set_header(&mut request, name, value);
        }
    }
    merge_body(&mut request.body, &parts.others);
    merge_body(&mut request.body, &parts.body);
    Ok(Outgoing::Http(request))
}

fn set_header(request: &mut OutgoingRequest, name: &str, value: &Value) {
    match plain_text(value) {
        Some(value) => request.set_header(name, value),
        None => request
            .headers
            .retain(|(existing, _)| !existing.eq_ignore_ascii_case(name)),
    }
}

fn method_of(text: &str) -> Result<Method, Reject> {
    match text.to_ascii_uppercase().as_str() {
        "POST" => Ok(Method::POST),
        "PUT" => Ok(Method::PUT),
        "PATCH" => Ok(Method::PATCH),
        _ => Err(Reject::Message(
            "override.method: must be POST, PUT or PATCH".to_owned(),
        )),
    }
}

/// A setting that is missing under an override is the send's fault: other messages pass.
fn as_refusal(reject: Reject) -> Reject {
    match reject {
        Reject::Account(why) => Reject::Message(why),
        other => other,
    }
}

/// The host a call leads to.
fn destination(outgoing: &Outgoing) -> String {
    match outgoing {
        Outgoing::Http(request) => request.url.origin().ascii_serialization(),
        Outgoing::Smtp(submission) => format!("smtp://{}:{}", submission.host.to_ascii_lowercase(), submission.port),
        Outgoing::Feed => String::new(),
    }
}

fn guarded(mut outgoing: Outgoing) -> Outgoing {
    match &mut outgoing {
        Outgoing::Http(request) => request.guard = Guard::Person,
        Outgoing::Smtp(submission) => submission.guard = Guard::Person,
        Outgoing::Feed => {}
    }
    outgoing
}
