//! Text in Slack: `mrkdwn` where it says what is meant, else `rich_text`, in which text is literal.
//!
//! `mrkdwn` has no escape for its own marks. So a text whose words hold one (`2 * 3 * 4`, `snake_case`) is written as
//! rich text, which looks the same and means nothing but itself.

use serde_json::{Value, json};
use tidings_types::Object;

use crate::chat::dialect::Dialect;
use crate::chat::{is_blank, is_web, units};
use crate::telling::runs::{Line, Look, Run};

/// The longest text of one block, in characters.
const MAX_TEXT: usize = 3_000;
/// The longest address that is made a link where it stands in a text.
const MAX_BARE_URL: usize = 1_200;

const MRKDWN: Dialect = Dialect {
    bold: "*",
    italic: "_",
    strike: "~",
    literal,
    code: |text, out| {
        out.push('`');
        escape_into(text, out);
        out.push('`');
    },
    link,
};

/// Escapes the three characters with a meaning everywhere in Slack's texts.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    escape_into(text, &mut out);
    out
}

fn escape_into(text: &str, out: &mut String) {
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            other => out.push(other),
        }
    }
}

fn link(href: &str, label: &str, out: &mut String) {
    out.push('<');
    // A bar ends the address.
    escape_into(&href.replace('|', "%7C"), out);
    if label != href {
        out.push('|');
        escape_into(label, out);
    }
    out.push('>');
}

/// Text as it stands, with web addresses as links to themselves: with `verbatim`, Slack makes none of its own.
fn literal(text: &str, out: &mut String) {
    for word in text.split_inclusive(' ') {
        let address = word.trim_end();
        if is_web(address) && units(address) <= MAX_BARE_URL {
            link(address, address, out);
            out.push_str(word.get(address.len()..).unwrap_or_default());
        } else {
            escape_into(word, out);
        }
    }
}

/// A paragraph, in as many blocks as its length needs.
pub(super) fn paragraph(lines: &[Line]) -> Vec<Value> {
    blocks(lines, |text| json!({"type": "section", "text": text}))
}

/// Small print.
pub(super) fn small(lines: &[Line]) -> Vec<Value> {
    blocks(lines, |text| json!({"type": "context", "elements": [text]}))
}

/// A quotation.
pub(super) fn quote(lines: &[Line]) -> Vec<Value> {
    let plain = lines.iter().all(|line| is_plain(line));
    let write = |page: Vec<Line>| {
        if plain {
            let text: Vec<String> = page.iter().map(|line| format!(">{}", MRKDWN.line(line))).collect();
            json!({"type": "section", "text": mrkdwn(&text.join("\n"))})
        } else {
            rich(&page, "rich_text_quote")
        }
    };
    // Half of the room is kept for the marks of lines that may be very short.
    pages(lines, MAX_TEXT / 2).into_iter().map(write).collect()
}

fn blocks(lines: &[Line], block: impl Fn(Value) -> Value) -> Vec<Value> {
    let plain = lines.iter().all(|line| is_plain(line));
    let write = |page: Vec<Line>| {
        if plain {
            block(mrkdwn(&MRKDWN.lines(&page)))
        } else {
            rich(&page, "rich_text_section")
        }
    };
    pages(lines, MAX_TEXT).into_iter().map(write).collect()
}

fn pages(lines: &[Line], limit: usize) -> Vec<Vec<Line>> {
    let mut pages = MRKDWN.pages(lines, limit);
    pages.retain(|page| !page.iter().all(|line| is_blank(line)));
    pages
}

fn mrkdwn(text: &str) -> Value {
    json!({"type": "mrkdwn", "text": text, "verbatim": true})
}

/// Whether a line's words say the same in `mrkdwn`: no letter of theirs is a mark, and every mark stands at the edge of
/// a word, where it is seen as one.
fn is_plain(line: &[Run]) -> bool {
    let text: String = line.iter().map(|run| run.text.as_str()).collect();
    !text.contains(['*', '_', '~', '`'])
        && !text.trim_start().starts_with('>')
        && !has_emoji_name(&text)
        && !line.iter().any(|run| run.href.is_some() && run.text.contains('|'))
        && line.windows(2).all(|pair| match pair {
            [left, right] => {
                (right.look == Look::default() || is_edge(left.text.chars().next_back()))
                    && (left.look == Look::default() || is_edge(right.text.chars().next()))
            }
            _ => true,
        })
}

/// Whether a mark beside this letter stands at the edge of a word, where Slack sees it.
fn is_edge(letter: Option<char>) -> bool {
    letter.is_none_or(|letter| letter.is_whitespace() || letter.is_ascii_punctuation())
}

/// Whether there is a `:name:`, which Slack draws as a picture.
fn has_emoji_name(text: &str) -> bool {
    let parts: Vec<&str> = text.split(':').collect();
    let inner = parts.get(1..parts.len().saturating_sub(1)).unwrap_or_default();
    inner.iter().any(|name| {
        !name.is_empty()
            && name
                .chars()
                .all(|c| c.is_alphanumeric() || matches!(c, '_' | '+' | '-'))
    })
}

/// The same as rich text.
fn rich(lines: &[Line], kind: &str) -> Value {
    let mut elements = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        if index > 0 {
            elements.push(json!({"type": "text", "text": "\n"}));
        }
        elements.extend(line.iter().filter(|run| !run.text.is_empty()).map(element));
    }
    json!({"type": "rich_text", "elements": [{"type": kind, "elements": elements}]})
}

fn element(run: &Run) -> Value {
    let mut element = match &run.href {
        Some(href) => json!({"type": "link", "url": href, "text": run.text}),
        None => json!({"type": "text", "text": run.text}),
    };
    let Look {
        bold,
        italic,
        strike,
        code,
    } = run.look;
    let style: Object = [("bold", bold), ("code", code), ("italic", italic), ("strike", strike)]
        .into_iter()
        .filter(|(_, wanted)| *wanted)
        .map(|(name, wanted)| (name.to_owned(), wanted.into()))
        .collect();
    if let (false, Some(element)) = (style.is_empty(), element.as_object_mut()) {
        element.insert("style".to_owned(), style.into());
    }
    element
}
