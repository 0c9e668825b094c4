//! JSON that comes back letter for letter: in the order of its keys, and with its numbers to the last digit.
//!
//! The JSON library sorts keys and reads some fractions off by one in the last place. An editor would find its own document
//! changed, and save it again.

use std::fmt;

use async_graphql::{InputValueResult, Name, Number, Scalar, ScalarType, Value};
use serde::Deserialize;
use serde::de::{MapAccess, Visitor};
use serde_json::value::RawValue;
use tidings_types::{Error, Result};

/// How deep JSON may nest. Each level is looked over once more than the one around it.
const MAX_DEPTH: usize = 64;

/// JSON of any form, as it was written.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Exact(pub(super) Value);

#[Scalar(name = "OpaqueJSON")]
impl ScalarType for Exact {
    fn parse(value: Value) -> InputValueResult<Self> {
        Ok(Self(value))
    }

    fn to_value(&self) -> Value {
        self.0.clone()
    }
}

impl Exact {
    /// A field, when it is there and not null.
    pub(super) fn field(&self, name: &str) -> Option<&Value> {
        match &self.0 {
            Value::Object(object) => object.get(name).filter(|value| **value != Value::Null),
            _ => None,
        }
    }
}

/// Reads JSON.
///
/// # Errors
/// `Invalid` when it is none, nests too deep or holds a number that no program keeps.
pub(super) fn read(text: &str) -> Result<Value> {
    let raw: &RawValue = serde_json::from_str(text).map_err(wrong)?;
    value(raw, 0)
}

/// Writes JSON.
///
/// # Errors
/// `Internal` when it is none.
pub(super) fn write(value: &Value) -> Result<String> {
    serde_json::to_string(value).map_err(Error::internal)
}

fn wrong(_: serde_json::Error) -> Error {
    Error::invalid("Expected JSON")
}

fn value(raw: &RawValue, depth: usize) -> Result<Value> {
    if depth > MAX_DEPTH {
        return Err(Error::invalid(format!("JSON nests deeper than {MAX_DEPTH} levels")));
    }
    let text = raw.get();
    Ok(match text.as_bytes().first() {
        Some(b'{') => {
            let Pairs(pairs) = serde_json::from_str(text).map_err(wrong)?;
            let pairs = pairs
                .into_iter()
                .map(|(name, raw)| Ok((Name::new(name), value(raw, depth + 1)?)));
            Value::Object(pairs.collect::<Result<_>>()?)
        }
        Some(b'[') => {
            let list: Vec<&RawValue> = serde_json::from_str(text).map_err(wrong)?;
            let list = list.into_iter().map(|raw| value(raw, depth + 1));
            Value::List(list.collect::<Result<_>>()?)
        }
        Some(b'"') => Value::String(serde_json::from_str(text).map_err(wrong)?),
        Some(b't') => Value::Boolean(true),
        Some(b'f') => Value::Boolean(false),
        Some(b'n') => Value::Null,
        _ => Value::Number(number(text)?),
    })
}

fn number(text: &str) -> Result<Number> {
    if let Ok(whole) = text.parse::<u64>() {
        return Ok(whole.into());
    }
    if let Ok(whole) = text.parse::<i64>() {
        return Ok(whole.into());
    }
    let fraction = text.parse().ok().and_then(Number::from_f64);
    fraction.ok_or_else(|| Error::invalid("JSON holds a number that is too large"))
}

/// An object in the order in which it is written.
struct Pairs<'a>(Vec<(String, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Pairs<'a> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;

        impl<'de> Visitor<'de> for InOrder {
            type Value = Pairs<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Pairs(pairs))
            }
        }

        deserializer.deserialize_map(InOrder)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn again(text: &str) -> String {
        write(&read(text).unwrap()).unwrap()
    }

    #[test]
    fn order_and_digits_stay() {
        for text in [
            r#"{"z":1,"a":{"y":[],"b":{}},"m":null}"#,
            "[0.1,33.333333333333336,1e-7,-5,18446744073709551615,9007199254740993,true,false]",
            r#""\"\\\n é 😀""#,
            "7",
            "null",
        ] {
            assert_eq!(again(text), text);
        }
        assert_eq!(again(" { \"a\" : [ 1 , 2 ] } "), r#"{"a":[1,2]}"#);
        assert_eq!(again(r#"{"a":1,"a":2}"#), r#"{"a":2}"#);
    }

    #[test]
    fn what_is_no_json_is_refused() {
        for text in ["", "{", "{a:1}", "[1,]", "1e999", "\"\\ud800\"", "nul"] {
            assert!(read(text).is_err(), "{text}");
        }
        assert!(read(&format!("{}1{}", "[".repeat(64), "]".repeat(64))).is_ok());
        assert!(read(&format!("{}1{}", "[".repeat(65), "]".repeat(65))).is_err());
    }

    /// JSON as a browser writes it.
    fn json() -> impl Strategy<Value = String> {
        let finite = any::<f64>().prop_filter("finite", |number| number.is_finite() && *number != 0.0);
        let leaf = prop_oneof![
            Just("null".to_owned()),
            any::<bool>().prop_map(|flag| flag.to_string()),
            any::<i64>().prop_map(|number| number.to_string()),
            finite.prop_map(|number| serde_json::to_string(&number).unwrap()),
            any::<String>().prop_map(|text| serde_json::to_string(&text).unwrap()),
        ];
        leaf.prop_recursive(4, 40, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(|list| format!("[{}]", list.join(","))),
                prop::collection::hash_map(any::<String>(), inner, 0..6).prop_map(|pairs| {
                    let pairs: Vec<String> = pairs
                        .into_iter()
                        .map(|(name, value)| format!("{}:{value}", serde_json::to_string(&name).unwrap()))
                        .collect();
                    format!("{{{}}}", pairs.join(","))
                }),
            ]
        })
    }

    proptest! {
        #[test]
        fn all_json_comes_back_letter_for_letter(text in json()) {
            prop_assert_eq!(again(&text), text);
        }
    }
}
