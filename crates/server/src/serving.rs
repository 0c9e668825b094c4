//! Taking connections and answering them, with a limit on how many there are and on how long one may say nothing: who
//! opens connections without a word must not use up what calls need.

mod held;
mod patience;

use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use axum::middleware::from_fn;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::timeout;

use self::held::Held;

/// How long to wait when no connection can be taken, for instance because there are too many open files.
const PAUSE: Duration = Duration::from_millis(200);

/// What is told to one connection too many.
const FULL: &str = concat!(
    "HTTP/1.1 503 Service Unavailable\r\ncontent-type: application/json\r\nconnection: close\r\n",
    "retry-after: 10\r\ncontent-length: 73\r\n\r\n",
    r#"{"type":"service_unavailable","message":"There are too many connections"}"#,
);

/// What connections may ask of the server.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    /// How many there may be at once, those of sockets included.
    pub(crate) most: usize,
    /// How long one may stay silent after it was opened.
    pub(crate) first: Duration,
    /// How long the head of a request may take, and how long a connection may rest between two: longer than the proxies in
    /// front of us let theirs rest, so that it is they who close one.
    pub(crate) head: Duration,
    /// How long a request's body may stand still.
    pub(crate) body: Duration,
}

impl Bounds {
    /// The usual patience with up to a number of connections.
    pub(crate) const fn of(most: usize) -> Self {
        Self {
            most,
            first: Duration::from_secs(10),
            head: Duration::from_secs(75),
            body: Duration::from_secs(20),
        }
    }
}

/// Answers until it is told to stop, and then until what was begun is done.
///
/// # Errors
/// When nothing can be taken from the listener any more.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    bounds: Bounds,
    mut stopped: watch::Receiver<bool>,
) -> io::Result<()> {
    let places = Arc::new(Semaphore::new(bounds.most));
    let router = router.layer(from_fn(move |request, next| patience::with(bounds.body, request, next)));
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            // A closed channel means that the server is ending anyway.
            _changed = stopped.changed() => break,
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => match Arc::clone(&places).try_acquire_owned() {
                    Ok(place) => {
                        connections.spawn(answer((stream, peer), place, router.clone(), bounds, stopped.clone()));
                    }
                    Err(_) => refuse(&stream),
                },
                Err(error) if is_of_one(&error) => {}
                Err(error) => {
                    tracing::warn!(%error, "no connection can be taken");
                    tokio::time::sleep(PAUSE).await;
                }
            },
            Some(_ended) = connections.join_next() => {}
        }
    }
    // Nobody is to queue up for a server that does not look any more.
    drop(listener);
    while connections.join_next().await.is_some() {}
    Ok(())
}

/// Whether only the connection that was to be taken is lost.
fn is_of_one(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionRefused | io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset
    )
}

/// Answers one connection to its end. A socket that comes of it keeps the place.
async fn answer(
    (stream, peer): (TcpStream, SocketAddr),
    place: OwnedSemaphorePermit,
    router: Router,
    bounds: Bounds,
    mut stopped: watch::Receiver<bool>,
) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "a connection stays slow");
    }
    // Looked at and left there; an end counts as nothing.
    let mut byte = [0];
    let spoken = tokio::select! {
        spoken = timeout(bounds.first, stream.peek(&mut byte)) => matches!(spoken, Ok(Ok(1))),
        _changed = stopped.changed() => false,
    };
    if !spoken {
        return;
    }
    let router = TowerToHyperService::new(router);
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        router.call(request)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(bounds.head)
        .serve_connection(TokioIo::new(Held::new(stream, place)), service)
        .with_upgrades();
    let mut connection = pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        _changed = stopped.changed() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::trace!(%error, "a connection ended early");
    }
}

/// Tells one connection too many that it is, as far as that goes without waiting for it.
fn refuse(stream: &TcpStream) {
    metrics::counter!("tidings_connections_refused_total").increment(1);
    let _told = stream.try_write(FULL.as_bytes());
}

#[cfg(test)]
mod tests {
    use axum::extract::Json;
    use axum::routing::{get, post};
    use serde_json::Value;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    use super::*;

    const SHORT: Duration = Duration::from_millis(300);

    async fn start(bounds: Bounds) -> (SocketAddr, watch::Sender<bool>, tokio::task::JoinHandle<io::Result<()>>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = Router::new()
            .route("/", get(|| async { "here" }))
            .route("/body", post(|Json(body): Json<Value>| async move { body.to_string() }));
        let (stop, stopped) = watch::channel(false);
        (address, stop, tokio::spawn(serve(listener, router, bounds, stopped)))
    }

    fn bounds() -> Bounds {
        Bounds {
            most: 3,
            first: SHORT,
            head: SHORT,
            body: SHORT,
        }
    }

    /// Says something and returns all that comes back until the server ends the connection.
    async fn ask(address: SocketAddr, said: &str) -> String {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(said.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        let read = stream.read_to_end(&mut answer);
        // A reset is an end too.
        let _end = timeout(Duration::from_secs(10), read)
            .await
            .expect("the connection ends");
        String::from_utf8(answer).unwrap()
    }

    #[tokio::test]
    async fn who_says_nothing_or_half_a_thing_is_let_go() {
        let (address, _stop, _server) = start(bounds()).await;
        assert_eq!(ask(address, "").await, "");
        assert!(!ask(address, "GET / HT").await.contains("here"));
        // One that rests after an answer.
        assert!(
            ask(address, "GET / HTTP/1.1\r\nhost: a\r\n\r\n")
                .await
                .ends_with("here")
        );
        let half =
            "POST /body HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{\"a\"";
        let told = ask(address, half).await;
        assert!(told.starts_with("HTTP/1.1 400"), "{told}");
    }

    #[tokio::test]
    async fn who_says_nothing_at_all_has_less_time() {
        let (address, _stop, _server) = start(Bounds {
            first: SHORT,
            ..Bounds::of(3)
        })
        .await;
        assert_eq!(ask(address, "").await, "");
    }

    #[tokio::test]
    async fn what_comes_slowly_but_steadily_is_read() {
        let (address, _stop, _server) = start(bounds()).await;
        let mut stream = TcpStream::connect(address).await.unwrap();
        let head = "POST /body HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-type: application/json\r\n\
                    content-length: 5\r\n\r\n";
        stream.write_all(head.as_bytes()).await.unwrap();
        for byte in b"[\"a\"]" {
            tokio::time::sleep(SHORT / 2).await;
            stream.write_all(&[*byte]).await.unwrap();
        }
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        assert!(answer.ends_with("[\"a\"]"), "{answer}");
    }

    #[tokio::test]
    async fn one_too_many_is_told_and_places_are_free_again() {
        let (address, _stop, _server) = start(Bounds {
            first: SHORT * 3,
            ..bounds()
        })
        .await;
        let mut silent = Vec::new();
        for _ in 0..3 {
            silent.push(TcpStream::connect(address).await.unwrap());
        }
        let told = ask(address, "").await;
        assert!(told.starts_with("HTTP/1.1 503"), "{told}");
        let body = told.split_once("\r\n\r\n").unwrap().1;
        assert_eq!(body.len(), 73, "as it says");
        let body: Value = serde_json::from_str(body).unwrap();
        assert!(body["type"].is_string() && body["message"].is_string());
        tokio::time::sleep(SHORT * 4).await;
        assert!(
            ask(address, "GET / HTTP/1.1\r\nhost: a\r\n\r\n")
                .await
                .ends_with("here")
        );
    }

    #[tokio::test]
    async fn the_end_waits_for_what_was_begun_and_for_nobody_else() {
        let (address, stop, server) = start(Bounds::of(3)).await;
        let _silent = TcpStream::connect(address).await.unwrap();
        let mut resting = TcpStream::connect(address).await.unwrap();
        resting.write_all(b"GET / HTTP/1.1\r\nhost: a\r\n\r\n").await.unwrap();
        let mut some = [0; 8];
        resting.read_exact(&mut some).await.unwrap();
        stop.send_replace(true);
        timeout(Duration::from_secs(10), server)
            .await
            .expect("it ends")
            .unwrap()
            .unwrap();
    }
}
