//! Who calls, and what they may do.
//!
//! Handlers name what they need in their signature and get nothing else: [`ApiCaller`] for what only API keys may do,
//! [`Scoped`] and [`UserCaller`] for what tokens of browsers and phones may do too.

mod caller;
mod client;
mod identity;
mod issue_token;
mod need;
mod own_profile;
mod scoped;

pub use caller::ApiCaller;
pub use client::AnyClient;
pub use identity::environment_of;
pub(crate) use identity::{authenticate, client_key};
pub use need::{
    Need, ReadBrands, ReadPreferences, ReadTokens, WriteBrands, WritePreferences, WriteProfiles, WriteTokens,
};
pub use own_profile::OwnProfile;
pub use scoped::{Scoped, UserCaller};
pub use tidings_auth::Identity;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::AppState;

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(issue_token::issue_token))
}
