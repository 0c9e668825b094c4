//! Opening a connection: address, TCP, TLS, login.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use lettre::transport::smtp::Error as SmtpError;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, AsyncTokioStream, Certificate, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use rustls::pki_types::{CertificateDer, ServerName};
use tidings_types::{ExposeSecret, Outcome, Result};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

use super::pool::Connection;
use super::reply::{self, Reached, Stage};
use super::stream::Encrypted;
use crate::shared::driver::DriverOptions;
use crate::shared::guard::{is_public, resolve_public};
use crate::shared::tls;
use crate::{Guard, SmtpSubmission, SmtpTls};

/// In order of preference; the server's offer decides.
const MECHANISMS: [Mechanism; 2] = [Mechanism::Plain, Mechanism::Login];

/// Opens connections.
pub(super) struct Connector {
    tls: TlsConnector,
    extra_roots: Vec<CertificateDer<'static>>,
    hello: ClientId,
    timeout: Duration,
    allow_private_targets: bool,
}

impl Connector {
    pub(super) fn new(options: DriverOptions) -> Result<Self> {
        let tls = tls::client_config(&options.extra_roots)?;
        Ok(Self {
            tls: TlsConnector::from(Arc::new(tls)),
            extra_roots: options.extra_roots,
            hello: ClientId::default(),
            timeout: options.connect_timeout,
            allow_private_targets: options.allow_private_targets,
        })
    }

    /// A connection that is ready for a mail. Every failure is an outcome already.
    pub(super) async fn open(
        &self,
        submission: &SmtpSubmission,
        stage: &Reached,
    ) -> std::result::Result<Connection, Outcome> {
        let addresses = self.resolve(submission).await?;
        let stream = self
            .connect(&addresses)
            .await
            .map_err(|error| could_not_connect(&error))?;
        let peer = stream.peer_addr().map_err(|error| could_not_connect(&error))?;
        let smtp = match submission.tls {
            SmtpTls::Implicit => {
                let stream = self.encrypt(stream, &submission.host).await?;
                self.greet(Box::new(stream)).await?
            }
            SmtpTls::Opportunistic => self.greet_and_upgrade(stream, &submission.host).await?,
        };
        let mut connection = Connection::new(smtp);
        if let Some((username, password)) = &submission.credentials {
            let encrypted = submission.tls == SmtpTls::Implicit || connection.smtp.is_encrypted();
            if !encrypted && is_public(peer.ip()) {
                let error = "the server offers no encryption, so the password was not sent".to_owned();
                return Err(Outcome::ProviderDown { permanent: true, error });
            }
            stage.set(Stage::Login);
            let credentials = Credentials::new(username.clone(), password.expose_secret().to_owned());
            let login = connection.smtp.auth(&MECHANISMS, &credentials).await;
            login.map_err(|error| reply::failure(Stage::Login, &error))?;
        }
        Ok(connection)
    }

    /// The server's addresses, checked unless an operator chose it.
    async fn resolve(&self, submission: &SmtpSubmission) -> std::result::Result<Vec<SocketAddr>, Outcome> {
        let (host, port) = (submission.host.as_str(), submission.port);
        let found = if submission.guard == Guard::Person && !self.allow_private_targets {
            timeout(self.timeout, resolve_public(host, port)).await
        } else {
            let all = async { Ok(Ok(tokio::net::lookup_host((host, port)).await?.collect())) };
            timeout(self.timeout, all).await
        };
        match found {
            Ok(Ok(Ok(addresses))) => Ok(addresses),
            Ok(Ok(Err(forbidden))) => Err(Outcome::Refused {
                error: forbidden.to_string(),
            }),
            Ok(Err(error)) => Err(could_not_connect(&error)),
            Err(_) => Err(could_not_connect(&"the name could not be resolved in time")),
        }
    }

    /// The first address that answers.
    async fn connect(&self, addresses: &[SocketAddr]) -> io::Result<TcpStream> {
        let mut last = io::Error::new(io::ErrorKind::NotFound, "the name has no addresses");
        for address in addresses {
            match timeout(self.timeout, TcpStream::connect(address)).await {
                Ok(Ok(stream)) => {
                    // A mail ends with a small write of its own, which must not wait for the server's acknowledgement.
                    stream.set_nodelay(true)?;
                    return Ok(stream);
                }
                Ok(Err(error)) => last = error,
                Err(_) => last = io::Error::new(io::ErrorKind::TimedOut, "no connection in time"),
            }
        }
        Err(last)
    }

    async fn encrypt(&self, stream: TcpStream, host: &str) -> std::result::Result<Encrypted, Outcome> {
        let name = ServerName::try_from(host.to_owned()).map_err(|error| could_not_connect(&error))?;
        let encrypted = self.tls.connect(name, stream).await;
        encrypted.map(Encrypted).map_err(|error| could_not_connect(&error))
    }

    async fn greet(&self, stream: Box<dyn AsyncTokioStream>) -> std::result::Result<AsyncSmtpConnection, Outcome> {
        let greeted = AsyncSmtpConnection::connect_with_transport(stream, &self.hello).await;
        greeted.map_err(|error| reply::failure(Stage::Connect, &error))
    }

    async fn greet_and_upgrade(
        &self,
        stream: TcpStream,
        host: &str,
    ) -> std::result::Result<AsyncSmtpConnection, Outcome> {
        let mut smtp = self.greet(Box::new(stream)).await?;
        if smtp.can_starttls() {
            let parameters = self.tls_parameters(host);
            let parameters = parameters.map_err(|error| reply::failure(Stage::Connect, &error))?;
            let upgraded = smtp.starttls(parameters, &self.hello).await;
            upgraded.map_err(|error| reply::failure(Stage::Connect, &error))?;
        }
        Ok(smtp)
    }

    fn tls_parameters(&self, host: &str) -> std::result::Result<TlsParameters, SmtpError> {
        let mut builder = TlsParameters::builder(host.to_owned());
        for root in &self.extra_roots {
            builder = builder.add_root_certificate(Certificate::from_der(root.to_vec())?);
        }
        builder.build_rustls()
    }
}

fn could_not_connect(error: &dyn std::fmt::Display) -> Outcome {
    Outcome::ProviderDown {
        permanent: false,
        error: format!("could not connect: {error}"),
    }
}
