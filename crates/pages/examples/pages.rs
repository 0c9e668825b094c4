//! Serves the pages with sample data on `127.0.0.1:8399`, to look at them without a server around them.
//!
//! `cargo run -p tidings-pages --example pages [-- closed]`. Closed, the outbox asks for a key: `test`.

use std::error::Error;
use std::io::Write as _;
use std::sync::Arc;

use axum::http::header;
use serde_json::{Value, json};
use tidings_bus::LocalBus;
use tidings_pages::{Authorise, PagesOptions, StartInfo, router};
use tidings_pipeline::{Library, LinkClaims, LinkKind, Links, PipelineSettings, Services};
use tidings_providers::{Driver, DriverOptions, Registry};
use tidings_store::vault::Vault;
use tidings_store::{
    Acceptance, Claim, DocumentKind, Lane, NewCaught, NewDocument, NewMessage, Next, Record, RequestRow, Store,
    WriteMode,
};
use tidings_store_sqlite::{Options, SqliteStore};
use tidings_types::rendered::{Attachment, Chat, Email, Inbox, InboxAction, Mailbox, Push, Sms, Webhook};
use tidings_types::trace::TraceCode;
use tidings_types::{
    Channel, Clock as _, Environment, KeyMode, KeyScope, MessageId, Progress, Rendered, RequestId, Status, SystemClock,
    SystemRandom, Timestamp, Trace, TraceEntry,
};

const BASE: &str = "http://127.0.0.1:8399";

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let open = std::env::args().nth(1).as_deref() != Some("closed");
    let folder = tempfile::tempdir()?;
    let services = Arc::new(services(&folder.path().join("sample.db")).await?);
    documents(services.store.as_ref()).await?;
    for (age, provider, to, rendered) in deliveries() {
        catch(services.store.as_ref(), age, provider, to, rendered).await?;
    }
    let mut out = std::io::stdout();
    for (kind, topic) in [
        (LinkKind::Preferences, None),
        (LinkKind::Unsubscribe, Some("news")),
        (LinkKind::Unsubscribe, Some("codes")),
    ] {
        writeln!(out, "{}", services.links.url(&claims(kind, topic)))?;
    }
    let authorise: Authorise = Arc::new(|headers| {
        let known = headers
            .get(header::AUTHORIZATION)
            .is_some_and(|value| value == "Bearer test");
        Box::pin(async move {
            if known {
                Ok(Environment::Test)
            } else {
                Err(tidings_types::Error::unauthenticated("This key is not known."))
            }
        })
    });
    let start = open.then(|| StartInfo {
        base_url: BASE.to_owned(),
        api_key: "td_test_4f1c09".to_owned(),
    });
    let pages = router(
        services,
        PagesOptions {
            open,
            authorise,
            openapi,
            demo_bundles: Vec::new(),
            start,
        },
    );
    let listener = tokio::net::TcpListener::bind("127.0.0.1:8399").await?;
    writeln!(out, "{BASE}")?;
    axum::serve(listener, pages).await?;
    Ok(())
}

async fn services(path: &std::path::Path) -> Result<Services, Box<dyn Error>> {
    let store: Arc<dyn Store> = Arc::new(SqliteStore::open(path, Options::server())?);
    let vault = Arc::new(Vault::new([1; 32]));
    let registry = Arc::new(Registry::builtin());
    let settings = PipelineSettings {
        public_url: BASE.to_owned(),
        ..PipelineSettings::default()
    };
    Ok(Services {
        library: Library::new(Arc::clone(&store), Arc::clone(&vault), Arc::clone(&registry)),
        links: Links::load(store.as_ref(), &vault, &SystemRandom, BASE).await?,
        clock: Arc::new(SystemClock),
        random: Arc::new(SystemRandom),
        bus: Arc::new(LocalBus::default()),
        driver: Arc::new(Driver::new(DriverOptions::default())?),
        store,
        vault,
        registry,
        settings,
    })
}

fn claims(kind: LinkKind, topic: Option<&str>) -> LinkClaims {
    LinkClaims {
        kind,
        environment: Environment::Test,
        user_id: "ada".to_owned(),
        tenant_id: None,
        topic_id: topic.map(str::to_owned),
        message_id: None,
        issued: SystemClock.now(),
    }
}

async fn documents(store: &dyn Store) -> Result<(), Box<dyn Error>> {
    let section = |name: &str, ways: bool| json!({"name": name, "has_custom_routing": ways, "routing_options": ["email", "push", "sms"]});
    let topic =
        |name: &str, about: &str, status: &str| json!({"name": name, "description": about, "default_status": status});
    let all = [
        (DocumentKind::Section, "account", None, section("Your account", false)),
        (DocumentKind::Section, "product", None, section("Product", true)),
        (
            DocumentKind::Topic,
            "codes",
            Some("account"),
            topic("Sign-in codes", "Codes you ask for when you sign in.", "REQUIRED"),
        ),
        (
            DocumentKind::Topic,
            "billing",
            Some("account"),
            topic("Receipts", "A receipt for each payment.", "OPTED_IN"),
        ),
        (
            DocumentKind::Topic,
            "news",
            Some("product"),
            topic("Product news", "What is new, about once a month.", "OPTED_IN"),
        ),
        (
            DocumentKind::Topic,
            "digest",
            Some("product"),
            topic("Weekly summary", "What your team did last week.", "OPTED_OUT"),
        ),
    ];
    for (kind, id, parent, body) in all {
        let new = NewDocument {
            kind,
            id: id.to_owned(),
            parent: parent.map(str::to_owned),
            names: Vec::new(),
            body,
            mode: WriteMode::Live,
            now: SystemClock.now(),
            by: "sample".to_owned(),
        };
        store.create_document(Environment::Test, new).await?;
    }
    Ok(())
}

type Delivery = (u64, &'static str, &'static str, Rendered);

fn deliveries() -> Vec<Delivery> {
    let html = "<!doctype html><html lang=en><head><meta charset=utf-8><meta name=viewport content='width=device-width'></head>\
        <body style='margin:0;background:#f4f4f1;font-family:sans-serif'><div style='max-width:480px;margin:32px auto;padding:32px;background:#fff;border-radius:12px'>\
        <h1 style='font-size:22px;margin:0 0 12px'>Reset your password</h1><p>Your code is <b>481 516</b>. It works for ten minutes.</p>\
        <p><a href='https://example.com/reset' style='display:inline-block;padding:12px 20px;border-radius:8px;background:#0a6a6a;color:#fff;text-decoration:none'>Reset password</a></p>\
        <p style='color:#666;font-size:13px'>You did not ask for this? Then do nothing.</p><script>document.body.innerHTML='scripts ran'</script></div></body></html>";
    let mail = Email {
        subject: "Your password reset code".to_owned(),
        html: html.to_owned(),
        text: "Reset your password\n\nYour code is 481 516. It works for ten minutes.\n\nReset password: https://example.com/reset\n\nYou did not ask for this? Then do nothing.".to_owned(),
        from: Some(Mailbox { email: "hello@acme.example".to_owned(), name: Some("Acme".to_owned()) }),
        headers: vec![("List-Unsubscribe".to_owned(), format!("<{BASE}/u/token>")), ("List-Unsubscribe-Post".to_owned(), "List-Unsubscribe=One-Click".to_owned())],
        attachments: vec![Attachment { filename: "terms.pdf".to_owned(), content_type: "application/pdf".to_owned(), data: "AAAA".repeat(9000) }],
        ..Email::default()
    };
    let hostile = "<img src=x onerror=\"document.title='broken'\"><script>document.title='broken'</script>";
    let push = Push {
        title: "Bea mentioned you".to_owned(),
        body: "“Can you look at the draft before noon?”".to_owned(),
        click_action: Some("https://example.com/m/1".to_owned()),
        ..Push::default()
    };
    let action = |content: &str, href: &str, style: &str| InboxAction {
        content: content.to_owned(),
        href: href.to_owned(),
        style: Some(style.to_owned()),
        ..InboxAction::default()
    };
    let inbox = Inbox {
        title: "Your export is ready".to_owned(),
        preview: "4,120 rows, waiting for you for seven days.".to_owned(),
        actions: vec![
            action("Download", "https://example.com/x", "button"),
            action("Later", "javascript:alert(1)", "secondary"),
        ],
        tags: vec!["export".to_owned()],
        ..Inbox::default()
    };
    let sms = |body: &str| Rendered::Sms(Sms { body: body.to_owned() });
    vec![
        (
            172_800_000,
            "slack",
            "#releases",
            Rendered::DirectMessage(Chat {
                title: "Released".to_owned(),
                text: "Version 2.1 is out".to_owned(),
                blocks: vec![json!({"type": "text", "text": "Version 2.1 is out"})],
                ..Chat::default()
            }),
        ),
        (
            7_200_000,
            "webhook",
            "https://example.com/hook",
            Rendered::Webhook(Webhook {
                title: "Order shipped".to_owned(),
                body: "Order 7 left the house".to_owned(),
                blocks: Vec::new(),
            }),
        ),
        (3_600_000, "inbox", "ada", Rendered::Inbox(inbox)),
        (1_800_000, "firebase-fcm", "cGFzc3dvcmQ…", Rendered::Push(push)),
        (600_000, "outbox", hostile, sms(hostile)),
        (
            120_000,
            "twilio",
            "+11234567890",
            sms(
                "Acme: your code is 481 516. It works for ten minutes, for you alone. Or open https://example.com/reset.",
            ),
        ),
        (5_000, "smtp", "ada@example.com", Rendered::Email(mail)),
    ]
}

async fn catch(
    store: &dyn Store,
    age: u64,
    provider: &str,
    to: &str,
    rendered: Rendered,
) -> Result<(), Box<dyn Error>> {
    let at = SystemClock.now().minus(age);
    let id = tidings_types::id::new_trace_style_id(at, &SystemRandom);
    store.accept(acceptance(&id, to, at)).await?;
    let claim = Claim {
        lane: Lane::Normal,
        now: at,
        limit: 1,
        lease_ms: 1000,
    };
    let claimed = store.claim(claim).await?.pop().ok_or("nothing to claim")?;
    let record = Record {
        environment: Environment::Test,
        id: claimed.message.id,
        token: claimed.token,
        lane: claimed.lane,
        status: Status::Sent,
        reason: None,
        error: None,
        sent: Some(at),
        providers: Vec::new(),
        progress: Progress::default(),
        trace: trace(at, provider),
        notification: None,
        one_time: false,
        events: Vec::new(),
        outputs: Vec::new(),
        feed: Vec::new(),
        caught: vec![NewCaught {
            provider: provider.to_owned(),
            to: to.to_owned(),
            rendered,
            payload: None,
            at,
        }],
        jobs: Vec::new(),
        hold: None,
        next: Next::Finished,
    };
    store.record(record).await?;
    Ok(())
}

fn acceptance(id: &str, to: &str, at: Timestamp) -> Acceptance {
    let message = NewMessage {
        id: MessageId::from(id),
        recipient: to.to_owned(),
        user_id: None,
        to: "{}".to_owned(),
        event: "sample".to_owned(),
        notification: "sample".to_owned(),
        tags: Vec::new(),
        trace_id: None,
        tenant_id: None,
        one_time: false,
        lane: Lane::Normal,
        due: at,
        deadline: at.plus(60_000),
    };
    let request = RequestRow {
        id: RequestId::from(id),
        environment: Environment::Test,
        scope: KeyScope::Published,
        mode: KeyMode::Live,
        accepted_at: at,
        spec: "{}".to_owned(),
        crowds: None,
        canceled_at: None,
    };
    Acceptance {
        request,
        messages: vec![message],
        jobs: Vec::new(),
        idempotency: None,
    }
}

fn trace(at: Timestamp, provider: &str) -> Trace {
    let line = |code, detail: &str| TraceEntry::new(at.plus(12), code, detail);
    Trace {
        considered: vec![
            line(TraceCode::Routing, "The message says: the first of sms, email."),
            line(
                TraceCode::Preference,
                "The person has said nothing about Product news; its default is on.",
            ),
            line(TraceCode::NoAddress, "The profile has no phone number.").on(Channel::Sms),
            line(TraceCode::Usable, "There is a mail address.")
                .on(Channel::Email)
                .via(provider),
        ],
        happened: vec![
            line(TraceCode::Waiting, "Held for the delivery window."),
            TraceEntry::new(at.plus(1240), TraceCode::Accepted, "Caught by the outbox.")
                .on(Channel::Email)
                .via(provider),
            TraceEntry::new(at.plus(1241), TraceCode::Ended, "Sent."),
        ],
    }
}

/// A small document in the shape of the real one.
fn openapi() -> Value {
    json!({
        "openapi": "3.1.0",
        "info": {"title": "Tidings API", "description": "Say **what** to tell **whom**; how it reaches them is decided here."},
        "security": [{"key": []}],
        "tags": [{"name": "send", "description": "Sending."}, {"name": "messages", "description": "What was sent, and what came of it."}],
        "paths": {
            "/send": {"post": {
                "tags": ["send"], "operationId": "send", "summary": "Send a message",
                "description": "Accepts a message for one or many people. The answer comes once it is *durable*; `requestId` finds it again.",
                "parameters": [{"name": "Idempotency-Key", "in": "header", "description": "A repeated call is answered, not repeated.", "schema": {"type": "string"}}],
                "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Send"}}}},
                "responses": {
                    "202": {"description": "Accepted.", "content": {"application/json": {"schema": {"type": "object", "required": ["requestId"], "properties": {"requestId": {"type": "string", "example": "1-65f240a0-47a6a120c8374de9bcf9f22c"}}}}}},
                    "400": {"description": "Something in it is wrong; the message names the field.", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}}
                }}},
            "/messages": {"get": {"tags": ["messages"], "operationId": "list_messages", "summary": "List messages",
                "parameters": [
                    {"name": "status", "in": "query", "description": "Only with one of these.", "schema": {"type": "array", "items": {"type": "string", "enum": ["SENT", "DELIVERED", "UNDELIVERABLE"]}}},
                    {"name": "cursor", "in": "query", "schema": {"type": ["string", "null"]}}],
                "responses": {"200": {"description": "A page of messages."}}}},
            "/messages/{message_id}": {
                "parameters": [{"name": "message_id", "in": "path", "required": true, "schema": {"type": "string"}, "example": "1-65f240a0-47a6a120c8374de9bcf9f22c"}],
                "get": {"tags": ["messages"], "operationId": "get_message", "summary": "Get a message", "responses": {"200": {"description": "The message."}, "404": {"description": "There is none by that id."}}}},
            "/healthz": {"get": {"tags": ["health"], "summary": "Is the process up", "security": [], "responses": {"200": {"description": "It is."}}}}
        },
        "components": {"schemas": {
            "Send": {"type": "object", "required": ["message"], "properties": {"message": {"$ref": "#/components/schemas/Message"}}},
            "Message": {"type": "object", "required": ["to"], "description": "What to tell whom.", "properties": {
                "to": {"oneOf": [{"$ref": "#/components/schemas/Recipient"}, {"type": "array", "items": {"$ref": "#/components/schemas/Recipient"}}], "description": "One recipient or up to 500."},
                "content": {"type": "object", "properties": {"title": {"type": "string"}, "body": {"type": "string"}}},
                "data": {"type": "object", "description": "Values for the content."}}},
            "Recipient": {"type": "object", "properties": {"user_id": {"type": "string"}, "email": {"type": "string", "format": "email"}, "phone_number": {"type": "string"}}},
            "Error": {"type": "object", "required": ["type", "message"], "properties": {"type": {"type": "string", "enum": ["invalid_request_error"]}, "message": {"type": "string"}}}
        }}
    })
}
