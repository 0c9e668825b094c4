//! The syntax shared with handlebars.js prints the same, white space included.
//!
//! `handlebars.json` is what handlebars.js 4.7.8 printed; `clients/handlebars/run` writes it anew.

use serde_json::{Value, json};
use tidings_template::{Context, Escape, Template};

#[test]
fn the_shared_syntax_prints_the_same() {
    let fixture: Value = serde_json::from_str(include_str!("handlebars.json")).unwrap();
    let context = Context::from(json!({"data": fixture["data"]}));
    let mut differences = Vec::new();
    let cases = fixture["cases"].as_array().unwrap();
    assert!(cases.len() > 300);
    for case in cases {
        let (source, expected) = (case[0].as_str().unwrap(), case[1].as_str().unwrap());
        let printed = Template::parse(source).map(|template| template.render(&context, Escape::None));
        match printed {
            Ok(Ok(printed)) if printed.text == expected => {}
            other => differences.push(format!("{source:?}\n  expected {expected:?}\n  printed  {other:?}")),
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}
