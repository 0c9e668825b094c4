//! Secrets at rest: sealed with AES-256-GCM under the operator's master key.

use std::fmt;

use aes_gcm::aead::{Aead, Payload};
use aes_gcm::{Aes256Gcm, KeyInit, Nonce};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use tidings_types::{Error, Random, Result, SecretString};

/// What a sealed text begins with: the version of its form.
const PREFIX: &str = "v1.";

/// The length of a nonce in bytes, as GCM uses it (NIST SP 800-38D).
const NONCE_BYTES: usize = 12;

/// Seals and opens secrets. Printing shows nothing of the key.
#[derive(Clone)]
pub struct Vault {
    cipher: Aes256Gcm,
}

impl Vault {
    /// A vault under a master key.
    pub fn new(master: [u8; 32]) -> Self {
        Self {
            cipher: Aes256Gcm::new(&master.into()),
        }
    }

    /// A vault under a master key written as 64 hex digits or as base64 of 32 bytes, either alphabet.
    ///
    /// # Errors
    /// `Invalid`, naming the setting, for anything else.
    pub fn from_text(text: &str) -> Result<Self> {
        let text = text.trim();
        let bytes = match hex::decode(text) {
            Ok(bytes) => Some(bytes),
            Err(_) => [STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD]
                .iter()
                .find_map(|alphabet| alphabet.decode(text).ok()),
        };
        let master: Option<[u8; 32]> = bytes.and_then(|bytes| bytes.try_into().ok());
        master
            .map(Self::new)
            .ok_or_else(|| Error::invalid("TIDINGS_MASTER_KEY: Expected 32 bytes as 64 hex digits or as base64"))
    }

    /// Seals a secret. `context` says what it is, such as the row it stands in: it opens under the same words only,
    /// so that a sealed text moved elsewhere is useless there.
    ///
    /// # Panics
    /// Beyond 64 GB of text.
    #[expect(
        clippy::expect_used,
        reason = "the cipher refuses only texts beyond 64 GB, which fit no memory here"
    )]
    pub fn seal(&self, random: &dyn Random, context: &str, plain: &str) -> String {
        let mut nonce = [0_u8; NONCE_BYTES];
        random.fill(&mut nonce);
        let payload = Payload {
            msg: plain.as_bytes(),
            aad: context.as_bytes(),
        };
        let sealed = self
            .cipher
            .encrypt(&Nonce::from(nonce), payload)
            .expect("texts in memory can be sealed");
        let mut bytes = nonce.to_vec();
        bytes.extend(sealed);
        format!("{PREFIX}{}", STANDARD.encode(bytes))
    }

    /// Opens what [`Self::seal`] made, under the same context.
    ///
    /// # Errors
    /// `Internal` when it was sealed under another key or context, was changed, or is no sealed text.
    pub fn open(&self, context: &str, sealed: &str) -> Result<SecretString> {
        let wrong = || Error::internal(format!("{context}: cannot be opened; was TIDINGS_MASTER_KEY changed?"));
        let bytes = sealed
            .strip_prefix(PREFIX)
            .and_then(|text| STANDARD.decode(text).ok())
            .ok_or_else(wrong)?;
        let (nonce, ciphertext) = bytes.split_first_chunk::<NONCE_BYTES>().ok_or_else(wrong)?;
        let payload = Payload {
            msg: ciphertext,
            aad: context.as_bytes(),
        };
        let plain = self
            .cipher
            .decrypt(&Nonce::from(*nonce), payload)
            .map_err(|_| wrong())?;
        String::from_utf8(plain).map(SecretString::from).map_err(|_| wrong())
    }

    /// Whether a text looks like one that was sealed.
    pub fn is_sealed(text: &str) -> bool {
        text.strip_prefix(PREFIX)
            .is_some_and(|rest| STANDARD.decode(rest).is_ok_and(|bytes| bytes.len() > NONCE_BYTES))
    }
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Vault")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use tidings_types::ExposeSecret;
    use tidings_types::random::FixedRandom;

    use super::*;

    proptest! {
        #[test]
        fn what_is_sealed_opens_in_its_place_only(
            key: [u8; 32], other: [u8; 32], seed: u64, context: String, elsewhere: String, plain: String,
        ) {
            prop_assume!(context != elsewhere && key != other);
            let vault = Vault::new(key);
            let sealed = vault.seal(&FixedRandom::new(seed), &context, &plain);
            prop_assert!(Vault::is_sealed(&sealed));
            let opened = vault.open(&context, &sealed).unwrap();
            prop_assert_eq!(opened.expose_secret(), &plain);
            prop_assert!(vault.open(&elsewhere, &sealed).is_err());
            prop_assert!(Vault::new(other).open(&context, &sealed).is_err());
        }

        #[test]
        fn a_changed_text_does_not_open(seed: u64, plain: String, position: prop::sample::Index, flip in 1_u8..) {
            let vault = Vault::new([7; 32]);
            let sealed = vault.seal(&FixedRandom::new(seed), "c", &plain);
            let mut bytes = STANDARD.decode(sealed.strip_prefix(PREFIX).unwrap()).unwrap();
            let position = position.index(bytes.len());
            bytes[position] ^= flip;
            let changed = format!("{PREFIX}{}", STANDARD.encode(bytes));
            prop_assert!(vault.open("c", &changed).is_err());
        }

        #[test]
        fn any_text_at_all_is_refused_without_panic(text: String) {
            prop_assert!(Vault::new([7; 32]).open("c", &text).is_err());
        }
    }

    #[test]
    fn keys_are_read_in_hex_and_base64() {
        let key = [0xfb_u8; 32];
        let sealed = Vault::new(key).seal(&FixedRandom::new(1), "c", "secret");
        for text in [
            hex::encode(key),
            STANDARD.encode(key),
            URL_SAFE_NO_PAD.encode(key),
            format!("{}\n", hex::encode(key)),
        ] {
            let opened = Vault::from_text(&text).unwrap().open("c", &sealed).unwrap();
            assert_eq!(opened.expose_secret(), "secret");
        }
        for wrong in ["", "short", &hex::encode([1; 31]), &STANDARD.encode([1; 33]), "💥"] {
            let error = Vault::from_text(wrong).unwrap_err();
            assert!(error.message().starts_with("TIDINGS_MASTER_KEY"), "{error}");
        }
    }

    #[test]
    fn printing_shows_nothing() {
        assert_eq!(format!("{:?}", Vault::new([1; 32])), "Vault");
    }

    #[test]
    fn plain_settings_do_not_look_sealed() {
        for plain in ["", "v1.", "v1.secret", "SG.abc"] {
            assert!(!Vault::is_sealed(plain), "{plain}");
        }
    }
}
