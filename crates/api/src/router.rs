//! All routes, and what surrounds every one of them.

use std::any::Any;
use std::sync::LazyLock;

use axum::body::Bytes;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use axum::{Router, middleware};
use http::{HeaderValue, Method, Uri, header};
use tidings_types::{Error, ErrorKind};
use tower::ServiceExt as _;
use tower_http::catch_panic::CatchPanicLayer;
use utoipa::OpenApi as _;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;

use crate::error::ApiError;
use crate::openapi::Frame;
use crate::{AppState, audit_events, body, cors, detours, idempotency, slashes};

/// Every operation, with its description.
pub(crate) fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::with_openapi(Frame::openapi())
        .merge(crate::auth::routes())
        .merge(crate::send::routes())
        .merge(crate::messages::routes())
        .merge(crate::profiles::routes())
        .merge(crate::tokens::routes())
        .merge(crate::user_preferences::routes())
        .merge(crate::preferences::routes())
        .merge(crate::preference_page::routes())
        .merge(crate::consents::routes())
        .merge(crate::digests::routes())
        .merge(crate::sections::routes())
        .merge(crate::topics::routes())
        .merge(crate::providers::routes())
        .merge(crate::notifications::routes())
        .merge(crate::events::routes())
        .merge(crate::routing_strategies::routes())
        .merge(crate::brands::routes())
        .merge(crate::settings::routes())
        .merge(crate::webhooks::routes())
        .merge(crate::translations::routes())
        .merge(crate::tenant_templates::routes())
        .merge(crate::tenants::routes())
        .merge(crate::lists::routes())
        .merge(crate::bulk::routes())
        .merge(crate::broadcasts::routes())
        .merge(crate::inbound::routes())
        .merge(crate::audit_events::routes())
        .merge(crate::profile_lists::routes())
        .merge(crate::audiences::routes())
        .merge(crate::requests::routes())
        .merge(crate::user_tenants::routes())
        .merge(crate::users::routes())
}

/// The document that describes the API. It is large and seldom asked for, so it is made anew each time.
pub fn document() -> OpenApi {
    let (_, mut document) = operations().split_for_parts();
    crate::openapi::add_common_refusals(&mut document);
    document
}

/// The API as a service.
///
/// The router answers every path: unknown ones with a JSON error. Put it beneath other routers as their fallback.
pub fn router(state: AppState) -> Router {
    let (routes, _) = operations().split_for_parts();
    let routes = routes
        .route("/openapi.json", get(described))
        .fallback(unknown)
        .method_not_allowed_fallback(wrong_method)
        // The innermost layer stands first.
        .layer(CatchPanicLayer::custom(panicked))
        .layer(middleware::from_fn_with_state(
            state.clone(),
            audit_events::layer::layer,
        ))
        .layer(middleware::from_fn_with_state(state.clone(), idempotency::layer))
        .layer(middleware::from_fn_with_state(state.clone(), body::layer))
        .layer(cors::layer())
        .with_state(state);
    let service = routes
        .into_service()
        .map_request(|request| detours::straighten(slashes::collapse(request)));
    Router::new().fallback_service(service)
}

/// `GET /openapi.json`. Made when it is first asked for: most servers never are.
async fn described() -> Response {
    // Only a number that is not finite could stop the document from being written, and it has none.
    static TEXT: LazyLock<Bytes> = LazyLock::new(|| document().to_json().unwrap_or_default().into());
    let json = HeaderValue::from_static("application/json");
    ([(header::CONTENT_TYPE, json)], TEXT.clone()).into_response()
}

async fn unknown(method: Method, uri: Uri) -> ApiError {
    Error::not_found(format!("Not Found: there is no {method} {}", uri.path())).into()
}

async fn wrong_method(method: Method, uri: Uri) -> ApiError {
    Error::new(
        ErrorKind::MethodNotAllowed,
        format!("Method Not Allowed: there is no {method} {}", uri.path()),
    )
    .into()
}

fn panicked(_cause: Box<dyn Any + Send>) -> Response {
    // The cause may hold a request's values, so it is not repeated; the panic itself was already reported.
    ApiError::from(Error::internal("a handler panicked")).into_response()
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use http::{Request, StatusCode};

    use super::*;

    #[tokio::test]
    async fn a_panic_becomes_a_reply() {
        let broken = || async { panic!("with the request's values") as () };
        let app: Router = Router::new()
            .route("/", get(broken))
            .layer(CatchPanicLayer::custom(panicked));
        let reply = app.oneshot(Request::new(Body::empty())).await.unwrap();
        assert_eq!(reply.status(), StatusCode::INTERNAL_SERVER_ERROR);
        let body = axum::body::to_bytes(reply.into_body(), 1000).await.unwrap();
        assert!(!String::from_utf8_lossy(&body).contains("values"));
    }
}
