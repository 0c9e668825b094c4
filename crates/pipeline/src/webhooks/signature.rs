//! How a delivery proves where it comes from.

use hmac::Mac as _;
use tidings_types::{SecretString, Timestamp};

use crate::mac::keyed;

/// The header that carries it.
pub const HEADER: &str = "courier-signature";

/// The header's value: `t=<epoch milliseconds>,signature=<hex>`, where the signature is HMAC-SHA256 under the endpoint's
/// secret of `t`, a dot, and the body as it is sent.
pub fn signature(secret: &SecretString, body: &str, now: Timestamp) -> String {
    let time = now.as_millis();
    let mut mac = keyed(secret);
    mac.update(format!("{time}.").as_bytes());
    mac.update(body.as_bytes());
    let hex = hex::encode(mac.finalize().into_bytes());
    format!("t={time},signature={hex}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_documented_one() {
        // Computed with: printf '1760000004100.{"type":"x"}' | openssl dgst -sha256 -hmac 'shh'
        let signed = signature(
            &SecretString::from("shh"),
            r#"{"type":"x"}"#,
            Timestamp::from_millis(1_760_000_004_100),
        );
        assert_eq!(
            signed,
            "t=1760000004100,signature=64df2748c2a9f69a51cc76fcafdb739b0247b4c5342e84f01128c5d6a9628d11"
        );
    }
}
