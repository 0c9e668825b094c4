//! A call from the shell, ready to be pasted.

use serde_json::Value;

use super::api::{Operation, text};
use super::example;
use super::schema::resolve;

/// The call of an operation.
pub(super) fn call(document: &Value, operation: &Operation<'_>, base_url: &str) -> String {
    let mut lines = vec![address(document, operation, base_url)];
    if operation.secured {
        lines.push("-H \"Authorization: Bearer $TIDINGS_API_KEY\"".to_owned());
    }
    if let Some(body) = body(document, operation) {
        lines.push("-H 'Content-Type: application/json'".to_owned());
        lines.push(format!("-d '{}'", body.replace('\'', r"'\''").replace('\n', "\n  ")));
    }
    let method = match operation.method {
        "get" => String::new(),
        other => format!("-X {} ", other.to_uppercase()),
    };
    format!("curl {method}{}", lines.join(" \\\n  "))
}

/// The example of an operation's body, as indented JSON.
fn body(document: &Value, operation: &Operation<'_>) -> Option<String> {
    let (_, body) = resolve(document, operation.body?);
    let content = body.get("content")?.get("application/json")?;
    serde_json::to_string_pretty(&example::of_content(document, content)?).ok()
}

/// The whole address with what must stand in it.
fn address(document: &Value, operation: &Operation<'_>, base_url: &str) -> String {
    let mut path = operation.path.to_owned();
    let mut query = Vec::new();
    for parameter in &operation.parameters {
        let (_, parameter) = resolve(document, parameter);
        let name = text(parameter, "name");
        let example = example::of_parameter(document, parameter);
        let required = parameter.get("required").and_then(Value::as_bool).unwrap_or(false);
        match text(parameter, "in") {
            "path" => {
                if let Some(example) = example {
                    path = path.replace(&format!("{{{name}}}"), &example);
                }
            }
            "query" if required => query.push(format!("{name}={}", example.unwrap_or_else(|| format!("{{{name}}}")))),
            _ => {}
        }
    }
    let address = format!("{base_url}{path}");
    let whole = if query.is_empty() {
        address
    } else {
        format!("{address}?{}", query.join("&"))
    };
    // Braces and ampersands mean something to shells and to curl.
    if whole.contains(['{', '&', '?']) {
        format!("'{whole}'")
    } else {
        whole
    }
}
