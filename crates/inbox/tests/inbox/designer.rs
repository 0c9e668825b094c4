//! What the published template designer asks, word for word, and what it may not.

use http::StatusCode;
use serde_json::{Value, json};
use tidings_auth::{Claims, seconds};
use tidings_store::{DocumentKind, PageRequest, WriteMode};
use tidings_types::{Clock as _, Environment};

use crate::app::{App, Client};

const LOAD: &str = r"
    query GetTenant($tenantId: String!, $input: GetNotificationInput!, $brandInput: GetTenantBrandInput!, $includeBrand: Boolean!) {
      tenant(tenantId: $tenantId) {
        tenantId
        name
        notification(input: $input) {
          createdAt publishedAt notificationId
          data { content routing }
          version
        }
        brand(input: $brandInput) @include(if: $includeBrand) {
          brandId name
          settings {
            colors { primary secondary tertiary }
            email {
              header { barColor logo { href image } }
              footer { markdown social { facebook { url } instagram { url } linkedin { url } medium { url } twitter { url } } }
            }
          }
        }
      }
    }";
const SAVE: &str = r"
    mutation SaveNotification($input: SaveNotificationInput!) {
      tenant { notification { save(input: $input) { success version updatedAt createdAt } } }
    }";
const PUBLISH: &str = r"
    mutation PublishNotification($input: PublishNotificationInput!) {
      tenant { notification { publish(input: $input) { success version publishedAt } } }
    }";

/// What the designer's manual has a token say for one tenant.
const ONE: &str = "tenant:acme:read tenant:acme:notifications:read tenants:acme:notifications:write \
                   tenant:acme:brand:read tenant:acme:brand:write";

impl App {
    /// A tenant of this name.
    async fn tenant(&self, id: &str) {
        let body = json!({ "name": id.to_uppercase() });
        self.world
            .document(DocumentKind::Tenant, id, None, body, WriteMode::Live)
            .await;
    }

    /// A designer's token, bound to nobody.
    async fn designer(&self, scope: &str) -> Client<'_> {
        let now = self.world.clock.now();
        let claims = Claims {
            scope: scope.to_owned(),
            tenant_scope: "published/production".to_owned(),
            tenant_id: String::new(),
            iat: seconds(now),
            exp: seconds(now) + 3600,
            jti: "jti_1".to_owned(),
        };
        let token = self.auth.sign(Environment::Production, claims).await.unwrap();
        // It sends the same twice.
        self.bearer(&token)
            .header("x-courier-client-key", format!("Bearer {token}"))
    }

    /// The versions there are of a template of `acme`, newest first.
    async fn versions(&self, id: &str) -> Vec<u32> {
        let page = PageRequest {
            after: None,
            limit: 100,
        };
        let store = &self.world.services.store;
        let id = format!("acme/{id}");
        let found = store
            .versions(Environment::Production, DocumentKind::TenantTemplate, &id, page)
            .await
            .unwrap();
        found.items.into_iter().map(|version| version.number).collect()
    }

    /// The audit log, oldest first: who, how, what.
    async fn log(&self) -> Vec<String> {
        let page = PageRequest {
            after: None,
            limit: 100,
        };
        let store = &self.world.services.store;
        let found = store.audit_events(Environment::Production, page).await.unwrap();
        let lines = found.items.into_iter().rev();
        lines
            .map(|line| format!("{} {} {} {}", line.source, line.actor, line.kind, line.target))
            .collect()
    }
}

impl Client<'_> {
    async fn call(&self, query: &str, variables: &Value) -> (StatusCode, Value) {
        let body = json!({ "query": query, "variables": variables });
        self.post("/client/q", body.to_string()).await
    }

    async fn done(&self, query: &str, variables: &Value) -> Value {
        self.app.world.clock.advance(1);
        let (status, mut body) = self.call(query, variables).await;
        assert_eq!((status, &body["errors"]), (StatusCode::OK, &Value::Null), "{body}");
        body["data"]["tenant"].take()
    }

    /// The words of a refusal, with its status.
    async fn refused(&self, query: &str, variables: &Value) -> (u16, String) {
        let (status, body) = self.call(query, variables).await;
        let told = body["errors"][0]["message"].as_str().unwrap_or_default();
        assert!(body["data"].is_null() && body["message"] == told, "{body}");
        (status.as_u16(), told.to_owned())
    }

    async fn load(&self, tenant: &str, id: &str, version: &str) -> Value {
        self.done(LOAD, &asked(tenant, id, version)).await
    }

    async fn save(&self, id: &str, data: &Value) -> Value {
        let saved = self.done(SAVE, &saving("acme", id, data)).await;
        saved["notification"]["save"].clone()
    }

    async fn publish(&self, id: &str, version: Option<&str>) -> Value {
        let input = json!({ "input": { "tenantId": "acme", "notificationId": id, "version": version } });
        let published = self.done(PUBLISH, &input).await;
        published["notification"]["publish"].clone()
    }
}

fn asked(tenant: &str, id: &str, version: &str) -> Value {
    json!({
        "tenantId": tenant, "input": { "notificationId": id, "version": version },
        "brandInput": { "version": "latest" }, "includeBrand": true,
    })
}

fn saving(tenant: &str, id: &str, data: &Value) -> Value {
    json!({ "input": { "tenantId": tenant, "notificationId": id, "name": id, "data": data } })
}

/// What an editor saves: a mail that says this.
fn mail(text: &str) -> Value {
    json!({
        "content": { "version": "2022-01-01", "elements": [
            { "type": "channel", "channel": "email", "elements": [
                { "type": "meta", "title": "Hello" },
                { "type": "text", "align": "left", "elements": [{ "type": "string", "content": text }] },
            ] },
        ] },
        "routing": { "method": "single", "channels": ["email"] },
    })
}

#[tokio::test]
async fn a_new_template_is_null_until_it_is_saved() {
    let app = App::start().await;
    app.tenant("acme").await;
    let designer = app.designer(ONE).await;
    let expected = json!({ "tenantId": "acme", "name": "ACME", "notification": null, "brand": null });
    for id in ["welcome", ""] {
        assert_eq!(designer.load("acme", id, "latest").await, expected);
    }
    let saved = designer.save("welcome", &mail("one")).await;
    assert_eq!((&saved["success"], &saved["version"]), (&json!(true), &json!("v1")));
    assert_eq!(saved["createdAt"], saved["updatedAt"], "it is new");
    let found = designer.load("acme", "welcome", "latest").await["notification"].take();
    let expected = json!({
        "createdAt": saved["createdAt"], "publishedAt": null, "notificationId": "welcome", "version": "v1", "data": mail("one"),
    });
    assert_eq!(found, expected);
    for version in ["published", "v2"] {
        assert_eq!(
            designer.load("acme", "welcome", version).await["notification"],
            Value::Null
        );
    }
    assert_eq!(designer.load("acme", "welcome", "v1").await["notification"], expected);
}

#[tokio::test]
async fn an_unknown_tenant_is_told() {
    let app = App::start().await;
    let designer = app.designer("tenants:read tenants:notifications:write").await;
    let told = designer.refused(LOAD, &asked("acme", "welcome", "latest")).await;
    assert_eq!(told, (404, "Tenant acme not found".to_owned()));
    let told = designer.refused(SAVE, &saving("acme", "welcome", &mail("one"))).await;
    assert_eq!(told, (404, "Tenant acme not found".to_owned()));
}

#[tokio::test]
async fn typing_leaves_one_version_between_two_that_were_published() {
    let app = App::start().await;
    app.tenant("acme").await;
    let designer = app.designer(ONE).await;
    for text in ["a", "ab", "abc"] {
        assert_eq!(designer.save("welcome", &mail(text)).await["version"], "v1");
    }
    let (before, revision) = (designer.load("acme", "welcome", "v1").await, app.revision().await);
    assert_eq!(designer.save("welcome", &mail("abc")).await["version"], "v1");
    assert_eq!(designer.load("acme", "welcome", "v1").await, before);
    assert_eq!(app.revision().await, revision, "nothing was written");

    assert_eq!(designer.publish("welcome", Some("v1")).await["version"], "v1");
    for text in ["abc", "abcd", "abcde"] {
        designer.save("welcome", &mail(text)).await;
    }
    assert_eq!(app.versions("welcome").await, [2, 1]);
    let published = designer.load("acme", "welcome", "published").await;
    assert_eq!(published["notification"]["data"], mail("abc"));
    assert_eq!(designer.publish("welcome", None).await["version"], "v2");
    // What was in force once is never changed.
    designer.publish("welcome", Some("v1")).await;
    designer.save("welcome", &mail("abcdef")).await;
    assert_eq!(app.versions("welcome").await, [3, 2, 1]);
    assert_eq!(
        app.log().await,
        [
            "designer jti_1 tenants:update /tenants/acme/templates/welcome",
            "designer jti_1 tenants:publish /tenants/acme/templates/welcome/publish",
            "designer jti_1 tenants:update /tenants/acme/templates/welcome",
            "designer jti_1 tenants:publish /tenants/acme/templates/welcome/publish",
            "designer jti_1 tenants:publish /tenants/acme/templates/welcome/publish",
            "designer jti_1 tenants:update /tenants/acme/templates/welcome",
        ]
    );
}

#[tokio::test]
async fn saves_that_meet_are_all_answered() {
    let app = App::start().await;
    app.tenant("acme").await;
    let designer = app.designer(ONE).await;
    let texts: Vec<String> = (0..8).map(|n| n.to_string()).collect();
    let (one, two, three) = (mail(&texts[0]), mail(&texts[1]), mail(&texts[2]));
    let saved = tokio::join!(
        designer.save("welcome", &one),
        designer.save("welcome", &two),
        designer.save("welcome", &three),
    );
    for saved in [saved.0, saved.1, saved.2] {
        assert_eq!(saved["version"], "v1");
    }
    assert_eq!(app.versions("welcome").await, [1]);
}

#[tokio::test]
async fn what_was_saved_comes_back_letter_for_letter() {
    let app = App::start().await;
    app.tenant("acme").await;
    let designer = app.designer(ONE).await;
    let content = r#"{"version":"2022-01-01","zebra":1,"elements":[{"type":"of-tomorrow","b":0.30000000000000004,"a":{"y":[null,true],"b":"{{x"}}],"apple":33.333333333333336}"#;
    let routing = r#"{"method":"single","channels":["email",{"method":"all","channels":["push"]}]}"#;
    let body = format!(
        r#"{{"query":{},"variables":{{"input":{{"tenantId":"acme","notificationId":"odd","name":"odd","data":{{"content":{content},"routing":{routing}}}}}}}}}"#,
        json!(SAVE)
    );
    let (status, answer) = designer.post("/client/q", body).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    let load = json!({ "query": LOAD, "variables": asked("acme", "odd", "latest") }).to_string();
    let (_, text) = designer.post_for_text("/client/q", load).await;
    assert!(
        text.contains(&format!(r#""data":{{"content":{content},"routing":{routing}}}"#)),
        "{text}"
    );
    // A copy is made without routing.
    let data = json!({ "content": mail("x")["content"] });
    designer.save("copy", &data).await;
    let copy = designer.load("acme", "copy", "latest").await;
    assert_eq!(
        copy["notification"]["data"],
        json!({ "content": data["content"], "routing": null })
    );
}

#[tokio::test]
async fn what_cannot_be_sent_is_saved_and_not_published() {
    let app = App::start().await;
    app.tenant("acme").await;
    let designer = app.designer(ONE).await;
    designer.save("welcome", &mail("fine")).await;
    designer.publish("welcome", Some("v1")).await;
    let mut wrong = mail("x");
    wrong["content"]["elements"][0]["elements"][1] = json!({ "type": "text", "content": "Hello {{name" });
    let input =
        |version: &str| json!({ "input": { "tenantId": "acme", "notificationId": "welcome", "version": version } });
    for (data, told) in [
        (
            &wrong,
            "The template cannot be sent yet: email, element 2 (text): content",
        ),
        (
            &json!({ "content": { "elements": [] } }),
            "The template is empty: there is nothing to send",
        ),
        (
            &json!({ "content": "of a form of its own" }),
            "The template is empty: there is nothing to send",
        ),
        (
            &json!({ "content": mail("x")["content"], "routing": { "method": "some", "channels": [] } }),
            "routing",
        ),
    ] {
        let version = designer.save("welcome", data).await["version"]
            .as_str()
            .unwrap()
            .to_owned();
        let (status, words) = designer.refused(PUBLISH, &input(&version)).await;
        assert!(status == 400 && words.starts_with(told), "{status} {words}");
        let in_force = designer.load("acme", "welcome", "published").await;
        assert_eq!(in_force["notification"]["version"], "v1");
        let draft = designer.load("acme", "welcome", "latest").await;
        assert_eq!(draft["notification"]["data"]["content"], data["content"]);
    }
    assert_eq!(app.versions("welcome").await, [2, 1]);
    assert_eq!(designer.refused(PUBLISH, &input("v9")).await.0, 404);
    for wrong in ["published", "9"] {
        assert_eq!(designer.refused(PUBLISH, &input(wrong)).await.0, 400, "{wrong}");
    }
    let nothing = saving("acme", "welcome", &json!({ "routing": {} }));
    assert_eq!(
        designer.refused(SAVE, &nothing).await,
        (400, "data.content: Required".to_owned())
    );
}

#[tokio::test]
async fn a_token_reaches_what_it_names_and_nothing_else() {
    let app = App::start().await;
    for tenant in ["acme", "umbra"] {
        app.tenant(tenant).await;
    }
    let key = app.api_key().await;
    app.bearer(&key).save("welcome", &mail("by key")).await;
    let publish =
        |tenant: &str| json!({ "input": { "tenantId": tenant, "notificationId": "welcome", "version": null } });
    for (scope, loads, saves) in [
        ("tenants:notifications:read", [200, 200], [403, 403]),
        ("tenants:notifications:write", [403, 403], [200, 200]),
        ("tenant:acme:notification:read", [200, 403], [403, 403]),
        ("tenant:acme:notification:write", [403, 403], [200, 403]),
        (
            "tenant:umbra:notification:write tenant:acme:read",
            [403, 403],
            [403, 200],
        ),
        ("tenants:read tenants:brand:read", [403, 403], [403, 403]),
        (
            "user_id:ada inbox:read:messages write:templates",
            [403, 403],
            [403, 403],
        ),
    ] {
        let designer = app.designer(scope).await;
        for (index, tenant) in ["acme", "umbra"].into_iter().enumerate() {
            let (status, body) = designer.call(LOAD, &asked(tenant, "welcome", "latest")).await;
            assert_eq!(status.as_u16(), loads[index], "{scope} loads of {tenant}: {body}");
            assert_eq!(body["data"].is_null(), status != StatusCode::OK);
            let data = saving(tenant, "welcome", &mail(scope));
            let (status, body) = designer.call(SAVE, &data).await;
            assert_eq!(status.as_u16(), saves[index], "{scope} saves of {tenant}: {body}");
            let (status, body) = designer.call(PUBLISH, &publish(tenant)).await;
            assert_eq!(status.as_u16(), saves[index], "{scope} publishes of {tenant}: {body}");
        }
    }
    // A name is shown to whoever may see the tenant, the rest to whoever may see that.
    let designer = app.designer("tenant:acme:notification:read").await;
    assert_eq!(designer.load("acme", "none", "latest").await["name"], Value::Null);
    let nobody = app.anonymous().header("x-courier-client-key", "d29ya3NwYWNl");
    assert_eq!(nobody.call(SAVE, &saving("acme", "welcome", &mail("x"))).await.0, 401);
    let client_key = app.auth.client_key(Environment::Production).await.unwrap();
    let public = app.anonymous().header("x-courier-client-key", &client_key.key);
    assert_eq!(public.call(SAVE, &saving("acme", "welcome", &mail("x"))).await.0, 401);
    let signed = public
        .header("x-courier-user-id", "ada")
        .header("x-courier-user-signature", client_key.sign(&"ada".into()));
    assert_eq!(signed.call(SAVE, &saving("acme", "welcome", &mail("x"))).await.0, 403);
}

#[tokio::test]
async fn large_bodies_are_read_of_designers_alone() {
    let app = App::start().await;
    app.tenant("acme").await;
    let large = mail(&"x".repeat(4 * 1024 * 1024));
    let designer = app.designer(ONE).await;
    assert_eq!(designer.save("large", &large).await["version"], "v1");
    assert_eq!(
        designer.load("acme", "large", "latest").await["notification"]["data"],
        large
    );
    let larger = saving("acme", "large", &mail(&"x".repeat(6 * 1024 * 1024)));
    let (status, told) = designer.refused(SAVE, &larger).await;
    assert!(status == 413 && told.starts_with("The template is too large"), "{told}");
    let largest = saving("acme", "large", &mail(&"x".repeat(9 * 1024 * 1024)));
    assert_eq!(designer.refused(SAVE, &largest).await.0, 413);
    for scope in ["user_id:ada inbox:write:events", "tenant:acme:notification:read"] {
        let other = app.designer(scope).await;
        let (status, told) = other.refused(SAVE, &saving("acme", "large", &large)).await;
        assert_eq!((status, told.as_str()), (413, "The query is too large"), "{scope}");
    }
}

#[tokio::test]
async fn fonts_are_those_that_are_there() {
    let app = App::start().await;
    let query = "{ fontCatalog { name fontFamily sourceType fontUrl previewUrl } }";
    let fonts = app.client("ada").await.ask(query).await["fontCatalog"].take();
    assert!(
        fonts
            .as_array()
            .unwrap()
            .iter()
            .all(|font| font["sourceType"] == "system")
    );
    assert_eq!(fonts[0]["name"], "Arial");
}

#[tokio::test]
async fn a_designed_template_is_sent_for_its_tenant() {
    let app = App::start().await;
    for tenant in ["acme", "umbra"] {
        app.tenant(tenant).await;
    }
    let designer = app.designer(ONE).await;
    designer.save("welcome", &mail("Hello {{name}}")).await;
    let settings = json!({ "host": "127.0.0.1", "port": 1, "from_address": "a@example.com" });
    app.world.account("smtp", "smtp", settings).await;
    let said = async |tenant: &str| {
        let message = json!({
            "to": { "email": "ada@example.com" }, "template": "tenant/welcome", "data": { "name": "Ada" },
            "context": { "tenant_id": tenant },
        });
        let shown =
            tidings_pipeline::accept::dry_run(&app.world.services, &app.world.caller, json!({ "message": message }))
                .await
                .unwrap();
        shown["results"][0]["output"][0]["content"]["text"].clone()
    };
    assert_eq!(said("acme").await, Value::Null, "nothing is in force");
    designer.publish("welcome", Some("v1")).await;
    assert!(said("acme").await.as_str().unwrap().contains("Hello Ada"));
    assert_eq!(said("umbra").await, Value::Null);
}

const UPLOAD: &str = r"
    mutation UploadImage($input: UploadImageInput!) {
      tenant { notification { uploadImage(input: $input) { url } } }
    }";
const SAVE_BRAND: &str = r"
    mutation SaveTenantBrand($input: SaveBrandSettingsInput!) {
      tenant { brand { updateSettings(input: $input) { success } } }
    }";
const PUBLISH_BRAND: &str = r"
    mutation PublishNotification($input: PublishBrandInput!) {
      tenant { brand { publish(input: $input) { success } } }
    }";

/// A picture of one pixel.
const PIXEL: &[u8] = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;";

fn base64(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

fn picture(bytes: &[u8]) -> Value {
    json!({ "input": { "name": "image_1.png", "type": "image/png", "data": base64(bytes) } })
}

/// Where a picture is found.
fn address(bytes: &[u8], extension: &str) -> String {
    use sha2::Digest as _;
    let digest = hex::encode(sha2::Sha256::digest(bytes));
    format!("http://tidings.test/images/production/{digest}.{extension}")
}

fn of_brand(settings: &Value) -> Value {
    json!({ "input": { "tenantId": "acme", "settings": settings } })
}

impl App {
    /// The HTML of a mail for a tenant, as a send would say it.
    async fn html(&self, template: &str, tenant: &str) -> String {
        let message = json!({
            "to": { "email": "ada@example.com" }, "template": template, "data": { "name": "Ada" },
            "context": { "tenant_id": tenant },
        });
        let id = self.world.send(message).await;
        self.world.drain().await;
        let outputs = self
            .world
            .services
            .store
            .outputs(Environment::Production, &id)
            .await
            .unwrap();
        let trace = self.world.trace(&id).await;
        outputs
            .first()
            .and_then(|output| output.content["html"].as_str())
            .unwrap_or_else(|| panic!("{trace}"))
            .to_owned()
    }

    /// A double that takes mail.
    async fn mailbox(&self) -> tidings_testkit::SmtpDouble {
        let double = tidings_testkit::SmtpDouble::start(tidings_testkit::smtp_double::Rules::default()).await;
        self.world.smtp(&double).await;
        double
    }
}

#[tokio::test]
async fn a_picture_is_kept_once_whatever_it_is_said_to_be() {
    let app = App::start().await;
    let designer = app.designer("tenants:notifications:write").await;
    for _ in 0..2 {
        let uploaded = designer.done(UPLOAD, &picture(PIXEL)).await;
        assert_eq!(uploaded["notification"]["uploadImage"]["url"], address(PIXEL, "gif"));
    }
    let store = &app.world.services.store;
    let digest = address(PIXEL, "gif");
    let digest = digest.rsplit('/').next().unwrap().trim_end_matches(".gif");
    let kept = store.image(Environment::Production, digest).await.unwrap().unwrap();
    assert_eq!((kept.media_type.as_str(), kept.bytes.as_slice()), ("image/gif", PIXEL));
    assert!(!store.has_image(Environment::Test, digest).await.unwrap());
    assert_eq!(app.log().await, ["designer jti_1 images:create /images"]);

    let large = [PIXEL, &vec![0; 5 * 1024 * 1024 - PIXEL.len()]].concat();
    let uploaded = designer.done(UPLOAD, &picture(&large)).await;
    assert_eq!(uploaded["notification"]["uploadImage"]["url"], address(&large, "gif"));
    for wrong in [
        picture(b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script/></svg>"),
        picture(b"<html>"),
        picture(b""),
        picture(&[large.as_slice(), b"x"].concat()),
        json!({ "input": { "name": "a.png", "type": "image/png", "data": "no base64!" } }),
    ] {
        let told = designer.refused(UPLOAD, &wrong).await;
        assert_eq!(
            told,
            (
                400,
                "data: Expected a PNG, JPEG, GIF or WebP picture of at most 5 MB".to_owned()
            )
        );
    }
    for scope in [
        "tenants:notifications:read",
        "tenant:acme:brand:write",
        "inbox:write:events",
    ] {
        let other = app.designer(scope).await;
        assert_eq!(other.refused(UPLOAD, &picture(PIXEL)).await.0, 403, "{scope}");
    }
}

#[tokio::test]
async fn pictures_inside_a_template_have_an_address_in_mails() {
    let app = App::start().await;
    app.tenant("acme").await;
    let _mailbox = app.mailbox().await;
    let designer = app.designer(ONE).await;
    let inlined = format!("data:image/gif;base64,{}", base64(PIXEL));
    let mut data = mail("Hello {{name}}");
    let elements = data["content"]["elements"][0]["elements"].as_array_mut().unwrap();
    elements.push(json!({ "type": "image", "src": inlined, "alt_text": "a dot" }));
    elements.push(json!({ "type": "html", "content": format!("<p><img src=\"{inlined}\" alt=\"\"></p>") }));
    designer.save("welcome", &data).await;
    designer.publish("welcome", None).await;
    let html = app.html("tenant/welcome", "acme").await;
    assert!(html.contains("Hello Ada") && !html.contains("data:image"), "{html}");
    let shown = format!("<img src=\"{}\" alt=", address(PIXEL, "gif"));
    assert!(
        html.contains(&format!("{shown}\"a dot\"")) && html.contains(&format!("{shown}\"\"")),
        "{html}"
    );
    let found = designer.load("acme", "welcome", "published").await;
    assert_eq!(found["notification"]["data"], data, "the editor reads what it wrote");
    // A copy has no routing of its own.
    designer.save("copy", &json!({ "content": data["content"] })).await;
    designer.publish("copy", None).await;
    assert!(app.html("tenant/copy", "acme").await.contains("Hello Ada"));

    data["content"]["elements"][0]["elements"][2]["src"] = json!("data:image/svg+xml;base64,PHN2Zy8+");
    designer.save("welcome", &data).await;
    let input = json!({ "input": { "tenantId": "acme", "notificationId": "welcome" } });
    let (status, told) = designer.refused(PUBLISH, &input).await;
    assert!(
        status == 400 && told.starts_with("A picture in it cannot be sent"),
        "{told}"
    );
    designer.save("welcome", &mail(&"x".repeat(300_000))).await;
    let (status, told) = designer.refused(PUBLISH, &input).await;
    assert!(
        status == 413 && told.starts_with("The template is too large to be sent"),
        "{told}"
    );
}

#[tokio::test]
async fn a_brand_is_edited_aside_and_published() {
    let app = App::start().await;
    for tenant in ["acme", "umbra"] {
        app.tenant(tenant).await;
    }
    let _mailbox = app.mailbox().await;
    let designer = app.designer(ONE).await;
    designer.save("welcome", &mail("Hello {{name}}")).await;
    designer.publish("welcome", None).await;
    let logo = format!("data:image/gif;base64,{}", base64(PIXEL));
    let social = json!({ "facebook": { "url": "" }, "instagram": null, "linkedin": { "url": "https://l.example/acme" },
                         "medium": null, "twitter": null });
    let settings = json!({
        "colors": { "primary": "#0f766e", "secondary": "#134e4a", "tertiary": "#222222" },
        "email": {
            "header": { "barColor": "#123456", "logo": { "href": "https://acme.example", "image": logo } },
            "footer": { "markdown": "Acme Ltd", "social": social },
        },
    });
    let saved = designer.done(SAVE_BRAND, &of_brand(&settings)).await;
    assert_eq!(saved["brand"]["updateSettings"]["success"], true);
    for _ in 0..2 {
        designer.done(SAVE_BRAND, &of_brand(&settings)).await;
    }
    let brand = designer.load("acme", "", "latest").await["brand"].take();
    assert_eq!(
        (&brand["name"], &brand["settings"]["colors"]),
        (&json!("ACME"), &settings["colors"])
    );
    assert_eq!(brand["settings"]["email"]["header"], settings["email"]["header"]);
    assert_eq!(brand["settings"]["email"]["footer"]["markdown"], "Acme Ltd");
    assert!(
        !app.html("tenant/welcome", "acme").await.contains("#123456"),
        "it is a draft"
    );

    let input = json!({ "input": { "tenantId": "acme" } });
    let published = designer.done(PUBLISH_BRAND, &input).await;
    assert_eq!(published["brand"]["publish"]["success"], true);
    let html = app.html("tenant/welcome", "acme").await;
    assert!(html.contains("#123456") && html.contains("Acme Ltd"), "{html}");
    assert!(
        html.contains(&address(PIXEL, "gif")) && !html.contains("data:image"),
        "{html}"
    );
    assert_eq!(designer.load("acme", "", "latest").await["brand"], brand);

    // A draft that cannot be in force is kept, and what is in force stays.
    designer
        .done(SAVE_BRAND, &of_brand(&json!({ "colors": { "primary": "#0f" } })))
        .await;
    let (status, told) = designer.refused(PUBLISH_BRAND, &input).await;
    assert!(status == 400 && told.starts_with("settings.colors.primary"), "{told}");
    assert!(app.html("tenant/welcome", "acme").await.contains("#123456"));
    let mut asked = asked("acme", "", "latest");
    assert_eq!(
        designer.done(LOAD, &asked).await["brand"]["settings"]["colors"]["primary"],
        "#0f"
    );
    asked["brandInput"]["version"] = json!("published");
    assert_eq!(designer.done(LOAD, &asked).await["brand"], brand);
    assert_eq!(
        app.log().await[2..],
        [
            "designer jti_1 brands:update /tenants/acme/brand",
            "designer jti_1 brands:publish /tenants/acme/brand/publish",
            "designer jti_1 brands:update /tenants/acme/brand",
        ]
    );
    for scope in [
        "tenant:acme:brand:read",
        "tenant:umbra:brand:write",
        "tenant:acme:notification:write",
    ] {
        let other = app.designer(scope).await;
        assert_eq!(other.refused(SAVE_BRAND, &of_brand(&settings)).await.0, 403, "{scope}");
        assert_eq!(other.refused(PUBLISH_BRAND, &input).await.0, 403, "{scope}");
    }
}

#[tokio::test]
async fn a_brand_that_others_share_stays_theirs() {
    let app = App::start().await;
    let shared =
        json!({ "colors": { "primary": "#111111", "secondary": "#222222" }, "inapp": { "borderRadius": "3px" } });
    app.brand("house", shared).await;
    for tenant in ["acme", "umbra"] {
        let body = json!({ "name": tenant, "brand_id": "house" });
        app.world
            .document(DocumentKind::Tenant, tenant, None, body, WriteMode::Live)
            .await;
    }
    let designer = app.designer(ONE).await;
    let first = designer.load("acme", "", "latest").await["brand"].take();
    assert_eq!(first["settings"]["colors"]["primary"], "#111111");
    let change = json!({ "colors": { "primary": "#333333" } });
    designer.done(SAVE_BRAND, &of_brand(&change)).await;
    designer
        .done(PUBLISH_BRAND, &json!({ "input": { "tenantId": "acme" } }))
        .await;
    let own = designer.load("acme", "", "latest").await["brand"].take();
    assert_ne!(own["brandId"], "house");
    assert_eq!(
        own["settings"]["colors"],
        json!({ "primary": "#333333", "secondary": "#222222", "tertiary": null })
    );
    let store = &app.world.services.store;
    let kept = store
        .document(
            Environment::Production,
            DocumentKind::Brand,
            own["brandId"].as_str().unwrap(),
        )
        .await;
    assert_eq!(kept.unwrap().unwrap().body["settings"]["inapp"]["borderRadius"], "3px");
    let other = app.designer("tenants:brand:read").await;
    assert_eq!(other.load("umbra", "", "latest").await["brand"], first);
}
