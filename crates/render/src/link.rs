//! Where links may lead.

use std::fmt::Write as _;

use tidings_types::Channel;

/// Schemes that people may be led to from a mail or a page.
const SCHEMES: &[&str] = &["http", "https", "mailto", "tel", "sms"];
/// Schemes that run or show what a sender wrote, wherever they are opened.
const DANGEROUS: &[&str] = &["javascript", "vbscript", "data", "file", "blob", "about", "view-source"];

/// A link that is safe to follow, or `None`.
///
/// A link without a scheme is relative, and safe. A push may also open an app by the app's own scheme. Line breaks
/// and control characters are dropped, as browsers do, before the scheme is looked at; characters that cannot stand
/// in a URL are percent-encoded.
pub(crate) fn safe(link: &str, channel: Channel) -> Option<String> {
    let cleaned: String = link.trim().chars().filter(|c| !c.is_control()).collect();
    let allowed = match scheme(&cleaned) {
        None => true,
        Some(scheme) if channel == Channel::Push => !DANGEROUS.contains(&scheme.as_str()),
        Some(scheme) => SCHEMES.contains(&scheme.as_str()),
    };
    allowed.then(|| encode(&cleaned))
}

/// The part before the first colon, unless a slash, question mark or hash comes before it (RFC 3986, 4.2).
fn scheme(link: &str) -> Option<String> {
    let end = link.find([':', '/', '?', '#'])?;
    let (scheme, rest) = link.split_at(end);
    rest.starts_with(':').then(|| scheme.trim().to_ascii_lowercase())
}

/// Percent-encodes what RFC 3986 does not let stand in a URL, non-ASCII letters excepted: readers see those.
fn encode(link: &str) -> String {
    let mut out = String::with_capacity(link.len());
    for c in link.chars() {
        if c.is_whitespace() || matches!(c, '"' | '<' | '>' | '\\' | '^' | '`' | '{' | '|' | '}') {
            let mut bytes = [0; 4];
            for byte in c.encode_utf8(&mut bytes).bytes() {
                // Writing to a string cannot fail.
                let _ = write!(out, "%{byte:02X}");
            }
        } else {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_known_schemes_and_relative_links_pass() {
        for good in [
            "https://a/b?c=d#e",
            "mailto:a@b",
            "tel:+1",
            "sms:+1",
            "/path",
            "#here",
            "?q=a:b",
            "page",
            "",
        ] {
            assert_eq!(safe(good, Channel::Email).as_deref(), Some(good));
        }
        for bad in [
            "javascript:alert(1)",
            " JaVa\nScript:x",
            "data:text/html,x",
            "vbscript:x",
            "file:///etc",
            "app:x",
        ] {
            assert_eq!(safe(bad, Channel::Email), None, "{bad}");
        }
    }

    #[test]
    fn a_push_may_open_an_app() {
        assert_eq!(safe("acme://order/1", Channel::Push).as_deref(), Some("acme://order/1"));
        assert_eq!(safe("javascript:x", Channel::Push), None);
    }

    #[test]
    fn what_no_url_holds_is_encoded() {
        assert_eq!(
            safe("https://a/b c\"<é>", Channel::Email).as_deref(),
            Some("https://a/b%20c%22%3Cé%3E")
        );
    }
}
