//! When a person's page cannot be shown.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use maud::html;
use tidings_types::Error;

use super::shell;
use crate::problem;
use crate::response;

/// Why a person's page cannot be shown.
#[derive(Debug)]
pub(crate) enum Lost {
    /// The link is forged, cut or mistyped, or opens another page.
    Link,
    /// Our side failed.
    Failed(Error),
}

impl From<Error> for Lost {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl IntoResponse for Lost {
    fn into_response(self) -> Response {
        match self {
            Self::Link => {
                let words = html! {
                    h1 { "This link does not work" }
                    p { "It may have been cut off on its way. Open the newest message you have and follow its link again." }
                    p { "Nothing was changed." }
                };
                response::page(StatusCode::NOT_FOUND, shell::card("This link does not work", &words))
            }
            Self::Failed(error) => {
                problem::note(&error);
                let (status, _) = problem::status_of(error.kind());
                let words = html! {
                    h1 { "That did not work" }
                    p { "Something failed on our side, and your choice may not be saved. Please try again in a moment." }
                };
                response::page(status, shell::card("That did not work", &words))
            }
        }
    }
}
