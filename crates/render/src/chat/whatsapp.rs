//! `WhatsApp`: a text with its own marks of emphasis, <https://faq.whatsapp.com/539178204879377>.
//!
//! There is no escape for the marks. Where a letter of a value would be taken for one, a space of no width after it
//! takes its meaning.

use tidings_types::Object;

use super::dialect::Dialect;
use super::discord::add_line;
use super::{heading, is_web, list_lines};
use crate::note::Note;
use crate::telling::runs::{Line, Run};
use crate::telling::{Block, Telling, leads};

/// The longest text, in characters:
/// <https://developers.facebook.com/docs/whatsapp/cloud-api/messages/text-messages>.
const MAX_TEXT: usize = 4_096;
/// A space that is not seen.
const NOTHING: char = '\u{200b}';

const MARKS: Dialect = Dialect {
    bold: "*",
    italic: "_",
    strike: "~",
    literal,
    code: |text, out| {
        out.push('`');
        out.push_str(&text.replace('`', "'"));
        out.push('`');
    },
    link: |href, label, out| {
        literal(label, out);
        if label != href {
            out.extend([" (", href, ")"]);
        }
    },
};

/// The message: `text`.
pub(super) fn message(telling: &Telling, note: &mut dyn FnMut(Note)) -> Object {
    let mut page = Page::default();
    if let Some(title) = heading(telling) {
        page.bold(&vec![Run::plain(title)]);
    }
    page.write(&telling.blocks);
    if page.full {
        note(Note::Shortened {
            why: "WhatsApp takes 4,096 characters at most",
        });
    }
    let mut message = Object::new();
    message.insert("text".to_owned(), page.text.trim().into());
    message
}

#[derive(Default)]
struct Page {
    text: String,
    /// Whether no more text goes in.
    full: bool,
}

impl Page {
    fn write(&mut self, blocks: &[Block]) {
        for block in blocks {
            match block {
                Block::Text { style, words } if style.is_heading() => {
                    words.lines().iter().for_each(|line| self.bold(line));
                }
                Block::Text { words, .. } => words.lines().iter().for_each(|line| self.line("", line)),
                Block::Quote(words) => words.lines().iter().for_each(|line| self.line("> ", line)),
                Block::Action(action) => {
                    let label = action.label.trim();
                    let lone = label.is_empty() || label == action.href || !leads(&action.href);
                    let text = match (lone, label.is_empty()) {
                        (true, true) => action.href.clone(),
                        (true, false) => label.to_owned(),
                        (false, _) => format!("{label}: {}", action.href),
                    };
                    self.line("", &vec![Run::plain(text)]);
                }
                Block::Picture(picture) => self.line("", &vec![Run::plain(picture.src.as_str())]),
                Block::Divider => self.line("", &Line::new()),
                Block::List(list) => {
                    for (mark, line) in list_lines(list, "-", "  ") {
                        self.line(&mark, &line);
                    }
                }
                Block::Native(_) => {}
                Block::Columns(columns) => columns.iter().for_each(|column| self.write(column)),
            }
        }
    }

    fn bold(&mut self, line: &Line) {
        let mut line = line.clone();
        for run in &mut line {
            run.look.bold = true;
        }
        self.line("", &line);
    }

    fn line(&mut self, mark: &str, line: &Line) {
        let text: String = line.iter().map(|run| run.text.as_str()).collect();
        let guard = NOTHING.to_string();
        let mark = if mark.is_empty() && begins_block(&text) {
            &guard
        } else {
            mark
        };
        self.full = self.full || !add_line(&mut self.text, mark, line, &MARKS, MAX_TEXT);
    }
}

/// Whether a line's own words would make a quotation or an item of it.
fn begins_block(text: &str) -> bool {
    let text = text.trim_start();
    let digits = text.trim_start_matches(|c: char| c.is_ascii_digit());
    text.starts_with(['>', '-', '*']) || (digits.len() < text.len() && digits.starts_with('.'))
}

/// Text as it stands: a mark at the beginning of a word is kept from being one.
fn literal(text: &str, out: &mut String) {
    for word in text.split_inclusive(' ') {
        if is_web(word) {
            out.push_str(word);
            continue;
        }
        let mut inside = false;
        for letter in word.chars() {
            out.push(letter);
            if matches!(letter, '*' | '_' | '~' | '`') && !inside {
                out.push(NOTHING);
            }
            inside = letter.is_alphanumeric();
        }
    }
}
