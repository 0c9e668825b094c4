use proptest::prelude::*;
use serde_json::{Value, json};
use tidings_types::Object;

use super::*;

fn object(value: Value) -> Object {
    match value {
        Value::Object(object) => object,
        other => panic!("{other} is no object"),
    }
}

fn passes(filter: &Value, profile: Value) -> bool {
    let profile = object(profile);
    let subject = Subject {
        profile: &profile,
        tenants: &["acme".to_owned()],
    };
    Filter::parse(filter, None).unwrap().evaluate(&subject).is_some()
}

fn leaf(operator: &str, path: &str, value: Value) -> Value {
    let mut leaf = json!({"operator": operator, "path": path});
    leaf["value"] = value;
    leaf
}

#[test]
fn each_operator_has_its_typing_rules() {
    let profile = json!({"age": 30, "level": "9", "title": "Engineer", "tags": ["a", "b"], "none": null,
        "address": {"city": "Bonn"}, "since": "2024-05-01T00:00:00Z", "vip": true,
        "big": 9_007_199_254_740_993_u64, "digits": "123456789012345678902"});
    let cases = [
        ("EQ", "age", json!("30"), true),
        ("EQ", "age", json!("30.0"), true),
        ("EQ", "big", json!("9007199254740992"), false),
        ("EQ", "big", json!("9007199254740993"), true),
        ("GT", "big", json!(9_007_199_254_740_992_u64), true),
        ("EQ", "digits", json!("123456789012345678901"), false),
        ("LT", "digits", json!("123456789012345678903"), true),
        ("EQ", "title", json!("engineer"), false),
        ("EQ", "vip", json!("true"), true),
        ("EQ", "address", json!("Bonn"), false),
        ("NEQ", "title", json!("Boss"), true),
        ("NEQ", "missing", json!("x"), false),
        ("GT", "level", json!("10"), false),
        ("LT", "level", json!("10"), true),
        ("GT", "title", json!("10"), true),
        ("GTE", "age", json!(30), true),
        ("LTE", "age", json!(29), false),
        ("EXISTS", "address.city", json!(null), true),
        ("EXISTS", "none", json!(null), false),
        ("EXISTS", "tags.1", json!(null), true),
        ("EXISTS", "tags.2", json!(null), false),
        ("INCLUDES", "tags", json!("a"), true),
        ("INCLUDES", "tags", json!(["x", "b"]), true),
        ("INCLUDES", "title", json!("gin"), true),
        ("OMIT", "tags", json!("c"), true),
        ("OMIT", "tags", json!("a"), false),
        ("OMIT", "missing", json!("a"), true),
        ("STARTS_WITH", "address.city", json!("Bo"), true),
        ("ENDS_WITH", "address.city", json!("Bo"), false),
        ("IS_BEFORE", "since", json!("2024-06-01"), true),
        ("IS_AFTER", "since", json!("2024-06-01"), false),
        ("IS_BEFORE", "title", json!("2024-06-01"), false),
        ("MEMBER_OF", "account_id", json!("acme"), true),
        ("MEMBER_OF", "account_id", json!("other"), false),
    ];
    for (operator, path, value, expected) in cases {
        let filter = leaf(operator, path, value.clone());
        assert_eq!(passes(&filter, profile.clone()), expected, "{operator} {path} {value}");
    }
}

#[test]
fn all_three_spellings_are_read() {
    let leaves = [leaf("EQ", "a", json!("1")), leaf("EQ", "b", json!("2"))];
    let both = object(json!({"a": 1, "b": 2}));
    let one = object(json!({"a": 1}));
    let of = |filter: Value, operator: Option<&str>, profile: &Object| {
        let subject = Subject { profile, tenants: &[] };
        Filter::parse(&filter, operator)
            .unwrap()
            .evaluate(&subject)
            .map(|found| found.reason)
    };
    for filter in [
        json!({"operator": "AND", "filters": leaves}),
        json!({"operator": "AND", "rules": leaves}),
        json!({"operator": "EQ", "path": "a", "value": "1", "rules": [leaves[1]]}),
    ] {
        assert_eq!(
            of(filter.clone(), None, &both).as_deref(),
            Some("EQ('a', '1') => true, EQ('b', '2') => true")
        );
        assert_eq!(of(filter, None, &one), None);
    }
    let beside = json!({"filters": leaves});
    assert_eq!(
        of(beside.clone(), Some("OR"), &one).as_deref(),
        Some("EQ('a', '1') => true")
    );
    assert_eq!(of(beside, Some("AND"), &one), None);
}

#[test]
fn what_is_no_filter_is_refused_by_its_field() {
    let told = |filter: Value| Filter::parse(&filter, None).unwrap_err();
    assert!(told(json!([])).starts_with("filter: "));
    assert!(told(json!({})).starts_with("filter.operator: "));
    assert!(told(json!({"operator": "LIKE", "path": "a", "value": "b"})).starts_with("filter.operator: "));
    assert!(told(json!({"operator": "EQ", "value": "b"})).starts_with("filter.path: "));
    assert!(told(json!({"operator": "EQ", "path": "a", "value": {}})).starts_with("filter.value: "));
    assert!(told(json!({"operator": "EQ", "path": "a..b", "value": "x"})).starts_with("filter.path: "));
    assert!(told(json!({"operator": "IS_AFTER", "path": "a", "value": "soon"})).starts_with("filter.value: "));
    assert!(told(json!({"operator": "AND", "filters": []})).starts_with("filter.filters: "));
    let second = json!({"operator": "AND", "filters": [leaf("EQ", "a", json!("b")), {"operator": "EQ"}]});
    assert!(told(second).starts_with("filter.filters.1.path: "));
    let mut deep = leaf("EQ", "a", json!("b"));
    for _ in 0..1000 {
        deep = json!({"operator": "AND", "filters": [deep]});
    }
    assert!(told(deep).contains("Nested deeper"));
    let wide = json!({"operator": "OR", "filters": vec![leaf("EQ", "a", json!("b")); 500]});
    assert!(told(wide).contains("More than"));
}

#[test]
fn what_would_be_passed_over_is_not_stored() {
    let leaves = [leaf("EQ", "a", json!("1"))];
    let told = |filter: Value, operator| Filter::parse_new(&filter, operator).unwrap_err();
    let both = json!({"operator": "AND", "filters": [{"filters": leaves, "rules": leaves}]});
    assert!(told(both.clone(), None).starts_with("filter.filters.0.rules: "));
    assert!(
        Filter::parse(&both, None).is_ok(),
        "what is stored already is read as ever"
    );
    assert!(told(json!({"operator": "AND", "filters": leaves}), Some("OR")).starts_with("operator: "));
    Filter::parse_new(&json!({"operator": "AND", "filters": leaves}), Some("AND")).unwrap();
    Filter::parse_new(&leaves[0], Some("AND")).unwrap();
}

#[test]
fn only_what_is_looked_at_counts_as_a_change() {
    let filter = json!({"operator": "OR", "filters": [leaf("EQ", "address.city", json!("Bonn")), leaf("MEMBER_OF", "account_id", json!("x"))]});
    let filter = Filter::parse(&filter, None).unwrap();
    assert_eq!(
        filter.keys(),
        ["address", TENANTS_KEY, NOTHING_KEY],
        "who belongs to the tenant passes without an address"
    );
    let filter = json!({"operator": "AND", "filters": [leaf("EQ", "a", json!("1")), leaf("OMIT", "b", json!("2"))]});
    assert_eq!(Filter::parse(&filter, None).unwrap().keys(), ["a", "b"]);
    let filter = json!({"operator": "OR", "filters": [leaf("EQ", "address.city", json!("Bonn")), leaf("MEMBER_OF", "account_id", json!("x"))]});
    let filter = Filter::parse(&filter, None).unwrap();
    let at = |city: &str, street: &str| object(json!({"address": {"city": city, "street": street}}));
    assert!(!filter.differs(&at("Bonn", "a"), &at("Bonn", "b")));
    assert!(filter.differs(&at("Bonn", "a"), &at("Ulm", "a")));
}

/// A filter as a plain reader would evaluate it, straight from the JSON.
fn plain(filter: &Value, profile: &Object) -> bool {
    let operator = filter["operator"].as_str().unwrap();
    if let Some(list) = filter["filters"].as_array() {
        return match operator {
            "AND" => list.iter().all(|one| plain(one, profile)),
            _ => list.iter().any(|one| plain(one, profile)),
        };
    }
    let pointer = format!("/{}", filter["path"].as_str().unwrap().replace('.', "/"));
    let root = Value::Object(profile.clone());
    let found = root.pointer(&pointer).filter(|found| !found.is_null());
    let shown = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        _ => None,
    };
    let as_number = |value: &Value| match value {
        Value::Bool(_) => None,
        other => shown(other).and_then(|text| text.parse::<f64>().ok()),
    };
    let digits = |value: &Value| match value {
        Value::Bool(_) => None,
        other => shown(other).and_then(|text| text.parse::<i128>().ok()),
    };
    let order = |a: &Value, b: &Value| match (digits(a).zip(digits(b)), as_number(a).zip(as_number(b))) {
        (Some((a, b)), _) => Some(a.cmp(&b)),
        (None, Some((a, b))) => a.partial_cmp(&b),
        (None, None) => Some(shown(a)?.cmp(&shown(b)?)),
    };
    let value = &filter["value"];
    let same = |a: &Value, b: &Value| order(a, b).is_some_and(std::cmp::Ordering::is_eq);
    let includes = |found: &Value| match found {
        Value::Array(list) => list.iter().any(|one| same(one, value)),
        other => matches!((shown(other), shown(value)), (Some(a), Some(b)) if a.contains(&b)),
    };
    match (operator, found) {
        // What says nothing of a value is settled by there being one.
        (operator, None) => operator == "OMIT",
        ("EXISTS", Some(_)) => true,
        ("EQ", Some(found)) => same(found, value),
        ("NEQ", Some(found)) => !same(found, value),
        ("GT", Some(found)) => order(found, value).is_some_and(std::cmp::Ordering::is_gt),
        ("GTE", Some(found)) => order(found, value).is_some_and(std::cmp::Ordering::is_ge),
        ("LT", Some(found)) => order(found, value).is_some_and(std::cmp::Ordering::is_lt),
        ("LTE", Some(found)) => order(found, value).is_some_and(std::cmp::Ordering::is_le),
        ("INCLUDES", Some(found)) => includes(found),
        ("OMIT", Some(found)) => !includes(found),
        ("STARTS_WITH", Some(found)) => shown(found).is_some_and(|text| text.starts_with(value.as_str().unwrap())),
        ("ENDS_WITH", Some(found)) => shown(found).is_some_and(|text| text.ends_with(value.as_str().unwrap())),
        (other, _) => panic!("{other}"),
    }
}

fn scalar() -> impl Strategy<Value = Value> {
    prop_oneof![
        4 => (0..12_i64).prop_map(|number| json!(number)),
        1 => (0..3_i64).prop_map(|more| json!(9_007_199_254_740_992 + more)),
        1 => (0..3_i64).prop_map(|more| json!((9_007_199_254_740_992 + more).to_string())),
        4 => prop::sample::select(vec!["1", "10", "9", "a", "ab", "b", "true", ""]).prop_map(|text| json!(text)),
        2 => any::<bool>().prop_map(|flag| json!(flag)),
    ]
}

fn attribute() -> impl Strategy<Value = Value> {
    prop_oneof![
        4 => scalar(),
        1 => Just(Value::Null),
        1 => prop::collection::vec(scalar(), 0..3).prop_map(|list| json!(list)),
        1 => scalar().prop_map(|inner| json!({"x": inner})),
    ]
}

fn any_leaf() -> impl Strategy<Value = Value> {
    let paths = prop::sample::select(vec!["a", "b", "a.x", "b.0"]);
    let texts = prop::sample::select(vec!["STARTS_WITH", "ENDS_WITH"]);
    let others = prop::sample::select(vec![
        "EQ", "NEQ", "GT", "GTE", "LT", "LTE", "EXISTS", "OMIT", "INCLUDES",
    ]);
    prop_oneof![
        4 => (others, paths.clone(), scalar()).prop_map(|(operator, path, value)| leaf(operator, path, value)),
        1 => (texts, paths, prop::sample::select(vec!["a", "1", ""]))
            .prop_map(|(operator, path, value)| leaf(operator, path, json!(value))),
    ]
}

fn any_filter() -> impl Strategy<Value = Value> {
    any_leaf().prop_recursive(4, 24, 4, |inner| {
        (
            prop::sample::select(vec!["AND", "OR"]),
            prop::collection::vec(inner, 1..4),
        )
            .prop_map(|(operator, filters)| json!({"operator": operator, "filters": filters}))
    })
}

proptest! {
    #[test]
    fn evaluation_is_what_the_plain_words_say(
        filter in any_filter(),
        a in attribute(),
        b in attribute(),
    ) {
        let profile = object(json!({"a": a, "b": b}));
        let subject = Subject { profile: &profile, tenants: &[] };
        let read = Filter::parse(&filter, None).unwrap();
        prop_assert_eq!(read.evaluate(&subject).is_some(), plain(&filter, &profile), "{} {:?}", filter, profile);
    }
    /// What a store looks filters up by: whoever passes has one of its keys, or it is found under the key for nothing.
    #[test]
    fn whoever_passes_is_found_by_the_keys(filter in any_filter(), a in attribute(), rest in any::<bool>()) {
        let profile = object(if rest { json!({"a": a}) } else { json!({"z": a}) });
        let read = Filter::parse(&filter, None).unwrap();
        let keys = read.keys();
        let is_found = keys.iter().any(|key| key == NOTHING_KEY || profile.contains_key(key));
        let passes = read.evaluate(&Subject { profile: &profile, tenants: &[] }).is_some();
        prop_assert!(is_found || !passes, "{} {:?} {:?}", filter, profile, keys);
    }
}
