//! A socket as a browser opens one, as light as it can be (RFC 6455).

use std::net::SocketAddr;

use anyhow::{Context as _, bail};
use bytes::{Buf as _, BytesMut};
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// A socket that follows a person's feed.
pub(super) struct Socket {
    stream: TcpStream,
    received: BytesMut,
}

impl Socket {
    /// Connects, and returns once the subscription holds.
    pub(super) async fn follow(server: SocketAddr, token: &str, user: &str) -> anyhow::Result<Self> {
        let mut stream = TcpStream::connect(server).await?;
        stream.set_nodelay(true)?;
        // The server does not look at what the key decodes to, and this client not at what comes of it.
        let upgrade = format!(
            "GET /?auth={token}&cid={user}&iwpv=v1&userId={user} HTTP/1.1\r\nhost: bench\r\nconnection: Upgrade\r\n\
             upgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: dGlkaW5ncy1iZW5jaC0xMg==\r\n\r\n"
        );
        stream.write_all(upgrade.as_bytes()).await?;
        let mut socket = Self {
            stream,
            received: BytesMut::new(),
        };
        socket.upgraded().await?;
        for frame in [
            json!({ "tid": "c", "action": "get-config" }),
            json!({ "tid": "s", "action": "subscribe", "data": { "channel": user, "event": "*" } }),
        ] {
            socket.stream.write_all(&masked(frame.to_string().as_bytes())?).await?;
        }
        for _answer in 0..2 {
            socket.next().await?;
        }
        Ok(socket)
    }

    async fn upgraded(&mut self) -> anyhow::Result<()> {
        loop {
            if let Some(end) = self.received.windows(4).position(|four| four == b"\r\n\r\n") {
                let head = self.received.split_to(end + 4);
                if !head.starts_with(b"HTTP/1.1 101") {
                    bail!("refused: {}", String::from_utf8_lossy(&head));
                }
                return Ok(());
            }
            self.read().await?;
        }
    }

    /// The next frame's text.
    pub(super) async fn next(&mut self) -> anyhow::Result<BytesMut> {
        loop {
            if let Some((head, length)) = frame(&self.received) {
                while self.received.len() < head + length {
                    self.read().await?;
                }
                self.received.advance(head);
                return Ok(self.received.split_to(length));
            }
            self.read().await?;
        }
    }

    async fn read(&mut self) -> anyhow::Result<()> {
        self.received.reserve(512);
        if self.stream.read_buf(&mut self.received).await? == 0 {
            bail!("the server closed a socket");
        }
        Ok(())
    }
}

/// Lengths of a frame's head and text, once the head is complete. Servers do not mask.
fn frame(bytes: &[u8]) -> Option<(usize, usize)> {
    match usize::from(*bytes.get(1)? & 127) {
        126 => {
            let length = bytes.get(2..4)?.try_into().ok()?;
            Some((4, usize::from(u16::from_be_bytes(length))))
        }
        127 => {
            let length = bytes.get(2..10)?.try_into().ok()?;
            Some((10, usize::try_from(u64::from_be_bytes(length)).ok()?))
        }
        length => Some((2, length)),
    }
}

/// A short text frame, masked with zeros: clients must mask.
fn masked(text: &[u8]) -> anyhow::Result<Vec<u8>> {
    let length = u8::try_from(text.len()).ok().filter(|length| *length < 126);
    let length = length.context("a frame that is too long for this client")?;
    let mut bytes = vec![0x81, 0x80 | length, 0, 0, 0, 0];
    bytes.extend_from_slice(text);
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_are_read_when_complete() {
        assert_eq!(frame(&[0x81, 5]), Some((2, 5)));
        assert_eq!(frame(&[0x81, 126, 1]), None);
        assert_eq!(frame(&[0x81, 126, 1, 0]), Some((4, 256)));
        assert_eq!(frame(&[0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0]), Some((10, 65_536)));
        assert!(masked(&[b'x'; 126]).is_err());
    }
}
