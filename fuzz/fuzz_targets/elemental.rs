//! Content of every kind, on every channel: what is accepted when it is written must render or fail in words.
#![no_main]

use libfuzzer_sys::fuzz_target;
use serde_json::{Value, json};
use tidings_render::{Meta, Prepared, PreparedBrand, Request, check, localize, render};
use tidings_template::Context;
use tidings_types::{Brand, Channel, Object, TemplateContent};

/// Content from JSON: whole content, a list of elements, or else a text as the body.
fn content(text: &str) -> Option<TemplateContent> {
    match serde_json::from_str::<Value>(text) {
        Ok(elements @ Value::Array(_)) => serde_json::from_value(json!({"version": "2022-01-01", "elements": elements})).ok(),
        Ok(content @ Value::Object(_)) => serde_json::from_value(content).ok(),
        _ => serde_json::from_value(json!({"title": text, "body": text})).ok(),
    }
}

fuzz_target!(|text: &str| {
    let Some(content) = content(text) else { return };
    if check(&content, false).is_err() {
        return;
    }
    let context = Context::from(json!({
        "data": {"a": "x<&>*_[](", "b": 3, "c": [1, {"d": "e"}], "items": [{"n": 1}, {"n": 2}], "link": "javascript:x", "s": text},
        "profile": {"email": "ada@acme.example"}
    }));
    let brand = json!({"id": "b", "name": "B", "snippets": [{"name": "s", "value": text}], "settings": {
        "colors": {"primary": "#123456", "secondary": text},
        "email": {"footer": {"markdown": text}, "head": {"content": text}, "header": {"logo": {"image": text}}}
    }});
    let brand: Brand = serde_json::from_value(brand).expect("a brand");
    let brand = PreparedBrand::new(&brand, None);
    let meta = Meta {
        locale: Some("ar".to_owned()),
        ..Meta::default()
    };
    for content in [localize(&content, "de"), content] {
        let prepared = Prepared::new(&content).expect("what was checked can be prepared");
        let chats = ["slack", "msteams", "discord", "whatsapp"].map(|name| (Channel::DirectMessage, Some(name)));
        let plain = Channel::ALL.map(|channel| (channel, None));
        for (channel, provider) in chats.into_iter().chain(plain) {
            let _ = render(&Request {
                channel,
                provider,
                content: &prepared,
                brand: Some(&brand),
                context: &context,
                overrides: &Object::new(),
                meta: &meta,
            });
        }
    }
});
