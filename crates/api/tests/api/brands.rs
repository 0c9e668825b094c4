//! Brands.

use http::StatusCode;
use serde_json::json;

use crate::app::App;

#[tokio::test]
async fn a_brand_is_made_shown_replaced_and_taken_away() {
    let app = App::start().await;
    let brand =
        json!({"id": "acme", "name": "Acme", "settings": {"colors": {"primary": "#0044ff", "secondary": "#222"}}});
    let made = app.post("/brands", brand.clone()).await;
    insta::assert_json_snapshot!("brand", made.shown());
    let taken = app.post("/brands", brand).await;
    assert_eq!(
        (taken.status, taken.header("x-should-retry")),
        (StatusCode::CONFLICT, Some("false"))
    );
    insta::assert_json_snapshot!("brands", app.get("/brands").await.shown());
    app.clock.advance(1000);
    let snippets = json!({"items": [{"name": "hi", "value": "Hello"}]});
    let replaced = app
        .put("/brands/acme", json!({"name": "Acme Ltd", "snippets": snippets}))
        .await
        .json();
    assert_eq!((&replaced["settings"], &replaced["snippets"]), (&json!({}), &snippets));
    assert!(replaced["updated"].as_i64() > replaced["created"].as_i64());
    assert_eq!(app.delete("/brands/acme").await.status, StatusCode::NO_CONTENT);
    app.get("/brands/acme").await.is_error(404, "Brand acme not found");
    app.delete("/brands/acme").await.is_error(404, "Brand acme not found");
}

#[tokio::test]
async fn a_brand_gets_an_id_and_put_makes_what_is_not_there() {
    let app = App::start().await;
    let id = app.post("/brands", json!({"name": "Acme"})).await.json()["id"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(app.get(&format!("/brands/{id}")).await.json()["name"], "Acme");
    assert_eq!(
        app.put("/brands/new", json!({"name": "New"})).await.status,
        StatusCode::OK
    );
    assert_eq!(app.get("/brands/new").await.json()["name"], "New");
    for wrong in [json!(""), json!("a\u{0}"), json!(7)] {
        assert_eq!(
            app.post("/brands", json!({"id": wrong, "name": "A"})).await.status,
            StatusCode::BAD_REQUEST
        );
    }
}

#[tokio::test]
async fn what_is_wrong_with_a_brand_is_refused_and_the_default_one_stays() {
    let app = App::start().await;
    for (settings, told) in [
        (
            json!({"colors": {"primary": "not a colour;"}}),
            "settings.colors.primary: must be a colour",
        ),
        (
            json!({"email": {"footer": {"markdown": "{{open"}}}),
            "settings.email.footer.markdown: ",
        ),
        (
            json!({"email": {"templateOverride": {"mjml": {"enabled": true, "header": "<mj-nothing/>"}}}}),
            "settings.email.templateOverride.mjml.header: is no MJML",
        ),
    ] {
        let answer = app.post("/brands", json!({"name": "A", "settings": settings})).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
        let answer = answer.json();
        assert!(
            answer["message"].as_str().unwrap_or_default().starts_with(told),
            "{answer}"
        );
    }
    app.post("/brands", json!({"id": "none", "name": "A"}))
        .await
        .is_error(400, "id: Must not be none, which stands for no brand");
    app.put("/brands/default", json!({"name": "A"})).await;
    app.delete("/brands/default")
        .await
        .is_error(409, "The default brand cannot be taken away");
    app.put("/settings/brands", json!({"default_brand_id": "other"})).await;
    assert_eq!(app.delete("/brands/default").await.status, StatusCode::NO_CONTENT);
}
