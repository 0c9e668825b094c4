//! Whether what a designer saved can be sent. Whoever reads the answer sees a page, not JSON: places are told as people
//! count them.

use serde_json::Value;
use tidings_types::{Error, Result, TemplateContent};

/// How many things that are wrong are told at once.
const MAX_TOLD: usize = 3;

/// Reads content, or says what is wrong with it.
///
/// # Errors
/// `Invalid`, in words that whoever designed it understands.
pub(super) fn content(written: &Value) -> Result<TemplateContent> {
    let elements = written.get("elements").and_then(Value::as_array);
    if elements.is_none_or(Vec::is_empty) {
        return Err(Error::invalid("The template is empty: there is nothing to send"));
    }
    let content: TemplateContent = serde_json::from_value(written.clone())
        .map_err(|_| Error::invalid("The template's content is in a form that is not known here"))?;
    tidings_render::check(&content, false).map_err(|problems| {
        let mut told: Vec<String> = problems
            .iter()
            .take(MAX_TOLD)
            .map(|one| format!("{} {}", place(written, &one.element_path), one.reason))
            .collect();
        if let Some(more) = problems.len().checked_sub(MAX_TOLD).filter(|more| *more > 0) {
            told.push(format!("and {more} more"));
        }
        Error::invalid(format!("The template cannot be sent yet: {}", told.join("; ")))
    })?;
    Ok(content)
}

/// `elements[0].elements[2].href` as `email, element 3 (action): href`.
fn place(content: &Value, path: &str) -> String {
    let (mut here, mut channel, mut kind) = (content, None, None);
    let (mut numbers, mut field): (Vec<String>, Vec<&str>) = (Vec::new(), Vec::new());
    for part in path.split('.') {
        let (name, index) = match part.strip_suffix(']').and_then(|part| part.split_once('[')) {
            Some((name, index)) => (name, index.parse::<usize>().ok()),
            None => (part, None),
        };
        let next = here.get(name).and_then(|one| match index {
            Some(index) => one.get(index),
            None => Some(one),
        });
        here = next.unwrap_or(&Value::Null);
        let text = |name: &str| here.get(name).and_then(Value::as_str);
        match index {
            Some(_)
                if name == "elements" && numbers.is_empty() && text("type") == Some("channel") && channel.is_none() =>
            {
                channel = text("channel");
            }
            Some(index) if name == "elements" => {
                numbers.push((index + 1).to_string());
                kind = text("type");
            }
            _ => field.push(part),
        }
    }
    let mut told = Vec::new();
    if let Some(channel) = channel {
        told.push(channel.to_owned());
    }
    if !numbers.is_empty() {
        let kind = kind.map(|kind| format!(" ({kind})")).unwrap_or_default();
        told.push(format!("element {}{kind}", numbers.join(".")));
    }
    match (told.is_empty(), field.is_empty()) {
        (_, true) => told.join(", "),
        (true, false) => field.join("."),
        (false, false) => format!("{}: {}", told.join(", "), field.join(".")),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn places_are_told_as_people_count_them() {
        let written = json!({"elements": [{"type": "channel", "channel": "email", "elements": [
            {"type": "text", "content": "a"},
            {"type": "columns", "elements": [{"type": "column", "elements": [{"type": "action", "content": "Go"}]}]},
        ]}, {"type": "text"}]});
        let told = |path| place(&written, path);
        assert_eq!(
            told("elements[0].elements[1].elements[0].elements[0].href"),
            "email, element 2.1.1 (action): href"
        );
        assert_eq!(told("elements[0].raw.html"), "email: raw.html");
        assert_eq!(told("elements[1]"), "element 2 (text)");
        assert_eq!(told("elements[9].elements[9].if"), "element 10.10: if");
        assert_eq!(told("scope"), "scope");
        assert_eq!(told(""), "");
    }

    #[test]
    fn what_cannot_be_sent_is_refused_in_words() {
        for (written, expected) in [
            (json!(null), "The template is empty"),
            (json!({"elements": []}), "The template is empty"),
            (
                json!({"elements": [{"type": "channel", "channel": "email", "elements": [
                {"type": "text", "content": "Hi {{"}]}]}),
                "email, element 1 (text): content",
            ),
            (
                json!({"version": 7, "elements": [{"type": "text", "content": "x"}]}),
                "in a form",
            ),
        ] {
            let told = content(&written).unwrap_err();
            assert!(told.message().contains(expected), "{told}");
        }
        assert!(
            content(&json!({"version": "2022-01-01", "elements": [{"type": "text", "content": "x"}], "more": 1}))
                .is_ok()
        );
    }
}
