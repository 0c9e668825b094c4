//! Text in a card: a `TextBlock`, which reads markdown, or a `RichTextBlock`, which reads nothing into its runs.

use serde_json::{Value, json};
use tidings_types::Object;

use crate::chat::dialect::Dialect;
use crate::chat::is_web;
use crate::mail::TextStyle;
use crate::telling::runs::Run;

const MARKDOWN: Dialect = Dialect {
    bold: "**",
    italic: "_",
    strike: "~~",
    literal: |text, out| out.push_str(text),
    code: |text, out| out.push_str(text),
    link: |href, label, out| {
        let href = href.replace('(', "%28").replace(')', "%29");
        out.extend(["[", label, "](", &href, ")"]);
    },
};

/// One line.
pub(super) fn text(line: &[Run], style: TextStyle) -> Value {
    if is_plain(line) {
        let mut block = Object::new();
        block.insert("type".to_owned(), "TextBlock".into());
        block.insert("text".to_owned(), MARKDOWN.line(line).into());
        block.insert("wrap".to_owned(), true.into());
        look(&mut block, style, false);
        return Value::Object(block);
    }
    let runs: Vec<Value> = line.iter().map(|one| run(one, style)).collect();
    json!({"type": "RichTextBlock", "inlines": runs})
}

fn run(run: &Run, style: TextStyle) -> Value {
    let mut inline = Object::new();
    inline.insert("type".to_owned(), "TextRun".into());
    inline.insert("text".to_owned(), disarm(&run.text).into());
    look(&mut inline, style, run.look.bold);
    if run.look.italic {
        inline.insert("italic".to_owned(), true.into());
    }
    if run.look.strike {
        inline.insert("strikethrough".to_owned(), true.into());
    }
    if run.look.code {
        inline.insert("fontType".to_owned(), "Monospace".into());
    }
    if let Some(href) = run.href.as_ref().filter(|href| is_web(href)) {
        let open = json!({"type": "Action.OpenUrl", "url": href});
        inline.insert("selectAction".to_owned(), open);
    }
    Value::Object(inline)
}

fn look(element: &mut Object, style: TextStyle, bold: bool) {
    let size = match style {
        TextStyle::H1 => Some("Large"),
        TextStyle::H2 => Some("Medium"),
        TextStyle::H3 | TextStyle::Text => None,
        TextStyle::Subtext => Some("Small"),
    };
    if let Some(size) = size {
        element.insert("size".to_owned(), size.into());
    }
    if bold || style.is_heading() {
        element.insert("weight".to_owned(), "Bolder".into());
    }
    if style == TextStyle::Subtext {
        element.insert("isSubtle".to_owned(), true.into());
    }
}

/// Whether nothing in a line's words could be taken for markdown, and all of it can be written in markdown.
fn is_plain(line: &[Run]) -> bool {
    const MARKS: [char; 12] = ['\\', '*', '_', '[', ']', '~', '`', '<', '>', '&', '{', '|'];
    let text: String = line.iter().map(|run| run.text.as_str()).collect();
    let begins = text.trim_start();
    let digits = begins.trim_start_matches(|c: char| c.is_ascii_digit());
    let numbered = digits.len() < begins.len() && digits.starts_with(['.', ')']);
    !text.contains(MARKS)
        && !begins.starts_with(['#', '-', '+', '='])
        && !numbered
        && !line.iter().any(|run| run.look.code)
}

/// `{{DATE(..)}}` and `{{TIME(..)}}` are filled in by the program that shows a card; what a value says is not.
fn disarm(text: &str) -> String {
    // Twice: of three braces the first pass parts only the first two.
    text.replace("{{", "{\u{200b}{").replace("{{", "{\u{200b}{")
}
