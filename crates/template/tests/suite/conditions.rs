//! What every expression says.

use proptest::prelude::*;
use serde_json::{Value, json};
use tidings_template::{Condition, ConditionError, Context, Env, Repeat};

fn root() -> Value {
    json!({
        "data": {
            "plan": "pro", "n": 3, "text": "5", "yes": true, "no": false, "tags": ["a", "b"], "empty": [], "blank": "",
            "items": [{"id": 7}], "odd key": 1, "date": "2026-11-23"
        },
        "profile": {"email": "ada@acme.example"},
        "refs": {"box": {"visible": true}}
    })
}

fn evaluate(condition: &Condition) -> Result<bool, ConditionError> {
    condition.evaluate(&Env::new(&Context::from(root())))
}

fn holds(expression: &str) -> bool {
    evaluate(&Condition::parse(&json!(expression)).unwrap()).unwrap()
}

#[test]
fn these_hold() {
    for expression in [
        "data.plan == 'pro'",
        "data.plan === \"pro\"",
        "{{ data.yes }}",
        "data.plan != 'free' && data.n > 2",
        "data.n >= 3 && data.n <= 3 && !(data.n < 3)",
        "data.text == 5 && data.text !== 5 && data.text > 4",
        "data.yes == 'true' && data.no == 'false'",
        "data.missing == null && data.missing.deep.er == undefined",
        "data.tags.length === 2 && data.plan.length == 3",
        "data.tags.includes('a') && 'b' in data.tags && 'plan' in data",
        "profile.email.endsWith('@acme.example') && profile.email.startsWith(\"ada\")",
        "data.items[0].id == 7 && data['odd key'] == 1 && $.data.n == 3",
        "refs.box.visible",
        "data.no ? false : data.n + 1 == 4",
        "2 + 3 * 4 == 14 && (2 + 3) * 4 == 20 && 7 % 4 == 3 && -data.n == -3 && 10 / 4 == 2.5",
        "'a' + 1 == 'a1' && 'it\\'s' == \"it's\"",
        "data.date > '2026-01-01'",
        "data.no || data.plan",
        "!data.empty && !data.blank && !data.missing",
        "1 / 0 == null",
        "tenant.plan == null",
    ] {
        assert!(holds(expression), "{expression}");
    }
}

#[test]
fn these_do_not() {
    for expression in [
        "data.missing > 0",
        "data.missing <= 0",
        "data.plan == 'PRO'",
        "data.tags == 'a'",
        "false",
        "0",
        "''",
        "null",
        "data.n === '3'",
    ] {
        assert!(!holds(expression), "{expression}");
    }
}

#[test]
fn what_cannot_be_read_is_refused() {
    for expression in [
        "",
        "data.",
        "data.x ==",
        "(data.x",
        "data.x)",
        "'open",
        "a b",
        "data.x = 1",
        "data[0",
        "data.x ? 1",
        "#",
    ] {
        assert!(Condition::parse(&json!(expression)).is_err(), "{expression}");
    }
    let parse = |text: &str| Condition::parse(&json!(text)).unwrap_err();
    assert_eq!(
        parse("window.x"),
        ConditionError::UnknownName {
            name: "window".to_owned()
        }
    );
    assert_eq!(
        parse("data.x.eval('1')"),
        ConditionError::UnknownCall {
            name: "eval".to_owned()
        }
    );
    assert!(matches!(parse(&"(".repeat(100)), ConditionError::TooDeep { .. }));
    assert!(matches!(parse(&"!".repeat(100)), ConditionError::TooDeep { .. }));
    assert!(matches!(
        parse(&vec!["1"; 1_000].join("+")),
        ConditionError::TooManyParts { .. }
    ));
    assert!(matches!(parse(&"1".repeat(5_000)), ConditionError::TooLong { .. }));
    assert_eq!(Condition::parse(&json!(1)), Err(ConditionError::Form));
}

#[test]
fn the_longest_and_deepest_expressions_evaluate() {
    assert!(holds(&["1"; 200].join("+")));
    assert!(holds(&format!("{}data.yes{}", "(".repeat(31), ")".repeat(31))));
    assert!(holds(&format!("{}data.yes", "!".repeat(30))));
}

#[test]
fn texts_do_not_grow_without_end() {
    let root = Context::from(json!({"data": {"x": "y".repeat(10_000)}}));
    let condition = Condition::parse(&json!(["data.x"; 10].join(" + "))).unwrap();
    assert!(matches!(
        condition.evaluate(&Env::new(&root)),
        Err(ConditionError::TextTooLong { .. })
    ));
}

fn groups(groups: &Value) -> Result<bool, ConditionError> {
    evaluate(&Condition::parse(groups)?)
}

#[test]
fn one_group_must_hold() {
    let is = |property: &str, operator: &str, value: &str| json!({"property": property, "operator": operator, "value": value});
    let plan = is("data.plan", "equals", "pro");
    let few = is("data.n", "greater_than", "10");
    assert_eq!(
        groups(&json!([{"conditions": [plan, few], "logical_operator": "and"}])),
        Ok(false)
    );
    assert_eq!(
        groups(&json!([{"conditions": [plan, few], "logical_operator": "or"}])),
        Ok(true)
    );
    assert_eq!(
        groups(&json!([{"conditions": [few]}, {"conditions": [plan]}])),
        Ok(true)
    );
    for (property, operator, value) in [
        ("data.n", "equals", "3.0"),
        ("data.n", "less_than", "10"),
        ("data.n", "less_than_or_equals", "3"),
        ("data.n", "greater_than_or_equals", "3"),
        ("data.tags", "contains", "a"),
        ("data.plan", "not_contains", "x"),
        ("data.plan", "not_equals", "free"),
        ("data.blank", "is_empty", ""),
        ("data.missing", "is_empty", ""),
        ("profile.email", "is_not_empty", ""),
        ("data.yes", "equals", "true"),
    ] {
        assert_eq!(
            groups(&json!([{"conditions": [is(property, operator, value)]}])),
            Ok(true),
            "{property} {operator}"
        );
    }
}

#[test]
fn a_wrong_group_names_its_field() {
    let error = groups(&json!([{"conditions": [{"property": "data.x", "operator": "like"}]}])).unwrap_err();
    assert_eq!(error.to_string(), "0.conditions.0.operator is not known");
    assert!(groups(&json!([{}])).is_err());
    assert!(groups(&json!([{"conditions": [], "logical_operator": "xor"}])).is_err());
}

#[test]
fn inside_a_loop_the_turn_is_known() {
    let root = Context::from(root());
    let mut env = Env::new(&root);
    let holds = |env: &Env<'_>, text: &str| Condition::parse(&json!(text)).unwrap().evaluate(env);
    assert_eq!(holds(&env, "$.item == null && $.index == null"), Ok(true));
    for item in Repeat::parse("{{ tags }}").unwrap().items(&env).unwrap().unwrap() {
        env.enter(item);
        assert_eq!(holds(&env, "$.item == data.tags[$.index]"), Ok(true));
        env.leave();
    }
    env.set_ref("box", json!({"visible": false}).as_object().unwrap().clone());
    assert_eq!(holds(&env, "refs.box.visible || refs.none.visible"), Ok(false));
}

proptest! {
    #[test]
    fn no_expression_panics(source in "[a-z.$ ()\\[\\]!&|=<>+*/%?:'\"0-9,-]{0,60}") {
        if let Ok(condition) = Condition::parse(&json!(source)) {
            let _ = evaluate(&condition);
        }
    }

    #[test]
    fn random_expressions_evaluate(parts in prop::collection::vec(prop::sample::select(vec![
        "data.n", "data.tags", "profile", "'x'", "1", "null", "(data.yes)", "data.items[0].id", "!data.no",
    ]), 1..12), operators in prop::collection::vec(prop::sample::select(vec![
        "==", "!=", "<", ">=", "&&", "||", "+", "-", "*", "/", "%", "in",
    ]), 12)) {
        let mut source = String::new();
        for (part, operator) in parts.iter().zip(&operators) {
            source.extend([part, " ", operator, " "]);
        }
        source.push_str("true");
        let condition = Condition::parse(&json!(source)).unwrap();
        prop_assert_eq!(evaluate(&condition), evaluate(&condition));
    }
}
