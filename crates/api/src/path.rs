//! Path parameters: percent-decoded once, without control characters.

use axum::extract::{FromRequestParts, RawPathParams};
use http::request::Parts;
use serde::de::DeserializeOwned;
use tidings_types::Error;

use crate::error::ApiError;
use crate::validation::{self, no_control_characters};

/// The parameters of a path, as a tuple or a single value in the order of the path.
#[derive(Debug)]
pub struct Path<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Path<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        checked(parts, state).await?;
        let axum::extract::Path(values) = axum::extract::Path::<T>::from_request_parts(parts, state)
            .await
            .map_err(|error| Error::invalid(error.body_text()))?;
        Ok(Self(values))
    }
}

/// The path's parameters by name, refused when they hold control characters.
pub(crate) async fn checked<S: Send + Sync>(parts: &mut Parts, state: &S) -> Result<RawPathParams, ApiError> {
    let values = RawPathParams::from_request_parts(parts, state)
        .await
        .map_err(|_| Error::invalid("The path is not valid UTF-8"))?;
    for (name, value) in &values {
        no_control_characters(name, value)?;
        if name == "user_id" {
            validation::user_id(name, value)?;
        }
    }
    Ok(values)
}
