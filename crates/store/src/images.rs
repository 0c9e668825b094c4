//! Pictures that mails show. They are known by what is in them, so one that is put twice is kept once, and what stands at an
//! address never changes. They are kept for good: a mail may be opened after years.

use async_trait::async_trait;
use tidings_types::{Environment, Result, Timestamp};

/// A picture to be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewImage {
    /// The SHA-256 of its bytes, in lower-case hex.
    pub digest: String,
    /// Its media type, such as `image/png`.
    pub media_type: String,
    /// The file.
    pub bytes: Vec<u8>,
    /// Now.
    pub now: Timestamp,
}

/// A kept picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    /// Its media type, such as `image/png`.
    pub media_type: String,
    /// The file.
    pub bytes: Vec<u8>,
}

/// Pictures that mails show.
#[async_trait]
pub trait Images: Send + Sync + 'static {
    /// Keeps a picture. False when it was there already.
    async fn put_image(&self, environment: Environment, image: NewImage) -> Result<bool>;

    /// Whether a picture is there.
    async fn has_image(&self, environment: Environment, digest: &str) -> Result<bool>;

    /// A picture.
    async fn image(&self, environment: Environment, digest: &str) -> Result<Option<Image>>;
}
