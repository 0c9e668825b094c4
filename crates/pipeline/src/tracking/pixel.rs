//! The picture that tells that a mail was opened.

/// Puts the picture at the end of a mail's HTML.
pub fn with_pixel(html: &str, url: &str) -> String {
    // The address is ours: base64, dots and slashes need no escaping.
    let picture = format!("<img src=\"{url}\" width=\"1\" height=\"1\" alt=\"\" style=\"display:block;border:0\">");
    let end = html.to_ascii_lowercase().rfind("</body>").unwrap_or(html.len());
    let (before, after) = html.split_at(end);
    format!("{before}{picture}{after}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_stands_at_the_end_of_the_body() {
        let out = with_pixel("<html><body><p>Hi</p></BODY></html>", "https://t.example/o/x.gif");
        assert!(out.contains("<p>Hi</p><img src=\"https://t.example/o/x.gif\""), "{out}");
        assert!(out.ends_with("></BODY></html>"), "{out}");
        assert!(with_pixel("Hi", "u").starts_with("Hi<img"));
    }
}
