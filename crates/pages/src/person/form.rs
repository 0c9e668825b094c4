//! What a person's form says.

use url::form_urlencoded;

/// The fields of a form, in order; names may repeat.
#[derive(Debug, Default)]
pub(super) struct Form(Vec<(String, String)>);

impl Form {
    /// Reads a form as browsers send it (`application/x-www-form-urlencoded`).
    pub(super) fn parse(body: &[u8]) -> Self {
        Self(form_urlencoded::parse(body).into_owned().collect())
    }

    /// Adds a field at the end.
    pub(super) fn add(&mut self, name: impl Into<String>, value: &str) {
        self.0.push((name.into(), value.to_owned()));
    }

    /// As browsers send it.
    pub(super) fn encode(&self) -> String {
        form_urlencoded::Serializer::new(String::new())
            .extend_pairs(&self.0)
            .finish()
    }

    /// The values of a field.
    fn all<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> {
        self.0
            .iter()
            .filter(move |(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// The first value of a field.
    pub(super) fn first(&self, name: &str) -> Option<&str> {
        self.all(name).next()
    }

    /// Whether a field has a value.
    pub(super) fn says(&self, name: &str, value: &str) -> bool {
        self.all(name).any(|one| one == value)
    }
}

/// Whether a mail program asks on the person's behalf, with one click (RFC 8058, section 3.2: the body is a form in
/// either encoding, with the one field `List-Unsubscribe` set to `One-Click`).
pub(super) fn is_one_click(body: &[u8]) -> bool {
    if Form::parse(body).says("List-Unsubscribe", "One-Click") {
        return true;
    }
    let text = String::from_utf8_lossy(body);
    let multipart = text
        .lines()
        .any(|line| line.contains("form-data") && line.contains("\"List-Unsubscribe\""));
    multipart && text.lines().any(|line| line.trim() == "One-Click")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_click_comes_in_either_encoding() {
        assert!(is_one_click(b"List-Unsubscribe=One-Click"));
        let multipart =
            b"--x\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--x--\r\n";
        assert!(is_one_click(multipart));
        for other in [&b""[..], b"action=undo", b"List-Unsubscribe=", b"One-Click"] {
            assert!(!is_one_click(other));
        }
    }
}
