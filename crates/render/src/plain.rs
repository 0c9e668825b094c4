//! Content in plain words: what every channel but a mail's HTML is made of.

use serde_json::{Value, json};
use tidings_types::Channel;
use tidings_types::rendered::InboxAction;

/// What the elements told, in order.
#[derive(Debug)]
pub(crate) struct Plain {
    channel: Channel,
    /// The last title.
    pub(crate) title: Option<String>,
    /// Lines, or paragraphs in mail.
    lines: Vec<String>,
    /// Actions, in order.
    pub(crate) actions: Vec<InboxAction>,
    /// Text and action blocks, in order.
    pub(crate) blocks: Vec<Value>,
}

impl Plain {
    pub(crate) fn new(channel: Channel) -> Self {
        Self {
            channel,
            title: None,
            lines: Vec::new(),
            actions: Vec::new(),
            blocks: Vec::new(),
        }
    }

    pub(crate) fn channel(&self) -> Channel {
        self.channel
    }

    /// Adds a line of text.
    pub(crate) fn text(&mut self, text: String) {
        self.blocks.push(json!({"type": "text", "text": text}));
        self.lines.push(text);
    }

    /// Adds a line that is no block: a divider, an image's address.
    pub(crate) fn line(&mut self, line: impl Into<String>) {
        self.lines.push(line.into());
    }

    /// Adds an action. Where actions stand apart from the text, it adds no line.
    pub(crate) fn action(&mut self, action: InboxAction) {
        if !matches!(self.channel, Channel::Push | Channel::Inbox) {
            self.lines.push(match action.href.as_str() {
                "" | "#" => action.content.clone(),
                href if href == action.content => href.to_owned(),
                href => format!("{}: {href}", action.content),
            });
        }
        self.blocks
            .push(json!({"type": "action", "text": action.content, "url": action.href}));
        self.actions.push(action);
    }

    /// The first line that says something.
    pub(crate) fn opening(&self) -> &str {
        self.lines
            .iter()
            .map(|line| line.trim())
            .find(|line| !line.is_empty())
            .unwrap_or_default()
    }

    /// All lines: with a blank line between them in mail, else one below the other.
    pub(crate) fn body(&self) -> String {
        let between = if self.channel == Channel::Email { "\n\n" } else { "\n" };
        self.lines.join(between).trim().to_owned()
    }
}
