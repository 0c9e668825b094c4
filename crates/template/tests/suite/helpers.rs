//! What every helper prints, by the documented examples and at their edges.

use serde_json::{Value, json};
use tidings_template::{
    Context, Env, Escape, Missing, Options, RenderError, Snippets, Template, TemplateError, Translations,
};

fn context() -> Context {
    Context::from(json!({
        "data": {
            "name": "ada lovelace", "n": 3, "half": 2.5, "less": -1.5, "text": "7", "zero": 0, "yes": true, "no": false,
            "none": null, "blank": "", "list": ["a", "b", "c"], "empty": [], "user": {"first": "Ada", "age": 36},
            "json": "{\"a\": [1, 2]}", "spaced": "  x  ", "when": 1_700_000_000_000_i64, "iso": "2023-11-14T22:13:20Z",
            "items": [{"name": "Tea", "price": 2}, {"name": "Milk", "price": 1.5}]
        },
        "profile": {"email": "ada@acme.example", "plan": "pro"}
    }))
}

fn render_with(source: &str, options: Options<'_>) -> Result<String, RenderError> {
    let context = context();
    let mut env = Env::with(&context, options);
    let mut out = String::new();
    Template::parse(source)
        .unwrap()
        .render_in(&mut env, Escape::None, &mut out)?;
    Ok(out)
}

fn render(source: &str) -> Result<String, RenderError> {
    render_with(source, Options::default())
}

#[track_caller]
fn prints(cases: &[(&str, &str)]) {
    for (source, expected) in cases {
        assert_eq!(render(source).as_deref(), Ok(*expected), "{source}");
    }
}

#[track_caller]
fn fails(cases: &[(&str, &str)]) {
    for (source, expected) in cases {
        let error = render(source).unwrap_err().to_string();
        assert_eq!(error, *expected, "{source}");
    }
}

#[test]
fn logic() {
    prints(&[
        (
            "{{and yes n}} {{and yes zero}} {{#if (and)}}all of nothing{{/if}}",
            "true false all of nothing",
        ),
        (
            "{{or no zero \"x\"}} {{or no blank}} {{#if (or)}}{{else}}none of nothing{{/if}}",
            "true false none of nothing",
        ),
        (
            "{{not no}}{{not gone}}{{not none}}{{not \"\"}}{{not 0}}{{not empty}}",
            "truetruetruetruetruetrue",
        ),
        (
            "{{not yes}}{{not n}}{{not \"x\"}}{{not list}}{{not user}}",
            "falsefalsefalsefalsefalse",
        ),
        (
            "{{default name \"x\"}} {{default gone \"x\"}} {{default none 1}} {{default zero 1}} {{default blank 1}}.",
            "ada lovelace x 1 0 .",
        ),
    ]);
}

#[test]
fn condition() {
    prints(&[
        (
            "{{condition n \"==\" 3}} {{condition text \"==\" 7}} {{condition yes \"==\" \"true\"}}",
            "true true true",
        ),
        (
            "{{condition text \"===\" 7}} {{condition text \"!==\" 7}} {{condition n \"===\" 3}}",
            "false true true",
        ),
        (
            "{{condition n \"!=\" 4}} {{condition n \">\" 2}} {{condition n \">=\" 3}}",
            "true true true",
        ),
        (
            "{{condition n \"<\" 3}} {{condition n \"<=\" 3}} {{condition gone \"<\" 3}}",
            "false true false",
        ),
        ("{{#if (condition name \"==\" \"ada lovelace\")}}it is{{/if}}", "it is"),
        (
            "{{#condition n \">\" 5}}many{{else condition n \">\" 2}}some{{else}}few{{/condition}}",
            "some",
        ),
    ]);
    let operator = Template::parse("{{condition a \"=~\" b}}").unwrap_err();
    assert!(matches!(operator, TemplateError::Arguments { name: "condition", .. }));
    assert!(matches!(
        Template::parse("{{condition a \"==\"}}"),
        Err(TemplateError::Arguments { .. })
    ));
    fails(&[(
        "{{condition n name 3}}",
        "the helper `condition` compares by something other than ==, ===, !=, !==, >, >=, <, <=",
    )]);
}

#[test]
fn filters() {
    prints(&[
        (
            "{{filter \"data\" \"n\" \"EQUALS\" \"3\"}} {{filter \"profile\" \"plan\" \"EQUALS\" \"pro\"}}",
            "true true",
        ),
        (
            "{{filter \"data\" \"name\" \"CONTAINS\" \"love\"}} {{filter \"data\" \"list\" \"CONTAINS\" \"b\"}}",
            "true true",
        ),
        (
            "{{filter \"data\" \"gone\" \"IS_EMPTY\"}} {{filter \"data\" \"user.first\" \"NOT_EMPTY\"}}",
            "true true",
        ),
        (
            "{{filter \"data\" \"name\" \"NOT_CONTAINS\" \"x\"}} {{filter \"data\" \"n\" \"NOT_EQUALS\" 4}}",
            "true true",
        ),
        (
            "{{filter \"data\" \"n\" \"GREATER_THAN\" \"10\"}} {{filter \"data\" \"n\" \"LESS_THAN\" \"10\"}}",
            "false true",
        ),
        (
            "{{filter \"data\" \"n\" \"GREATER_THAN_EQUALS\" 3}} {{filter \"data\" \"n\" \"LESS_THAN_EQUALS\" 2}}",
            "true false",
        ),
        ("{{filter \"data\" \"$.data.items[0].price\" \"EQUALS\" 2}}", "true"),
        (
            "{{#filter \"data\" \"n\" \"EQUALS\" 3}}three{{else}}other{{/filter}}",
            "three",
        ),
        (
            "{{#conditional (filter \"data\" \"n\" \"EQUALS\" 4) (filter \"data\" \"yes\" \"EQUALS\" \"true\") logicalOperator=\"or\"}}shown{{/conditional}}",
            "shown",
        ),
        (
            "{{conditional yes no}} {{conditional yes no \"or\"}} {{conditional yes n \"and\"}} {{conditional}}.",
            "false true true .",
        ),
    ]);
    for source in [
        "{{filter \"brand\" \"x\" \"EQUALS\" 1}}",
        "{{filter \"data\" \"x\" \"LIKE\" 1}}",
    ] {
        assert!(
            matches!(Template::parse(source), Err(TemplateError::Arguments { .. })),
            "{source}"
        );
    }
}

#[test]
fn paths_and_data() {
    prints(&[
        (
            "{{path \"user.first\"}} {{path \"$.data.items[*].name\"}} {{path \"gone\"}}.",
            "Ada [\"Tea\",\"Milk\"] .",
        ),
        (
            "{{var \"user.first\"}} {{var \"gone.x\"}} {{var \"$.profile.email\"}} {{var \"profile.plan\"}}",
            "Ada {gone.x} ada@acme.example pro",
        ),
        (
            "{{#each items}}{{var \"name\"}}{{var \"nope\"}} {{/each}}",
            "Tea{nope} Milk{nope} ",
        ),
        ("{{#if (path \"user.age\")}}old enough{{/if}}", "old enough"),
        (
            "{{lookup user \"first\"}} {{lookup list 1}} {{lookup gone \"x\"}}{{lookup (json-parse json) \"a\"}}",
            "Ada b [1,2]",
        ),
        ("{{#with (json-parse json)}}{{a.[1]}}{{/with}}", "2"),
        (
            "{{#with (params a=1 b=name)}}{{a}} {{b}}{{/with}} {{params x=n}}",
            "1 ada lovelace {\"x\":3}",
        ),
        ("a{{log \"x\" n}}b", "ab"),
    ]);
    fails(&[(
        "{{json-parse name}}",
        "the helper `json-parse` is given a text that is no JSON",
    )]);
    assert!(matches!(
        Template::parse("{{path \"a..b\"}}"),
        Err(TemplateError::Arguments { .. })
    ));
}

#[test]
fn variables_are_set() {
    prints(&[
        (
            "{{set \"total\" (multiply n 2)}}{{total}} {total} {{var \"total\"}} {$.total}",
            "6 6 6 6",
        ),
        (
            "{{set \"a.b\" 1}}{{set \"a.c\" 2}}{{a.b}}{{a.c}} {{a}}",
            "12 {\"b\":1,\"c\":2}",
        ),
        (
            "{{set \"sum\" 0}}{{#each items}}{{set \"sum\" (add sum price)}}{{/each}}{{sum}}",
            "3.5",
        ),
        ("{{set \"name\" \"x\"}}{{name}} {{data.name}}", "x ada lovelace"),
    ]);
    for name in [
        "brand",
        "data",
        "event",
        "profile",
        "recipient",
        "urls",
        "data.x",
        "urls.preferences",
    ] {
        let source = format!("{{{{set \"{name}\" 1}}}}");
        assert!(
            matches!(
                Template::parse(&source),
                Err(TemplateError::Arguments { name: "set", .. })
            ),
            "{name}"
        );
        let dynamic = format!("{{{{set (concat \"{name}\") 1}}}}");
        assert!(
            matches!(render(&dynamic), Err(RenderError::Helper { name: "set", .. })),
            "{name}"
        );
    }
}

#[test]
fn texts() {
    prints(&[
        (
            "{{capitalize name}} {{capitalize \"élan\"}}{{capitalize \"\"}}",
            "Ada lovelace Élan",
        ),
        (
            "{{concat name \" \" n yes gone \"!\"}}{{#if (concat)}}{{else}}.{{/if}}",
            "ada lovelace 3true!.",
        ),
        (
            "[{{trim spaced}}] [{{trim-left spaced}}] [{{trim-right spaced}}]",
            "[x] [x  ] [  x]",
        ),
        (
            "{{trim-one-char-right \"a,b,\"}} {{trim-one-char-right \"né\"}}{{trim-one-char-right \"\"}}",
            "a,b n",
        ),
        (
            "{{truncate \"Hello World\" 9 \"...\"}} {{truncate \"Hello\" 9 \"...\"}} {{truncate name 3}} {{truncate \"ééé\" 2 \"…\"}}",
            "Hello Wor... Hello ada éé…",
        ),
    ]);
    fails(&[
        (
            "{{truncate name \"x\"}}",
            "the helper `truncate` is given a length that is no number",
        ),
        (
            "{{truncate name -1}}",
            "the helper `truncate` is given a length that is no number",
        ),
    ]);
}

#[test]
fn printf() {
    prints(&[
        ("{{format \"%s is %d years\" user.first user.age}}", "Ada is 36 years"),
        (
            "{{format \"%.2f|%5.1f|%05d|%-5d|%+d\" half half n n n}}",
            "2.50|  2.5|00003|3    |+3",
        ),
        (
            "{{format \"%x %X %o %b %c %e %.1e %%\" 255 255 8 5 65 1500 1500}}",
            "ff FF 10 101 A 1.5e+3 1.5e+3 %",
        ),
        (
            "{{format \"%2$s %1$s\" \"a\" \"b\"}} {{format \"%'*6d\" 42}} {{format \"%06.2f\" less}}",
            "b a ****42 -01.50",
        ),
        (
            "{{format \"%.3s|%5s|%-5s|\" name \"ab\" \"ab\"}} {{format \"%j %t\" list yes}}",
            "ada|   ab|ab   | [\"a\",\"b\",\"c\"] true",
        ),
        (
            "{{format \"%g %.3g %u %i\" half 1234567 5 7.9}} {{format \"%s\" gone}}.",
            "2.5 1.23e+6 5 7 .",
        ),
    ]);
    fails(&[(
        "{{format \"%d\" name}}",
        "the helper `format` is given something that is no number",
    )]);
    for source in ["{{format \"%\"}}", "{{format \"%y\" 1}}", "{{format \"%99999d\" 1}}"] {
        assert!(
            matches!(Template::parse(source), Err(TemplateError::Arguments { .. })),
            "{source}"
        );
    }
}

#[test]
fn arithmetic() {
    prints(&[
        (
            "{{abs less}} {{ceil half}} {{floor less}} {{round less}} {{round half}} {{round \"2.4\"}}",
            "1.5 3 -2 -2 3 2",
        ),
        (
            "{{add n text}} {{subtract n 1}} {{sub n 5}} {{multiply half 4}} {{divide n 2}} {{inc n}}",
            "10 2 -2 10 1.5 4",
        ),
        ("{{mod 7 3}} {{mod -7 3}} {{mod 7 -3}} {{mod 5.5 2}}", "1 -1 1 1.5"),
        (
            "{{add (multiply n 2) (divide 10 4)}} {{add 0.1 0.2}}",
            "8.5 0.30000000000000004",
        ),
    ]);
    fails(&[
        ("{{abs name}}", "the helper `abs` is given something that is no number"),
        (
            "{{add n gone}}",
            "the helper `add` is given something that is no number",
        ),
        (
            "{{round blank}}",
            "the helper `round` is given something that is no number",
        ),
        ("{{divide n 0}}", "the helper `divide` divides by zero"),
        ("{{mod n zero}}", "the helper `mod` divides by zero"),
    ]);
    assert!(matches!(
        Template::parse("{{add 1}}"),
        Err(TemplateError::Arguments { .. })
    ));
}

#[test]
fn dates() {
    prints(&[
        (
            "{{datetime-format when \"%Y-%m-%d %H:%M:%S %Z\"}}",
            "2023-11-14 22:13:20 UTC",
        ),
        (
            "{{datetime-format iso \"%A, %B %d, %Y at %I:%M %p\"}}",
            "Tuesday, November 14, 2023 at 10:13 pm",
        ),
        (
            "{{datetime-format \"2024-01-05T12:00:00Z\" \"%a %b %e %-d %-m %j %U %w %W %y %%\"}}",
            "Fri Jan  5 5 1 005 00 5 01 24 %",
        ),
        (
            "{{datetime-format \"2024-01-05T00:30:00Z\" \"%I:%M %p %-H\"}}",
            "12:30 am 0",
        ),
        (
            "{{datetime-format iso \"%I:%M %p %Z\" \"America/New_York\"}}",
            "5:13 pm EST",
        ),
        (
            "{{datetime-format \"2024-07-01T02:00:00Z\" \"%Y-%m-%d %H:%M\" \"America/Los_Angeles\"}}",
            "2024-06-30 19:00",
        ),
        (
            "{{datetime-format \"2024-02-29\" \"%B %-d\"}} {{datetime-format \"2024-02-29T10:00:00+02:00\" \"%H\"}}",
            "February 29 08",
        ),
        ("{{datetime-format \"1700000000000\" \"%Y %q\"}}", "2023 %q"),
        (
            "{{swu_iso8601_to_time iso}} {{swu_timestamp_to_time 1700000000}}",
            "1700000000000 1700000000000",
        ),
        (
            "{{swu_datetimeformat (swu_iso8601_to_time iso) \"%B %d\" \"Asia/Tokyo\"}}",
            "November 15",
        ),
    ]);
    let german = Options {
        locale: Some("de-AT"),
        time_zone: Some("Europe/Vienna"),
        ..Options::default()
    };
    for (source, expected) in [
        (
            "{{datetime-format iso \"%A, %-d. %B %Y %H:%M\"}}",
            "Dienstag, 14. November 2023 23:13",
        ),
        (
            "{{datetime-format \"2024-01-05T12:00:00Z\" \"%B %H\" \"UTC\"}}",
            "Jänner 12",
        ),
        (
            "{{intl \"{iso, date, full} {iso, date, short} {iso, time, short}\"}}",
            "Dienstag, 14. November 2023 14.11.23 23:13",
        ),
    ] {
        assert_eq!(render_with(source, german).as_deref(), Ok(expected), "{source}");
    }
    fails(&[
        (
            "{{datetime-format name \"%Y\"}}",
            "the helper `datetime-format` is given something that is no date",
        ),
        (
            "{{datetime-format gone \"%Y\"}}",
            "the helper `datetime-format` is given something that is no date",
        ),
        (
            "{{datetime-format iso \"%Y\" \"Mars/Base\"}}",
            "the helper `datetime-format` is given a time zone that is not known",
        ),
    ]);
}

#[test]
fn translations() {
    let texts: Translations = [
        ("hello", "Hola {name}"),
        ("plain", "It's {"),
        ("items", "{count, plural, =0 {nada} one {# cosa} other {# cosas}}"),
        ("untranslated", ""),
    ]
    .into_iter()
    .map(|(key, text)| (key.to_owned(), text.to_owned()))
    .collect();
    let options = Options {
        locale: Some("es"),
        translations: Some(&texts),
        ..Options::default()
    };
    for (source, expected) in [
        ("{{t \"hello\" name=\"{{x}} <b>\"}}", "Hola {{x}} <b>"),
        ("{{t \"hello\"}}", "Hola ada lovelace"),
        (
            "{{t \"plain\"}} {{t \"No such key\"}}{{t \"untranslated\"}}",
            "It's { No such keyuntranslated",
        ),
        (
            "{{t \"items\" count=0}} {{t \"items\" count=1}} {{t \"items\" count=1200.5}}",
            "nada 1 cosa 1200,5 cosas",
        ),
        ("{{t (concat \"hel\" \"lo\") name=n}}", "Hola 3"),
    ] {
        assert_eq!(render_with(source, options).as_deref(), Ok(expected), "{source}");
    }
    let error = render("{{t \"hello\"}}").unwrap_err();
    assert_eq!(
        error,
        RenderError::Helper {
            name: "t",
            reason: "translate helper: Could not find translations".to_owned()
        }
    );
}

#[test]
fn messages() {
    let render = |locale: &'static str, source: &str| {
        render_with(
            source,
            Options {
                locale: Some(locale),
                time_zone: Some("Europe/Berlin"),
                ..Options::default()
            },
        )
    };
    for (locale, source, expected) in [
        (
            "en",
            "{{intl \"{n, plural, one {# item} other {# items}}\" n=1}}",
            "1 item",
        ),
        (
            "en",
            "{{formatMessage \"You have {n, plural, =0 {none} one {one} other {# more, {name}}}.\" n=3 name=\"Bo\"}}",
            "You have 3 more, Bo.",
        ),
        (
            "en",
            "{{intl \"{n, plural, offset:1 =1 {you} one {you and # other} other {you and # others}}\" n=3}}",
            "you and 2 others",
        ),
        (
            "en",
            "{{intl \"{n, selectordinal, one {#st} two {#nd} few {#rd} other {#th}}\" n=22}}",
            "22nd",
        ),
        (
            "en",
            "{{intl \"{g, select, f {she} m {he} other {they}}\" g=\"f\"}} {{intl \"{g, select, other {they}}\"}}",
            "she they",
        ),
        (
            "pl",
            "{{intl \"{n, plural, one {# plik} few {# pliki} many {# plików} other {# pliku}}\" n=5}}",
            "5 plików",
        ),
        (
            "ar",
            "{{intl \"{n, plural, zero {z} one {o} two {t} few {f} many {m} other {x}}\" n=2}}",
            "t",
        ),
        (
            "en",
            "{{intl \"{n, number} {n, number, integer} {half, number, percent}\" n=1234567.891}}",
            "1,234,567.891 1,234,567 250%",
        ),
        (
            "de",
            "{{intl \"{n, number} {half, number, percent}\" n=1234567.891}}",
            "1.234.567,891 250\u{a0}%",
        ),
        (
            "en",
            "{{intl \"it''s '{'{name}'}' isn't\" name=\"x\"}}",
            "it's {x} isn't",
        ),
        ("en", "{{intl \"{nobody} {user.first}\"}}", "{nobody} Ada"),
    ] {
        assert_eq!(render(locale, source).as_deref(), Ok(expected), "{source}");
    }
    for source in [
        "{{intl \"{n\"}}",
        "{{intl \"{n, plural, one {x}}\"}}",
        "{{intl \"{n, colour}\"}}",
        "{{intl \"a}\"}}",
    ] {
        assert!(
            matches!(Template::parse(source), Err(TemplateError::Arguments { .. })),
            "{source}"
        );
    }
    assert_eq!(
        render("en", "{{intl \"{x, number}\" x=\"y\"}}")
            .unwrap_err()
            .to_string(),
        "the helper `intl` needs a number for `x`"
    );
}

#[test]
fn snippets() {
    let snippets = Snippets::parse([
        ("sign", "-- {{name}}{{extra}}"),
        ("broken", "{{#if}}"),
        ("endless", "{{> endless}}"),
        ("twice", "{{> twice}}{{> twice}}"),
    ]);
    let options = Options {
        snippets: Some(&snippets),
        ..Options::default()
    };
    for (source, expected) in [
        ("{{> sign}}", "-- ada lovelace"),
        ("{{> sign extra=\"!\"}}", "-- ada lovelace!"),
        ("{{#each items}}{{> sign extra=@index}} {{/each}}", "-- Tea0 -- Milk1 "),
        ("{{> sign (params name=\"Bo\")}}", "-- Bo"),
    ] {
        assert_eq!(render_with(source, options).as_deref(), Ok(expected), "{source}");
    }
    for name in ["endless", "twice"] {
        let source = format!("{{{{> {name}}}}}");
        assert!(matches!(
            render_with(&source, options),
            Err(RenderError::TooDeep { .. })
        ));
    }
    for name in ["broken", "absent"] {
        let source = format!("{{{{> {name}}}}}");
        assert!(
            matches!(render_with(&source, options), Err(RenderError::Snippet { .. })),
            "{name}"
        );
    }
}

#[test]
fn missing_variables_fail_where_asked() {
    let options = Options {
        missing: Missing::Fail,
        ..Options::default()
    };
    for source in [
        "{{gone}}",
        "{gone}",
        "{{{gone}}}",
        "{{var \"gone\"}}",
        "{{#each items}}{{gone}}{{/each}}",
    ] {
        let expected = Err(RenderError::MissingVariable {
            name: "gone".to_owned(),
        });
        assert_eq!(render_with(source, options), expected, "{source}");
    }
    for source in [
        "{{default gone 1}}",
        "{{path \"gone\"}}",
        "{{#if gone}}{{gone}}{{/if}}",
        "{urls.unsubscribe}",
    ] {
        assert!(render_with(source, options).is_ok(), "{source}");
    }
}

#[test]
fn nothing_grows_without_end() {
    let loops = "{{#each @root.list}}".repeat(20) + "x" + &"{{/each}}".repeat(20);
    assert!(matches!(render(&loops), Err(RenderError::TooMuchWork { .. })));
    let doubled = format!("{{{{set \"x\" \"ab\"}}}}{}", "{{set \"x\" (concat x x)}}".repeat(40));
    assert!(matches!(
        render(&doubled),
        Err(RenderError::Helper { name: "concat", .. })
    ));
    let deeper = format!("{{{{set \"x\" 1}}}}{}", "{{set \"x\" (params a=x)}}".repeat(400));
    assert!(matches!(render(&deeper), Err(RenderError::TooMuchWork { .. })));
    let dates = "{{#each @root.list}}".repeat(9) + "{{datetime-format @root.when \"%A\"}}" + &"{{/each}}".repeat(9);
    assert!(matches!(render(&dates), Err(RenderError::TooMuchWork { .. })));
    let value = Value::from("y".repeat(1 << 16));
    let context = Context::from(json!({"data": {"x": value, "list": [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]}}));
    let template = Template::parse("{{#each list}}{{#each ../list}}{{../../x}}{{/each}}{{/each}}").unwrap();
    assert!(matches!(
        template.render(&context, Escape::None),
        Err(RenderError::TooLong { .. })
    ));
}
