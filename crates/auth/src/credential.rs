//! What a request brings to prove who it is.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, header};
use tidings_types::{Error, Result};

/// A credential, not yet proven.
#[derive(Clone, PartialEq, Eq)]
#[cfg_attr(test, derive(Debug))]
pub enum Credential {
    /// An API key.
    Key(String),
    /// A token made by `POST /auth/issue-token`.
    Token(String),
}

impl Credential {
    /// Reads the `Authorization` header: `Bearer` with a key or a token, or `Basic` (RFC 7617) with the key as the
    /// password, or as the user name when there is no password.
    ///
    /// # Errors
    /// `Unauthenticated` when there is none or it cannot be read.
    pub fn read(headers: &HeaderMap) -> Result<Self> {
        let header = headers
            .get(header::AUTHORIZATION)
            .ok_or_else(|| Error::unauthenticated("Unauthorized: send an API key as `Authorization: Bearer <key>`"))?;
        let malformed = || Error::unauthenticated("Unauthorized: the Authorization header cannot be read");
        let text = header.to_str().map_err(|_| malformed())?;
        // Older browser clients send a token without a word before it.
        if let alone @ Self::Token(_) = Self::from_text(text.trim())
            && !text.trim().contains(' ')
        {
            return Ok(alone);
        }
        let (scheme, value) = text.split_once(' ').ok_or_else(malformed)?;
        let value = value.trim();
        if value.is_empty() {
            return Err(malformed());
        }
        if scheme.eq_ignore_ascii_case("bearer") {
            Ok(Self::from_text(value))
        } else if scheme.eq_ignore_ascii_case("basic") {
            let decoded = STANDARD
                .decode(value)
                .ok()
                .and_then(|bytes| String::from_utf8(bytes).ok());
            let decoded = decoded.ok_or_else(malformed)?;
            let (user, password) = decoded.split_once(':').ok_or_else(malformed)?;
            Ok(Self::from_text(if password.is_empty() { user } else { password }))
        } else {
            Err(malformed())
        }
    }

    /// Tokens have three parts with dots between (RFC 7519); keys have no dots.
    pub fn from_text(text: &str) -> Self {
        if text.split('.').count() == 3 {
            Self::Token(text.to_owned())
        } else {
            Self::Key(text.to_owned())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(value: &str) -> Result<Credential> {
        let mut headers = HeaderMap::new();
        headers.insert(header::AUTHORIZATION, value.parse().unwrap());
        Credential::read(&headers)
    }

    #[test]
    fn keys_and_tokens_are_told_apart() {
        assert_eq!(
            read("Bearer pk_test_x").unwrap(),
            Credential::Key("pk_test_x".to_owned())
        );
        assert_eq!(read("bearer a.b.c").unwrap(), Credential::Token("a.b.c".to_owned()));
        assert_eq!(read("a.b.c").unwrap(), Credential::Token("a.b.c".to_owned()));
        assert!(read("a_key_alone").is_err());
    }

    #[test]
    fn basic_takes_the_password_or_else_the_name() {
        let basic = |text: &str| read(&format!("Basic {}", STANDARD.encode(text)));
        assert_eq!(basic("me@x.y:key").unwrap(), Credential::Key("key".to_owned()));
        assert_eq!(basic("key:").unwrap(), Credential::Key("key".to_owned()));
        assert!(basic("nothing").is_err());
    }

    #[test]
    fn anything_else_is_refused() {
        for value in ["", "Bearer", "Bearer ", "Digest x", "Basic %%%"] {
            assert!(read(value).is_err(), "{value}");
        }
        assert!(Credential::read(&HeaderMap::new()).is_err());
    }
}
