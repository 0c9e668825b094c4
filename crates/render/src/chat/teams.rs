//! Microsoft Teams: an Adaptive Card.
//!
//! Elements: <https://adaptivecards.io/explorer/>; what Teams shows of them and how large a card may be:
//! <https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/cards-format>.

mod text;

use serde_json::{Value, json};
use tidings_types::Object;

use self::text::text;
use super::{cut, heading, is_blank, is_web, list_as_text, members};
use crate::mail::TextStyle;
use crate::note::Note;
use crate::telling::runs::{Line, Run};
use crate::telling::{Action, Block, Picture, Telling, leads};

/// A message with its card may have 28 KB; some are left for what goes around the card.
const MAX_BYTES: usize = 26 * 1024;
/// The most buttons in a row, and the longest label.
const MAX_BUTTONS: usize = 6;
const MAX_LABEL: usize = 200;
/// More columns than this are too narrow to be read, and stand below each other.
const MAX_COLUMNS: usize = 3;

/// The card.
pub(super) fn card(telling: &Telling, note: &mut dyn FnMut(Note)) -> Object {
    let mut card = Card::default();
    if let Some(title) = heading(telling) {
        card.lines(TextStyle::H1, &[vec![Run::plain(title)]]);
    }
    card.write(&telling.blocks);
    let mut body = card.body;
    let mut bytes: usize = body.iter().map(|element| element.to_string().len() + 1).sum();
    let whole = body.len();
    while bytes > MAX_BYTES
        && let Some(last) = body.pop()
    {
        bytes -= last.to_string().len() + 1;
    }
    if body.len() < whole {
        body.push(json!({"type": "TextBlock", "text": "…", "wrap": true}));
        note(Note::Shortened {
            why: "Teams takes 28 KB at most",
        });
    }
    let mut card = Object::new();
    let schema = "http://adaptivecards.io/schemas/adaptive-card.json";
    card.insert("type".to_owned(), "AdaptiveCard".into());
    card.insert("$schema".to_owned(), schema.into());
    card.insert("version".to_owned(), "1.4".into());
    card.insert("body".to_owned(), body.into());
    card
}

/// Elements of a card's body being written.
#[derive(Default)]
struct Card {
    body: Vec<Value>,
    /// Whether a line goes above the next element.
    separate: bool,
    /// Buttons in the last element.
    row: usize,
}

impl Card {
    fn push(&mut self, mut element: Value) {
        if std::mem::take(&mut self.separate)
            && let Some(element) = element.as_object_mut()
        {
            element.insert("separator".to_owned(), true.into());
        }
        self.row = 0;
        self.body.push(element);
    }

    fn write(&mut self, blocks: &[Block]) {
        for block in blocks {
            match block {
                Block::Text { words, .. } | Block::Quote(words) if words.is_blank() => {}
                Block::Text { style, words } => self.lines(*style, &words.lines()),
                Block::Quote(words) => {
                    let mut inner = Self::default();
                    inner.lines(TextStyle::Text, &words.lines());
                    self.push(json!({"type": "Container", "style": "emphasis", "items": inner.body}));
                }
                Block::Action(action) => self.action(action),
                Block::Picture(picture) => self.picture(picture),
                Block::Divider => self.separate = true,
                Block::List(list) => self.lines(TextStyle::Text, &list_as_text(list, "\u{2003}")),
                Block::Native(value) => members(value, "body").into_iter().for_each(|one| self.push(one)),
                Block::Columns(columns) => self.columns(columns),
            }
        }
    }

    /// One element a line: programs differ in how they show line breaks inside one.
    fn lines(&mut self, style: TextStyle, lines: &[Line]) {
        for (index, line) in lines.iter().filter(|line| !is_blank(line)).enumerate() {
            let mut element = text(line, style);
            if let (true, Some(element)) = (index > 0, element.as_object_mut()) {
                element.insert("spacing".to_owned(), "None".into());
            }
            self.push(element);
        }
    }

    fn action(&mut self, action: &Action) {
        let label = action.label.trim();
        let label = if label.is_empty() { action.href.as_str() } else { label };
        if !leads(label) {
            return;
        }
        if action.style == "link" || !is_web(&action.href) {
            return self.lines(TextStyle::Text, &[vec![Run::link(label, &action.href)]]);
        }
        let button = json!({"type": "Action.OpenUrl", "title": cut(label, MAX_LABEL), "url": action.href});
        let has_room = (1..MAX_BUTTONS).contains(&self.row) && !self.separate;
        let row = self.body.last_mut().filter(|_| has_room);
        if let Some(row) = row.and_then(|last| last.get_mut("actions")?.as_array_mut()) {
            row.push(button);
            self.row += 1;
        } else {
            self.push(json!({"type": "ActionSet", "actions": [button]}));
            self.row = 1;
        }
    }

    /// A picture; what cannot be fetched is its description.
    fn picture(&mut self, picture: &Picture) {
        let alt = picture.alt.trim();
        if !is_web(&picture.src) {
            return self.lines(TextStyle::Text, &[vec![Run::plain(alt)]]);
        }
        let mut image = json!({"type": "Image", "url": picture.src, "altText": alt});
        let href = picture.href.as_ref().filter(|href| is_web(href));
        if let (Some(href), Some(image)) = (href, image.as_object_mut()) {
            image.insert(
                "selectAction".to_owned(),
                json!({"type": "Action.OpenUrl", "url": href}),
            );
        }
        self.push(image);
    }

    fn columns(&mut self, columns: &[Vec<Block>]) {
        if columns.len() > MAX_COLUMNS {
            return columns.iter().for_each(|column| self.write(column));
        }
        let inside = |column: &Vec<Block>| {
            let mut inner = Self::default();
            inner.write(column);
            json!({"type": "Column", "width": "stretch", "items": inner.body})
        };
        let columns: Vec<Value> = columns.iter().map(inside).collect();
        if !columns.is_empty() {
            self.push(json!({"type": "ColumnSet", "columns": columns}));
        }
    }
}
