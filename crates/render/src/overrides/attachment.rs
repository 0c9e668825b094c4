//! Files that go with a mail.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use tidings_types::rendered::Attachment;

/// The most bytes of all files of a mail together. Most mail servers take no more than 25 MB, and base64 makes four bytes
/// of three.
pub const MAX_ATTACHED: usize = 18 << 20;
/// The longest name of a file, in characters.
const MAX_NAME: usize = 120;

/// Reads an override's `attachments`: `[{filename, contentType, data}]`, the data in base64.
///
/// # Errors
/// Which part is wrong, such as `attachments.0.data`, and why.
pub fn attachments(value: &Value) -> Result<Vec<Attachment>, (String, String)> {
    let wrong = |field: String, reason: &str| Err((field, reason.to_owned()));
    let Some(list) = value.as_array() else {
        return wrong("attachments".to_owned(), "must be an array");
    };
    let mut files = Vec::with_capacity(list.len());
    let mut bytes = 0;
    for (index, file) in list.iter().enumerate() {
        let text = |names: &[&str]| names.iter().find_map(|name| file.get(*name)?.as_str());
        let field = |name: &str| format!("attachments.{index}.{name}");
        let Some(filename) = text(&["filename"]).and_then(safe_name) else {
            return wrong(field("filename"), "must be the name of a file");
        };
        let content_type = text(&["contentType", "content_type"]).unwrap_or_default().trim();
        if !is_media_type(content_type) {
            return wrong(field("contentType"), "must be a media type, such as application/pdf");
        }
        let data: String = text(&["data"]).unwrap_or_default().split_ascii_whitespace().collect();
        match STANDARD.decode(&data) {
            Ok(decoded) if !decoded.is_empty() => bytes += decoded.len(),
            _ => return wrong(field("data"), "must be base64 of at least one byte"),
        }
        if bytes > MAX_ATTACHED {
            let reason = format!("are more than {MAX_ATTACHED} bytes together");
            return Err(("attachments".to_owned(), reason));
        }
        files.push(Attachment {
            filename,
            content_type: content_type.to_owned(),
            data,
        });
    }
    Ok(files)
}

/// A name without folders before it, without what steers a terminal or turns text around, and not too long.
fn safe_name(name: &str) -> Option<String> {
    let last = name.rsplit(['/', '\\']).next()?;
    let steers = |letter: char| {
        letter.is_control()
            || matches!(letter, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let clean: String = last.chars().filter(|letter| !steers(*letter)).take(MAX_NAME).collect();
    let clean = clean.trim().trim_start_matches('.').trim();
    (!clean.is_empty()).then(|| clean.to_owned())
}

/// `type/subtype` and parameters (RFC 2045, 5.1), on one line.
fn is_media_type(text: &str) -> bool {
    let kind = text.split(';').next().unwrap_or_default().trim();
    let is_token = |part: &str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"!#$&^_.+-".contains(&byte))
    };
    let parts = kind.split_once('/');
    parts.is_some_and(|(kind, subtype)| is_token(kind) && is_token(subtype)) && !text.chars().any(char::is_control)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn names_are_made_safe() {
        for (given, safe) in [
            ("a.pdf", Some("a.pdf")),
            ("../../etc/passwd", Some("passwd")),
            ("C:\\temp\\Rechnung März.pdf", Some("Rechnung März.pdf")),
            ("a\u{202e}fdp.exe\r\n", Some("afdp.exe")),
            (".bashrc", Some("bashrc")),
            ("..", None),
            ("/", None),
        ] {
            assert_eq!(safe_name(given).as_deref(), safe, "{given}");
        }
    }

    #[test]
    fn what_is_wrong_is_named() {
        let good = json!({"filename": "a.pdf", "contentType": "application/pdf; name=a", "data": "QU\nJD"});
        assert_eq!(attachments(&json!([good])).unwrap()[0].data, "QUJD");
        for (field, value) in [("filename", "/"), ("contentType", "pdf"), ("data", "%%%"), ("data", "")] {
            let mut file = good.clone();
            file[field] = json!(value);
            assert_eq!(
                attachments(&json!([good, file])).unwrap_err().0,
                format!("attachments.1.{field}")
            );
        }
        assert_eq!(attachments(&json!("x")).unwrap_err().0, "attachments");
        let large =
            json!({"filename": "a", "contentType": "a/b", "data": STANDARD.encode(vec![0; MAX_ATTACHED / 2 + 1])});
        assert!(attachments(&json!([large])).is_ok());
        assert!(attachments(&json!([large, large])).unwrap_err().1.contains("together"));
    }
}
