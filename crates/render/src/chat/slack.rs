//! Slack: Block Kit, with a plain text for notifications and screen readers.
//!
//! Blocks and their limits: <https://docs.slack.dev/reference/block-kit/blocks>; escaping:
//! <https://docs.slack.dev/messaging/formatting-message-text>.

mod text;

use serde_json::{Value, json};
use tidings_types::Object;

use self::text::{escape, paragraph, quote, small};
use super::{cut, heading, is_web, list_as_text, members, units};
use crate::mail::TextStyle;
use crate::note::Note;
use crate::telling::runs::{Line, Run};
use crate::telling::{Action, Block, Picture, Telling};

/// The most blocks of a message.
const MAX_BLOCKS: usize = 50;
/// The most buttons of one block.
const MAX_BUTTONS: usize = 25;
/// The longest heading, button, address and description, in characters.
const MAX_HEADER: usize = 150;
const MAX_LABEL: usize = 75;
const MAX_URL: usize = 3_000;
const MAX_ALT: usize = 2_000;
/// Slack asks for no more in `text`.
const MAX_FALLBACK: usize = 4_000;

/// The message: `text`, `blocks`.
pub(super) fn message(telling: &Telling, text: &str, note: &mut dyn FnMut(Note)) -> Object {
    let mut kit = Kit::default();
    if let Some(title) = heading(telling) {
        kit.header(title);
    }
    kit.write(&telling.blocks);
    let mut blocks = kit.blocks;
    if blocks.len() > MAX_BLOCKS {
        blocks.truncate(MAX_BLOCKS - 1);
        blocks.push(json!({"type": "context", "elements": [{"type": "plain_text", "text": "…", "emoji": false}]}));
        note(Note::Shortened {
            why: "Slack shows 50 blocks at most",
        });
    }
    let mut message = Object::new();
    message.insert("text".to_owned(), fallback(telling.title.as_deref(), text).into());
    message.insert("mrkdwn".to_owned(), false.into());
    if !blocks.is_empty() {
        message.insert("blocks".to_owned(), blocks.into());
    }
    message
}

/// What notifications show and screen readers read: title and text.
fn fallback(title: Option<&str>, text: &str) -> String {
    let title = title.unwrap_or_default().trim();
    let whole = if title.is_empty() || text.starts_with(title) {
        text.to_owned()
    } else {
        format!("{title}\n{text}")
    };
    let escaped = escape(whole.trim());
    if units(&escaped) <= MAX_FALLBACK {
        return escaped;
    }
    // An escaped character takes five places at most.
    escape(&cut(whole.trim(), MAX_FALLBACK / 5))
}

/// Blocks being written.
#[derive(Default)]
struct Kit {
    blocks: Vec<Value>,
    /// Buttons in the last block.
    row: usize,
    /// Buttons so far: each needs an id of its own.
    buttons: usize,
}

impl Kit {
    fn push(&mut self, blocks: impl IntoIterator<Item = Value>) {
        for block in blocks {
            self.row = 0;
            self.blocks.push(block);
        }
    }

    fn write(&mut self, blocks: &[Block]) {
        for block in blocks {
            match block {
                Block::Text { words, .. } | Block::Quote(words) if words.is_blank() => {}
                Block::Text { style, words } if style.is_heading() => self.heading(*style, words.lines()),
                Block::Text { style, words } if *style == TextStyle::Subtext => self.push(small(&words.lines())),
                Block::Text { words, .. } => self.push(paragraph(&words.lines())),
                Block::Quote(words) => self.push(quote(&words.lines())),
                Block::Action(action) => self.action(action),
                Block::Picture(picture) => self.picture(picture),
                Block::Divider => self.push([json!({"type": "divider"})]),
                Block::List(list) => self.push(paragraph(&list_as_text(list, "    "))),
                Block::Native(value) => self.push(members(value, "blocks")),
                Block::Columns(columns) => columns.iter().for_each(|column| self.write(column)),
            }
        }
    }

    fn heading(&mut self, style: TextStyle, mut lines: Vec<Line>) {
        let runs = lines
            .iter()
            .map(|line| line.iter().map(|run| run.text.as_str()).collect());
        let text = runs.collect::<Vec<String>>().join(" ");
        let has_links = lines.iter().flatten().any(|run| run.href.is_some());
        if style == TextStyle::H3 || has_links || units(text.trim()) > MAX_HEADER {
            lines.iter_mut().flatten().for_each(|run| run.look.bold = true);
            self.push(paragraph(&lines));
        } else {
            self.header(text.trim());
        }
    }

    fn header(&mut self, text: &str) {
        let text = cut(text, MAX_HEADER);
        self.push([json!({"type": "header", "text": {"type": "plain_text", "text": text, "emoji": false}})]);
    }

    fn action(&mut self, action: &Action) {
        let label = action.label.trim();
        if action.style == "link" || label.is_empty() || !opens(&action.href) {
            let text = if label.is_empty() { &action.href } else { label };
            let href = if units(&action.href) <= MAX_URL {
                &action.href
            } else {
                ""
            };
            return self.push(paragraph(&[vec![Run::link(text, href)]]));
        }
        self.buttons += 1;
        let mut button = json!({
            "type": "button",
            "action_id": format!("action_{}", self.buttons),
            "text": {"type": "plain_text", "text": cut(label, MAX_LABEL), "emoji": false},
            "url": action.href,
        });
        let style = match action.style {
            "secondary" => Some("primary"),
            "tertiary" => Some("danger"),
            _ => None,
        };
        if let (Some(style), Some(button)) = (style, button.as_object_mut()) {
            button.insert("style".to_owned(), style.into());
        }
        let has_room = (1..MAX_BUTTONS).contains(&self.row);
        let row = self.blocks.last_mut().filter(|_| has_room);
        if let Some(row) = row.and_then(|block| block.get_mut("elements")?.as_array_mut()) {
            row.push(button);
            self.row += 1;
        } else {
            self.push([json!({"type": "actions", "elements": [button]})]);
            self.row = 1;
        }
    }

    /// A picture; what Slack cannot fetch is its description.
    fn picture(&mut self, picture: &Picture) {
        let alt = picture.alt.trim();
        if !opens(&picture.src) {
            return self.push(paragraph(&[vec![Run::plain(alt)]]));
        }
        let described = if alt.is_empty() { "Image" } else { alt };
        self.push([json!({"type": "image", "image_url": picture.src, "alt_text": cut(described, MAX_ALT)})]);
        if let Some(href) = picture.href.as_ref().filter(|href| opens(href)) {
            let label = if alt.is_empty() { href } else { alt };
            self.push(small(&[vec![Run::link(label, href)]]));
        }
    }
}

/// Whether Slack takes an address; a wrong one would cost the whole message.
fn opens(href: &str) -> bool {
    is_web(href) && units(href) <= MAX_URL
}
