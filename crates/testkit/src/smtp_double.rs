//! An SMTP server that does as a test says, and keeps the mails it took.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

/// What it does instead of its usual reply.
#[derive(Clone)]
pub enum Twist {
    /// Says this.
    Say(&'static str),
    /// Closes the connection.
    Cut,
    /// Says nothing more.
    Hang,
}

/// How it behaves.
#[derive(Clone, Default)]
pub struct Rules {
    /// Twists by command: `GREETING`, `EHLO`, `STARTTLS`, `AUTH`, `MAIL`, `RCPT`, `DATA`, `.` (the end of the mail).
    pub twists: HashMap<&'static str, Twist>,
    /// Further lines of the EHLO reply, such as `AUTH PLAIN`.
    pub extensions: Vec<&'static str>,
    /// A recipient it does not know.
    pub unknown_recipient: Option<&'static str>,
    /// TLS, from the first byte or offered as STARTTLS.
    pub tls: Option<(Certificate, bool)>,
    /// Closes a connection in silence after this many mails, as servers do with idle clients.
    pub mails_per_connection: Option<usize>,
}

impl Rules {
    /// One twist.
    pub fn twist(command: &'static str, twist: Twist) -> Self {
        Self {
            twists: HashMap::from([(command, twist)]),
            ..Self::default()
        }
    }
}

/// A mail it took.
#[derive(Clone, Debug)]
pub struct Mail {
    /// The `MAIL FROM` line.
    pub from: String,
    /// The `RCPT TO` lines.
    pub to: Vec<String>,
    /// Headers and body, as they came.
    pub data: String,
    /// Whether it came over TLS.
    pub encrypted: bool,
}

/// A certificate for `localhost`, with its key.
#[derive(Clone)]
pub struct Certificate {
    /// The certificate in DER, for a client to trust.
    pub der: CertificateDer<'static>,
    key: Vec<u8>,
}

impl Certificate {
    /// A new one.
    pub fn for_localhost() -> Self {
        let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
        Self {
            der: made.cert.der().clone(),
            key: made.signing_key.serialize_der(),
        }
    }

    fn acceptor(&self) -> TlsAcceptor {
        let key = PrivateKeyDer::Pkcs8(self.key.clone().into());
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![self.der.clone()], key)
            .unwrap();
        TlsAcceptor::from(Arc::new(config))
    }
}

#[derive(Default)]
struct Seen {
    mails: Mutex<Vec<Mail>>,
    commands: Mutex<Vec<String>>,
    connections: AtomicUsize,
}

/// The server. It lives as long as the test's runtime.
pub struct SmtpDouble {
    /// The port on the loopback interface.
    pub port: u16,
    seen: Arc<Seen>,
}

impl SmtpDouble {
    /// Starts on a free port of the loopback interface.
    pub async fn start(rules: Rules) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let seen = Arc::new(Seen::default());
        let (kept, rules) = (Arc::clone(&seen), Arc::new(rules));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                stream.set_nodelay(true).unwrap();
                kept.connections.fetch_add(1, Ordering::SeqCst);
                let session = Session {
                    rules: Arc::clone(&rules),
                    seen: Arc::clone(&kept),
                    encrypted: false,
                };
                tokio::spawn(async move { session.start(stream).await });
            }
        });
        Self { port, seen }
    }

    /// The mails it took.
    pub fn mails(&self) -> Vec<Mail> {
        self.seen.mails.lock().unwrap().clone()
    }

    /// Every command it read, content excepted.
    pub fn commands(&self) -> Vec<String> {
        self.seen.commands.lock().unwrap().clone()
    }

    /// How many connections were opened.
    pub fn connections(&self) -> usize {
        self.seen.connections.load(Ordering::SeqCst)
    }
}

struct Session {
    rules: Arc<Rules>,
    seen: Arc<Seen>,
    encrypted: bool,
}

/// Why a dialogue ends.
enum End {
    Closed,
    StartTls,
}

impl Session {
    async fn start<S: AsyncRead + AsyncWrite + Unpin + Send + 'static>(mut self, stream: S) {
        match &self.rules.tls {
            Some((certificate, true)) => {
                if let Ok(stream) = certificate.acceptor().accept(stream).await {
                    self.encrypted = true;
                    self.talk(&mut BufReader::new(stream), true).await;
                }
            }
            Some((certificate, false)) => {
                let acceptor = certificate.acceptor();
                let mut stream = BufReader::new(stream);
                if let End::StartTls = self.talk(&mut stream, true).await
                    && let Ok(stream) = acceptor.accept(stream.into_inner()).await
                {
                    self.encrypted = true;
                    self.talk(&mut BufReader::new(stream), false).await;
                }
            }
            None => {
                self.talk(&mut BufReader::new(stream), true).await;
            }
        }
    }

    async fn talk<S: AsyncRead + AsyncWrite + Unpin>(&self, stream: &mut BufReader<S>, greet: bool) -> End {
        if greet && !self.reply(stream, "GREETING", "220 double ESMTP").await {
            return End::Closed;
        }
        let (mut from, mut to, mut taken) = (String::new(), Vec::new(), 0);
        loop {
            let mut line = String::new();
            if stream.read_line(&mut line).await.unwrap_or(0) == 0 {
                return End::Closed;
            }
            let line = line.trim_end().to_owned();
            self.seen.commands.lock().unwrap().push(line.clone());
            let verb = line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
            let go_on = match verb.as_str() {
                "EHLO" => {
                    let text = self.capabilities();
                    self.reply(stream, "EHLO", &text).await
                }
                "STARTTLS" => {
                    if !self.reply(stream, "STARTTLS", "220 go ahead").await {
                        return End::Closed;
                    }
                    return End::StartTls;
                }
                "AUTH" => self.reply(stream, "AUTH", "235 2.7.0 welcome").await,
                "MAIL" => {
                    from = line;
                    to.clear();
                    self.reply(stream, "MAIL", "250 2.1.0 fine").await
                }
                "RCPT"
                    if self
                        .rules
                        .unknown_recipient
                        .is_some_and(|unknown| line.contains(unknown)) =>
                {
                    self.reply(stream, "?", "550 5.1.1 no such user").await
                }
                "RCPT" => {
                    to.push(line);
                    self.reply(stream, "RCPT", "250 2.1.5 fine").await
                }
                "RSET" => self.reply(stream, "RSET", "250 2.0.0 fine").await,
                "QUIT" => {
                    self.reply(stream, "QUIT", "221 2.0.0 bye").await;
                    false
                }
                "DATA" => {
                    if !self.reply(stream, "DATA", "354 go on").await {
                        return End::Closed;
                    }
                    if self
                        .rules
                        .twists
                        .get("DATA")
                        .is_some_and(|twist| matches!(twist, Twist::Say(_)))
                    {
                        continue;
                    }
                    let Some(data) = content(stream).await else {
                        return End::Closed;
                    };
                    let mail = Mail {
                        from: from.clone(),
                        to: to.clone(),
                        data,
                        encrypted: self.encrypted,
                    };
                    self.seen.mails.lock().unwrap().push(mail);
                    taken += 1;
                    let go_on = self.reply(stream, ".", "250 2.0.0 Ok: queued as 4F2A1").await;
                    go_on && self.rules.mails_per_connection != Some(taken)
                }
                _ => self.reply(stream, "?", "500 5.5.2 what?").await,
            };
            if !go_on {
                return End::Closed;
            }
        }
    }

    fn capabilities(&self) -> String {
        let mut lines = vec!["double", "8BITMIME"];
        lines.extend(&self.rules.extensions);
        if matches!(self.rules.tls, Some((_, false))) && !self.encrypted {
            lines.push("STARTTLS");
        }
        let mut text = String::new();
        while let Some((line, rest)) = lines.split_first() {
            text.push_str(if rest.is_empty() { "250 " } else { "250-" });
            text.push_str(line);
            text.push_str(if rest.is_empty() { "" } else { "\r\n" });
            lines = rest.to_vec();
        }
        text
    }

    /// Replies, or does as the rules say. False when the connection is to be closed.
    async fn reply<S: AsyncRead + AsyncWrite + Unpin>(&self, stream: &mut BufReader<S>, at: &str, usual: &str) -> bool {
        let text = match self.rules.twists.get(at) {
            None => usual,
            Some(Twist::Say(text)) => text,
            Some(Twist::Cut) => return false,
            Some(Twist::Hang) => {
                tokio::time::sleep(Duration::from_mins(1)).await;
                return false;
            }
        };
        stream
            .get_mut()
            .write_all(format!("{text}\r\n").as_bytes())
            .await
            .is_ok()
    }
}

/// Reads until the line with a single dot. None when the client goes away before.
async fn content<S: AsyncRead + AsyncWrite + Unpin>(stream: &mut BufReader<S>) -> Option<String> {
    let mut data = String::new();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await.ok()? == 0 {
            return None;
        }
        if line == ".\r\n" {
            return Some(data);
        }
        data.push_str(line.strip_prefix('.').unwrap_or(&line));
    }
}
