//! Handing mails to SMTP servers, over connections that are kept for the next mail.
//!
//! The dialogue is made here command by command, because what a failure means depends on where it happens: a refusal of
//! the recipient, a refusal of the mail, and a cut after the mail had left are three different outcomes.

mod connect;
mod pool;
mod reply;
mod stream;

use std::sync::Arc;
use std::time::Duration;

use lettre::Address;
use lettre::message::Message;
use lettre::transport::smtp::Error as SmtpError;
use lettre::transport::smtp::commands::{Data, Mail, Rcpt, Rset};
use lettre::transport::smtp::extension::{Extension, MailParameter};
use tidings_types::{Object, Outcome, Result};
use tokio::time::{Instant, timeout, timeout_at};

use self::connect::Connector;
use self::pool::{Connection, Key, Pool};
use self::reply::{Reached, Stage};
use super::driver::DriverOptions;
use crate::SmtpSubmission;
use crate::smtp::mime;

/// Hands mails over and keeps connections.
pub(crate) struct SmtpCaller {
    connector: Connector,
    pool: Arc<Pool>,
}

impl SmtpCaller {
    pub(crate) fn new(options: DriverOptions) -> Result<Self> {
        Ok(Self {
            connector: Connector::new(options)?,
            pool: Arc::new(Pool::default()),
        })
    }

    /// Hands one mail over within a time limit.
    pub(crate) async fn submit(&self, submission: &SmtpSubmission, limit: Duration) -> Outcome {
        let message = match mime::build(submission) {
            Ok(message) => message,
            Err(reject) => return reject.into(),
        };
        let stage = Reached::new();
        match timeout_at(
            Instant::now() + limit,
            self.try_pooled_first(submission, &message, &stage),
        )
        .await
        {
            Ok(outcome) => outcome,
            Err(_) => reply::timed_out(stage.get(), limit),
        }
    }

    /// Uses a kept connection if there is one, and a fresh one if that turns out to be dead before the mail has left.
    async fn try_pooled_first(&self, submission: &SmtpSubmission, message: &Message, stage: &Reached) -> Outcome {
        let key = Key::of(submission);
        if let Some(connection) = self.pool.take(&key) {
            match self.hand_over(connection, &key, submission, message, stage).await {
                Ok(outcome) => return outcome,
                Err(error) if stage.get() < Stage::Content && reply::is_stale(&error) => {}
                Err(error) => return reply::failure(stage.get(), &error),
            }
        }
        stage.set(Stage::Connect);
        let connection = match self.connector.open(submission, stage).await {
            Ok(connection) => connection,
            Err(outcome) => return outcome,
        };
        match self.hand_over(connection, &key, submission, message, stage).await {
            Ok(outcome) => outcome,
            Err(error) => reply::failure(stage.get(), &error),
        }
    }

    /// The dialogue for one mail (RFC 5321, section 3.3). The connection is kept when it ends in good order.
    async fn hand_over(
        &self,
        mut connection: Connection,
        key: &Key,
        submission: &SmtpSubmission,
        message: &Message,
        stage: &Reached,
    ) -> std::result::Result<Outcome, SmtpError> {
        let envelope = message.envelope();
        let smtp = &mut connection.smtp;
        let mut parameters = Vec::new();
        if envelope
            .from()
            .into_iter()
            .chain(envelope.to())
            .any(|address| !is_ascii(address))
        {
            if !smtp.server_info().supports_feature(Extension::SmtpUtfEight) {
                self.pool.keep(key, connection);
                let error = "the server takes no addresses with other than ASCII letters (SMTPUTF8)".to_owned();
                return Ok(Outcome::Refused { error });
            }
            parameters.push(MailParameter::SmtpUtfEight);
        }
        stage.set(Stage::Sender);
        smtp.command(Mail::new(envelope.from().cloned(), parameters)).await?;
        stage.set(Stage::Recipient);
        let mut refused_copies = Vec::new();
        for (position, recipient) in envelope.to().iter().enumerate() {
            match smtp.command(Rcpt::new(recipient.clone(), Vec::new())).await {
                Ok(_) => {}
                // The recipient stands first; copies that are refused do not keep the mail from them.
                Err(error) if position > 0 && error.status().is_some() => refused_copies.push(recipient.to_string()),
                Err(error) if error.status().is_some() => {
                    let outcome = reply::failure(Stage::Recipient, &error);
                    self.reset_and_keep(connection, key).await;
                    return Ok(outcome);
                }
                Err(error) => return Err(error),
            }
        }
        stage.set(Stage::Data);
        smtp.command(Data).await?;
        stage.set(Stage::Content);
        let answer = smtp.message(&message.formatted()).await?;
        let words: Vec<_> = answer.message().collect();
        let mut reference = Object::new();
        let message_id = format!("<{}>", submission.message_id);
        reference.insert("message_id".to_owned(), message_id.as_str().into());
        reference.insert(
            "response".to_owned(),
            format!("{} {}", answer.code(), words.join(" ")).into(),
        );
        if !refused_copies.is_empty() {
            reference.insert("refused_copies".to_owned(), refused_copies.into());
        }
        self.pool.keep(key, connection);
        Ok(Outcome::Accepted {
            id: Some(message_id),
            reference,
        })
    }

    /// Ends a refused mail so that the connection can carry the next one.
    async fn reset_and_keep(&self, mut connection: Connection, key: &Key) {
        if let Ok(Ok(_)) = timeout(Duration::from_secs(1), connection.smtp.command(Rset)).await {
            self.pool.keep(key, connection);
        }
    }
}

fn is_ascii(address: &Address) -> bool {
    let text: &str = address.as_ref();
    text.is_ascii()
}
