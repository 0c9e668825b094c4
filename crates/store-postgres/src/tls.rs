//! Encryption of what goes to the database and comes back.

use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::{ClientConfig, RootCertStore};
use tidings_types::{Error, Result};
use tokio_postgres_rustls::MakeRustlsConnect;

/// TLS to servers whose certificate is for their name and from an authority that Mozilla publishes or the operator
/// adds.
pub(crate) fn connector(extra_roots: &[CertificateDer<'static>]) -> Result<MakeRustlsConnect> {
    let mut roots = RootCertStore::empty();
    roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    for root in extra_roots {
        roots
            .add(root.clone())
            .map_err(|error| Error::invalid(format!("a root certificate cannot be used: {error}")))?;
    }
    let config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(Error::internal)?;
    Ok(MakeRustlsConnect::new(
        config.with_root_certificates(roots).with_no_client_auth(),
    ))
}
