//! Writing a mail as MIME: text and HTML as alternatives, within a mixed part when there are files.
//!
//! The bytes depend on the submission alone, so every attempt sends the same mail.

use std::time::{Duration, SystemTime};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use lettre::message::header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue, MessageId};
use lettre::message::{Attachment, Body, Mailbox as Address, Message, MultiPart, SinglePart};
use tidings_types::rendered::{Email, Mailbox};

use crate::{Reject, SmtpSubmission};

/// Headers written from the mail's own parts; further headers of these names are left out.
const RESERVED_HEADERS: [&str; 11] = [
    "from",
    "to",
    "cc",
    "bcc",
    "reply-to",
    "subject",
    "date",
    "message-id",
    "mime-version",
    "content-type",
    "content-transfer-encoding",
];

/// The mail with its envelope.
pub(crate) fn build(submission: &SmtpSubmission) -> Result<Message, Reject> {
    let mail = &submission.mail;
    let mut builder = Message::builder()
        .from(mailbox("from", &submission.from)?)
        .to(mailbox("to", &submission.to)?)
        .date(system_time(submission))
        .header(MessageId::from(format!("<{}>", submission.message_id)))
        .subject(mail.subject.as_str());
    if let Some(reply_to) = &mail.reply_to {
        builder = builder.reply_to(mailbox("reply_to", reply_to)?);
    }
    for copy in &mail.cc {
        builder = builder.cc(mailbox("cc", copy)?);
    }
    for copy in &mail.bcc {
        builder = builder.bcc(mailbox("bcc", copy)?);
    }
    for (name, value) in &mail.headers {
        if !RESERVED_HEADERS.contains(&name.to_ascii_lowercase().as_str()) {
            builder = builder.raw_header(header(name, value)?);
        }
    }
    let content = content(submission)?;
    let message = if mail.attachments.is_empty() {
        match content {
            Content::One(part) => builder.singlepart(part),
            Content::Both(part) => builder.multipart(part),
        }
    } else {
        let mixed = MultiPart::mixed().boundary(boundary(submission, "mixed"));
        let mut mixed = match content {
            Content::One(part) => mixed.singlepart(part),
            Content::Both(part) => mixed.multipart(part),
        };
        for file in &mail.attachments {
            mixed = mixed.singlepart(attachment(file)?);
        }
        builder.multipart(mixed)
    };
    message.map_err(|error| Reject::Message(format!("the mail cannot be written: {error}")))
}

enum Content {
    One(SinglePart),
    Both(MultiPart),
}

fn content(submission: &SmtpSubmission) -> Result<Content, Reject> {
    let Email { text, html, .. } = &submission.mail;
    let plain = || part(ContentType::TEXT_PLAIN, text);
    match (text.is_empty(), html.is_empty()) {
        (_, true) => Ok(Content::One(plain()?)),
        (true, false) => Ok(Content::One(part(ContentType::TEXT_HTML, html)?)),
        (false, false) => Ok(Content::Both(
            MultiPart::alternative()
                .boundary(boundary(submission, "alternative"))
                .singlepart(plain()?)
                .singlepart(part(ContentType::TEXT_HTML, html)?),
        )),
    }
}

/// A text part. It is always quoted-printable, so that no server needs 8BITMIME, no line is too long, and no line can
/// be taken for a boundary.
fn part(kind: ContentType, text: &str) -> Result<SinglePart, Reject> {
    let body = Body::new_with_encoding(text.to_owned(), ContentTransferEncoding::QuotedPrintable)
        .map_err(|_| Reject::Message("the mail's text cannot be encoded".to_owned()))?;
    Ok(SinglePart::builder().header(kind).body(body))
}

fn attachment(file: &tidings_types::rendered::Attachment) -> Result<SinglePart, Reject> {
    let wrong = |what: &str| Reject::Message(format!("the attachment {}: {what}", file.filename));
    let data = file
        .data
        .bytes()
        .filter(|byte| !byte.is_ascii_whitespace())
        .collect::<Vec<_>>();
    let bytes = STANDARD.decode(data).map_err(|_| wrong("its data is not base64"))?;
    let kind = ContentType::parse(&file.content_type).map_err(|_| wrong("its content type is not a media type"))?;
    let body =
        Body::new_with_encoding(bytes, ContentTransferEncoding::Base64).map_err(|_| wrong("cannot be encoded"))?;
    Ok(Attachment::new(file.filename.clone()).body(body, kind))
}

/// A boundary that no encoded part can hold: `=_` stands in neither quoted-printable nor base64 (RFC 2045, section 6.7).
fn boundary(submission: &SmtpSubmission, kind: &str) -> String {
    let id: String = submission
        .message_id
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .take(40)
        .collect();
    format!("=_{kind}_{id}")
}

fn header(name: &str, value: &str) -> Result<HeaderValue, Reject> {
    let is_token = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_graphic() && byte != b':');
    if !is_token || value.chars().any(char::is_control) {
        return Err(Reject::Message(
            "a mail header holds characters that it cannot".to_owned(),
        ));
    }
    let parsed = HeaderName::new_from_ascii(name.to_owned());
    let parsed = parsed.map_err(|_| Reject::Message(format!("{name} is not a header name")))?;
    // Tokens such as links must not be folded or encoded: readers take them as they stand.
    Ok(if value.is_ascii() && value.len() < 900 {
        HeaderValue::dangerous_new_pre_encoded(parsed, value.to_owned(), value.to_owned())
    } else {
        HeaderValue::new(parsed, value.to_owned())
    })
}

fn mailbox(field: &str, mailbox: &Mailbox) -> Result<Address, Reject> {
    let address = mailbox.email.parse().map_err(|_| match field {
        "to" => Reject::Address("to: not a mail address".to_owned()),
        _ => Reject::Message(format!("{field}: not a mail address")),
    })?;
    Ok(Address::new(
        mailbox.name.clone().filter(|name| !name.is_empty()),
        address,
    ))
}

fn system_time(submission: &SmtpSubmission) -> SystemTime {
    let millis = u64::try_from(submission.date.as_millis()).unwrap_or(0);
    SystemTime::UNIX_EPOCH + Duration::from_millis(millis)
}
