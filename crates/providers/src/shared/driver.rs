//! The driver: takes what a provider wants done, does it, and says what came of it.

use std::time::Duration;

use rustls::pki_types::CertificateDer;
use tidings_types::{Address, Object, Outcome, Result, Timestamp};
use tokio::time::Instant;

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
        let outcome = match self.located(provider, call, timeout).await {
            Ok(None) => self.hand_over(provider, call, overrides, timeout).await,
            Ok(Some((address, left))) => {
                let call = Call {
                    address: &address,
                    ..*call
                };
                self.hand_over(provider, &call, overrides, left).await
            }
            Err(outcome) => outcome,
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

    /// Asks what must be asked first. Gives the address found and the time left; none if there was nothing to ask.
    async fn located(
        &self,
        provider: &dyn Provider,
        call: &Call<'_>,
        timeout: Duration,
    ) -> std::result::Result<Option<(Address, Duration)>, Outcome> {
        let Some(request) = provider.ask_first(call)? else {
            return Ok(None);
        };
        let started = Instant::now();
        let response = self.http.call(request, call.now, timeout).await.map_err(unasked)?;
        let address = provider.answered(call, &response)?;
        Ok(Some((address, timeout.saturating_sub(started.elapsed()))))
    }

    async fn hand_over(
        &self,
        provider: &dyn Provider,
        call: &Call<'_>,
        overrides: &Object,
        timeout: Duration,
    ) -> Outcome {
        match prepare(provider, call, overrides) {
            Err(reject) => reject.into(),
            Ok(Outgoing::Http(request)) => match self.http.call(request, call.now, timeout).await {
                Ok(response) => provider.outcome(&response),
                Err(outcome) => outcome,
            },
            Ok(Outgoing::Smtp(submission)) => self.smtp.submit(&submission, timeout).await,
            Ok(Outgoing::Feed) => Outcome::Refused {
                error: "entries of the feed are stored, not called".to_owned(),
            },
        }
    }
}

/// A question that was not answered in time has handed nothing over.
fn unasked(outcome: Outcome) -> Outcome {
    match outcome {
        Outcome::Unknown { error } => Outcome::ProviderDown {
            permanent: false,
            error,
        },
        other => other,
    }
}
