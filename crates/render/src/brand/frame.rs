//! A brand's own document in MJML: compiled once, with places left open for what each mail puts in.

use tidings_template::{Escape, Template};

use super::mjml::{self, Aside};
use super::reader::Reader;

/// A document with places left open.
#[derive(Debug)]
pub(crate) struct Frame(pub(crate) Vec<Piece>);

/// A piece of the document.
#[derive(Debug)]
pub(crate) enum Piece {
    /// HTML with variables.
    Html(Template),
    /// A place left open.
    Slot(Slot),
}

/// What a mail puts in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Slot {
    /// The subject, as the title.
    Subject,
    /// The language tag.
    Language,
    /// `ltr` or `rtl`.
    Direction,
    /// The style sheets of our elements.
    Sheets,
    /// The preview shown in lists of mails.
    Preview,
    /// The content: rows of a table.
    Rows,
}

impl Slot {
    const ALL: [(&'static str, Self); 6] = [
        ("{{subject}}", Self::Subject),
        ("{{language}}", Self::Language),
        ("{{direction}}", Self::Direction),
        ("{{sheets}}", Self::Sheets),
        ("{{preview}}", Self::Preview),
        ("{{rows}}", Self::Rows),
    ];

    fn mark(self, slots: &mut Aside) -> String {
        let name = Self::ALL
            .iter()
            .find(|(_, one)| *one == self)
            .map_or("", |(name, _)| name);
        slots.mark(name)
    }

    fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(one, _)| *one == name).map(|(_, slot)| *slot)
    }
}

/// The brand's settings for it.
pub(super) struct Parts<'a> {
    pub(super) page: Option<String>,
    pub(super) card: Option<String>,
    pub(super) width: Option<u32>,
    pub(super) head: Option<&'a str>,
    pub(super) header: Option<&'a str>,
    pub(super) footer: Option<&'a str>,
}

/// Compiles the document; `None`, and a problem, if it cannot be.
pub(super) fn build(parts: &Parts<'_>, reader: &mut Reader<'_>) -> Option<Frame> {
    const PATH: [&str; 3] = ["email", "templateOverride", "mjml"];
    if parts.head.is_none() && parts.header.is_none() && parts.footer.is_none() {
        return None;
    }
    let given = [parts.head, parts.header, parts.footer].map(Option::unwrap_or_default);
    let mut work = Work {
        tags: Aside::around("templatetag", &given),
        slots: Aside::around("templateslot", &given),
    };
    match work.compiled(parts) {
        Ok(html) => work.pieces(&html, reader, &PATH),
        Err((part, reason)) => {
            let mut path = PATH.to_vec();
            path.extend((!part.is_empty()).then_some(part));
            reader.problem(&path, reason);
            None
        }
    }
}

/// A document being compiled.
struct Work {
    /// Tags of the template language.
    tags: Aside,
    /// Places left open.
    slots: Aside,
}

impl Work {
    /// The document's HTML, tags still set aside; or which part is wrong, and how.
    fn compiled(&mut self, parts: &Parts<'_>) -> Result<String, (&'static str, String)> {
        let mut part = |name: &'static str, source: Option<&str>, root: &str| {
            let source = source.unwrap_or_default();
            let masked = self.tags.mask(source, root);
            // Each part alone first, so that it is known which is to blame.
            if !source.is_empty() {
                let (head, body) = if name == "head" {
                    (masked.as_str(), "")
                } else {
                    ("", masked.as_str())
                };
                let alone = format!("<mjml><mj-head>{head}</mj-head><mj-body>{body}</mj-body></mjml>");
                mjml::html(&alone).map_err(|reason| (name, reason))?;
            }
            Ok(masked)
        };
        let head = part("head", parts.head, "mj-head")?;
        let header = part("header", parts.header, "mj-body")?;
        let footer = part("footer", parts.footer, "mj-body")?;
        mjml::html(&self.document(parts, &head, &header, &footer)).map_err(|reason| ("", reason))
    }

    fn document(&mut self, parts: &Parts<'_>, head: &str, header: &str, footer: &str) -> String {
        let color = |value: Option<&String>| {
            value
                .map(|value| format!(" background-color=\"{value}\""))
                .unwrap_or_default()
        };
        let width = parts
            .width
            .map(|width| format!(" width=\"{width}px\""))
            .unwrap_or_default();
        let (page, card) = (color(parts.page.as_ref()), color(parts.card.as_ref()));
        let mut slot = |slot: Slot| slot.mark(&mut self.slots);
        format!(
            "<mjml lang=\"{}\" dir=\"{}\"><mj-head><mj-title>{}</mj-title><mj-attributes>\
             <mj-all font-family=\"Helvetica, Arial, sans-serif\" /></mj-attributes><mj-raw>{}</mj-raw>{head}</mj-head>\
             <mj-body{page}{width}><mj-raw>{}</mj-raw>{header}\
             <mj-section{card} padding=\"24px 16px 8px\"><mj-column><mj-raw>{}</mj-raw></mj-column></mj-section>\
             {footer}</mj-body></mjml>",
            slot(Slot::Language),
            slot(Slot::Direction),
            slot(Slot::Subject),
            slot(Slot::Sheets),
            slot(Slot::Preview),
            slot(Slot::Rows),
        )
    }

    /// Takes the document apart at the places left open.
    fn pieces(&self, html: &str, reader: &mut Reader<'_>, path: &[&str]) -> Option<Frame> {
        let (first, marked) = self.slots.split(html);
        let mut pieces = vec![Piece::Html(reader.parsed(path, &self.tags.back(first))?)];
        for (name, after) in marked {
            pieces.extend(Slot::named(name).map(Piece::Slot));
            pieces.push(Piece::Html(reader.parsed(path, &self.tags.back(after))?));
        }
        if pieces.iter().any(|piece| matches!(piece, Piece::Slot(Slot::Rows))) {
            Some(Frame(pieces))
        } else {
            reader.problem(path, "leaves no place for the content");
            None
        }
    }
}

/// What a slot holds in a document, escaped.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    Escape::Html.push(&mut out, text);
    out
}
