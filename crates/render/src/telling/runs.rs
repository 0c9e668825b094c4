//! Words as lines of runs: what formats without nesting are written from.

use super::{Span, Words};
use crate::richtext::Style;

/// Text that looks the same from end to end. It holds no line break.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Run {
    /// Literal text.
    pub(crate) text: String,
    /// How it looks.
    pub(crate) look: Look,
    /// Where it leads, if anywhere.
    pub(crate) href: Option<String>,
}

/// How a run looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Look {
    pub(crate) bold: bool,
    pub(crate) italic: bool,
    pub(crate) strike: bool,
    pub(crate) code: bool,
}

/// A line: its runs in order.
pub(crate) type Line = Vec<Run>;

impl Run {
    /// Literal text and nothing else.
    pub(crate) fn plain(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            ..Self::default()
        }
    }

    /// A link; plain text if it leads nowhere.
    pub(crate) fn link(label: &str, href: &str) -> Self {
        Self {
            href: Some(href.to_owned()).filter(|href| super::leads(href)),
            ..Self::plain(label)
        }
    }
}

impl Words {
    /// The words line by line.
    pub(crate) fn lines(&self) -> Vec<Line> {
        let mut lines = vec![Line::new()];
        push(self, Look::default(), None, &mut lines);
        lines
    }

    /// Whether nothing would be seen.
    pub(crate) fn is_blank(&self) -> bool {
        self.plain().trim().is_empty()
    }
}

fn push(words: &Words, look: Look, href: Option<&str>, lines: &mut Vec<Line>) {
    for span in &words.0 {
        match span {
            Span::Text(text) => literal(text, look, href, lines),
            Span::Code(text) => literal(text, Look { code: true, ..look }, href, lines),
            Span::Break => lines.push(Line::new()),
            Span::Styled(style, inner) => push(inner, with(look, *style), href, lines),
            Span::Link { href: own, label } => {
                let own = Some(own.as_str()).filter(|href| super::leads(href));
                match own {
                    Some(own) if label.is_blank() => literal(own, look, Some(own), lines),
                    _ => push(label, look, own.or(href), lines),
                }
            }
        }
    }
}

fn with(look: Look, style: Style) -> Look {
    match style {
        Style::Bold => Look { bold: true, ..look },
        Style::Italic => Look { italic: true, ..look },
        Style::Strike => Look { strike: true, ..look },
    }
}

fn literal(text: &str, look: Look, href: Option<&str>, lines: &mut Vec<Line>) {
    for (index, part) in text.split('\n').enumerate() {
        if index > 0 {
            lines.push(Line::new());
        }
        let part = part.trim_end_matches('\r');
        let Some(line) = lines.last_mut().filter(|_| !part.is_empty()) else {
            continue;
        };
        match line.last_mut() {
            Some(last) if last.look == look && last.href.as_deref() == href => last.text.push_str(part),
            _ => line.push(Run {
                text: part.to_owned(),
                look,
                href: href.map(str::to_owned),
            }),
        }
    }
}
