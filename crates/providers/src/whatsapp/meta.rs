//! Meta's side: the Cloud API. Its codes:
//! <https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes>.

use serde_json::{Value, json};
use tidings_types::rendered::Chat;
use tidings_types::{Object, Outcome};

use crate::shared::{answer, call, chat};
use crate::{Call, OutgoingRequest, Reject, Response};

/// The version of the Graph API whose documentation this follows.
const VERSION: &str = "v20.0";

/// Nobody is reached at this number.
const DEAD_ADDRESS: [u64; 2] = [
    131_026, // undeliverable: no WhatsApp account, or one that cannot take it
    131_030, // not among the numbers a test account may send to
];
/// The token or the account cannot be used; an operator must mend that.
const OUR_ACCOUNT: [u64; 9] = [0, 3, 10, 190, 131_005, 131_031, 131_042, 131_045, 133_010];
/// Meta asks to come again.
const COME_AGAIN: [u64; 6] = [4, 80_007, 130_429, 131_048, 131_056, 133_016];

pub(super) fn request(call: &Call<'_>, chat: &Chat, to: &str) -> Result<OutgoingRequest, Reject> {
    let number = call::setting(call.settings, "phone_number_id")?;
    let url = call::endpoint(
        call.settings,
        "https://graph.facebook.com",
        &[VERSION, &number, "messages"],
    )?;
    let mut body = Object::new();
    body.insert("messaging_product".to_owned(), "whatsapp".into());
    body.insert("recipient_type".to_owned(), "individual".into());
    body.insert("to".to_owned(), to.into());
    if chat.payload.contains_key("template") {
        body.insert("type".to_owned(), "template".into());
    } else {
        body.insert("type".to_owned(), "text".into());
        body.insert(
            "text".to_owned(),
            json!({"preview_url": false, "body": super::text(chat)}),
        );
    }
    // What the content says beside its text, such as a template.
    for (name, value) in chat.payload.iter().filter(|(name, _)| *name != "text") {
        body.insert(name.clone(), value.clone());
    }
    let token = call::setting(call.settings, "access_token")?;
    Ok(chat::post(url, format!("Bearer {token}"), body))
}

/// Reads `{"messages": [{"id": ".."}]}` or `{"error": {"code": 131047, "message": ".."}}`.
pub(super) fn outcome(response: &Response) -> Outcome {
    let json = response.json();
    if response.status.is_success() {
        let id = json.pointer("/messages/0/id").and_then(Value::as_str);
        return match id {
            Some(id) => Outcome::accepted(Some(id.to_owned())),
            None => Outcome::Unknown {
                error: "Meta answered with success but without a message's id".to_owned(),
            },
        };
    }
    let code = json.pointer("/error/code").and_then(Value::as_u64);
    let words = json.pointer("/error/message").and_then(Value::as_str);
    let error = answer::error(response, words.map(str::to_owned));
    match code {
        Some(code) if DEAD_ADDRESS.contains(&code) => Outcome::AddressDead { error },
        Some(code) if OUR_ACCOUNT.contains(&code) || (200..300).contains(&code) => {
            Outcome::ProviderDown { permanent: true, error }
        }
        Some(code) if COME_AGAIN.contains(&code) => Outcome::Retry {
            after_ms: response.retry_after_ms(),
            error,
        },
        _ => answer::by_status(response, words.map(str::to_owned)),
    }
}
