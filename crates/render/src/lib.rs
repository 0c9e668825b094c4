//! Content, brand and values become mail, text messages, pushes and the rest. Pure.
//!
//! [`Prepared::new`] reads content once and says everything that is wrong with it; [`render()`] fills it in for one
//! person and one channel, many times. Same inputs, same bytes.
//!
//! A node kind is one file under `node/` and one row in its table. Each node can draw itself into the mail's HTML and
//! tell what it says, as blocks of words; every channel but mail is written from the latter.

mod anchors;
mod brand;
mod channel;
mod chat;
pub mod check;
mod color;
mod compile;
pub mod content;
mod css;
mod email;
mod error;
mod json;
pub mod jsonnet;
mod link;
mod locale;
mod mail;
mod mailbox;
mod node;
mod note;
mod overrides;
mod plain;
mod prepared;
mod raw;
mod render;
mod richtext;
mod scene;
pub mod sms;
mod strip;
mod telling;

pub use brand::{PreparedBrand, check_brand};
pub use check::{Problem, check};
pub use content::has_content;
pub use error::{PrepareError, RenderError};
pub use locale::{locales, localize};
pub use note::Note;
pub use overrides::{MAX_ATTACHED, attachments, check_inbox_override, is_content as override_is_content};
pub use prepared::Prepared;
pub use render::{LinkRewriter, Meta, Output, Request, render};
pub use sms::{SmsEncoding, SmsSegments, segments};
pub use strip::words as words_of_html;
