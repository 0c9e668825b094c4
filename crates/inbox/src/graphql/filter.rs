//! Which messages are asked for.

use async_graphql::InputObject;
use tidings_store::FeedFilter;
use tidings_types::{Error, Result};

use super::scalar::Moment;

/// Which messages are asked for: those that fit all of it.
#[derive(Default, InputObject)]
pub(super) struct FilterParamsInput {
    /// Of this tenant; without it, those of no tenant.
    account_id: Option<String>,
    /// With any of these tags.
    tags: Option<Vec<String>>,
    /// `read` or `unread`.
    status: Option<String>,
    /// Only those put away; otherwise only the others.
    archived: Option<bool>,
    /// Sent at this moment or later.
    from: Option<Moment>,
    /// Pinned, or not.
    pinned: Option<bool>,
}

impl FilterParamsInput {
    /// As the store asks.
    ///
    /// # Errors
    /// `Invalid` when the status is not one.
    pub(super) fn filter(self) -> Result<FeedFilter> {
        let read = match self.status.as_deref() {
            None | Some("") => None,
            Some(status) if status.eq_ignore_ascii_case("read") => Some(true),
            Some(status) if status.eq_ignore_ascii_case("unread") => Some(false),
            Some(_) => return Err(Error::invalid("params.status: Expected \"read\" or \"unread\"")),
        };
        Ok(FeedFilter {
            tenant_id: self.account_id.filter(|tenant| !tenant.is_empty()),
            archived: self.archived.unwrap_or(false),
            read,
            pinned: self.pinned,
            tags: self.tags.unwrap_or_default(),
            from: self.from.map(|moment| moment.0),
        })
    }
}
