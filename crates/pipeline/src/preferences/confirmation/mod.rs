//! Double opt-in: who opts in to marketing confirms it by mail, before anything is sent.
//!
//! Opting in writes `pending` into the consent ledger and accepts, in the same transaction, a mail with a signed link. What
//! was asked for at the moment the link names is confirmed together; a form on the page behind it does so, never the link
//! itself, since mail scanners follow links.

mod confirm;
mod mail;
mod words;

pub use confirm::{Confirmation, State, confirm, confirmation};
pub(super) use mail::mail;
pub use words::ConfirmationWords;

/// How long a link that confirms is good, in milliseconds: seven days.
pub const CONFIRM_LINK_MS: u64 = 7 * 24 * 60 * 60 * 1000;
/// Who opts in again while a confirmation is awaited is asked again, but not within this time, in milliseconds.
pub(super) const AGAIN_AFTER_MS: u64 = 15 * 60 * 1000;
/// How many such mails one person gets within an hour: whoever turns a topic on and off fills nobody's mailbox.
const MAILS_PER_HOUR: usize = 5;
/// The hour, in milliseconds.
const HOUR_MS: u64 = 60 * 60 * 1000;
