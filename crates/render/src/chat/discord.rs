//! Discord: a message of markdown, with pictures as embeds and buttons that lead somewhere.
//!
//! Limits: <https://discord.com/developers/docs/resources/message>,
//! <https://discord.com/developers/docs/components/reference>; markdown:
//! <https://support.discord.com/hc/articles/210298617>.

use serde_json::{Value, json};
use tidings_types::Object;

use super::dialect::Dialect;
use super::{cut, heading, is_web, list_lines, units};
use crate::mail::TextStyle;
use crate::note::Note;
use crate::telling::runs::{Line, Run};
use crate::telling::{Action, Block, Picture, Telling, leads};

/// The longest content, in characters.
const MAX_CONTENT: usize = 2_000;
/// The most pictures, rows of buttons, buttons in a row; the longest label and address of a button.
const MAX_EMBEDS: usize = 10;
const MAX_ROWS: usize = 5;
const MAX_ROW: usize = 5;
const MAX_LABEL: usize = 80;
const MAX_URL: usize = 512;

const MARKDOWN: Dialect = Dialect {
    bold: "**",
    italic: "*",
    strike: "~~",
    literal,
    code,
    link,
};

/// Text as it stands. A web address is a link by itself; the brackets keep marks inside it from being read.
fn literal(text: &str, out: &mut String) {
    for word in text.split_inclusive(' ') {
        let address = word.trim_end();
        if is_web(address) && !address.contains(['<', '>', '\\']) {
            out.extend(["<", address, ">"]);
            out.push_str(word.get(address.len()..).unwrap_or_default());
        } else {
            escape(word, out);
        }
    }
}

fn escape(text: &str, out: &mut String) {
    const HARMLESS: [char; 10] = ['.', ',', '!', '?', '\'', '"', '/', '%', ';', '$'];
    let numbered = text.trim_start().starts_with(|c: char| c.is_ascii_digit());
    for letter in text.chars() {
        let is_mark = letter.is_ascii_punctuation() && (!HARMLESS.contains(&letter) || (numbered && letter == '.'));
        if is_mark {
            out.push('\\');
        }
        out.push(letter);
    }
}

/// Two marks around let one stand inside; a space keeps it off the edge.
fn code(text: &str, out: &mut String) {
    if text.contains('`') {
        out.extend(["`` ", &text.replace("``", "`\u{200b}`"), " ``"]);
    } else {
        out.extend(["`", text, "`"]);
    }
}

fn link(href: &str, label: &str, out: &mut String) {
    if is_web(href) {
        let href = href.replace('<', "%3C").replace('>', "%3E").replace(')', "%29");
        out.push('[');
        escape(label, out);
        out.extend(["](<", &href, ">)"]);
        return;
    }
    escape(label, out);
    if label != href {
        out.push_str(" (");
        escape(href, out);
        out.push(')');
    }
}

/// The message: `content`, `embeds`, `components`.
pub(super) fn message(telling: &Telling, note: &mut dyn FnMut(Note)) -> Object {
    let mut page = Page::default();
    if let Some(title) = heading(telling) {
        page.line("# ", &vec![Run::plain(title)]);
    }
    page.write(&telling.blocks);
    if page.full {
        note(Note::Shortened {
            why: "Discord takes 2,000 characters at most",
        });
    }
    let mut message = Object::new();
    message.insert("content".to_owned(), page.content.trim().into());
    if !page.embeds.is_empty() {
        message.insert("embeds".to_owned(), page.embeds.into());
    }
    let rows = page.buttons.chunks(MAX_ROW);
    let rows: Vec<Value> = rows.map(|row| json!({"type": 1, "components": row})).collect();
    if !rows.is_empty() {
        message.insert("components".to_owned(), rows.into());
    }
    // Nobody is called by what a value says.
    message.insert("allowed_mentions".to_owned(), json!({"parse": []}));
    message
}

#[derive(Default)]
struct Page {
    content: String,
    /// Whether no more text goes in.
    full: bool,
    embeds: Vec<Value>,
    buttons: Vec<Value>,
}

impl Page {
    fn write(&mut self, blocks: &[Block]) {
        for block in blocks {
            match block {
                Block::Text { style, words } => {
                    let mark = match style {
                        _ if words.is_blank() => "",
                        TextStyle::H1 => "# ",
                        TextStyle::H2 => "## ",
                        TextStyle::H3 => "### ",
                        TextStyle::Text => "",
                        TextStyle::Subtext => "-# ",
                    };
                    words.lines().iter().for_each(|line| self.line(mark, line));
                }
                Block::Quote(words) => words.lines().iter().for_each(|line| self.line("> ", line)),
                Block::Action(action) => self.action(action),
                Block::Picture(picture) => self.picture(picture),
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

    fn line(&mut self, mark: &str, line: &Line) {
        self.full = self.full || !add_line(&mut self.content, mark, line, &MARKDOWN, MAX_CONTENT);
    }

    fn action(&mut self, action: &Action) {
        let label = action.label.trim();
        let is_button = action.style != "link" && is_web(&action.href) && units(&action.href) <= MAX_URL;
        if is_button && !label.is_empty() && self.buttons.len() < MAX_ROWS * MAX_ROW {
            let button = json!({"type": 2, "style": 5, "label": cut(label, MAX_LABEL), "url": action.href});
            self.buttons.push(button);
            return;
        }
        let text = if label.is_empty() { &action.href } else { label };
        if leads(text) {
            self.line("", &vec![Run::link(text, &action.href)]);
        }
    }

    /// A picture; what cannot be fetched is its description.
    fn picture(&mut self, picture: &Picture) {
        if !is_web(&picture.src) || self.embeds.len() == MAX_EMBEDS {
            return self.line("", &vec![Run::plain(picture.alt.trim())]);
        }
        let mut embed = Object::new();
        // Embeds of one address are drawn as one gallery, so a picture that leads nowhere has none.
        if let Some(href) = picture.href.as_ref().filter(|href| is_web(href)) {
            embed.insert("url".to_owned(), href.as_str().into());
        }
        embed.insert("image".to_owned(), json!({"url": picture.src}));
        self.embeds.push(Value::Object(embed));
    }
}

/// Adds a line to a content that may not grow over a limit; false if all or part of it had to be left out.
pub(super) fn add_line(content: &mut String, mark: &str, line: &Line, dialect: &Dialect, limit: usize) -> bool {
    let between = if content.is_empty() { "" } else { "\n" };
    let used = units(content) + between.len() + units(mark);
    let written = dialect.line(line);
    // One place is kept for the ellipsis.
    let fits = used + units(&written) < limit;
    if fits {
        content.extend([between, mark, &written]);
    } else {
        let room = limit.saturating_sub(used + 1);
        let pages = dialect.pages(std::slice::from_ref(line), room);
        let first = pages.first().map(|page| dialect.lines(page)).unwrap_or_default();
        // What is there is shorter than the limit by one at least.
        if used < limit {
            content.extend([between, mark, first.trim_end(), "…"]);
        } else {
            content.push('…');
        }
    }
    fits
}
