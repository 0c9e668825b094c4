//! The signed event webhook.
//!
//! Facts from <https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/event> and
//! <https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/getting-started-event-webhook-security-features>:
//! the signature is ECDSA on P-256 over SHA-256 of the timestamp header and the raw body; values given as `custom_args`
//! stand beside the event's own fields.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::signature::{ECDSA_P256_SHA256_ASN1, UnparsedPublicKey};
use serde_json::Value;
use tidings_types::Timestamp;

use crate::{Distrust, Inbound, Receipt, ReceiptKind};

const SIGNATURE: &str = "x-twilio-email-event-webhook-signature";
const TIMESTAMP: &str = "x-twilio-email-event-webhook-timestamp";

/// How long ago a report may have been signed, in milliseconds. SendGrid names no bound and posts again what was not taken,
/// for up to a day; what it posts again must count, whether or not it signs it anew. So a day, and an hour.
const MAX_AGE_MS: u64 = 25 * 60 * 60 * 1000;

/// How far ahead of ours the clock of a signer may be, in milliseconds.
const MAX_AHEAD_MS: u64 = 5 * 60 * 1000;

/// An uncompressed point on P-256 takes this many bytes; a `SubjectPublicKeyInfo` (RFC 5480) ends with it.
const POINT_BYTES: usize = 65;

/// Reads events, once they are known to be SendGrid's.
pub(super) fn read(inbound: &Inbound<'_>) -> Result<Vec<Receipt>, Distrust> {
    check(inbound)?;
    let events: Vec<Value> = serde_json::from_slice(inbound.body).map_err(|_| Distrust::Form)?;
    Ok(events.iter().filter_map(|event| receipt(event, inbound.now)).collect())
}

fn check(inbound: &Inbound<'_>) -> Result<(), Distrust> {
    let key = inbound.settings.text("webhook_public_key").ok_or(Distrust::NoKey)?;
    let key = STANDARD.decode(key.trim()).map_err(|_| Distrust::NoKey)?;
    let point = key
        .len()
        .checked_sub(POINT_BYTES)
        .and_then(|start| key.get(start..))
        .ok_or(Distrust::NoKey)?;
    let header = |name| inbound.header(name).ok_or(Distrust::Signature);
    let signature = STANDARD.decode(header(SIGNATURE)?).map_err(|_| Distrust::Signature)?;
    let timestamp = header(TIMESTAMP)?;
    let mut signed = timestamp.as_bytes().to_vec();
    signed.extend(inbound.body);
    UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, point)
        .verify(&signed, &signature)
        .map_err(|_| Distrust::Signature)?;
    // Whoever caught a request must not be able to send it again for ever.
    let seconds: i64 = timestamp.parse().map_err(|_| Distrust::Signature)?;
    let at = Timestamp::from_millis(seconds.saturating_mul(1000));
    let is_recent = at >= inbound.now.minus(MAX_AGE_MS) && at <= inbound.now.plus(MAX_AHEAD_MS);
    if is_recent { Ok(()) } else { Err(Distrust::Stale) }
}

/// None for what is not about a message of ours, or says nothing new.
fn receipt(event: &Value, now: Timestamp) -> Option<Receipt> {
    let text = |name: &str| event.get(name).and_then(Value::as_str);
    let words = || text("reason").or_else(|| text("type")).unwrap_or("bounced").to_owned();
    let kind = match text("event")? {
        "delivered" => ReceiptKind::Delivered,
        "open" if event.get("sg_machine_open").and_then(Value::as_bool) != Some(true) => ReceiptKind::Opened,
        "click" => ReceiptKind::Clicked,
        "bounce" | "dropped" => ReceiptKind::Bounced(words()),
        "spamreport" => ReceiptKind::Complained,
        "unsubscribe" | "group_unsubscribe" => ReceiptKind::Unsubscribed,
        // "processed" and "deferred" say that it is on its way.
        _ => return None,
    };
    let seconds = event.get("timestamp").and_then(Value::as_i64);
    let at = seconds.map_or(now, |seconds| Timestamp::from_millis(seconds.saturating_mul(1000)));
    Some(Receipt {
        message_id: text("message_id")?.to_owned(),
        kind,
        at: at.min(now),
    })
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderValue};
    use ring::rand::SystemRandom;
    use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _};
    use serde_json::json;
    use tidings_types::Settings;

    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_790_000_000_000);

    struct Signer {
        pair: EcdsaKeyPair,
        random: SystemRandom,
    }

    impl Signer {
        fn new() -> Self {
            let random = SystemRandom::new();
            let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &random).unwrap();
            let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, pkcs8.as_ref(), &random).unwrap();
            Self { pair, random }
        }

        /// The key as SendGrid shows it: the fixed beginning for P-256 (RFC 5480), and the point.
        fn settings(&self) -> Settings {
            let mut der = hex_bytes("3059301306072a8648ce3d020106082a8648ce3d030107034200");
            der.extend(self.pair.public_key().as_ref());
            let object = json!({ "webhook_public_key": STANDARD.encode(der) });
            Settings::new(object.as_object().unwrap().clone())
        }

        fn headers(&self, body: &[u8]) -> HeaderMap {
            self.headers_at("1790000000", body)
        }

        fn headers_at(&self, time: &str, body: &[u8]) -> HeaderMap {
            let mut signed = time.as_bytes().to_vec();
            signed.extend(body);
            let signature = self.pair.sign(&self.random, &signed).unwrap();
            let mut headers = HeaderMap::new();
            headers.insert(TIMESTAMP, HeaderValue::from_str(time).unwrap());
            let value = STANDARD.encode(signature.as_ref());
            headers.insert(SIGNATURE, HeaderValue::from_str(&value).unwrap());
            headers
        }
    }

    fn hex_bytes(text: &str) -> Vec<u8> {
        (0..text.len())
            .step_by(2)
            .map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap())
            .collect()
    }

    fn read_with(settings: &Settings, headers: &HeaderMap, body: &[u8]) -> Result<Vec<Receipt>, Distrust> {
        read(&Inbound {
            url: "",
            headers,
            body,
            settings,
            now: NOW,
        })
    }

    #[test]
    fn events_are_read_when_they_are_signed() {
        let signer = Signer::new();
        let event = |event: &str, more: Value| {
            let mut value = json!({"event": event, "message_id": "m", "timestamp": 1_789_999_999});
            value.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            value
        };
        let body = json!([
            event("processed", json!({})),
            event("delivered", json!({})),
            event("open", json!({})),
            event("open", json!({"sg_machine_open": true})),
            event("bounce", json!({"reason": "550 no such mailbox"})),
            event("spamreport", json!({})),
            event("group_unsubscribe", json!({"timestamp": 9_999_999_999_i64})),
            {"event": "delivered", "email": "of@another.system"},
        ])
        .to_string();
        let read = read_with(&signer.settings(), &signer.headers(body.as_bytes()), body.as_bytes()).unwrap();
        let kinds: Vec<_> = read.iter().map(|one| one.kind.clone()).collect();
        assert_eq!(
            kinds,
            [
                ReceiptKind::Delivered,
                ReceiptKind::Opened,
                ReceiptKind::Bounced("550 no such mailbox".to_owned()),
                ReceiptKind::Complained,
                ReceiptKind::Unsubscribed,
            ]
        );
        assert!(read.iter().all(|one| one.message_id == "m" && one.at <= NOW));
        assert_eq!(read[0].at, Timestamp::from_millis(1_789_999_999_000));
    }

    #[test]
    fn what_was_signed_long_ago_or_is_yet_to_be_is_not_believed() {
        let signer = Signer::new();
        let read = |time| read_with(&signer.settings(), &signer.headers_at(time, b"[]"), b"[]");
        for time in ["1789910000", "1790000300"] {
            assert_eq!(
                read(time),
                Ok(Vec::new()),
                "a day of trying again, and clocks that differ"
            );
        }
        for time in ["1789909999", "1790000301", "0", "-1", "9223372036854775807"] {
            assert_eq!(read(time), Err(Distrust::Stale), "{time}");
        }
        for time in ["", "today"] {
            assert_eq!(read(time), Err(Distrust::Signature), "{time}");
        }
    }

    #[test]
    fn what_is_not_signed_by_the_provider_is_not_believed() {
        let (signer, stranger) = (Signer::new(), Signer::new());
        let body = b"[]";
        let settings = signer.settings();
        assert_eq!(read_with(&settings, &signer.headers(body), body), Ok(Vec::new()));
        for (headers, sent) in [
            (HeaderMap::new(), &body[..]),
            (stranger.headers(body), &body[..]),
            (signer.headers(body), b"[{}]"),
        ] {
            assert_eq!(read_with(&settings, &headers, sent), Err(Distrust::Signature));
        }
        let none = Settings::default();
        assert_eq!(read_with(&none, &signer.headers(body), body), Err(Distrust::NoKey));
        assert_eq!(read_with(&settings, &signer.headers(b"no"), b"no"), Err(Distrust::Form));
    }
}
