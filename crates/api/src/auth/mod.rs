//! Who calls, and what they may do.
//!
//! Handlers name what they need in their signature and get nothing else: [`ApiCaller`] for what only API keys may do,
//! [`Scoped`] and [`UserCaller`] for what tokens of browsers and phones may do too.

mod caller;
mod credential;
mod identity;
mod issue_token;
mod keys;
mod scope;
mod scoped;
mod token;

pub use caller::ApiCaller;
pub(crate) use identity::authenticate;
pub use identity::{Identity, environment_of};
pub(crate) use keys::KeyCache;
pub use scope::{Need, ReadBrands, ReadPreferences, ReadTokens, WriteBrands, WritePreferences, WriteTokens};
pub use scoped::{Scoped, UserCaller};
pub(crate) use token::Signers;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::AppState;

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(issue_token::issue_token))
}
