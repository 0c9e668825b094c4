//! The content inside a brand's own document.

use super::Mail;
use super::document::push_preview;
use super::text::boxed;
use crate::brand::Slot;

/// A piece of a brand's own document, filled in.
#[derive(Debug)]
pub(crate) enum Filled {
    /// HTML.
    Html(String),
    /// A place for what this mail puts in.
    Slot(Slot),
}

impl Mail {
    /// The whole document: the brand's own, with this mail's content in its places.
    pub(crate) fn finish_in_frame(mut self, subject: &str, preview: &str) -> String {
        if let Some(own) = self.own.take() {
            return own;
        }
        let frame = self.theme.parts.frame.take().unwrap_or_default();
        let mut out = String::with_capacity(self.rows.len() + 8 * 1024);
        for piece in &frame {
            match piece {
                Filled::Html(html) => out.push_str(html),
                Filled::Slot(Slot::Subject) => out.push_str(&crate::brand::escaped(subject)),
                Filled::Slot(Slot::Language) => out.push_str(&self.theme.language),
                Filled::Slot(Slot::Direction) => out.push_str(self.theme.direction()),
                Filled::Slot(Slot::Sheets) => self.sheet.push_sizes(&mut out),
                Filled::Slot(Slot::Preview) => push_preview(&mut out, preview),
                Filled::Slot(Slot::Rows) => {
                    let table = boxed("c--content", self.theme.start, "padding:0", &super::stacked(&self.rows));
                    out.extend(["<tr><td>", &table, "</td></tr>"]);
                }
            }
        }
        out
    }
}
