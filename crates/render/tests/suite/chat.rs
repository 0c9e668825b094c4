//! The forms of chat programs: what they look like, that values stay text, and that no limit is passed.

use crate::common::{Case, elements, password_reset, values};
use proptest::prelude::*;
use serde_json::{Value, json};
use tidings_types::rendered::Chat;
use tidings_types::{Channel, Rendered};

const PROGRAMS: [&str; 4] = ["slack", "msteams", "discord", "whatsapp"];

fn chat(case: &mut Case, provider: &'static str) -> Chat {
    case.provider = Some(provider);
    match case.render(Channel::DirectMessage).unwrap().rendered {
        Rendered::DirectMessage(chat) => chat,
        other => panic!("{other:?}"),
    }
}

fn every_kind() -> Case {
    Case::new(
        elements(json!([
            {"type": "meta", "title": "Order {{id}} is on its way"},
            {"type": "text", "content": "Hi **{{name}}**,\nyour _parcel_ left ~~today~~ `now`. See [the shop](https://acme.example/a?b=1&c=2)."},
            {"type": "text", "content": "Details", "text_style": "h2"},
            {"type": "text", "content": "Carrier: {{carrier}}", "bold": true},
            {"type": "image", "src": "https://acme.example/map.png", "alt_text": "The way", "href": "https://acme.example/map"},
            {"type": "quote", "content": "Leave it at the door.\nThank you."},
            {"type": "divider"},
            {"type": "action", "content": "Track", "href": "https://acme.example/t?x=1&y=2"},
            {"type": "action", "content": "Change", "href": "https://acme.example/c", "style": "secondary"},
            {"type": "action", "content": "Cancel", "href": "https://acme.example/x", "style": "tertiary"},
            {"type": "action", "content": "All orders", "href": "https://acme.example/o", "style": "link"},
            {"type": "html", "content": "<b>mail only</b>"},
            {"type": "text", "content": "Sent by Acme, {{carrier}} & others", "text_style": "subtext"}
        ])),
        json!({"data": {"id": "7 & 8", "name": "Ada <ada>", "carrier": "_*Fast*_ & Co > 1"}}),
    )
}

#[test]
fn every_kind_in_every_program() {
    let mut case = every_kind();
    for program in PROGRAMS {
        let chat = chat(&mut case, program);
        insta::assert_json_snapshot!(format!("every_kind_{program}"), chat.payload);
    }
}

#[test]
fn password_reset_in_every_program() {
    let mut case = Case::new(password_reset(), values());
    for program in PROGRAMS {
        insta::assert_json_snapshot!(format!("password_reset_{program}"), chat(&mut case, program).payload);
    }
}

#[test]
fn a_program_that_is_not_known_gets_plain_words() {
    let chat = chat(&mut every_kind(), "pigeon");
    assert!(chat.form.is_none() && chat.payload.is_empty());
    assert!(chat.text.contains("Track: https://acme.example/t?x=1&y=2"));
}

#[test]
fn what_a_send_overrides_stands_in_the_programs_own_form() {
    let mut case = every_kind().overrides(json!({"body": {"text": "New", "thread_ts": "1.2"}}));
    let payload = chat(&mut case, "slack").payload;
    assert_eq!(payload["text"], "New");
    assert_eq!(payload["thread_ts"], "1.2");
    assert!(payload["blocks"].is_array());
    let mut case = every_kind().overrides(json!({"text": "New"}));
    assert_eq!(chat(&mut case, "discord").payload["content"], "New");
}

#[test]
fn what_a_program_made_stands_in_its_place() {
    let source = "[{type: 'divider'}]";
    let content = elements(json!([
        {"type": "text", "content": "before"},
        {"type": "jsonnet", "content": source},
        {"type": "text", "content": "after"}
    ]));
    let render = |value: Result<Value, String>, program| {
        let mut case = Case::new(content.clone(), json!({"data": {}}));
        case.meta.programs.insert(source.to_owned(), value);
        case.provider = Some(program);
        case.render(Channel::DirectMessage).map(|output| match output.rendered {
            Rendered::DirectMessage(chat) => Value::Object(chat.payload),
            other => panic!("{other:?}"),
        })
    };
    let slack = render(Ok(json!([{"type": "divider"}])), "slack").unwrap();
    assert_eq!(slack["blocks"][1], json!({"type": "divider"}));
    let slack = render(
        Ok(json!({"blocks": [{"type": "divider"}], "icon_emoji": ":wave:"})),
        "slack",
    )
    .unwrap();
    assert_eq!(
        (&slack["blocks"][1]["type"], &slack["icon_emoji"]),
        (&json!("divider"), &json!(":wave:"))
    );
    let card = json!({"type": "AdaptiveCard", "version": "1.5", "body": [{"type": "TextBlock", "text": "x"}]});
    let teams = render(Ok(card), "msteams").unwrap();
    assert_eq!(
        (&teams["body"][1]["text"], &teams["version"]),
        (&json!("x"), &json!("1.5"))
    );
    // Blocks are Slack's; other programs say the rest.
    let discord = render(Ok(json!([{"type": "divider"}])), "discord").unwrap();
    assert_eq!(discord["content"], "before\nafter");
    let failed = render(Err("it was ended".to_owned()), "slack").unwrap_err();
    assert_eq!(failed.to_string(), "the program of elements[1] failed: it was ended");
}

#[test]
fn raw_json_is_read_before_values_go_in() {
    let value = "\"}}], \"x\": [{{v}}";
    let blocks = json!([{"type": "section", "text": {"type": "plain_text", "text": "Hi {{v}}"}}]);
    for given in [
        blocks.clone(),
        Value::from(blocks.to_string()),
        json!({"blocks": blocks, "unfurl_links": false}),
    ] {
        let content = elements(
            json!([{"type": "channel", "channel": "slack", "raw": {"text": "x {{v}}", "slackBlocks": given}}]),
        );
        let chat = chat(&mut Case::new(content, json!({"data": {"v": value}})), "slack");
        assert_eq!(chat.payload["blocks"][0]["text"]["text"], format!("Hi {value}"));
        assert_eq!(chat.text, format!("x {value}"));
    }
    let content = elements(json!([{"type": "channel", "channel": "msteams", "raw": {
        "type": "AdaptiveCard", "version": "1.5", "body": [{"type": "TextBlock", "text": "{{v}}"}]
    }}]));
    let chat = chat(&mut Case::new(content, json!({"data": {"v": value}})), "msteams");
    assert_eq!(
        (&chat.payload["version"], &chat.payload["body"][0]["text"]),
        (&json!("1.5"), &json!(value))
    );
}

#[test]
fn what_raw_says_beside_the_message_goes_into_the_call() {
    let content = elements(json!([{"type": "channel", "channel": "push", "raw": {
        "title": "T {{v}}", "text": "B", "apns": {"payload": {"id": "{{v}}", "n": 1}}
    }}]));
    let output = Case::new(content, json!({"data": {"v": "7"}}))
        .render(Channel::Push)
        .unwrap();
    assert_eq!(
        Value::Object(output.body),
        json!({"apns": {"payload": {"id": "7", "n": 1}}})
    );
    let Rendered::Push(push) = output.rendered else {
        panic!()
    };
    assert_eq!((push.title.as_str(), push.body.as_str()), ("T 7", "B"));
    let wrong = elements(json!([{"type": "channel", "channel": "push", "raw": {"text": "x", "apns": {"a": "{{#if"}}}]));
    let problems = tidings_render::check(&wrong, false).unwrap_err();
    assert_eq!(problems[0].element_path, "elements[0].raw.apns");
}

#[test]
fn text_messages_are_finished_as_the_channel_says() {
    let content = elements(json!([{"type": "text", "content": "Your code – {{code}}"}]));
    let case = Case::new(content, json!({"data": {"code": 123_456}})).overrides(json!({
        "smart_encoding": true, "autofill": {"domain": "example.com", "code": "code"}
    }));
    assert_eq!(
        case.json(Channel::Sms)["body"],
        "Your code - 123456\n\n@example.com #123456"
    );
}

/// Slack's words as a reader sees them: entities read, marks of the content's own emphasis kept as brackets.
fn slack_words(payload: &Value) -> String {
    fn collect(value: &Value, out: &mut String) {
        match value {
            Value::Object(object) if object.get("type") == Some(&json!("mrkdwn")) => {
                let text = object["text"].as_str().unwrap();
                assert!(
                    !text.contains("<!") && !text.contains("<@") && !text.contains("<#"),
                    "{text}"
                );
                out.push_str(&text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"));
            }
            Value::Object(object) => object.values().for_each(|value| collect(value, out)),
            Value::Array(list) => list.iter().for_each(|value| collect(value, out)),
            Value::String(text) => out.push_str(text),
            _ => {}
        }
    }
    let mut out = String::new();
    collect(&payload["blocks"], &mut out);
    out
}

/// Slack's marks: the ones that are read in a text of `mrkdwn`.
fn slack_marks(payload: &Value) -> usize {
    let blocks = payload["blocks"].as_array().unwrap();
    let texts = blocks.iter().filter(|block| block["text"]["type"] == "mrkdwn");
    let count = |block: &Value| {
        block["text"]["text"]
            .as_str()
            .unwrap()
            .chars()
            .filter(|c| "*_~`".contains(*c))
            .count()
    };
    texts.map(count).sum()
}

const HOSTILE: &str = "[_*~`<>\\[\\](){}|#!@:;&.a-z0-9 +-]{1,40}";

fn with_value(value: &str) -> Case {
    Case::new(
        elements(json!([{"type": "text", "content": "**x** «{{v}}» y"}])),
        json!({"data": {"v": value}}),
    )
}

proptest! {
    #[test]
    fn a_value_is_no_markup_in_slack(value in HOSTILE) {
        let value = value.trim();
        prop_assume!(!value.is_empty() && !value.contains("http"));
        let payload = Value::Object(chat(&mut with_value(value), "slack").payload);
        let expected = format!("«{value}» y");
        prop_assert!(slack_words(&payload).contains(&expected));
        // Either the two marks of the content and no others, or rich text, which reads none.
        prop_assert!(matches!(slack_marks(&payload), 0 | 2), "{}", payload);
    }

    #[test]
    fn a_value_is_no_markup_in_teams(value in HOSTILE) {
        let value = value.trim();
        prop_assume!(!value.is_empty());
        let payload = chat(&mut with_value(value), "msteams").payload;
        let element = &payload["body"][0];
        if element["type"] == "TextBlock" {
            let text = element["text"].as_str().unwrap();
            prop_assert_eq!(text, format!("**x** «{value}» y"));
            prop_assert!(!value.contains(['*', '_', '~', '[', '`', '<', '&', '\\']));
        } else {
            let said: String = element["inlines"].as_array().unwrap().iter()
                .map(|run| run["text"].as_str().unwrap()).collect();
            prop_assert_eq!(said.replace('\u{200b}', ""), format!("x «{value}» y"));
            prop_assert!(!said.contains("{{"));
        }
    }

    #[test]
    fn a_value_is_no_markup_in_discord(value in HOSTILE) {
        let value = value.trim();
        prop_assume!(!value.is_empty());
        let payload = chat(&mut with_value(value), "discord").payload;
        let content = payload["content"].as_str().unwrap();
        let inside = content.split_once('«').unwrap().1.rsplit_once('»').unwrap().0;
        // Reading it as Discord does: a backslash takes the meaning from what follows.
        let mut read = String::new();
        let mut letters = inside.chars();
        while let Some(letter) = letters.next() {
            if letter == '\\' {
                read.extend(letters.next());
            } else {
                prop_assert!(!"*_~`|<>[]()#@:-".contains(letter), "{} in {}", letter, content);
                read.push(letter);
            }
        }
        prop_assert_eq!(read, value);
    }

    #[test]
    fn a_value_is_no_markup_in_whatsapp(value in HOSTILE) {
        let value = value.trim();
        prop_assume!(!value.is_empty());
        let payload = chat(&mut with_value(value), "whatsapp").payload;
        let text = payload["text"].as_str().unwrap();
        let expected = format!("*x* «{value}» y");
        prop_assert_eq!(text.replace('\u{200b}', ""), expected);
        let inside: Vec<char> = text.split_once('«').unwrap().1.chars().collect();
        for (index, letter) in inside.iter().enumerate() {
            let opens = "*_~`".contains(*letter) && (index == 0 || !inside[index - 1].is_alphanumeric());
            prop_assert!(!opens || inside.get(index + 1) == Some(&'\u{200b}'), "{}", text);
        }
    }

}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn no_limit_is_passed(
        kinds in prop::collection::vec((0..7usize, "[a-z*_<& \\n]{0,30}", 1..400usize), 0..70),
        program in prop::sample::select(&PROGRAMS[..]),
    ) {
        let list: Vec<Value> = kinds.iter().map(|(kind, text, times)| {
            let long = text.repeat(*times);
            match kind {
                0 => json!({"type": "text", "content": long}),
                1 => json!({"type": "text", "content": long, "text_style": "h1", "bold": true}),
                2 => json!({"type": "quote", "content": long}),
                3 => json!({"type": "action", "content": long, "href": format!("https://a.example/{text}")}),
                4 => json!({"type": "image", "src": format!("https://a.example/{long}"), "alt_text": long}),
                5 => json!({"type": "meta", "title": long.replace('\n', " ")}),
                _ => json!({"type": "divider"}),
            }
        }).collect();
        let mut case = Case::new(elements(list), json!({"data": {}}));
        case.provider = Some(program);
        let Ok(output) = case.render(Channel::DirectMessage) else { return Ok(()) };
        let Rendered::DirectMessage(chat) = output.rendered else { panic!() };
        let payload = Value::Object(chat.payload);
        let length = |value: &Value| value.as_str().map_or(0, |text| text.encode_utf16().count());
        match program {
            "slack" => {
                let blocks = payload["blocks"].as_array().cloned().unwrap_or_default();
                prop_assert!(blocks.len() <= 50 && length(&payload["text"]) <= 4_000);
                for block in &blocks {
                    prop_assert!(length(&block["text"]["text"]) <= 3_000);
                    match block["type"].as_str().unwrap() {
                        "header" => prop_assert!((1..=150).contains(&length(&block["text"]["text"]))),
                        "section" => prop_assert!(length(&block["text"]["text"]) >= 1),
                        "actions" => {
                            let buttons = block["elements"].as_array().unwrap();
                            prop_assert!((1..=25).contains(&buttons.len()));
                            for button in buttons {
                                prop_assert!((1..=75).contains(&length(&button["text"]["text"])));
                                prop_assert!(length(&button["url"]) <= 3_000);
                            }
                        }
                        "image" => prop_assert!(length(&block["image_url"]) <= 3_000 && (1..=2_000).contains(&length(&block["alt_text"]))),
                        "context" => prop_assert!(length(&block["elements"][0]["text"]) <= 3_000),
                        _ => {}
                    }
                }
            }
            "msteams" => prop_assert!(payload.to_string().len() <= 28 * 1024),
            "discord" => {
                prop_assert!(length(&payload["content"]) <= 2_000);
                prop_assert!(payload["embeds"].as_array().is_none_or(|list| list.len() <= 10));
                for row in payload["components"].as_array().into_iter().flatten() {
                    let buttons = row["components"].as_array().unwrap();
                    prop_assert!(buttons.len() <= 5);
                    for button in buttons {
                        prop_assert!(length(&button["label"]) <= 80 && length(&button["url"]) <= 512);
                    }
                }
                prop_assert!(payload["components"].as_array().is_none_or(|rows| rows.len() <= 5));
            }
            _ => prop_assert!(length(&payload["text"]) <= 4_096),
        }
    }
}
