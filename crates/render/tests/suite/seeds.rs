//! What fuzzing starts from is accepted, and says something on every channel.

use serde_json::{Value, json};
use tidings_render::check;
use tidings_types::{Channel, TemplateContent};

use crate::common::{Case, elements, sugar};

fn content(text: &str) -> TemplateContent {
    match serde_json::from_str::<Value>(text) {
        Ok(list @ Value::Array(_)) => elements(list),
        Ok(content) => serde_json::from_value(content).unwrap(),
        Err(_) => sugar("t", text),
    }
}

#[test]
fn every_seed_renders_everywhere() {
    let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/seeds/elemental");
    let mut count = 0;
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        let content = content(&std::fs::read_to_string(&path).unwrap());
        assert_eq!(check(&content, false), Ok(()), "{}", path.display());
        let values = json!({"data": {"a": "x", "b": 3, "items": [{"n": 1}, {"n": 2}], "link": "https://a", "s": "q"}});
        let case = Case::new(content, values);
        for channel in Channel::ALL {
            assert!(case.render(channel).is_ok(), "{} {channel:?}", path.display());
        }
        count += 1;
    }
    assert!(count >= 3);
}
