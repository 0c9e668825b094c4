//! Conditions in both forms, paths of loops, and messages.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use serde_json::{Value, json};
use tidings_template::{Condition, Context, Env, Repeat};

static CONTEXT: LazyLock<Context> = LazyLock::new(|| {
    Context::from(json!({
        "data": {
            "a": "text", "b": 3, "c": [1, "a", [2.5]], "d": {"e": {"f": null}}, "t": true,
            "long": "y".repeat(1_000), "items": [{"n": 1, "s": "x"}, {"n": 2}]
        },
        "profile": {"email": "ada@acme.example"}, "refs": {"box": {"visible": true}}
    }))
});

fuzz_target!(|text: &str| {
    let mut env = Env::new(&CONTEXT);
    let written = [
        Some(Value::from(text)),
        serde_json::from_str::<Value>(text).ok(),
    ];
    let conditions: Vec<Condition> = written.iter().flatten().filter_map(|value| Condition::parse(value).ok()).collect();
    for condition in &conditions {
        let first = condition.evaluate(&env);
        assert_eq!(first, condition.evaluate(&env));
    }
    if let Ok(repeat) = Repeat::parse(text)
        && let Ok(Some(items)) = repeat.items(&env)
    {
        for item in items {
            env.enter(item);
            for condition in &conditions {
                let _ = condition.evaluate(&env);
            }
            env.leave();
        }
    }
});
