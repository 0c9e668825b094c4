//! Pictures that mails show: taken in, checked by what is in them, and put where everybody can load them.
//!
//! Editors put pictures into what they write, as `data:` URLs. Mail programs do not show those, so when content or a brand
//! is made ready, each becomes the address of a picture that is kept here. What the editor reads again stays as it was.

mod inlined;
mod kind;

use std::collections::HashMap;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use tidings_store::{NewImage, Store};
use tidings_types::{Clock, Environment, Error, Result};

pub use self::inlined::{addressed, check};
pub use self::kind::Kind;

use crate::Services;

/// The largest picture that is kept, in bytes.
pub const MAX_BYTES: usize = 5 * 1024 * 1024;

/// How a picture that cannot be kept is told.
pub const WRONG: &str = "Expected a PNG, JPEG, GIF or WebP picture of at most 5 MB";

/// Base64 (RFC 4648, section 4), with its padding or without.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// A picture that can be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    kind: Kind,
    bytes: Vec<u8>,
    digest: String,
}

impl Picture {
    /// Reads base64. None when it is no picture of a kind that is kept, whatever it is said to be, or too large.
    pub fn read(text: &str) -> Option<Self> {
        if text.len() / 4 * 3 > MAX_BYTES + 3 {
            return None;
        }
        let bytes = BASE64
            .decode(text.trim())
            .ok()
            .filter(|bytes| bytes.len() <= MAX_BYTES)?;
        Some(Self {
            kind: Kind::of(&bytes)?,
            digest: hex::encode(Sha256::digest(&bytes)),
            bytes,
        })
    }

    /// Where everybody can load it, once it is kept.
    pub fn url(&self, public_url: &str, environment: Environment) -> String {
        let (digest, extension) = (&self.digest, self.kind.extension());
        format!("{public_url}/images/{environment}/{digest}.{extension}")
    }
}

/// Where pictures are put.
#[derive(Clone)]
pub struct Gallery {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    public_url: String,
}

impl Gallery {
    /// In a store, to be loaded from where people reach this server.
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>, public_url: &str) -> Self {
        Self {
            store,
            clock,
            public_url: public_url.to_owned(),
        }
    }

    /// Keeps a picture, and says where everybody can load it.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn put(&self, environment: Environment, picture: Picture) -> Result<String> {
        let url = picture.url(&self.public_url, environment);
        if !self.store.has_image(environment, &picture.digest).await? {
            let new = NewImage {
                digest: picture.digest,
                media_type: picture.kind.media_type().to_owned(),
                bytes: picture.bytes,
                now: self.clock.now(),
            };
            self.store.put_image(environment, new).await?;
        }
        Ok(url)
    }

    /// JSON whose inlined pictures are kept and named by their addresses. None when there are none.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn hosted(&self, environment: Environment, value: &Value) -> Result<Option<Value>> {
        let found = inlined::all(value);
        if found.is_empty() {
            return Ok(None);
        }
        let mut urls = HashMap::with_capacity(found.len());
        for (text, picture) in found {
            urls.insert(text, self.put(environment, picture).await?);
        }
        Ok(Some(inlined::replaced(value, |text| urls.get(text).cloned())))
    }
}

/// Takes in a picture that somebody uploads as base64, and says where everybody can load it.
///
/// # Errors
/// `Invalid` when it is none of a kind that is kept, whatever it is said to be, or too large; those of the store.
pub async fn upload(services: &Services, environment: Environment, data: &str) -> Result<String> {
    let picture = Picture::read(data).ok_or_else(|| Error::invalid(format!("data: {WRONG}")))?;
    let (store, clock) = (Arc::clone(&services.store), Arc::clone(&services.clock));
    Gallery::new(store, clock, &services.settings.public_url)
        .put(environment, picture)
        .await
}
