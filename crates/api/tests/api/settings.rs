//! Settings of an environment.

use http::StatusCode;
use serde_json::json;

use crate::app::App;

#[tokio::test]
async fn a_section_shows_its_defaults_until_it_is_saved() {
    let app = App::start().await;
    let defaults = json!({"locale_fallback": false, "default_locale": null, "missing_variables": "render"});
    assert_eq!(app.get("/settings/content").await.json(), defaults);
    let saved = json!({"locale_fallback": true, "default_locale": null, "missing_variables": "fail"});
    let reply = app
        .put(
            "/settings/content",
            json!({"locale_fallback": true, "missing_variables": "fail"}),
        )
        .await;
    assert_eq!((reply.status, reply.json()), (StatusCode::OK, saved.clone()));
    assert_eq!(app.get("/settings/content").await.json(), saved);
    let replaced = app.put("/settings/content", json!({})).await.json();
    assert_eq!(replaced, defaults, "what is left out is a default again");
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_by_name_and_changes_nothing() {
    let app = App::start().await;
    for (written, told) in [
        (json!([]), "Expected object, received array"),
        (
            json!({"locale_fallback": "yes"}),
            "locale_fallback: Expected boolean, received string",
        ),
        (
            json!({"missing_variables": "ignore"}),
            "missing_variables: Invalid value. Expected 'render' or 'fail'",
        ),
        (
            json!({"default_locale": "so so"}),
            "default_locale: Expected a language tag such as en or es-MX",
        ),
        (json!({"colour": 1}), "Unrecognized key: \"colour\""),
    ] {
        app.put("/settings/content", written).await.is_error(400, told);
    }
    assert_eq!(app.get("/settings/content").await.json()["locale_fallback"], false);
    app.get("/settings/nothing").await.is_error(
        404,
        "Settings nothing not found. There are: brands, content, tracking, send_limits, compliance, quiet_hours, clients",
    );
    assert_eq!(
        app.put("/settings/nothing", json!({})).await.status,
        StatusCode::NOT_FOUND
    );
}
