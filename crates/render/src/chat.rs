//! What is told, in the form each chat program shows best.
//!
//! Text that holds none of a program's marks is written in the program's own light markup. Text that does is written so
//! that the marks stay characters: escaped where the program knows an escape, else as literal runs.

mod dialect;
mod discord;
mod slack;
mod teams;
mod whatsapp;

use serde_json::Value;
use tidings_types::Object;
use tidings_types::rendered::ChatForm;

use crate::note::Note;
use crate::telling::runs::{Line, Run};
use crate::telling::{Block, List, Telling};

/// Writes what was told for a chat program. `text` is the same in plain words.
pub(crate) fn payload(form: ChatForm, telling: &Telling, text: &str, note: &mut dyn FnMut(Note)) -> Object {
    let (mut payload, list) = match form {
        ChatForm::Slack => (slack::message(telling, text, note), "blocks"),
        ChatForm::Msteams => (teams::card(telling, note), "body"),
        ChatForm::Discord => (discord::message(telling, note), ""),
        ChatForm::Whatsapp => (whatsapp::message(telling, note), ""),
    };
    for block in &telling.blocks {
        // A single block stands in the list; members of a whole message go beside it.
        if let Block::Native(Value::Object(object)) = block
            && (list.is_empty() || object.contains_key(list))
        {
            let others = object.iter().filter(|(name, _)| *name != list);
            payload.extend(others.map(|(name, value)| (name.clone(), value.clone())));
        }
    }
    payload.extend(telling.payload.clone());
    payload
}

/// Whether there is something to be seen beside the text.
pub(crate) fn says_something(payload: &Object) -> bool {
    const PARTS: [&str; 6] = ["attachments", "blocks", "body", "components", "embeds", "template"];
    let full = |value: &Value| match value {
        Value::Array(list) => !list.is_empty(),
        Value::Object(object) => !object.is_empty(),
        _ => false,
    };
    PARTS.iter().any(|name| payload.get(*name).is_some_and(full))
}

/// The blocks of what a program wrote: a list of them, a message with such a list under `name`, or a single one.
fn members(value: &Value, name: &str) -> Vec<Value> {
    match value {
        Value::Array(list) => list.clone(),
        Value::Object(object) => match object.get(name) {
            Some(Value::Array(list)) => list.clone(),
            _ => vec![value.clone()],
        },
        _ => Vec::new(),
    }
}

/// The title, unless a heading stands where it would.
fn heading(telling: &Telling) -> Option<&str> {
    let said = match telling.blocks.first() {
        Some(Block::Text { style, words }) => style.is_heading() && !words.is_blank(),
        _ => false,
    };
    let title = telling.title.as_deref().map(str::trim);
    title.filter(|title| !title.is_empty() && !said)
}

/// A list as lines, each with what goes before it. `bullet` is the mark of unordered items.
fn list_lines(list: &List, bullet: &str, indent: &str) -> Vec<(String, Line)> {
    let mut lines = Vec::new();
    push_list(list, bullet, indent, 0, &mut lines);
    lines
}

fn push_list(list: &List, bullet: &str, indent: &str, depth: usize, lines: &mut Vec<(String, Line)>) {
    let before = indent.repeat(depth);
    for (index, item) in list.items.iter().enumerate() {
        let mark = if list.ordered {
            format!("{before}{}. ", index + 1)
        } else {
            format!("{before}{bullet} ")
        };
        if !item.words.is_blank() {
            let mut mark = Some(mark);
            for line in item.words.lines() {
                lines.push((mark.take().unwrap_or_else(|| format!("{before}{indent}")), line));
            }
        }
        for inner in &item.lists {
            push_list(inner, bullet, indent, depth + 1, lines);
        }
    }
}

/// A list as lines of text, for programs that know no lists.
fn list_as_text(list: &List, indent: &str) -> Vec<Line> {
    list_lines(list, "•", indent)
        .into_iter()
        .map(|(mark, line)| std::iter::once(Run::plain(mark)).chain(line).collect())
        .collect()
}

/// Whether an address is one that every program opens: absolute, by HTTP.
fn is_web(href: &str) -> bool {
    let rest = href.strip_prefix("https://").or_else(|| href.strip_prefix("http://"));
    rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with(['/', '?', '#', ':']))
}

/// Whether nothing of a line would be seen.
fn is_blank(line: &[Run]) -> bool {
    line.iter().all(|run| run.text.trim().is_empty())
}

/// A text cut to a number of UTF-16 units, with an ellipsis where something is missing.
fn cut(text: &str, limit: usize) -> String {
    if units(text) <= limit {
        return text.to_owned();
    }
    let mut used = 1;
    let kept: String = text
        .chars()
        .take_while(|letter| {
            used += letter.len_utf16();
            used <= limit
        })
        .collect();
    format!("{}…", kept.trim_end())
}

/// The length in UTF-16 units: no chat program counts more.
fn units(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}
