//! What the document says besides the operations.

use utoipa::openapi::path::Operation;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{ContentBuilder, Ref, Response, ResponseBuilder};
use utoipa::{Modify, OpenApi};

/// The document's frame; the operations come from the handlers.
#[derive(OpenApi)]
#[openapi(
    info(title = "Tidings", description = "Notifications, told to the right person through the channel they prefer.", license(name = "Apache-2.0")),
    modifiers(&Credentials),
    security(("key" = [])),
    tags(
        (name = "send", description = "Tell someone something."),
        (name = "messages", description = "What became of it, and why."),
        (name = "profiles", description = "What is known of a person."),
        (name = "tokens", description = "A person's devices."),
        (name = "preferences", description = "What a person chose to hear of, and what there is to choose from."),
        (name = "notifications", description = "Templates."),
        (name = "brands", description = "How mail looks."),
        (name = "routing-strategies", description = "Which channels, in which order."),
        (name = "providers", description = "Through whom messages leave."),
        (name = "settings", description = "What holds for a whole environment."),
        (name = "webhooks", description = "Who else is told what happens."),
        (name = "auth", description = "Tokens for browsers and phones."),
    ),
)]
pub(crate) struct Frame;

struct Credentials;

impl Modify for Credentials {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let key = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some("An API key, or a token made by `POST /auth/issue-token`."))
            .build();
        let components = document.components.get_or_insert_with(Default::default);
        components.add_security_scheme("key", SecurityScheme::Http(key));
    }
}

/// Describes the refusals that every operation shares, where it does not describe them itself: what is not valid, who
/// is not allowed, and for writes what collides or is too large.
pub(crate) fn add_common_refusals(document: &mut utoipa::openapi::OpenApi) {
    for item in document.paths.paths.values_mut() {
        for operation in [&mut item.get, &mut item.delete].into_iter().flatten() {
            add(operation, &["400", "401", "403"]);
        }
        for operation in [&mut item.put, &mut item.patch].into_iter().flatten() {
            add(operation, &["400", "401", "403", "409", "413"]);
        }
        // Every POST takes an idempotency key, which may have been used for another body.
        if let Some(operation) = &mut item.post {
            add(operation, &["400", "401", "403", "409", "413", "422"]);
        }
    }
}

fn add(operation: &mut Operation, statuses: &[&str]) {
    for status in statuses {
        let responses = &mut operation.responses.responses;
        responses
            .entry((*status).to_owned())
            .or_insert_with(|| refusal().into());
    }
}

fn refusal() -> Response {
    let body = ContentBuilder::new()
        .schema(Some(Ref::from_schema_name("ErrorBody")))
        .build();
    ResponseBuilder::new().content("application/json", body).build()
}
