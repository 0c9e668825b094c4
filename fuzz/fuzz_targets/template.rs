//! Template text, in both scopes and for every kind of output.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use serde_json::json;
use tidings_template::{Context, Env, Escape, Missing, Options, Scope, Snippets, Template, Translations};

static CONTEXT: LazyLock<Context> = LazyLock::new(|| {
    Context::from(json!({
        "data": {
            "a": "x<&>{{b}}", "b": 3, "c": [1, {"d": "e"}, [2.5]], "d": {"e": {"f": null}}, "t": true, "f": false,
            "when": 1_700_000_000_000_i64, "iso": "2024-02-29T10:00:00Z", "json": "{\"a\":[1]}", "items": [{"n": 1}, {"n": 2}]
        },
        "profile": {"email": "ada@acme.example"}, "urls": {"preferences": ""}
    }))
});

static SNIPPETS: LazyLock<Snippets> =
    LazyLock::new(|| Snippets::parse([("a", "{{> b x=1}}{{a}}"), ("b", "{{x}}"), ("r", "{{> r}}{{> r}}")]));

static TEXTS: LazyLock<Translations> = LazyLock::new(|| {
    [("a", "{b, plural, one {#} other {# {a}}}"), ("b", "{when, date, full}")]
        .into_iter()
        .map(|(key, text)| (key.to_owned(), text.to_owned()))
        .collect()
});

fuzz_target!(|text: &str| {
    for scope in [Scope::Default, Scope::Strict] {
        let Ok(template) = Template::parse_in(text, scope) else { continue };
        assert_eq!(template.unmask(&template.masked()), template);
        for (escape, missing) in [
            (Escape::None, Missing::Allow),
            (Escape::Html, Missing::Fail),
            (Escape::HtmlText, Missing::Allow),
        ] {
            let options = Options {
                locale: Some("pl"),
                time_zone: Some("Europe/Warsaw"),
                translations: Some(&TEXTS),
                snippets: Some(&SNIPPETS),
                missing,
            };
            let mut out = String::new();
            let _ = template.render_in(&mut Env::with(&CONTEXT, options), escape, &mut out);
        }
    }
});
