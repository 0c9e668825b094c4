//! JSONPath (RFC 9535) with limits on what one query may cost.

use serde_json::Value;
use serde_json_path::JsonPath;

use crate::TemplateError;
use crate::error::shorten;

/// The longest query, in bytes.
const MAX_LENGTH: usize = 256;
/// How deep brackets may nest: the parser calls itself for each.
const MAX_NESTING: usize = 4;
/// How many times a query may search all levels (`..`): each multiplies the work.
const MAX_DESCENTS: usize = 1;
/// How many `*` and filters a query may hold: each multiplies the work as well.
const MAX_WILDCARDS: usize = 3;

/// Reads a query.
pub(crate) fn parse(text: &str) -> Result<JsonPath, TemplateError> {
    let refuse = |reason: &str| TemplateError::Path {
        path: shorten(text),
        reason: reason.to_owned(),
    };
    if text.len() > MAX_LENGTH {
        return Err(refuse("it is too long"));
    }
    if nesting(text) > MAX_NESTING {
        return Err(refuse("it nests too deep"));
    }
    if text.matches("..").count() > MAX_DESCENTS || text.matches(['*', '?']).count() > MAX_WILDCARDS {
        return Err(refuse("it searches too much"));
    }
    if is_costly_filter(text) {
        return Err(refuse("a filter may not search from `$` again"));
    }
    JsonPath::parse(text).map_err(|error| refuse(error.message()))
}

/// How deep brackets nest. Brackets in quotes count too: that errs on the safe side.
fn nesting(text: &str) -> usize {
    let mut depth: usize = 0;
    let mut deepest = 0;
    for c in text.chars() {
        match c {
            '[' | '(' | '!' => depth += 1,
            ']' | ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

/// Whether a filter begins another search at the top for every value it looks at.
fn is_costly_filter(text: &str) -> bool {
    text.split_once('?').is_some_and(|(_, filter)| filter.contains('$'))
}

/// How deep values may nest: a little deeper than what comes as JSON can.
const MAX_DEPTH: usize = 160;

/// How many steps it counts to search or copy a value: as many as there are values in it, long texts counting as more.
/// What nests too deep counts as too much.
pub(crate) fn cost(from: &Value) -> u32 {
    cost_at(from, MAX_DEPTH)
}

fn cost_at(from: &Value, deeper: usize) -> u32 {
    let Some(left) = deeper.checked_sub(1) else {
        return u32::MAX;
    };
    match from {
        Value::String(text) => u32::try_from(1 + text.len() / 16).unwrap_or(u32::MAX),
        Value::Array(items) => items
            .iter()
            .map(|item| cost_at(item, left))
            .fold(1, u32::saturating_add),
        Value::Object(members) => members
            .values()
            .map(|value| cost_at(value, left))
            .fold(1, u32::saturating_add),
        _ => 1,
    }
}

/// What a query finds: nothing, one value, or an array of several.
pub(crate) fn find(query: &JsonPath, root: &Value) -> Option<Value> {
    let mut found = query.query(root).all().into_iter().filter(|value| !value.is_null());
    let first = found.next()?.clone();
    let rest: Vec<Value> = found.cloned().collect();
    if rest.is_empty() {
        Some(first)
    } else {
        Some(std::iter::once(first).chain(rest).collect())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn filters_and_slices_work() {
        let root = json!({"data": {"items": [{"n": 1, "s": "a"}, {"n": 2, "s": "b"}]}});
        let find = |text: &str| find(&parse(text).unwrap(), &root);
        assert_eq!(find("$.data.items[?(@.n == 2)].s"), Some(json!("b")));
        assert_eq!(find("$.data.items[*].n"), Some(json!([1, 2])));
        assert_eq!(find("$..s"), Some(json!(["a", "b"])));
        assert_eq!(find("$.nothing"), None);
    }

    #[test]
    fn costly_queries_are_refused() {
        let deep = format!("$[?{}@.a{}]", "(".repeat(60), ")".repeat(60));
        for text in [
            deep.as_str(),
            "$..a..b",
            "$..*..*",
            "$[*][*][*][*]",
            "$.a[",
            "$ b",
            "$..[?@.a == $.b]",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
