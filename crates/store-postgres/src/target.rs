//! Where the database is.

use std::time::Duration;

use tidings_types::{Error, Result};
use tokio_postgres::Config;
use tokio_postgres::config::SslMode;

/// How long connecting may take.
const CONNECT: Duration = Duration::from_secs(5);
/// After how long of silence a connection is checked, and how long sent bytes may stay unacknowledged: a server that
/// vanished without a word is noticed within this time.
const SILENCE: Duration = Duration::from_secs(20);

/// Reads a URL such as `postgres://user:password@host:5432/database?sslmode=require`.
///
/// # Errors
/// `Invalid`. The message repeats nothing of the URL, since any part of it may belong to the password.
pub(crate) fn parse(url: &str) -> Result<Config> {
    let mut config: Config = url.parse().map_err(|_| {
        Error::invalid(
            "is not a PostgreSQL URL, such as postgres://user:password@host:5432/database; \
             in names and passwords, characters other than letters and digits are written as %XX",
        )
    })?;
    // Encryption that checks no certificate stops nobody who can change what is sent, so it is all or nothing:
    // `require` checks the certificate, and the driver's own default of trying without counts as `disable`.
    if config.get_ssl_mode() == SslMode::Prefer {
        config.ssl_mode(SslMode::Disable);
    }
    if config.get_application_name().is_none() {
        config.application_name("tidings");
    }
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(CONNECT);
    }
    config.keepalives_idle(SILENCE).tcp_user_timeout(SILENCE);
    Ok(config)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mistakes_are_told_without_the_password() {
        for url in [
            "postgres://ada:secret@host:port/db",
            "postgres://ada:secret@host/db?x=secret",
        ] {
            let error = parse(url).unwrap_err().to_string();
            assert!(!error.contains("cret"), "{error}");
        }
    }

    #[test]
    fn what_the_url_says_stays() {
        let config = parse("postgres://ada@host/db?application_name=mine&connect_timeout=1").unwrap();
        assert_eq!(config.get_application_name(), Some("mine"));
        assert_eq!(config.get_connect_timeout(), Some(&Duration::from_secs(1)));
    }

    #[test]
    fn connections_are_encrypted_and_checked_or_neither() {
        let mode = |url: &str| parse(url).unwrap().get_ssl_mode();
        assert_eq!(mode("postgres://ada@host/db"), SslMode::Disable);
        assert_eq!(mode("postgres://ada@host/db?sslmode=prefer"), SslMode::Disable);
        assert_eq!(mode("postgres://ada@host/db?sslmode=require"), SslMode::Require);
    }
}
