//! Query strings, in the spellings of all published clients: a list is `a=1,2`, `a=1&a=2` or `a[]=1&a[]=2`.

use axum::extract::FromRequestParts;
use http::request::Parts;
use tidings_store::{Cursor, PageRequest};
use tidings_types::{Error, Result};

use crate::error::ApiError;
use crate::validation::{no_control_characters, user_id};

/// How many entries a page has where the API says nothing of it.
pub const DEFAULT_PAGE: u32 = 100;

/// A request's query parameters, in order.
#[derive(Clone, Debug, Default)]
pub struct Query {
    pairs: Vec<(String, String)>,
}

impl Query {
    /// Reads a query string.
    ///
    /// # Errors
    /// `Invalid` when a value holds control characters.
    pub fn parse(query: &str) -> Result<Self> {
        let pairs: Vec<(String, String)> = url::form_urlencoded::parse(query.as_bytes())
            .map(|(name, value)| (name.trim_end_matches("[]").to_owned(), value.into_owned()))
            .collect();
        for (name, value) in &pairs {
            no_control_characters(name, value)?;
        }
        Ok(Self { pairs })
    }

    /// The first value of a parameter; an empty one counts as absent.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.values(name).next()
    }

    /// The tenant that is named as `tenant_id`.
    ///
    /// # Errors
    /// `Invalid` for an id no tenant can have.
    pub fn tenant(&self) -> Result<Option<&str>> {
        let tenant = self.text("tenant_id");
        tenant.map(|tenant| user_id("tenant_id", tenant)).transpose()?;
        Ok(tenant)
    }

    /// All values of a parameter.
    pub fn list(&self, name: &str) -> Vec<String> {
        self.values(name)
            .flat_map(|value| value.split(','))
            .filter(|one| !one.is_empty())
            .map(str::to_owned)
            .collect()
    }

    /// `true` or `false`.
    ///
    /// # Errors
    /// `Invalid` for anything else.
    pub fn flag(&self, name: &str) -> Result<Option<bool>> {
        match self.text(name) {
            None => Ok(None),
            Some("true" | "1" | "True") => Ok(Some(true)),
            Some("false" | "0" | "False") => Ok(Some(false)),
            Some(_) => Err(Error::invalid(format!("{name}: Expected boolean, received string"))),
        }
    }

    /// Which page is asked for: `cursor`, and `limit` up to `max`.
    ///
    /// # Errors
    /// `Invalid` for a cursor that is not ours or a limit that is no number above zero.
    pub fn page(&self, default: u32, max: u32) -> Result<PageRequest> {
        // The second is an older spelling.
        let after = self.text("cursor").or_else(|| self.text("starting_after"));
        let after = after.map(Cursor::decode).transpose()?;
        let limit = match self.text("limit") {
            None => default,
            Some(text) => match text.parse::<u32>() {
                Ok(limit) if limit > 0 => limit.min(max),
                _ => return Err(Error::invalid("limit: Expected a number above 0")),
            },
        };
        Ok(PageRequest { after, limit })
    }

    fn values<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> {
        self.pairs
            .iter()
            .filter(move |(one, value)| one == name && !value.is_empty())
            .map(|(_, value)| value.as_str())
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Query {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, ApiError> {
        Ok(Self::parse(parts.uri.query().unwrap_or_default())?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_come_in_three_spellings() {
        for query in ["status=A,B", "status=A&status=B", "status[]=A&status%5B%5D=B"] {
            assert_eq!(Query::parse(query).unwrap().list("status"), ["A", "B"]);
        }
    }

    #[test]
    fn pages_are_bounded_and_nonsense_is_refused() {
        let page = |query: &str| Query::parse(query).unwrap().page(20, 100);
        assert_eq!(page("").unwrap().limit, 20);
        assert_eq!(page("limit=5000").unwrap().limit, 100);
        assert_eq!(page("cursor=zzz").unwrap_err().message(), "Invalid cursor format");
        assert!(page("limit=0").is_err());
        assert!(Query::parse("cursor=%00").is_err());
    }
}
