//! One kept HTTP/1.1 connection. It reads no more of an answer than status and length, so that it costs little.

use std::net::SocketAddr;

use anyhow::{Context as _, bail};
use bytes::{Buf as _, BytesMut};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// More header lines than any answer has.
const MAX_HEADERS: usize = 32;

/// A kept connection.
pub(crate) struct Connection {
    stream: TcpStream,
    received: BytesMut,
}

/// An answer.
pub(crate) struct Answer {
    /// The status code.
    pub(crate) status: u16,
    /// The body.
    pub(crate) body: BytesMut,
}

impl Connection {
    /// Connects.
    pub(crate) async fn open(server: SocketAddr) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(server).await?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            received: BytesMut::with_capacity(4096),
        })
    }

    /// Sends a request as it will stand on the wire, and reads its answer.
    ///
    /// # Errors
    /// When the connection is cut, or the answer has no `content-length`.
    pub(crate) async fn exchange(&mut self, request: &[u8]) -> anyhow::Result<Answer> {
        self.stream.write_all(request).await?;
        loop {
            if let Some((status, head, length)) = parse(&self.received)? {
                while self.received.len() < head + length {
                    self.read().await?;
                }
                self.received.advance(head);
                let body = self.received.split_to(length);
                return Ok(Answer { status, body });
            }
            self.read().await?;
        }
    }

    async fn read(&mut self) -> anyhow::Result<()> {
        self.received.reserve(1024);
        if self.stream.read_buf(&mut self.received).await? == 0 {
            bail!("the server closed the connection");
        }
        Ok(())
    }
}

/// Status, length of the head and of the body, once the head is complete.
fn parse(bytes: &[u8]) -> anyhow::Result<Option<(u16, usize, usize)>> {
    let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
    let mut response = httparse::Response::new(&mut headers);
    let httparse::Status::Complete(head) = response.parse(bytes)? else {
        return Ok(None);
    };
    let status = response.code.context("an answer without a status")?;
    let length = response
        .headers
        .iter()
        .find(|header| header.name.eq_ignore_ascii_case("content-length"));
    let length = match length {
        // It has no body (RFC 9110, 15.3.5).
        None if status == 204 => 0,
        None => bail!("an answer without a length"),
        Some(length) => std::str::from_utf8(length.value)?.trim().parse()?,
    };
    Ok(Some((status, head, length)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_are_read_when_complete() {
        let text = b"HTTP/1.1 202 Accepted\r\nContent-Length: 2\r\n\r\n{}";
        assert_eq!(parse(text).unwrap(), Some((202, text.len() - 2, 2)));
        assert_eq!(parse(&text[..20]).unwrap(), None);
        assert!(parse(b"HTTP/1.1 200 OK\r\n\r\n").is_err());
    }
}
