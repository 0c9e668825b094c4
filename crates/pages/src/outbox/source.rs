//! A mail as text: its headers and its source, before the encodings of its transport.

use std::fmt::Write as _;

use tidings_store::Caught;
use tidings_types::rendered::{Email, Mailbox};

/// Separates the parts. Fixed, since nothing parses this text again.
const BOUNDARY: &str = "tidings-part";

/// The headers a mail would have, in order.
pub(super) fn headers(caught: &Caught, mail: &Email) -> Vec<(String, String)> {
    let mut headers = Vec::new();
    let mut push = |name: &str, value: String| {
        if !value.is_empty() {
            headers.push((name.to_owned(), value));
        }
    };
    push(
        "Date",
        caught.at.to_jiff().strftime("%a, %d %b %Y %H:%M:%S +0000").to_string(),
    );
    push("From", mail.from.as_ref().map(mailbox).unwrap_or_default());
    push("To", caught.to.clone());
    push("Cc", mailboxes(&mail.cc));
    push("Bcc", mailboxes(&mail.bcc));
    push("Reply-To", mail.reply_to.as_ref().map(mailbox).unwrap_or_default());
    push("Subject", mail.subject.clone());
    headers.extend(mail.headers.iter().cloned());
    headers
}

/// The mail as a reader of mail sources expects it: headers, then the parts (RFC 2046, section 5.1), readable.
pub(super) fn mail(caught: &Caught, mail: &Email, headers: &[(String, String)]) -> String {
    let mut text = String::with_capacity(mail.html.len() + mail.text.len() + 1024);
    for (name, value) in headers {
        let _infallible = writeln!(text, "{name}: {value}");
    }
    let _infallible = writeln!(text, "X-Tidings-Message: {}", caught.message_id);
    text.push_str("MIME-Version: 1.0\n");
    let _infallible = writeln!(text, "Content-Type: multipart/alternative; boundary=\"{BOUNDARY}\"\n");
    for (kind, part) in [("text/plain", &mail.text), ("text/html", &mail.html)] {
        let _infallible = writeln!(
            text,
            "--{BOUNDARY}\nContent-Type: {kind}; charset=utf-8\n\n{}\n",
            part.trim_end()
        );
    }
    let _infallible = writeln!(text, "--{BOUNDARY}--");
    for file in &mail.attachments {
        let bytes = file.data.len() / 4 * 3;
        let _infallible = writeln!(
            text,
            "\n[attached: {}, {}, {bytes} bytes]",
            file.filename, file.content_type
        );
    }
    text
}

fn mailbox(mailbox: &Mailbox) -> String {
    match &mailbox.name {
        Some(name) => format!("{name} <{}>", mailbox.email),
        None => mailbox.email.clone(),
    }
}

fn mailboxes(all: &[Mailbox]) -> String {
    all.iter().map(mailbox).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use tidings_types::{Environment, MessageId, Rendered, Timestamp};

    use super::*;

    #[test]
    fn headers_come_before_the_parts() {
        let email = Email {
            subject: "Hi".to_owned(),
            html: "<p>Hi</p>".to_owned(),
            text: "Hi".to_owned(),
            from: Some(Mailbox {
                email: "a@b.c".to_owned(),
                name: Some("A".to_owned()),
            }),
            headers: vec![("List-Unsubscribe".to_owned(), "<https://x>".to_owned())],
            ..Email::default()
        };
        let caught = Caught {
            number: 1,
            environment: Environment::Test,
            message_id: MessageId::from("1-a-b"),
            provider: "smtp".to_owned(),
            to: "x@y.z".to_owned(),
            rendered: Rendered::Email(email.clone()),
            payload: None,
            at: Timestamp::from_millis(0),
        };
        let headers = headers(&caught, &email);
        let names: Vec<_> = headers.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["Date", "From", "To", "Subject", "List-Unsubscribe"]);
        assert_eq!(headers[0].1, "Thu, 01 Jan 1970 00:00:00 +0000");
        let source = mail(&caught, &email, &headers);
        assert!(source.find("Subject: Hi").unwrap() < source.find("text/plain").unwrap());
        assert!(source.ends_with("--tidings-part--\n"), "{source}");
    }
}
