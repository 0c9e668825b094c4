//! Text with emphasis and links, values filled in.

use crate::richtext::Style;

/// A run of text. Whatever stands in a [`Span::Text`] is literal: a channel with markup of its own must take the meaning
/// from its marks there.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Words(pub(crate) Vec<Span>);

/// A piece of text.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Span {
    /// Literal text; may hold line breaks.
    Text(String),
    /// Literal text in a fixed pitch.
    Code(String),
    /// A line break.
    Break,
    /// Emphasised.
    Styled(Style, Words),
    /// A link.
    Link {
        /// Where it leads; `#` for nowhere.
        href: String,
        /// What is read.
        label: Words,
    },
}

impl Words {
    /// The same with an emphasis, if it is wanted.
    #[must_use]
    pub(crate) fn styled(self, style: Style, wanted: bool) -> Self {
        if wanted && !self.0.is_empty() {
            Self(vec![Span::Styled(style, self)])
        } else {
            self
        }
    }

    /// In plain words: links as `label (url)`, or once where label and URL are the same.
    pub(crate) fn plain(&self) -> String {
        let mut out = String::new();
        self.push_plain(&mut out);
        out
    }

    fn push_plain(&self, out: &mut String) {
        for span in &self.0 {
            match span {
                Span::Text(text) | Span::Code(text) => out.push_str(text),
                Span::Break => out.push('\n'),
                Span::Styled(_, inner) => inner.push_plain(out),
                Span::Link { href, label } => out.push_str(&labelled(&label.plain(), href)),
            }
        }
    }
}

/// A link in plain words.
fn labelled(label: &str, href: &str) -> String {
    let bare = href
        .strip_prefix("mailto:")
        .or_else(|| href.strip_prefix("tel:"))
        .unwrap_or(href);
    if !super::block::leads(href) || label == href || label == bare {
        label.to_owned()
    } else if label.trim().is_empty() {
        href.to_owned()
    } else {
        format!("{label} ({href})")
    }
}
