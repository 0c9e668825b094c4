//! An HTTP server that does as a test says, and remembers what it was told.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What it does with a request once it has read it.
#[derive(Clone)]
pub enum Reply {
    /// Writes these bytes and closes.
    Bytes(Vec<u8>),
    /// Writes these bytes and keeps the connection open in silence.
    Half(Vec<u8>),
    /// Never answers.
    Hang,
    /// Closes without an answer.
    Cut,
    /// Does this after a while.
    After(Duration, Box<Reply>),
}

impl Reply {
    /// A whole answer with a status line, headers and a body.
    pub fn answer(status: &str, headers: &[&str], body: &str) -> Self {
        let length = body.len();
        let mut text = format!("HTTP/1.1 {status}\r\ncontent-length: {length}\r\nconnection: close\r\n");
        for header in headers {
            text.push_str(header);
            text.push_str("\r\n");
        }
        Self::Bytes(format!("{text}\r\n{body}").into_bytes())
    }

    /// An answer that has no headers of interest and no body.
    pub fn status(status: &str) -> Self {
        Self::answer(status, &[], "")
    }

    /// An answer in JSON.
    pub fn json(status: &str, body: &Value) -> Self {
        Self::answer(status, &["content-type: application/json"], &body.to_string())
    }
}

/// A request it was sent.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The method.
    pub method: String,
    /// Path and query.
    pub path: String,
    /// Headers in order, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: String,
    /// All of it, as it came.
    pub text: String,
}

impl Request {
    fn parse(text: String) -> Self {
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        let mut lines = head.lines();
        let mut first = lines.next().unwrap_or_default().split(' ').map(str::to_owned);
        let headers = lines.filter_map(|line| line.split_once(": "));
        let headers = headers
            .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
            .collect();
        let (method, path) = (first.next().unwrap_or_default(), first.next().unwrap_or_default());
        Self {
            method,
            path,
            headers,
            body: body.to_owned(),
            text,
        }
    }

    /// A header by its name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    /// A field of the body as a form.
    pub fn form(&self, name: &str) -> Option<String> {
        let mut fields = url::form_urlencoded::parse(self.body.as_bytes());
        fields
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.into_owned())
    }
}

type Script = Box<dyn FnMut(&Request) -> Reply + Send>;

/// The server. It lives as long as the test's runtime.
pub struct HttpDouble {
    /// Where it listens: a free port of the loopback interface.
    pub address: SocketAddr,
    state: Arc<State>,
}

struct State {
    requests: Mutex<Vec<Request>>,
    script: Mutex<Script>,
}

impl HttpDouble {
    /// Starts one that gives every request the same reply.
    pub async fn start(reply: Reply) -> Self {
        Self::start_with(move |_| reply.clone()).await
    }

    /// Starts one that gives these replies in turn, and the last of them from then on.
    pub async fn in_turn(replies: impl IntoIterator<Item = Reply>) -> Self {
        let mut replies: VecDeque<_> = replies.into_iter().collect();
        Self::start_with(move |_| match replies.len() {
            0 => Reply::Cut,
            1 => replies[0].clone(),
            _ => replies.pop_front().unwrap(),
        })
        .await
    }

    /// Starts one whose reply depends on the request.
    pub async fn start_with(script: impl FnMut(&Request) -> Reply + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(State {
            requests: Mutex::default(),
            script: Mutex::new(Box::new(script)),
        });
        let serving = Arc::clone(&state);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let state = Arc::clone(&serving);
                tokio::spawn(async move { serve(stream, &state).await });
            }
        });
        Self { address, state }
    }

    /// Gives every request this reply from now on.
    pub fn now(&self, reply: Reply) {
        *self.state.script.lock().unwrap() = Box::new(move |_| reply.clone());
    }

    /// An address of it.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// What it was told, in the order in which it was.
    pub fn requests(&self) -> Vec<Request> {
        self.state.requests.lock().unwrap().clone()
    }

    /// How often it was called.
    pub fn calls(&self) -> usize {
        self.state.requests.lock().unwrap().len()
    }
}

/// An address where nobody listens.
pub async fn refused_url() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

async fn serve(mut stream: TcpStream, state: &State) {
    let request = Request::parse(read(&mut stream).await);
    let mut reply = {
        // The request is remembered and answered in one go, so that a reply that counts agrees with what is remembered.
        let mut script = state.script.lock().unwrap();
        state.requests.lock().unwrap().push(request.clone());
        script(&request)
    };
    while let Reply::After(wait, then) = reply {
        tokio::time::sleep(wait).await;
        reply = *then;
    }
    // A client that has gone away is the test's own doing.
    match reply {
        Reply::Bytes(bytes) => {
            let _ = stream.write_all(&bytes).await;
            let _ = stream.shutdown().await;
        }
        Reply::Half(bytes) => {
            let _ = stream.write_all(&bytes).await;
            tokio::time::sleep(Duration::from_mins(1)).await;
        }
        Reply::Hang => tokio::time::sleep(Duration::from_mins(1)).await,
        Reply::Cut | Reply::After(..) => {}
    }
}

async fn read(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| {
                line.to_ascii_lowercase()
                    .strip_prefix("content-length:")?
                    .trim()
                    .parse::<usize>()
                    .ok()
            });
            if body.len() >= length.unwrap_or(0) {
                return text;
            }
        }
        match stream.read(&mut buffer).await {
            Ok(read) if read > 0 => bytes.extend_from_slice(&buffer[..read]),
            _ => return text,
        }
    }
}
