//! The one TLS configuration: rustls with ring, trusting the roots Mozilla publishes and any the operator adds.

use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::{ClientConfig, RootCertStore};
use tidings_types::{Error, Result};

/// A client configuration without ALPN. Each caller adds its own protocols.
pub(crate) fn client_config(extra_roots: &[CertificateDer<'static>]) -> Result<ClientConfig> {
    let mut roots = RootCertStore::empty();
    roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    for root in extra_roots {
        roots
            .add(root.clone())
            .map_err(|error| Error::invalid(format!("a root certificate cannot be used: {error}")))?;
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let builder = builder.map_err(Error::internal)?;
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}
