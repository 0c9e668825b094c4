//! The driver: takes what a provider wants done, does it, and says what came of it.

use std::time::Duration;

use rustls::pki_types::CertificateDer;
use tidings_types::{Object, Outcome, Result, Timestamp};

use super::http::HttpCaller;
use super::overrides::prepare;
use super::redact::Redactor;
use super::smtp::SmtpCaller;
use crate::{Call, Outgoing, OutgoingRequest, Provider, Response};

/// How a driver behaves.
#[derive(Clone, Debug)]
pub struct DriverOptions {
    /// Whether addresses from profiles and sends may be on private networks.
    pub allow_private_targets: bool,
    /// The longest time to wait for a connection.
    pub connect_timeout: Duration,
    /// The name given in `User-Agent`.
    pub user_agent: String,
    /// Certificates to trust besides the public ones, in DER.
    pub extra_roots: Vec<CertificateDer<'static>>,
}

impl Default for DriverOptions {
    fn default() -> Self {
        Self {
            allow_private_targets: false,
            connect_timeout: Duration::from_secs(5),
            user_agent: concat!("tidings/", env!("CARGO_PKG_VERSION")).to_owned(),
            extra_roots: Vec::new(),
        }
    }
}

/// Makes provider calls. It holds the connections, so there is one for the whole program.
pub struct Driver {
    http: HttpCaller,
    smtp: SmtpCaller,
}

impl Driver {
    /// A driver. Fails when a certificate of `extra_roots` cannot be used.
    pub fn new(options: DriverOptions) -> Result<Self> {
        Ok(Self {
            http: HttpCaller::new(&options)?,
            smtp: SmtpCaller::new(options)?,
        })
    }

    /// Makes one HTTP call that is no provider's. Whatever prevents an answer is an outcome already.
    ///
    /// # Errors
    /// What was seen instead of an answer.
    pub async fn send(
        &self,
        request: OutgoingRequest,
        now: Timestamp,
        timeout: Duration,
    ) -> std::result::Result<Response, Outcome> {
        self.http.call(request, now, timeout).await
    }

    /// Hands one message over, with the send's overrides for this provider, within a time limit.
    ///
    /// It never fails: everything that can happen is an [`Outcome`]. Error texts are on one line, at most 300 characters,
    /// and hold neither credentials nor the message's data or content. A call that runs out of time once it may have left
    /// is [`Outcome::Unknown`]; give it more time than [`DriverOptions::connect_timeout`], or a slow connection looks so.
    /// Feed entries are the caller's to store and are refused here.
    pub async fn call(
        &self,
        provider: &dyn Provider,
        call: &Call<'_>,
        overrides: &Object,
        timeout: Duration,
    ) -> Outcome {
        let mut redactor = Redactor::new(provider.spec(), call);
        redactor.also_hide(overrides);
        let outcome = match prepare(provider, call, overrides) {
            Err(reject) => reject.into(),
            Ok(Outgoing::Http(request)) => match self.http.call(request, call.now, timeout).await {
                Ok(response) => provider.outcome(&response),
                Err(outcome) => outcome,
            },
            Ok(Outgoing::Smtp(submission)) => self.smtp.submit(&submission, timeout).await,
            Ok(Outgoing::Feed) => Outcome::Refused {
                error: "entries of the feed are stored, not called".to_owned(),
            },
        };
        let outcome = redactor.clean_outcome(outcome);
        tracing::debug!(
            provider = provider.spec().key,
            message_id = call.message.message_id,
            error = outcome.error(),
            "provider called"
        );
        outcome
    }
}
