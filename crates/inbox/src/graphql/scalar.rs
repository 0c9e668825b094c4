//! Scalars of our own.

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};
use tidings_types::Timestamp;
use tidings_types::moment;

/// A moment as clients write it: ISO 8601, or milliseconds since 1970 as a number or a text of digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Moment(pub(super) Timestamp);

#[Scalar(name = "DateLike")]
impl ScalarType for Moment {
    fn parse(value: Value) -> InputValueResult<Self> {
        let moment = match &value {
            Value::Number(number) => number.as_i64().map(Timestamp::from_millis),
            Value::String(text) => moment::parse(text),
            _ => None,
        };
        moment
            .map(Self)
            .ok_or_else(|| InputValueError::custom("Expected an ISO 8601 moment or milliseconds since 1970"))
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_rfc3339())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(value: Value) -> Option<i64> {
        Moment::parse(value).ok().map(|moment| moment.0.as_millis())
    }

    #[test]
    fn moments_are_texts_or_numbers() {
        assert_eq!(parse(Value::from("1970-01-01T00:00:01.500Z")), Some(1500));
        assert_eq!(parse(Value::from(1500)), Some(1500));
        assert_eq!(parse(Value::from("1500")), Some(1500));
        for wrong in [Value::from("soon"), Value::from(true), Value::from("")] {
            assert_eq!(parse(wrong), None);
        }
    }
}
