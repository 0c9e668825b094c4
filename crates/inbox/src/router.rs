//! The paths.

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::post;

use tidings_types::{Error, ErrorKind};

use crate::error::Refusal;
use crate::graphql::answer;
use crate::{InboxState, cors, socket};

/// `POST /q` and `POST /client/q`. An address that ends in a slash, or that a client puts behind one, means the same.
pub fn router(state: InboxState) -> Router {
    let mut router = Router::new();
    for path in ["/q", "/q/", "//q", "/client/q", "/client/q/", "//client/q"] {
        router = router.route(path, post(answer));
    }
    router
        .method_not_allowed_fallback(wrong_method)
        .layer(cors::layer())
        .with_state(state)
}

/// Takes requests for a socket before they reach a router, whatever their path.
pub fn with_sockets(router: Router, state: InboxState) -> Router {
    router.layer(from_fn_with_state(state, socket::layer))
}

/// Every answer that is no success is a JSON object: clients read it as one.
async fn wrong_method() -> Refusal {
    Refusal(Error::new(ErrorKind::MethodNotAllowed, "Method Not Allowed"))
}
