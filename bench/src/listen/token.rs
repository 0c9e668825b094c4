//! A token for a person, as the person's own server asks for one.

use std::net::SocketAddr;

use anyhow::Context as _;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// Has the server make a token that may read this person's feed.
pub(super) async fn of(server: SocketAddr, key: &str, user: &str) -> anyhow::Result<String> {
    let body = json!({ "scope": format!("user_id:{user} inbox:read:messages"), "expires_in": "1 hour" }).to_string();
    let request = format!(
        "POST /auth/issue-token HTTP/1.1\r\nhost: bench\r\nconnection: close\r\nauthorization: Bearer {key}\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut stream = TcpStream::connect(server).await?;
    stream.write_all(request.as_bytes()).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    let (_head, body) = answer.split_once("\r\n\r\n").context("no answer")?;
    let token = serde_json::from_str::<Value>(body)
        .ok()
        .and_then(|body| Some(body.get("token")?.as_str()?.to_owned()));
    token.with_context(|| format!("no token: {answer}"))
}
