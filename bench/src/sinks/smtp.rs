//! An SMTP sink (RFC 5321): the plain dialogue, without extensions, taking every mail over.

use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

use super::Tally;

/// Takes connections for as long as the program runs.
pub(super) async fn serve(listener: TcpListener, tally: Tally) {
    while let Ok((stream, _)) = listener.accept().await {
        let tally = tally.clone();
        // A connection that is cut shows in the count.
        tokio::spawn(async move { drop(talk(stream, &tally).await) });
    }
}

async fn talk(stream: TcpStream, tally: &Tally) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut stream = BufReader::new(stream);
    let mut line = Vec::new();
    stream.get_mut().write_all(b"220 sink\r\n").await?;
    while next_line(&mut stream, &mut line).await? {
        let verb = line.get(..4).unwrap_or_default().to_ascii_uppercase();
        let answer: &[u8] = match verb.as_slice() {
            b"EHLO" | b"HELO" => b"250 sink\r\n",
            b"MAIL" | b"RCPT" | b"RSET" | b"NOOP" => b"250 ok\r\n",
            b"DATA" => {
                stream.get_mut().write_all(b"354 go on\r\n").await?;
                let Some(id) = mail(&mut stream, &mut line).await? else {
                    return Ok(());
                };
                tally.may_answer().await;
                tally.took(&id);
                b"250 taken\r\n"
            }
            b"QUIT" => {
                stream.get_mut().write_all(b"221 bye\r\n").await?;
                return Ok(());
            }
            _ => b"502 unknown\r\n",
        };
        stream.get_mut().write_all(answer).await?;
    }
    Ok(())
}

/// Reads a mail to its end; returns its id.
async fn mail(stream: &mut BufReader<TcpStream>, line: &mut Vec<u8>) -> std::io::Result<Option<Vec<u8>>> {
    let mut id = Vec::new();
    while next_line(stream, line).await? {
        if line == b".\r\n" {
            return Ok(Some(id));
        }
        if id.is_empty()
            && line
                .get(..11)
                .is_some_and(|name| name.eq_ignore_ascii_case(b"message-id:"))
        {
            id.clone_from(line);
        }
    }
    Ok(None)
}

async fn next_line(stream: &mut BufReader<TcpStream>, line: &mut Vec<u8>) -> std::io::Result<bool> {
    line.clear();
    Ok(stream.read_until(b'\n', line).await? > 0)
}

#[cfg(test)]
mod tests {
    use tokio::io::AsyncReadExt as _;

    use super::*;

    #[tokio::test]
    async fn mails_are_taken_over_and_counted_by_their_id() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let tally = Tally::default();
        tokio::spawn(serve(listener, tally.clone()));
        let mut stream = TcpStream::connect(address).await.unwrap();
        let mail = "MAIL FROM:<a@b.c>\r\nRCPT TO:<b@b.c>\r\nDATA\r\nMessage-ID: <1>\r\n\r\n..\r\n.\r\n";
        stream
            .write_all(format!("EHLO me\r\n{mail}{mail}QUIT\r\n").as_bytes())
            .await
            .unwrap();
        let mut heard = String::new();
        stream.read_to_string(&mut heard).await.unwrap();
        assert_eq!(heard.matches("250 taken").count(), 2);
        assert_eq!((tally.distinct(), tally.repeated()), (1, 1));
    }
}
