//! Status callbacks.
//!
//! Facts from <https://www.twilio.com/docs/messaging/guides/track-outbound-message-status> and
//! <https://www.twilio.com/docs/usage/security#validating-requests>: the signature is base64 of HMAC-SHA1, under the auth
//! token, of the address followed by each form field's name and value, by name.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::hmac;
use url::Url;

use crate::{Distrust, Inbound, Receipt, ReceiptKind};

const SIGNATURE: &str = "x-twilio-signature";
/// The parameter in which our id of the message comes back.
const MESSAGE: &str = "message_id";

/// Where a message is to be reported.
pub(super) fn callback(base: &str, message_id: &str) -> String {
    match Url::parse(base) {
        Ok(mut url) => {
            url.query_pairs_mut().append_pair(MESSAGE, message_id);
            url.into()
        }
        Err(_) => base.to_owned(),
    }
}

/// Reads a report, once it is known to be Twilio's.
pub(super) fn read(inbound: &Inbound<'_>) -> Result<Vec<Receipt>, Distrust> {
    let fields: Vec<(String, String)> = url::form_urlencoded::parse(inbound.body).into_owned().collect();
    check(inbound, &fields)?;
    let url = Url::parse(inbound.url).map_err(|_| Distrust::Form)?;
    let field = |name: &str| {
        let found = fields.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    };
    let kind = match field("MessageStatus").or_else(|| field("SmsStatus")) {
        Some("delivered") => ReceiptKind::Delivered,
        Some("read") => ReceiptKind::Opened,
        Some("undelivered" | "failed") => ReceiptKind::Bounced(match field("ErrorCode") {
            Some(code) => format!("Twilio error {code}"),
            None => "not delivered".to_owned(),
        }),
        // "queued", "sending" and "sent" say that it is on its way.
        _ => return Ok(Vec::new()),
    };
    let id = url.query_pairs().find(|(name, _)| name == MESSAGE);
    let (_, id) = id.ok_or(Distrust::Form)?;
    Ok(vec![Receipt {
        message_id: id.into_owned(),
        kind,
        at: inbound.now,
    }])
}

fn check(inbound: &Inbound<'_>, fields: &[(String, String)]) -> Result<(), Distrust> {
    let token = inbound.settings.text("auth_token").ok_or(Distrust::NoKey)?;
    let given = inbound.header(SIGNATURE).ok_or(Distrust::Signature)?;
    let given = STANDARD.decode(given).map_err(|_| Distrust::Signature)?;
    let mut sorted: Vec<_> = fields.iter().collect();
    sorted.sort();
    let mut signed = inbound.url.to_owned();
    for (name, value) in sorted {
        signed.push_str(name);
        signed.push_str(value);
    }
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, token.as_bytes());
    hmac::verify(&key, signed.as_bytes(), &given).map_err(|_| Distrust::Signature)
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderValue};
    use serde_json::json;
    use tidings_types::{Settings, Timestamp};

    use super::*;

    const URL: &str = "https://t.example/inbound/providers/prv_1?message_id=1-abc%3Aada";

    fn settings() -> Settings {
        Settings::new(json!({"auth_token": "12345"}).as_object().unwrap().clone())
    }

    fn read_signed(signature: &str, url: &str, body: &str) -> Result<Vec<Receipt>, Distrust> {
        let mut headers = HeaderMap::new();
        headers.insert(SIGNATURE, HeaderValue::from_str(signature).unwrap());
        read(&Inbound {
            url,
            headers: &headers,
            body: body.as_bytes(),
            settings: &settings(),
            now: Timestamp::from_millis(7),
        })
    }

    fn sign(text: &str) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, b"12345");
        STANDARD.encode(hmac::sign(&key, text.as_bytes()))
    }

    /// The example of the vendor's page on validating requests.
    #[test]
    fn the_vendors_own_example_is_believed() {
        let url = "https://mycompany.com/myapp.php?foo=1&bar=2";
        let body = "CallSid=CA1234567890ABCDE&Caller=%2B14158675309&Digits=1234&From=%2B14158675309&To=%2B18005551212";
        assert_eq!(read_signed("RSOYDt4T1cUTdK1PDd93/VVr8B8=", url, body), Ok(Vec::new()));
        assert_eq!(
            read_signed("RSOYDt4T1cUTdK1PDd93/VVr8B9=", url, body),
            Err(Distrust::Signature)
        );
    }

    #[test]
    fn a_report_names_our_message() {
        assert_eq!(callback("https://t.example/inbound/providers/prv_1", "1-abc:ada"), URL);
        for (status, kind) in [
            ("delivered", Some(ReceiptKind::Delivered)),
            ("read", Some(ReceiptKind::Opened)),
            ("sent", None),
        ] {
            let signature = sign(&format!("{URL}MessageSidSM1MessageStatus{status}"));
            let read = read_signed(&signature, URL, &format!("MessageSid=SM1&MessageStatus={status}")).unwrap();
            assert_eq!(read.first().map(|one| one.kind.clone()), kind);
            assert!(read.iter().all(|one| one.message_id == "1-abc:ada"));
        }
        let signature = sign(&format!("{URL}ErrorCode30003MessageStatusundelivered"));
        let read = read_signed(&signature, URL, "MessageStatus=undelivered&ErrorCode=30003").unwrap();
        assert_eq!(read[0].kind, ReceiptKind::Bounced("Twilio error 30003".to_owned()));
    }
}
