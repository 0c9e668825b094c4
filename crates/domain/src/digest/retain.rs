//! What of the gathered goes into a digest.

use serde_json::{Map, Value, json};
use tidings_types::digest::{Category, DEFAULT_CATEGORY, Retain};
use tidings_types::{Object, Timestamp};

use super::matching::categories_of;

/// One gathered message.
#[derive(Clone, Debug, PartialEq)]
pub struct Gathered {
    /// When it was sent.
    pub at: Timestamp,
    /// Its data, whole.
    pub data: Object,
    /// The categories it was filed in.
    pub categories: Vec<String>,
}

/// The categories in which a gathered message counts now: those it was filed in, as far as there still are such, else those
/// that would take it today. None when it belongs nowhere any more.
pub fn filed_now(categories: &[Category], one: &Gathered) -> Vec<String> {
    let is_there = |key: &&String| categories.iter().any(|category| category.category_key == **key);
    let still: Vec<_> = one.categories.iter().filter(is_there).cloned().collect();
    if still.is_empty() {
        categories_of(categories, &one.data)
    } else {
        still
    }
}

/// The data a digest is rendered with: for each category how many there were, and those that are kept. `gathered` is in
/// the order of arrival.
pub fn released(categories: &[Category], gathered: &[Gathered]) -> Object {
    let mut data = Map::new();
    for category in categories {
        let filed = |one: &&Gathered| one.categories.contains(&category.category_key);
        let all: Vec<&Object> = gathered.iter().filter(filed).map(|one| &one.data).collect();
        let count = all.len();
        let items: Vec<Value> = kept(category, all)
            .into_iter()
            .map(|data| item(category, data))
            .collect();
        data.insert(category.category_key.clone(), json!({ "count": count, "items": items }));
    }
    data
}

/// An entry as templates read it: the whole data, but what the default key holds stands for itself.
fn item(category: &Category, data: &Object) -> Value {
    match data.get(DEFAULT_CATEGORY) {
        Some(inner) if category.category_key == DEFAULT_CATEGORY && data.len() == 1 => inner.clone(),
        _ => Value::Object(data.clone()),
    }
}

fn kept<'g>(category: &Category, mut all: Vec<&'g Object>) -> Vec<&'g Object> {
    let limit = usize::try_from(category.limit).unwrap_or(usize::MAX);
    let by_value = |one: &&Object, other: &&Object| compare(value(category, one), value(category, other));
    match category.retain {
        Retain::None => return Vec::new(),
        Retain::First => {}
        // The newest, and still in the order of arrival.
        Retain::Last => drop(all.drain(..all.len().saturating_sub(limit))),
        Retain::Lowest => all.sort_by(by_value),
        Retain::Highest => all.sort_by(|one, other| {
            // Those without a value come last both ways.
            match (value(category, one), value(category, other)) {
                (None, _) | (_, None) => by_value(one, other),
                _ => by_value(other, one),
            }
        }),
    }
    all.truncate(limit);
    all
}

/// The value an entry is ordered by: beneath the category's key, or else at the top.
fn value<'d>(category: &Category, data: &'d Object) -> Option<&'d Value> {
    let key = category.sort_key.as_deref()?;
    let walk = |from: &'d Value| key.split('.').try_fold(from, |value, name| value.get(name));
    data.get(&category.category_key).and_then(walk).or_else(|| {
        let (first, rest) = key.split_once('.').unwrap_or((key, ""));
        let top = data.get(first)?;
        if rest.is_empty() {
            Some(top)
        } else {
            rest.split('.').try_fold(top, |value, name| value.get(name))
        }
    })
}

/// Numbers before texts, numbers by size, texts by letters; what has no value comes last.
fn compare(one: Option<&Value>, other: Option<&Value>) -> std::cmp::Ordering {
    use std::cmp::Ordering;
    let rank = |value: Option<&Value>| match value {
        Some(Value::Number(_)) => 0,
        Some(Value::String(_)) => 1,
        Some(Value::Null) | None => 3,
        Some(_) => 2,
    };
    match (one, other) {
        (Some(Value::Number(one)), Some(Value::Number(other))) => {
            one.as_f64().partial_cmp(&other.as_f64()).unwrap_or(Ordering::Equal)
        }
        (Some(Value::String(one)), Some(Value::String(other))) => one.cmp(other),
        _ => rank(one).cmp(&rank(other)),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn gathered(values: &[Value]) -> Vec<Gathered> {
        let one = |value: &Value| Gathered {
            at: Timestamp::default(),
            data: json!({ "likes": value }).as_object().unwrap().clone(),
            categories: vec!["likes".to_owned()],
        };
        values.iter().map(one).collect()
    }

    fn category(retain: Retain, limit: u32) -> Category {
        Category {
            category_key: "likes".to_owned(),
            retain,
            limit,
            sort_key: Some("stars".to_owned()),
        }
    }

    fn stars(retain: Retain, values: &[Value]) -> Value {
        let data = released(&[category(retain, 2)], &gathered(values));
        let items = data["likes"]["items"].as_array().unwrap();
        assert_eq!(data["likes"]["count"], values.len());
        Value::Array(items.iter().map(|item| item["likes"]["stars"].clone()).collect())
    }

    #[test]
    fn each_rule_keeps_what_it_says() {
        let values = [
            json!({"stars": 3}),
            json!({"stars": 10}),
            json!({}),
            json!({"stars": 2.5}),
        ];
        assert_eq!(stars(Retain::First, &values), json!([3, 10]));
        assert_eq!(stars(Retain::Last, &values), json!([null, 2.5]));
        assert_eq!(stars(Retain::Highest, &values), json!([10, 3]));
        assert_eq!(stars(Retain::Lowest, &values), json!([2.5, 3]));
        assert_eq!(stars(Retain::None, &values), json!([]));
    }

    #[test]
    fn what_was_filed_elsewhere_counts_where_it_would_be_filed_today() {
        let named = |keys: &[&str]| -> Vec<Category> {
            let of = |key: &&str| Category {
                category_key: (*key).to_owned(),
                ..category(Retain::First, 10)
            };
            keys.iter().map(of).collect()
        };
        let one = Gathered {
            at: Timestamp::default(),
            data: json!({"likes": {}, "stars": 4}).as_object().unwrap().clone(),
            categories: vec!["likes".to_owned(), "other".to_owned()],
        };
        assert_eq!(filed_now(&named(&["stars", "likes"]), &one), ["likes"]);
        assert_eq!(filed_now(&named(&["stars"]), &one), ["stars"]);
        assert_eq!(filed_now(&named(&[DEFAULT_CATEGORY]), &one), [DEFAULT_CATEGORY]);
        assert_eq!(filed_now(&named(&["comment"]), &one), Vec::<String>::new());
    }

    #[test]
    fn the_default_category_takes_the_data_itself() {
        let category = Category {
            category_key: DEFAULT_CATEGORY.to_owned(),
            ..category(Retain::First, 10)
        };
        let one = |data: Value| Gathered {
            at: Timestamp::default(),
            data: data.as_object().unwrap().clone(),
            categories: vec![DEFAULT_CATEGORY.to_owned()],
        };
        let data = released(&[category], &[one(json!({"digest": {"a": 1}})), one(json!({"b": 2}))]);
        assert_eq!(
            Value::Object(data),
            json!({"digest": {"count": 2, "items": [{"a": 1}, {"b": 2}]}})
        );
    }

    proptest! {
        #[test]
        fn never_more_than_the_limit_and_always_all_counted(
            values in proptest::collection::vec(0_u8..9, 0..12),
            limit in 1_u32..5,
            retain in proptest::sample::select(vec![Retain::First, Retain::Last, Retain::Highest, Retain::Lowest]),
        ) {
            let all: Vec<_> = values.iter().map(|stars| json!({ "stars": stars })).collect();
            let data = released(&[category(retain, limit)], &gathered(&all));
            let items = data["likes"]["items"].as_array().unwrap();
            prop_assert_eq!(items.len(), all.len().min(limit as usize));
            prop_assert_eq!(&data["likes"]["count"], &json!(all.len()));
            if retain == Retain::Highest {
                let kept: Vec<_> = items.iter().map(|item| item["likes"]["stars"].as_u64().unwrap()).collect();
                let mut sorted: Vec<_> = values.iter().map(|one| u64::from(*one)).collect();
                sorted.sort_unstable_by(|one, other| other.cmp(one));
                sorted.truncate(limit as usize);
                prop_assert_eq!(kept, sorted);
            }
        }
    }
}
