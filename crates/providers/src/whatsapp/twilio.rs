//! Twilio's side: text messages to `whatsapp:+..` addresses.

use http::Method;
use serde_json::Value;
use tidings_types::rendered::Chat;
use tidings_types::{Object, Outcome};

use crate::shared::call;
use crate::{Body, Call, Guard, OutgoingRequest, Reject, Response};

/// The longest body Twilio takes, in characters: <https://www.twilio.com/docs/api/errors/21617>.
const MAX_BODY: usize = 1_600;

pub(super) fn request(call: &Call<'_>, chat: &Chat, to: &str) -> Result<OutgoingRequest, Reject> {
    let sid = call::setting(call.settings, "account_sid")?;
    let path = ["2010-04-01", "Accounts", &sid, "Messages.json"];
    let from = call::setting(call.settings, "from")?;
    let from = from.strip_prefix("whatsapp:").unwrap_or(&from);
    let text = super::text(chat);
    let body = if text.chars().count() > MAX_BODY {
        let kept: String = text.chars().take(MAX_BODY - 1).collect();
        format!("{}…", kept.trim_end())
    } else {
        text
    };
    let mut form = vec![
        ("To".to_owned(), format!("whatsapp:{to}")),
        ("From".to_owned(), format!("whatsapp:{from}")),
        ("Body".to_owned(), body),
    ];
    // Templates and pictures of the content's own: `ContentSid`, `ContentVariables`, `MediaUrl`.
    for (name, value) in chat.payload.iter().filter(|(name, _)| *name != "text") {
        if let Some(value) = call::plain_text(value) {
            form.push((name.clone(), value));
        }
    }
    Ok(OutgoingRequest {
        method: Method::POST,
        url: call::endpoint(call.settings, "https://api.twilio.com", &path)?,
        headers: vec![(
            "authorization".to_owned(),
            call::basic(&sid, &call::setting(call.settings, "auth_token")?),
        )],
        body: Body::Form(form),
        guard: Guard::Operator,
    })
}

/// Reads an answer. Codes of `WhatsApp` beside those of text messages:
/// 63003 and 63024, <https://www.twilio.com/docs/api/errors/63003>, <https://www.twilio.com/docs/api/errors/63024>.
pub(super) fn outcome(response: &Response) -> Outcome {
    let json = response.json();
    if response.status.is_success() {
        return match json.get("sid").and_then(Value::as_str) {
            Some(sid) => {
                let mut reference = Object::new();
                reference.insert("sid".to_owned(), sid.into());
                Outcome::Accepted {
                    id: Some(sid.to_owned()),
                    reference,
                }
            }
            None => Outcome::Unknown {
                error: "twilio answered with success but without a message SID".to_owned(),
            },
        };
    }
    match json.get("code").and_then(Value::as_u64) {
        Some(code @ (63003 | 63024)) => Outcome::AddressDead {
            error: format!("{code} the number cannot be reached on WhatsApp"),
        },
        _ => crate::twilio::failure(response),
    }
}
