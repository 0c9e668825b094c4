//! A query as clients send it.
//!
//! The published clients take liberties with the form: no `variables`, `variables` as a string of JSON, and variables
//! that the query does not declare. The last are ignored when a query is executed.

use async_graphql::{Request, Value, Variables};
use serde::Deserialize;
use serde_json::value::RawValue;
use tidings_types::{Error, Result};

use super::exact;

/// The body of a call.
#[derive(Deserialize)]
struct Body<'a> {
    query: String,
    #[serde(default, borrow)]
    variables: Option<&'a RawValue>,
    #[serde(default, rename = "operationName")]
    operation_name: Option<String>,
}

/// Reads a query.
///
/// # Errors
/// `Invalid` when it is no JSON object with a `query`, or its `variables` are no object.
pub(super) fn read(body: &[u8]) -> Result<Request> {
    let Body {
        query,
        variables,
        operation_name,
    } = serde_json::from_slice(body).map_err(|_| Error::invalid("Expected a JSON object with a GraphQL `query`"))?;
    let mut request = Request::new(query).variables(self::variables(variables.map_or("null", RawValue::get))?);
    request.operation_name = operation_name.filter(|name| !name.is_empty());
    Ok(request)
}

fn variables(given: &str) -> Result<Variables> {
    let wrong = || Error::invalid("variables: Expected object");
    let given = match exact::read(given)? {
        Value::String(text) if text.trim().is_empty() => Value::Null,
        Value::String(text) => exact::read(&text).map_err(|_| wrong())?,
        other => other,
    };
    match given {
        Value::Null => Ok(Variables::default()),
        object @ Value::Object(_) => Ok(Variables::from_value(object)),
        _ => Err(wrong()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(body: &str) -> Vec<String> {
        let request = read(body.as_bytes()).unwrap();
        request.variables.keys().map(ToString::to_string).collect()
    }

    #[test]
    fn variables_may_be_an_object_a_text_or_missing() {
        assert!(keys(r#"{"query": "{a}"}"#).is_empty());
        assert!(keys(r#"{"query": "{a}", "variables": null}"#).is_empty());
        assert!(keys(r#"{"query": "{a}", "variables": "{}"}"#).is_empty());
        assert!(keys(r#"{"query": "{a}", "variables": ""}"#).is_empty());
        assert_eq!(keys(r#"{"query": "{a}", "variables": "{\"x\": 1}"}"#), ["x"]);
        assert_eq!(keys(r#"{"query": "{a}", "variables": {"x": 1}}"#), ["x"]);
    }

    #[test]
    fn what_is_no_query_is_refused() {
        for wrong in [
            "",
            "[]",
            "{}",
            r#"{"query": 1}"#,
            r#"{"query": "{a}", "variables": []}"#,
            r#"{"query": "{a}", "variables": "["}"#,
        ] {
            assert!(read(wrong.as_bytes()).is_err(), "{wrong}");
        }
    }
}
