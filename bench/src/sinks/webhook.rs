//! A webhook sink: reads each request whole and answers 200 with nothing.

use anyhow::{Context as _, bail};
use bytes::{Buf as _, BytesMut};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use super::Tally;

const ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";

/// More header lines than any request has.
const MAX_HEADERS: usize = 32;

/// Takes connections for as long as the program runs.
pub(super) async fn serve(listener: TcpListener, tally: Tally) {
    while let Ok((stream, _)) = listener.accept().await {
        let tally = tally.clone();
        // A connection that is cut shows in the count.
        tokio::spawn(async move { drop(talk(stream, &tally).await) });
    }
}

async fn talk(mut stream: TcpStream, tally: &Tally) -> anyhow::Result<()> {
    stream.set_nodelay(true)?;
    let mut received = BytesMut::with_capacity(8192);
    loop {
        let whole = parse(&received)?.filter(|(_, length)| received.len() >= *length);
        let Some((id, length)) = whole else {
            received.reserve(4096);
            if stream.read_buf(&mut received).await? == 0 {
                return Ok(());
            }
            continue;
        };
        received.advance(length);
        tally.may_answer().await;
        tally.took(&id);
        stream.write_all(ANSWER).await?;
    }
}

/// The idempotency key, which names the message, and the request's whole length, once its head is complete.
fn parse(bytes: &[u8]) -> anyhow::Result<Option<(Vec<u8>, usize)>> {
    let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
    let mut request = httparse::Request::new(&mut headers);
    let httparse::Status::Complete(head) = request.parse(bytes)? else {
        return Ok(None);
    };
    let find = |name: &str| {
        let found = request
            .headers
            .iter()
            .find(|header| header.name.eq_ignore_ascii_case(name));
        found.map(|header| header.value)
    };
    let Some(length) = find("content-length") else {
        bail!("a request without a length");
    };
    let length: usize = std::str::from_utf8(length)?.trim().parse()?;
    let id = find("idempotency-key").context("a request without a key")?;
    Ok(Some((id.to_vec(), head + length)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_measured_whole() {
        let text = b"POST / HTTP/1.1\r\nIdempotency-Key: k\r\nContent-Length: 2\r\n\r\n{}";
        assert_eq!(parse(text).unwrap(), Some((b"k".to_vec(), text.len())));
        assert_eq!(parse(&text[..30]).unwrap(), None);
        assert!(parse(b"POST / HTTP/1.1\r\n\r\n").is_err());
    }
}
