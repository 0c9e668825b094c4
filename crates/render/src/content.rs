//! Which content a channel gets.

use tidings_types::{Channel, TemplateContent};

use crate::Prepared;

/// Whether anything in content is meant for a channel and provider.
///
/// With `channel` elements: the one named after the provider, else after the channel, else `default`. Without them,
/// everything whose `channels` allow it. Content that cannot be read has nothing for anybody; with a [`Prepared`] at
/// hand, [`Prepared::has_content`] saves reading it again.
pub fn has_content(channel: Channel, provider: Option<&str>, content: &TemplateContent) -> bool {
    Prepared::new(content).is_ok_and(|prepared| prepared.has_content(channel, provider))
}
