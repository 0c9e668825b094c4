//! Making one HTTP call.

use std::error::Error as StdError;
use std::time::Duration;

use reqwest::redirect::{Attempt, Policy};
use reqwest::{Client, ClientBuilder, RequestBuilder, StatusCode};
use tidings_types::{Error, Outcome, Result, Timestamp};
use tokio::time::{Instant, timeout_at};

use super::guard::{Forbidden, PublicResolver, check_literal};
use super::{driver::DriverOptions, tls};
use crate::{Body, Guard, OutgoingRequest, Response};

/// The most that is read of an answer's body, in bytes.
const MAX_BODY: usize = 64 * 1024;
/// The most redirects followed from an address that is not the operator's.
const MAX_REDIRECTS: usize = 3;
/// Headers that frame the message or belong to the connection (RFC 9110, sections 7.2, 7.6 and 8.6; RFC 9112, section
/// 6). Nobody may choose them: a wrong length would cut the body short and hide a second request behind it.
const FRAMING: [&str; 9] = [
    "connection",
    "content-length",
    "host",
    "keep-alive",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];
/// Connections are kept shorter than servers usually keep theirs, so that one is rarely closed under a request.
const IDLE: Duration = Duration::from_secs(15);

/// The clients: one for hosts that operators chose, one for all others.
pub(crate) struct HttpCaller {
    operator: Client,
    person: Client,
    allow_private_targets: bool,
}

impl HttpCaller {
    pub(crate) fn new(options: &DriverOptions) -> Result<Self> {
        let allow = options.allow_private_targets;
        let person = builder(options)?.redirect(Policy::custom(move |attempt| redirect(attempt, allow)));
        let person = if allow {
            person
        } else {
            person.dns_resolver(PublicResolver::shared())
        };
        Ok(Self {
            // Credentials go to the host they are for, so a provider's redirect is not followed.
            operator: builder(options)?
                .redirect(Policy::none())
                .build()
                .map_err(Error::internal)?,
            person: person.build().map_err(Error::internal)?,
            allow_private_targets: allow,
        })
    }

    /// Calls, and reads the answer. Whatever prevents an answer is an outcome already.
    pub(crate) async fn call(
        &self,
        request: OutgoingRequest,
        now: Timestamp,
        timeout: Duration,
    ) -> std::result::Result<Response, Outcome> {
        if let Some((name, _)) = request.headers.iter().find(|(name, _)| is_framing(name)) {
            return Err(Outcome::Refused {
                error: format!("the header {name} cannot be chosen"),
            });
        }
        let client = match request.guard {
            Guard::Operator => &self.operator,
            Guard::Person if self.allow_private_targets => &self.person,
            Guard::Person => {
                check_literal(&request.url).map_err(|forbidden| Outcome::Refused {
                    error: forbidden.to_string(),
                })?;
                &self.person
            }
        };
        let started = Instant::now();
        let deadline = started + timeout;
        let request = write(client, request);
        let mut answer = match timeout_at(deadline, request.send()).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(error)) => return Err(failure(error)),
            Err(_) => {
                let error = format!("no answer within {} ms", timeout.as_millis());
                return Err(Outcome::Unknown { error });
            }
        };
        let mut body = Vec::new();
        // The status is the answer. A body that stops short, or never stops, is read as far as it goes.
        while let Ok(Ok(Some(chunk))) = timeout_at(deadline, answer.chunk()).await {
            let room = MAX_BODY - body.len();
            body.extend(chunk.iter().take(room));
            if body.len() == MAX_BODY {
                break;
            }
        }
        let elapsed = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        Ok(Response {
            status: answer.status(),
            headers: answer.headers().clone(),
            body,
            received: now.plus(elapsed),
        })
    }
}

fn is_framing(name: &str) -> bool {
    FRAMING.iter().any(|framing| name.eq_ignore_ascii_case(framing))
}

fn builder(options: &DriverOptions) -> Result<ClientBuilder> {
    let mut config = tls::client_config(&options.extra_roots)?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(Client::builder()
        .tls_backend_preconfigured(config)
        .connect_timeout(options.connect_timeout)
        .pool_idle_timeout(IDLE)
        .tcp_nodelay(true)
        .user_agent(options.user_agent.clone())
        .no_proxy())
}

/// Follows redirects that keep the method and body (RFC 9110, sections 15.4.8 and 15.4.9). Others would turn the call
/// into one that delivers nothing, and its success into a lie.
fn redirect(attempt: Attempt<'_>, allow_private_targets: bool) -> reqwest::redirect::Action {
    if !matches!(
        attempt.status(),
        StatusCode::TEMPORARY_REDIRECT | StatusCode::PERMANENT_REDIRECT
    ) {
        return attempt.stop();
    }
    if attempt.previous().len() > MAX_REDIRECTS {
        return attempt.error("too many redirects");
    }
    match check_literal(attempt.url()) {
        Err(forbidden) if !allow_private_targets => attempt.error(forbidden),
        _ => attempt.follow(),
    }
}

fn write(client: &Client, request: OutgoingRequest) -> RequestBuilder {
    let mut builder = client.request(request.method, request.url);
    let (content_type, bytes) = match request.body {
        Body::Json(value) => ("application/json".to_owned(), value.to_string().into_bytes()),
        Body::Form(fields) => {
            let mut form = url::form_urlencoded::Serializer::new(String::new());
            form.extend_pairs(fields);
            (
                "application/x-www-form-urlencoded".to_owned(),
                form.finish().into_bytes(),
            )
        }
        Body::Raw { content_type, bytes } => (content_type, bytes),
    };
    if !request
        .headers
        .iter()
        .any(|(name, _)| name.eq_ignore_ascii_case("content-type"))
    {
        builder = builder.header("content-type", content_type);
    }
    for (name, value) in request.headers {
        builder = builder.header(name, value);
    }
    builder.body(bytes)
}

/// What a call without an answer means.
fn failure(error: reqwest::Error) -> Outcome {
    // The address may be a secret.
    let error = error.without_url();
    if let Some(forbidden) = causes(&error).find_map(|cause| cause.downcast_ref::<Forbidden>()) {
        return Outcome::Refused {
            error: forbidden.to_string(),
        };
    }
    let words = causes(&error)
        .last()
        .map_or_else(|| error.to_string(), ToString::to_string);
    if error.is_builder() {
        return Outcome::Refused {
            error: format!("the request cannot be written: {words}"),
        };
    }
    if error.is_redirect() {
        return Outcome::Refused { error: words };
    }
    if error.is_connect() {
        return Outcome::ProviderDown {
            permanent: false,
            error: format!("could not connect: {words}"),
        };
    }
    Outcome::Unknown {
        error: format!("the connection was cut before an answer: {words}"),
    }
}

/// An error and what caused it, outermost first.
fn causes<'a>(error: &'a (dyn StdError + 'static)) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |&error| error.source())
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    use super::*;

    /// A server that redirects once.
    async fn redirecting_to(location: String) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut buffer = [0; 1024];
            let _ = stream.read(&mut buffer).await.unwrap();
            let answer = format!("HTTP/1.1 307 Moved\r\nlocation: {location}\r\ncontent-length: 0\r\n\r\n");
            stream.write_all(answer.as_bytes()).await.unwrap();
        });
        url
    }

    #[tokio::test]
    async fn headers_that_frame_the_message_cannot_be_chosen() {
        let caller = HttpCaller::new(&DriverOptions::default()).unwrap();
        for name in ["Content-Length", "transfer-encoding", "Host"] {
            let request = OutgoingRequest {
                method: http::Method::POST,
                url: "http://127.0.0.1:9/".parse().unwrap(),
                headers: vec![(name.to_owned(), "5".to_owned())],
                body: Body::Json(serde_json::json!({})),
                guard: Guard::Operator,
            };
            let answer = caller
                .call(request, Timestamp::from_millis(0), Duration::from_secs(1))
                .await;
            let Err(Outcome::Refused { error }) = answer else {
                panic!("{name}")
            };
            assert!(error.contains(name), "{error}");
        }
    }

    /// The first address is not checked here, as if it were public; the redirect is.
    #[tokio::test]
    async fn a_redirect_to_a_private_host_is_refused() {
        let caller = HttpCaller::new(&DriverOptions::default()).unwrap();
        let inside = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = inside.local_addr().unwrap().port();
        for host in ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "169.254.169.254"] {
            let start = redirecting_to(format!("http://{host}:{port}/latest/meta-data")).await;
            let error = caller.person.post(start).body("x").send().await.unwrap_err();
            let outcome = failure(error);
            assert!(
                matches!(&outcome, Outcome::Refused { error } if error.contains("private")),
                "{host}: {outcome:?}"
            );
        }
        let nobody = tokio::time::timeout(Duration::from_millis(50), inside.accept()).await;
        assert!(nobody.is_err(), "somebody came in");
    }
}
