//! What an author's own HTML says in plain words, for the text part of a mail that has none.

/// Elements whose content nobody reads.
const HIDDEN: &[&str] = &["head", "style", "script", "title", "template"];
/// Elements that begin a line of their own.
const BLOCKS: &[&str] = &[
    "address",
    "article",
    "blockquote",
    "br",
    "div",
    "dd",
    "dl",
    "dt",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "li",
    "main",
    "ol",
    "p",
    "pre",
    "section",
    "table",
    "td",
    "th",
    "tr",
    "ul",
];
/// Entities that HTML in mail is full of; others stay as they are written.
const ENTITIES: &[(&str, &str)] = &[
    ("amp", "&"),
    ("lt", "<"),
    ("gt", ">"),
    ("quot", "\""),
    ("apos", "'"),
    ("nbsp", " "),
    ("zwnj", ""),
    ("mdash", "—"),
    ("ndash", "–"),
    ("hellip", "…"),
    ("middot", "·"),
    ("copy", "©"),
    ("reg", "®"),
    ("euro", "€"),
];

/// The words of HTML, a line for each block, links as `label (url)`.
pub fn words(html: &str) -> String {
    let mut reader = Reader::default();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        let (text, tail) = rest.split_at(at);
        reader.text(text);
        let end = if tail.starts_with("<!--") {
            tail.find("-->").map(|end| end + 3)
        } else {
            tail.find('>').map(|end| end + 1)
        };
        let (tag, after) = tail.split_at(end.unwrap_or(tail.len()));
        reader.tag(tag);
        rest = after;
    }
    reader.text(rest);
    reader.finish()
}

#[derive(Default)]
struct Reader {
    lines: Vec<String>,
    line: String,
    hidden: Option<String>,
    /// Where the link that is open leads, and how long the line was when it began.
    link: Option<(String, usize)>,
}

impl Reader {
    fn text(&mut self, text: &str) {
        if self.hidden.is_some() {
            return;
        }
        let decoded = decoded(text);
        for (index, word) in decoded.split([' ', '\t', '\r', '\n']).enumerate() {
            if index > 0 && !self.line.is_empty() && !self.line.ends_with(' ') {
                self.line.push(' ');
            }
            self.line.push_str(word);
        }
    }

    fn tag(&mut self, tag: &str) {
        let inside = tag.trim_start_matches('<').trim_end_matches('>');
        let (closing, inside) = inside
            .strip_prefix('/')
            .map_or((false, inside), |inside| (true, inside));
        let name: String = inside
            .chars()
            .take_while(char::is_ascii_alphanumeric)
            .collect::<String>()
            .to_ascii_lowercase();
        if let Some(hidden) = &self.hidden {
            if closing && *hidden == name {
                self.hidden = None;
            }
            return;
        }
        if !closing && HIDDEN.contains(&name.as_str()) && !inside.ends_with('/') {
            self.hidden = Some(name);
        } else if name == "a" {
            self.end_link();
            if !closing {
                self.link = attribute(inside, "href").map(|href| (decoded(&href), self.line.len()));
            }
        } else if name == "img" {
            if let Some(alt) = attribute(inside, "alt") {
                self.text(&alt);
            }
        } else if BLOCKS.contains(&name.as_str()) {
            self.end_line();
        }
    }

    fn end_link(&mut self) {
        let Some((href, from)) = self.link.take() else { return };
        let label = self.line.get(from..).unwrap_or_default().trim();
        if href.is_empty() || href.starts_with('#') || label == href {
            return;
        }
        let told = if label.is_empty() { href } else { format!(" ({href})") };
        self.line.push_str(&told);
    }

    fn end_line(&mut self) {
        let line = std::mem::take(&mut self.line);
        if let Some((_, from)) = &mut self.link {
            *from = 0;
        }
        let line = line.trim();
        if !line.is_empty() {
            self.lines.push(line.to_owned());
        }
    }

    fn finish(mut self) -> String {
        self.end_link();
        self.end_line();
        self.lines.join("\n")
    }
}

/// The value of an attribute.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let lower = tag.to_ascii_lowercase();
    let at = lower.find(&format!(" {name}="))? + name.len() + 2;
    let rest = tag.get(at..)?;
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''));
    let value = match quote {
        Some(quote) => rest.get(1..)?.split(quote).next()?,
        None => rest.split_whitespace().next()?,
    };
    Some(value.to_owned())
}

/// Text as its reader sees it: with the entities that are known in their place.
pub(crate) fn decoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        let (before, tail) = rest.split_at(at);
        out.push_str(before);
        let entity = tail.get(1..).and_then(|tail| tail.split_once(';'));
        if let Some((c, after)) = entity.and_then(|(name, after)| Some((character(name)?, after))) {
            out.push_str(&c);
            rest = after;
        } else {
            out.push('&');
            rest = tail.get(1..).unwrap_or_default();
        }
    }
    out.push_str(rest);
    out
}

fn character(name: &str) -> Option<String> {
    let number = |digits: &str| match digits.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok(),
        None => digits.parse().ok(),
    };
    if let Some(digits) = name.strip_prefix('#') {
        let c = number(digits).and_then(char::from_u32)?;
        // A combining grapheme joiner and its like only pad a preview.
        return Some(if matches!(c, '\u{34F}' | '\u{200C}') {
            String::new()
        } else {
            c.to_string()
        });
    }
    let known = ENTITIES.iter().find(|(one, _)| *one == name);
    known.map(|(_, text)| (*text).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_is_read_as_its_reader_would() {
        let html = "<html><head><style>p{}</style><title>x</title></head><body><h1>Hi  Ada</h1><p>a &amp; b<br>c \
            <a href=\"https://a.example/?x=1&amp;y=2\">here</a>, <a href='https://b.example'>https://b.example</a></p>\
            <!-- no --><img alt=\"A cat\" src=\"x\"><table><tr><td>1</td><td>&#8364;2</td></tr></table></body></html>";
        assert_eq!(
            words(html),
            "Hi Ada\na & b\nc here (https://a.example/?x=1&y=2), https://b.example\nA cat\n1\n€2"
        );
    }

    #[test]
    fn broken_html_is_no_danger() {
        for html in ["<", "<a href=", "&#xFFFFFFFF;", "&;", "<style>x", "</a></a>", "a<b"] {
            words(html);
        }
        assert_eq!(words("5 &lt; 6 &unknown; &"), "5 < 6 &unknown; &");
    }
}
