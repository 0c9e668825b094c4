//! Jsonnet programs in processes of their own: one that misbehaves costs itself and nothing else.

#![cfg(test)]

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tidings_pipeline::Sandbox;
use tidings_types::Object;

fn object(value: Value) -> Object {
    match value {
        Value::Object(object) => object,
        other => panic!("{other} is no object"),
    }
}

async fn run(source: &str) -> Result<Value, String> {
    let sandbox = Sandbox::new(env!("CARGO_BIN_EXE_tidings").into());
    let (data, profile) = (
        object(json!({"name": "Ada", "n": [1, 2.5]})),
        object(json!({"slack": {"channel": "C1"}})),
    );
    sandbox.evaluate(source, &data, &profile).await
}

#[tokio::test]
async fn a_program_makes_json() {
    let source = "local d = std.extVar('data');\n\
        {blocks: [{type: 'section', text: {type: 'mrkdwn', text: '*' + d.name + '*'}}], n: d.n,\n\
         channel: std.extVar('profile').slack.channel}";
    assert_eq!(
        run(source).await,
        Ok(
            json!({"blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "*Ada*"}}], "n": [1, 2.5],
            "channel": "C1"})
        )
    );
}

#[tokio::test]
async fn a_program_that_does_not_end_is_ended() {
    let source = "std.foldl(function(a, i) std.foldl(function(b, j) (b * 31 + j) % 1000003, std.range(1, 100000), a + i), \
        std.range(1, 100000), 0)";
    let started = Instant::now();
    let error = run(source).await.unwrap_err();
    assert!(error.contains("ended") || error.contains("did not end"), "{error}");
    assert!(started.elapsed() < Duration::from_secs(20), "{:?}", started.elapsed());
}

#[tokio::test]
async fn a_program_that_fills_the_memory_is_ended() {
    let source = "local f(s, n) = if n == 0 then s else f(s + s, n - 1); std.length(f('xxxxxxxxxxxxxxxx', 40))";
    let error = run(source).await.unwrap_err();
    assert!(error.contains("ended") || error.contains("did not end"), "{error}");
}

#[tokio::test]
async fn a_program_that_goes_too_deep_says_so() {
    let error = run("local f(x) = 1 + f(x + 1); f(0)").await.unwrap_err();
    assert!(error.contains("nest too deep"), "{error}");
}

#[tokio::test]
async fn a_program_reads_nothing_but_its_variables() {
    for source in ["importstr '/etc/hostname'", "import 'x.jsonnet'"] {
        assert!(run(source).await.unwrap_err().contains("imported"), "{source}");
    }
    assert!(run("std.extVar('PATH')").await.is_err());
}

#[tokio::test]
async fn an_answer_that_is_too_long_is_refused() {
    let source = "[std.repeat('x', 1000) for i in std.range(1, 2000)]";
    assert!(run(source).await.unwrap_err().contains("longer than 1 MB"));
}

#[tokio::test]
async fn without_a_sandbox_nothing_is_run() {
    let nothing = Object::new();
    assert!(Sandbox::default().evaluate("1", &nothing, &nothing).await.is_err());
    let missing = Sandbox::new("/nowhere/tidings".into());
    assert!(missing.evaluate("1", &nothing, &nothing).await.is_err());
}
