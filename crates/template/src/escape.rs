//! Making literal text safe for the place it goes to.

/// What a value must be made safe for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Escape {
    /// Nothing: plain text.
    None,
    /// HTML text and quoted attributes. The template's own text is HTML already.
    Html,
    /// The same, where the template's own text is no HTML and needs it as well.
    HtmlText,
}

impl Escape {
    /// Appends text, made safe.
    pub fn push(self, out: &mut String, text: &str) {
        match self {
            Self::None => out.push_str(text),
            Self::Html | Self::HtmlText => push_html(out, text),
        }
    }
}

/// Appends text so that it is text in HTML, also inside a quoted attribute.
fn push_html(out: &mut String, text: &str) {
    let mut rest = text;
    while let Some((at, entity)) = rest.char_indices().find_map(|(at, c)| Some((at, entity(c)?))) {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        out.push_str(entity);
        // Every character with an entity is one byte long.
        rest = from.get(1..).unwrap_or_default();
    }
    out.push_str(rest);
}

/// The entity of the five characters that mean something in HTML.
const fn entity(c: char) -> Option<&'static str> {
    match c {
        '&' => Some("&amp;"),
        '<' => Some("&lt;"),
        '>' => Some("&gt;"),
        '"' => Some("&quot;"),
        '\'' => Some("&#39;"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_characters_become_entities() {
        let mut out = String::new();
        Escape::Html.push(&mut out, "a<b> & \"c\" 'd' é");
        assert_eq!(out, "a&lt;b&gt; &amp; &quot;c&quot; &#39;d&#39; é");
    }
}
