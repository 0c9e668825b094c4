//! Who may see what was caught.

use axum::http::{HeaderMap, header};
use tidings_types::{Environment, Error, Result};
use url::{Host, Url};

use crate::Pages;

/// What a caller may see of the outbox.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Access {
    /// Only this environment; none for both.
    pub(crate) environment: Option<Environment>,
}

impl Access {
    /// Whether something of an environment is within reach.
    pub(crate) fn reaches(self, environment: Environment) -> bool {
        self.environment.is_none_or(|only| only == environment)
    }
}

impl Pages {
    /// What the bearer of these headers may see.
    pub(crate) async fn access(&self, headers: &HeaderMap) -> Result<Access> {
        if !self.options.open {
            return Ok(Access {
                environment: Some((self.options.authorise)(headers).await?),
            });
        }
        let host = headers
            .get(header::HOST)
            .and_then(|host| host.to_str().ok())
            .unwrap_or_default();
        if is_own_host(host, &self.services.settings.public_url) {
            return Ok(Access { environment: None });
        }
        Err(Error::forbidden(
            "This host name is not this server's own. If it should be, set the public URL to it.",
        ))
    }
}

/// Whether a `Host` header names this server in a way that no stranger's web page could: an address, a name without a
/// public registry behind it (RFC 6761, RFC 6762, RFC 8375 and plain names), or the configured public URL.
fn is_own_host(host: &str, public_url: &str) -> bool {
    let Ok(url) = Url::parse(&format!("http://{host}")) else {
        return false;
    };
    let domain = match url.host() {
        Some(Host::Domain(domain)) => domain.trim_end_matches('.').to_owned(),
        Some(Host::Ipv4(_) | Host::Ipv6(_)) => return true,
        None => return false,
    };
    let private = ["localhost", "test", "local", "internal", "home.arpa"];
    if !domain.contains('.') || private.iter().any(|suffix| domain.ends_with(&format!(".{suffix}"))) {
        return true;
    }
    Url::parse(public_url).is_ok_and(|public| public.host_str() == Some(domain.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_that_no_stranger_can_register_are_this_server() {
        let public = "https://tidings.example.com";
        for own in [
            "localhost:8200",
            "127.0.0.1:8200",
            "[::1]:8200",
            "tidings",
            "box.local",
            "a.localhost",
            "tidings.example.com",
        ] {
            assert!(is_own_host(own, public), "{own}");
        }
        for foreign in [
            "evil.example",
            "localhost.evil.example:8200",
            "",
            "tidings.example.com.evil.example",
            "a b",
        ] {
            assert!(!is_own_host(foreign, public), "{foreign}");
        }
    }
}
