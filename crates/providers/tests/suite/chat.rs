//! Chat providers: their requests and answers as the vendors document them, and what is asked before a message goes.
//!
//! Pages: <https://docs.slack.dev/reference/methods/chat.postMessage>,
//! <https://docs.slack.dev/reference/methods/users.lookupByEmail>,
//! <https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using>,
//! <https://discord.com/developers/docs/resources/message#create-message>,
//! <https://discord.com/developers/docs/resources/user#create-dm>, <https://www.twilio.com/docs/whatsapp/api>,
//! <https://developers.facebook.com/docs/whatsapp/cloud-api/guides/send-messages>.

use http::{HeaderMap, HeaderValue, StatusCode};
use serde_json::{Value, json};
use tidings_providers::{AddressProblem, Driver, DriverOptions, Guard, Person, Registry, Response, validate_settings};
use tidings_testkit::{HttpDouble, Reply};
use tidings_types::rendered::{Chat, ChatForm};
use tidings_types::{Address, Outcome, Rendered, Settings};

use crate::support::fixture::{CODE, NOW, Sending, form_of, json_of, object};

fn driver() -> Driver {
    Driver::new(DriverOptions {
        allow_private_targets: true,
        ..DriverOptions::default()
    })
    .unwrap()
}

fn chat(form: ChatForm, payload: Value) -> Rendered {
    Rendered::DirectMessage(Chat {
        title: "Reset".to_owned(),
        text: format!("Your code is {CODE}."),
        blocks: Vec::new(),
        form: Some(form),
        payload: object(payload),
    })
}

fn to(provider: &'static str, address: Value, rendered: Rendered) -> Sending {
    let mut sending = Sending::with(provider);
    sending.address = Address::Chat(object(address));
    sending.rendered = rendered;
    sending
}

fn slack(address: Value) -> Sending {
    to(
        "slack",
        address,
        chat(ChatForm::Slack, json!({"text": "Hi", "blocks": [{"type": "divider"}]})),
    )
}

fn addresses(provider: &str, profile: Value, settings: Value) -> Result<Vec<Address>, AddressProblem> {
    let profile = object(profile);
    let person = Person {
        user_id: Some("ada"),
        profile: &profile,
        tokens: &[],
        default_region: "US",
    };
    let registry = Registry::builtin();
    registry
        .get(provider)
        .unwrap()
        .addresses(&person, &Settings::new(object(settings)))
}

fn outcome(provider: &str, status: u16, body: &str) -> Outcome {
    let mut headers = HeaderMap::new();
    headers.insert("retry-after", HeaderValue::from_static("30"));
    let response = Response {
        status: StatusCode::from_u16(status).unwrap(),
        headers,
        body: body.as_bytes().to_vec(),
        received: NOW,
    };
    Registry::builtin().get(provider).unwrap().outcome(&response)
}

fn kind(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Accepted { .. } => "accepted",
        Outcome::Retry { .. } => "retry",
        Outcome::ProviderDown { permanent: false, .. } => "down",
        Outcome::ProviderDown { permanent: true, .. } => "broken",
        Outcome::AddressDead { .. } => "dead",
        Outcome::Refused { .. } => "refused",
        Outcome::Unknown { .. } => "unknown",
    }
}

#[test]
fn slack_gets_a_message_by_the_bot() {
    let request = slack(json!({"access_token": "xoxb-own", "channel": "C123", "user_id": "U1"})).request();
    assert_eq!(request.url.as_str(), "https://slack.com/api/chat.postMessage");
    assert_eq!(request.header("authorization"), Some("Bearer xoxb-own"));
    assert_eq!(
        json_of(&request),
        &json!({"channel": "C123", "text": "Hi", "blocks": [{"type": "divider"}]})
    );
    // The account's token serves those who bring none.
    let request = slack(json!({"user_id": "U1"})).request();
    assert_eq!(request.header("authorization"), Some("Bearer xoxb-secret-token"));
    assert_eq!(json_of(&request)["channel"], "U1");
}

#[test]
fn slack_changes_and_schedules_messages_that_an_override_names() {
    for (field, method) in [("ts", "chat.update"), ("post_at", "chat.scheduleMessage")] {
        let sending = to(
            "slack",
            json!({"channel": "C1"}),
            chat(ChatForm::Slack, json!({"text": "Hi", field: "1503435956.000247"})),
        );
        let request = sending.request();
        assert_eq!(request.url.path(), format!("/api/{method}"));
        assert_eq!(json_of(&request)[field], "1503435956.000247");
    }
}

#[test]
fn slack_webhooks_of_people_are_guarded() {
    for address in [
        json!({"incoming_webhook": {"url": "https://hooks.slack.com/services/T0/B0/secret-path"}}),
        json!({"response_url": "https://hooks.slack.com/services/T0/B0/secret-path"}),
    ] {
        let request = slack(address).request();
        assert_eq!(request.guard, Guard::Person);
        assert_eq!(request.header("authorization"), None);
        assert_eq!(json_of(&request)["text"], "Hi");
    }
}

#[test]
fn where_slack_reaches_people() {
    let token = json!({"access_token": "xoxb-1"});
    let found = addresses(
        "slack",
        json!({"email": "ada@example.org", "slack": {"access_token": "x"}}),
        json!({}),
    );
    let [Address::Chat(address)] = &found.unwrap()[..] else {
        panic!()
    };
    assert_eq!(address["email"], "ada@example.org");
    assert!(addresses("slack", json!({"slack": {"channel": "C1"}}), token).is_ok());
    for (profile, invalid) in [
        (json!({}), false),
        (json!({"slack": {"channel": "C1"}}), false),
        (json!({"slack": {"access_token": "x"}}), false),
        (json!({"slack": "C1"}), true),
        (json!({"slack": {"incoming_webhook": {"url": "ftp://x"}}}), true),
    ] {
        let problem = addresses("slack", profile.clone(), json!({})).unwrap_err();
        assert_eq!(matches!(problem, AddressProblem::Invalid(_)), invalid, "{profile}");
    }
}

#[tokio::test]
async fn slack_finds_people_by_mail_address() {
    let double = HttpDouble::start_with(|request| {
        if request.path.starts_with("/api/users.lookupByEmail") {
            Reply::json(
                "200 OK",
                &json!({"ok": true, "user": {"id": "W012A3CDE", "name": "spengler"}}),
            )
        } else {
            let answer = json!({"ok": true, "channel": "D024BE91L", "ts": "1503435956.000247"});
            Reply::json("200 OK", &answer)
        }
    })
    .await;
    let sending = slack(json!({"email": "ada+x@example.org"})).set("base_url", json!(double.url("")));
    let outcome = sending.send(&driver()).await;
    let Outcome::Accepted { id, reference } = outcome else {
        panic!("{outcome:?}")
    };
    assert_eq!(id.as_deref(), Some("1503435956.000247"));
    assert_eq!(reference["channel"], "D024BE91L");
    let requests = double.requests();
    assert_eq!(requests[0].method, "GET");
    assert_eq!(requests[0].path, "/api/users.lookupByEmail?email=ada%2Bx%40example.org");
    assert_eq!(requests[0].header("authorization"), Some("Bearer xoxb-secret-token"));
    assert_eq!(requests[1].json()["channel"], "W012A3CDE");
}

#[tokio::test]
async fn nobody_in_slack_with_that_address_is_a_dead_address() {
    let double = HttpDouble::start(Reply::json("200 OK", &json!({"ok": false, "error": "users_not_found"}))).await;
    let sending = slack(json!({"email": "no@example.org"})).set("base_url", json!(double.url("")));
    assert_eq!(kind(&sending.send(&driver()).await), "dead");
    assert_eq!(double.requests().len(), 1);
}

#[test]
fn what_slack_answers() {
    for (status, body, expected) in [
        (200, r#"{"ok":true,"channel":"C1","ts":"1.2"}"#, "accepted"),
        (
            200,
            r#"{"ok":true,"scheduled_message_id":"Q1","channel":"C1"}"#,
            "accepted",
        ),
        (200, "ok", "accepted"),
        (200, "<html>", "unknown"),
        (200, r#"{"ok":false,"error":"channel_not_found"}"#, "dead"),
        (200, r#"{"ok":false,"error":"not_in_channel"}"#, "dead"),
        (200, r#"{"ok":false,"error":"invalid_auth"}"#, "broken"),
        (200, r#"{"ok":false,"error":"token_revoked"}"#, "broken"),
        (200, r#"{"ok":false,"error":"account_inactive"}"#, "broken"),
        (200, r#"{"ok":false,"error":"ratelimited"}"#, "retry"),
        (200, r#"{"ok":false,"error":"internal_error"}"#, "down"),
        (200, r#"{"ok":false,"error":"invalid_blocks"}"#, "refused"),
        (429, "", "retry"),
        (400, "invalid_payload", "refused"),
        (404, "no_service", "dead"),
        (410, "channel_is_archived", "dead"),
        (500, "rollup_error", "down"),
    ] {
        assert_eq!(kind(&outcome("slack", status, body)), expected, "{status} {body}");
    }
    let retry = outcome("slack", 200, r#"{"ok":false,"error":"ratelimited"}"#);
    assert!(matches!(
        retry,
        Outcome::Retry {
            after_ms: Some(30_000),
            ..
        }
    ));
}

#[test]
fn teams_gets_a_card() {
    let card = json!({"type": "AdaptiveCard", "version": "1.4", "body": []});
    let request = to(
        "msteams",
        json!({"webhook_url": "https://prod-1.logic.azure.com/workflows/secret-path"}),
        chat(ChatForm::Msteams, card.clone()),
    )
    .request();
    assert_eq!(request.guard, Guard::Person);
    assert_eq!(
        json_of(&request),
        &json!({"type": "message", "attachments": [{
            "contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": null, "content": card
        }]})
    );
    let request = to("msteams", json!({}), chat(ChatForm::Msteams, json!({}))).request();
    assert_eq!(request.guard, Guard::Operator);
    assert_eq!(json_of(&request)["text"], format!("Reset\nYour code is {CODE}."));
}

#[test]
fn what_teams_answers() {
    for (status, body, expected) in [
        (202, "", "accepted"),
        (200, "1", "accepted"),
        (
            200,
            "Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 429 with ContextId",
            "retry",
        ),
        (404, "", "dead"),
        (410, "", "dead"),
        (400, "Bad payload received by generic incoming webhook.", "refused"),
        (413, "", "refused"),
        (429, "", "retry"),
        (502, "", "down"),
    ] {
        assert_eq!(kind(&outcome("msteams", status, body)), expected, "{status} {body}");
    }
}

#[test]
fn discord_gets_a_message_once() {
    let rendered = chat(ChatForm::Discord, json!({"content": "Hi", "embed": {"title": "Old"}}));
    let request = to("discord", json!({"channel_id": "99"}), rendered).request();
    assert_eq!(request.url.as_str(), "https://discord.com/api/v10/channels/99/messages");
    assert_eq!(request.header("authorization"), Some("Bot secret-bot-token"));
    let body = json_of(&request);
    assert_eq!(
        (&body["content"], &body["embeds"]),
        (&json!("Hi"), &json!([{"title": "Old"}]))
    );
    assert_eq!(body["enforce_nonce"], true);
    assert_eq!(body["nonce"].as_str().unwrap().len(), 25);
}

#[test]
fn a_discord_webhook_answers_with_the_message() {
    let address = json!({"webhook_url": "https://discord.com/api/webhooks/1/secret-path"});
    let mut sending = to("discord", address, chat(ChatForm::Discord, json!({"content": "Hi"})));
    sending.settings = Settings::default();
    let request = sending.request();
    assert_eq!(request.url.query(), Some("wait=true&with_components=true"));
    assert_eq!(request.guard, Guard::Person);
    assert_eq!(request.header("authorization"), None);
}

#[tokio::test]
async fn discord_opens_a_channel_with_a_person() {
    let double = HttpDouble::start_with(|request| {
        if request.path == "/api/v10/users/@me/channels" {
            assert_eq!(request.json(), json!({"recipient_id": "42"}));
            Reply::json("200 OK", &json!({"id": "319674150115610528", "type": 1}))
        } else {
            Reply::json(
                "200 OK",
                &json!({"id": "334385199974967042", "channel_id": "319674150115610528"}),
            )
        }
    })
    .await;
    let sending = to(
        "discord",
        json!({"user_id": "42"}),
        chat(ChatForm::Discord, json!({"content": "Hi"})),
    )
    .set("base_url", json!(double.url("")));
    let outcome = sending.send(&driver()).await;
    assert!(
        matches!(&outcome, Outcome::Accepted { id: Some(id), .. } if id == "334385199974967042"),
        "{outcome:?}"
    );
    assert_eq!(
        double.requests()[1].path,
        "/api/v10/channels/319674150115610528/messages"
    );
}

#[tokio::test]
async fn a_question_that_is_not_answered_leaves_nothing_unclear() {
    let double = HttpDouble::start(Reply::Hang).await;
    let sending = to(
        "discord",
        json!({"user_id": "42"}),
        chat(ChatForm::Discord, json!({"content": "Hi"})),
    )
    .set("base_url", json!(double.url("")));
    let outcome = sending
        .send_within(&driver(), std::time::Duration::from_millis(200))
        .await;
    assert_eq!(kind(&outcome), "down");
}

#[test]
fn what_discord_answers() {
    for (status, body, expected) in [
        (200, r#"{"id":"1","channel_id":"2"}"#, "accepted"),
        (204, "", "unknown"),
        (401, r#"{"message":"401: Unauthorized","code":0}"#, "broken"),
        (
            403,
            r#"{"message":"Cannot send messages to this user","code":50007}"#,
            "dead",
        ),
        (404, r#"{"message":"Unknown Channel","code":10003}"#, "dead"),
        (404, r#"{"message":"Unknown Webhook","code":10015}"#, "dead"),
        (
            400,
            r#"{"message":"Invalid Form Body","code":50035,"errors":{}}"#,
            "refused",
        ),
        (502, "", "down"),
    ] {
        assert_eq!(kind(&outcome("discord", status, body)), expected, "{status} {body}");
    }
    let limited = outcome(
        "discord",
        429,
        r#"{"message":"You are being rate limited.","retry_after":64.57,"global":false}"#,
    );
    assert!(
        matches!(
            limited,
            Outcome::Retry {
                after_ms: Some(64_571),
                ..
            }
        ),
        "{limited:?}"
    );
}

#[test]
fn whatsapp_goes_through_twilio() {
    let mut sending = Sending::with("whatsapp");
    sending.rendered = chat(ChatForm::Whatsapp, json!({"text": "*Hi*"}));
    let request = sending.request();
    assert_eq!(request.url.path(), "/2010-04-01/Accounts/AC123/Messages.json");
    assert_eq!(
        form_of(&request),
        [
            ("To", "whatsapp:+15558675310"),
            ("From", "whatsapp:+15017122661"),
            ("Body", "*Hi*")
        ]
    );
    sending.rendered = chat(ChatForm::Whatsapp, json!({"text": "é".repeat(4_000)}));
    let long = sending.request();
    let body = form_of(&long)
        .iter()
        .find(|(name, _)| *name == "Body")
        .unwrap()
        .1
        .to_owned();
    assert_eq!(body.chars().count(), 1_600);
}

#[test]
fn whatsapp_goes_through_meta() {
    let mut sending = Sending::with("whatsapp");
    sending.settings = Settings::new(object(
        json!({"phone_number_id": "106540352242922", "access_token": "EAAG"}),
    ));
    sending.rendered = chat(ChatForm::Whatsapp, json!({"text": "*Hi*"}));
    let request = sending.request();
    assert_eq!(
        request.url.as_str(),
        "https://graph.facebook.com/v20.0/106540352242922/messages"
    );
    assert_eq!(request.header("authorization"), Some("Bearer EAAG"));
    assert_eq!(
        json_of(&request),
        &json!({"messaging_product": "whatsapp", "recipient_type": "individual", "to": "+15558675310",
            "type": "text", "text": {"preview_url": false, "body": "*Hi*"}})
    );
    let template = json!({"name": "hello_world", "language": {"code": "en_US"}});
    sending.rendered = chat(ChatForm::Whatsapp, json!({"text": "x", "template": template.clone()}));
    let request = sending.request();
    assert_eq!(
        (&json_of(&request)["type"], &json_of(&request)["template"]),
        (&json!("template"), &template)
    );
    assert!(json_of(&request).get("text").is_none());
}

#[test]
fn what_whatsapp_answers() {
    for (status, body, expected) in [
        (201, r#"{"sid":"SM1","status":"queued"}"#, "accepted"),
        (400, r#"{"code":63003,"message":"x"}"#, "dead"),
        (400, r#"{"code":63016,"message":"outside the window"}"#, "refused"),
        (401, r#"{"code":20003,"message":"Authenticate"}"#, "broken"),
        (
            200,
            r#"{"messaging_product":"whatsapp","messages":[{"id":"wamid.X"}]}"#,
            "accepted",
        ),
        (
            400,
            r#"{"error":{"code":131047,"message":"Re-engagement message"}}"#,
            "refused",
        ),
        (
            400,
            r#"{"error":{"code":131026,"message":"Message Undeliverable"}}"#,
            "dead",
        ),
        (
            401,
            r#"{"error":{"code":190,"message":"Access token has expired"}}"#,
            "broken",
        ),
        (400, r#"{"error":{"code":130429,"message":"Rate limit hit"}}"#, "retry"),
        (
            500,
            r#"{"error":{"code":131000,"message":"Something went wrong"}}"#,
            "down",
        ),
    ] {
        assert_eq!(kind(&outcome("whatsapp", status, body)), expected, "{status} {body}");
    }
}

#[test]
fn an_account_of_whatsapp_is_whole_and_of_one_carrier() {
    let registry = Registry::builtin();
    let spec = registry.get("whatsapp").unwrap().spec();
    for (settings, wrong) in [
        (json!({}), "phone_number_id"),
        (json!({"account_sid": "AC1", "auth_token": "t"}), "from"),
        (
            json!({"phone_number_id": "1", "access_token": "t", "from": "+1"}),
            "from",
        ),
    ] {
        let error = validate_settings(spec, &object(settings)).unwrap_err();
        assert!(error.message().contains(&format!("settings.{wrong}")), "{error}");
    }
}

#[tokio::test]
async fn errors_do_not_tell_a_persons_own_secrets() {
    let double = HttpDouble::start_with(|request| {
        Reply::json(
            "400 Bad Request",
            &json!({"message": format!("you sent {}", request.text), "code": 1}),
        )
    })
    .await;
    let hook = double.url("/hook/secret-path");
    let mut sending = to(
        "discord",
        json!({"webhook_url": hook.clone()}),
        chat(ChatForm::Discord, json!({"content": "Hi"})),
    );
    sending.settings = Settings::default();
    let outcome = sending.send(&driver()).await;
    assert!(!outcome.error().unwrap().contains(&hook), "{outcome:?}");
}
