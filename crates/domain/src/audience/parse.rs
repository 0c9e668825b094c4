//! Reading filters, in all three spellings.

use serde_json::{Map, Value};

use super::{Condition, Filter, Operator};

/// How deep groups may stand within groups.
pub const MAX_DEPTH: usize = 16;
/// How many conditions a filter may have in all.
const MAX_CONDITIONS: usize = 200;
/// How long a path may be, in bytes.
const MAX_PATH: usize = 256;

impl Filter {
    /// Reads a filter. `operator` is the one that may stand beside the filter: how its groups are joined when the filter
    /// itself does not say.
    ///
    /// # Errors
    /// In words, beginning with the field.
    pub fn parse(filter: &Value, operator: Option<&str>) -> Result<Self, String> {
        let mut count = 0;
        read("filter", filter, operator, 1, &mut count)
    }

    /// Reads a filter that is about to be stored: as [`Self::parse`], but what would be passed over is refused.
    ///
    /// # Errors
    /// In words, beginning with the field.
    pub fn parse_new(filter: &Value, operator: Option<&str>) -> Result<Self, String> {
        let read = Self::parse(filter, operator)?;
        let joins = |operator: Option<&str>| operator.is_some_and(|one| matches!(one, "AND" | "OR"));
        let own = filter.get("operator").and_then(Value::as_str);
        if joins(own) && joins(operator) && own != operator {
            return Err("operator: The filter says otherwise itself".to_owned());
        }
        one_spelling("filter", filter)?;
        Ok(read)
    }
}

/// Refuses groups that are spelled in both ways. The filter was read before, so it is not nested too deep.
fn one_spelling(field: &str, filter: &Value) -> Result<(), String> {
    let list = |name: &str| filter.get(name).and_then(Value::as_array);
    if list("filters").is_some() && list("rules").is_some() {
        return Err(format!(
            "{field}.rules: Another spelling of filters, which are there already"
        ));
    }
    for name in ["filters", "rules"] {
        for (index, one) in list(name).into_iter().flatten().enumerate() {
            one_spelling(&format!("{field}.{name}.{index}"), one)?;
        }
    }
    Ok(())
}

fn read(field: &str, value: &Value, operator: Option<&str>, depth: usize, count: &mut usize) -> Result<Filter, String> {
    if depth > MAX_DEPTH {
        return Err(format!("{field}: Nested deeper than {MAX_DEPTH} levels"));
    }
    *count += 1;
    if *count > MAX_CONDITIONS {
        return Err(format!("{field}: More than {MAX_CONDITIONS} conditions"));
    }
    let Value::Object(object) = value else {
        return Err(format!("{field}: Expected object, received {}", kind_of(value)));
    };
    let own = match object.get("operator") {
        None | Some(Value::Null) => operator,
        Some(Value::String(text)) => Some(text.as_str()),
        Some(other) => {
            return Err(format!(
                "{field}.operator: Expected string, received {}",
                kind_of(other)
            ));
        }
    };
    for name in ["filters", "rules"] {
        match object.get(name) {
            None | Some(Value::Null) => {}
            Some(Value::Array(list)) => return group(&format!("{field}.{name}"), list, own, object, depth, count),
            Some(other) => return Err(format!("{field}.{name}: Expected array, received {}", kind_of(other))),
        }
    }
    let Some(own) = own else {
        return Err(format!("{field}.operator: Required"));
    };
    condition(field, own, object).map(Filter::One)
}

fn group(
    field: &str,
    list: &[Value],
    operator: Option<&str>,
    object: &Map<String, Value>,
    depth: usize,
    count: &mut usize,
) -> Result<Filter, String> {
    if list.is_empty() {
        return Err(format!("{field}: Expected at least one condition"));
    }
    let mut filters = Vec::with_capacity(list.len());
    for (index, one) in list.iter().enumerate() {
        filters.push(read(&format!("{field}.{index}"), one, None, depth + 1, count)?);
    }
    match operator {
        None | Some("AND") => Ok(Filter::All(filters)),
        Some("OR") => Ok(Filter::Any(filters)),
        // The older spelling lets a condition of its own stand beside its rules: both must hold.
        Some(other) if object.get("path").is_some_and(Value::is_string) => {
            let parent = field.rsplit_once('.').map_or(field, |(parent, _)| parent);
            filters.insert(0, Filter::One(condition(parent, other, object)?));
            Ok(Filter::All(filters))
        }
        Some(_) => {
            let parent = field.rsplit_once('.').map_or(field, |(parent, _)| parent);
            Err(format!("{parent}.operator: Expected AND or OR"))
        }
    }
}

fn condition(field: &str, operator: &str, object: &Map<String, Value>) -> Result<Condition, String> {
    let Some(operator) = Operator::parse(operator) else {
        let names: Vec<_> = Operator::ALL.iter().map(|one| one.as_str()).collect();
        return Err(format!(
            "{field}.operator: Expected AND or OR with filters, or one of {}",
            names.join(", ")
        ));
    };
    let path = match object.get("path") {
        Some(Value::String(path)) => path.clone(),
        None | Some(Value::Null) => return Err(format!("{field}.path: Required")),
        Some(other) => return Err(format!("{field}.path: Expected string, received {}", kind_of(other))),
    };
    if path.is_empty() || path.len() > MAX_PATH || path.split('.').any(str::is_empty) || path.starts_with('$') {
        return Err(format!(
            "{field}.path: Expected names with dots between them, such as address.city"
        ));
    }
    if operator == Operator::MemberOf && path != "account_id" {
        return Err(format!("{field}.path: MEMBER_OF looks at account_id only"));
    }
    let value = object.get("value").cloned().unwrap_or_default();
    let scalar = |value: &Value| matches!(value, Value::String(_) | Value::Number(_) | Value::Bool(_));
    let fits = match operator {
        Operator::Exists => true,
        Operator::Includes | Operator::Omit => match &value {
            Value::Array(list) => list.iter().all(scalar),
            one => scalar(one),
        },
        Operator::IsBefore | Operator::IsAfter => value
            .as_str()
            .is_some_and(|text| crate::window::parse_moment(text).is_some()),
        Operator::StartsWith | Operator::EndsWith | Operator::MemberOf => value.is_string(),
        _ => scalar(&value),
    };
    if !fits {
        let expected = match operator {
            Operator::Includes | Operator::Omit => "a text, a number, or several",
            Operator::IsBefore | Operator::IsAfter => "an ISO 8601 moment",
            Operator::StartsWith | Operator::EndsWith | Operator::MemberOf => "a text",
            _ => "a text, a number, true or false",
        };
        return Err(format!("{field}.value: Expected {expected}"));
    }
    Ok(Condition { operator, path, value })
}

fn kind_of(value: &Value) -> &'static str {
    tidings_types::routing::kind_of(value)
}
