//! Content that was read once and can be rendered many times.

use tidings_types::{Channel, TemplateContent};

use crate::check::{self, Problem};
use crate::node::Element;
use crate::{PrepareError, compile};

/// Content, parsed and checked. Cheap to share; keep one for each template version and locale.
#[derive(Debug)]
pub struct Prepared {
    /// Elements for all channels.
    pub(crate) common: Vec<Element>,
    /// Elements by channel; when there are any, `common` holds only the sugar.
    pub(crate) channels: Vec<ChannelContent>,
    /// The jsonnet programs in it, each once.
    pub(crate) programs: Vec<String>,
}

/// The content of one `channel` element.
#[derive(Debug)]
pub(crate) struct ChannelContent {
    /// A provider's key, a channel's name or `default`.
    pub(crate) name: String,
    /// The element itself: its condition and its children.
    pub(crate) element: Element,
}

impl Prepared {
    /// Reads content.
    ///
    /// # Errors
    /// [`PrepareError`] with every problem found.
    pub fn new(content: &TemplateContent) -> Result<Self, PrepareError> {
        compile::compile(content).map_err(PrepareError)
    }

    /// Reads content, and checks it in every locale it has.
    ///
    /// # Errors
    /// Every problem found, as [`crate::check()`] tells them.
    pub fn checked(content: &TemplateContent) -> Result<Self, Vec<Problem>> {
        check::read(content, Vec::new())
    }

    /// The jsonnet programs whose values a chat message needs: see [`crate::Meta::programs`].
    pub fn programs(&self) -> &[String] {
        &self.programs
    }

    /// Whether anything in it is meant for a channel and provider; see [`crate::has_content`].
    pub fn has_content(&self, channel: Channel, provider: Option<&str>) -> bool {
        if self.channels.is_empty() {
            return self.common.iter().any(|element| element.speaks_to(channel, provider));
        }
        self.select(channel, provider).is_some()
    }

    /// The channel element for a channel and provider: the provider's own, the channel's, or `default`.
    pub(crate) fn select(&self, channel: Channel, provider: Option<&str>) -> Option<&ChannelContent> {
        let named = |wanted: &str| self.channels.iter().find(|one| one.name == wanted);
        provider
            .and_then(named)
            .or_else(|| {
                self.channels
                    .iter()
                    .find(|one| Channel::parse(&one.name) == Some(channel))
            })
            .or_else(|| named("default"))
    }
}
