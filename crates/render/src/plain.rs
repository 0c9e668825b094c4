//! Content in plain words: mail's text part, text messages, pushes, the feed and webhooks.

use serde_json::{Value, json};
use tidings_types::rendered::InboxAction;
use tidings_types::{Channel, Object};

use crate::telling::{Action, Block, List, Picture, Telling};

/// What was told, as lines, buttons and blocks.
#[derive(Debug)]
pub(crate) struct Plain {
    channel: Channel,
    /// Lines, or paragraphs in mail.
    lines: Vec<String>,
    /// Actions, in order.
    pub(crate) actions: Vec<InboxAction>,
    /// Text and action blocks, in order.
    pub(crate) blocks: Vec<Value>,
}

impl Plain {
    /// Writes down what was told, for a channel.
    pub(crate) fn of(telling: &Telling, channel: Channel) -> Self {
        let mut plain = Self {
            channel,
            lines: Vec::with_capacity(telling.blocks.len()),
            actions: Vec::new(),
            blocks: Vec::new(),
        };
        plain.write(&telling.blocks);
        plain
    }

    fn write(&mut self, blocks: &[Block]) {
        for block in blocks {
            match block {
                Block::Text { words, .. } => {
                    let words = words.plain();
                    // A blank text is a gap in a text message; in a mail the gap is there already.
                    if self.channel != Channel::Email || !words.trim().is_empty() {
                        self.text(words);
                    }
                }
                Block::Quote(words) => self.quote(&words.plain()),
                Block::Action(action) => self.action(action),
                Block::Picture(picture) => self.picture(picture),
                Block::Divider => match self.channel {
                    Channel::Email => self.line("---"),
                    Channel::Inbox => {}
                    _ => self.line(""),
                },
                Block::List(list) => {
                    let mut lines = Vec::new();
                    list_lines(list, 0, &mut lines);
                    if !lines.is_empty() {
                        self.text(lines.join("\n"));
                    }
                }
                Block::Native(_) => {}
                Block::Columns(columns) => columns.iter().for_each(|column| self.write(column)),
            }
        }
    }

    /// Adds a line of text.
    fn text(&mut self, text: String) {
        self.blocks.push(json!({"type": "text", "text": text}));
        self.lines.push(text);
    }

    /// Adds a line that is no block: a divider, an image's address.
    pub(crate) fn line(&mut self, line: impl Into<String>) {
        self.lines.push(line.into());
    }

    fn quote(&mut self, words: &str) {
        self.text(match self.channel {
            Channel::Email | Channel::DirectMessage => words
                .lines()
                .map(|line| format!("> {line}"))
                .collect::<Vec<_>>()
                .join("\n"),
            _ => format!("\"{words}\""),
        });
    }

    /// Adds an action. Where actions stand apart from the text, it adds no line.
    fn action(&mut self, action: &Action) {
        if !matches!(self.channel, Channel::Push | Channel::Inbox) {
            self.lines.push(match action.href.as_str() {
                "" | "#" => action.label.clone(),
                href if href == action.label => href.to_owned(),
                href => format!("{}: {href}", action.label),
            });
        }
        self.blocks
            .push(json!({"type": "action", "text": action.label, "url": action.href}));
        self.actions.push(InboxAction {
            content: action.label.clone(),
            href: action.href.clone(),
            style: Some(action.style.to_owned()),
            background_color: action.background.clone(),
            data: Object::new(),
        });
    }

    /// A picture is its description in a mail, else its address; the feed has no place for it.
    fn picture(&mut self, picture: &Picture) {
        match self.channel {
            Channel::Inbox => {}
            Channel::Email if !picture.alt.trim().is_empty() => self.line(picture.alt.clone()),
            _ => self.line(picture.src.clone()),
        }
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

/// A list's lines: `- x` or `1. x`, each level two places further in.
fn list_lines(list: &List, depth: usize, lines: &mut Vec<String>) {
    let indent = "  ".repeat(depth);
    for (index, item) in list.items.iter().enumerate() {
        let mark = if list.ordered {
            format!("{}.", index + 1)
        } else {
            "-".to_owned()
        };
        let words = item.words.plain();
        if !words.trim().is_empty() {
            let below = format!("\n{indent}{}", " ".repeat(mark.len() + 1));
            lines.push(format!("{indent}{mark} {}", words.trim().replace('\n', &below)));
        }
        for inner in &item.lists {
            list_lines(inner, depth + 1, lines);
        }
    }
}

#[cfg(test)]
mod tests {

    use super::*;
    use crate::telling::Item;
    use crate::telling::{Span, Words};

    fn words(text: &str) -> Words {
        Words(vec![Span::Text(text.to_owned())])
    }

    #[test]
    fn lists_and_columns_are_lines() {
        let inner = List {
            ordered: true,
            items: vec![Item {
                words: words("b\nc"),
                lists: Vec::new(),
            }],
        };
        let list = List {
            ordered: false,
            items: vec![Item {
                words: words("a"),
                lists: vec![inner],
            }],
        };
        let telling = Telling {
            title: None,
            payload: Object::new(),
            blocks: vec![
                Block::Columns(vec![vec![Block::Quote(words("left"))], vec![Block::Divider]]),
                Block::List(list),
            ],
        };
        let sms = Plain::of(&telling, Channel::Sms);
        assert_eq!(sms.body(), "\"left\"\n\n- a\n  1. b\n     c");
        assert_eq!(sms.blocks.len(), 2);
        assert_eq!(
            Plain::of(&telling, Channel::Email).body(),
            "> left\n\n---\n\n- a\n  1. b\n     c"
        );
    }
}
