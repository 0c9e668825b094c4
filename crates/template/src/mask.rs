//! Variables set aside while another language, such as markdown, is parsed around them.
//!
//! [`Template::masked`] writes each variable as a mark, and [`Template::unmask`] puts the variables back into whatever
//! pieces the other parser made of the text. Values are filled in after that, so they can never be read as that
//! language.

use crate::Template;
use crate::template::Part;

/// Opens a mark. A noncharacter: Unicode reserves it for uses like this one, and it is never part of a text.
const OPEN: char = '\u{FDD0}';
/// Closes a mark.
const CLOSE: char = '\u{FDD1}';

impl Template {
    /// The template's text with each variable written as a mark that no markup language knows.
    pub fn masked(&self) -> String {
        let mut out = String::new();
        for (index, part) in self.parts.iter().enumerate() {
            match part {
                // A mark in the author's own text would be taken for one of ours.
                Part::Literal(text) => out.extend(text.chars().filter(|c| !matches!(*c, OPEN | CLOSE))),
                Part::Variable(_) => {
                    out.push(OPEN);
                    out.push_str(&index.to_string());
                    out.push(CLOSE);
                }
            }
        }
        out
    }

    /// A template from a piece of this one's masked text. Everything but the marks is literal.
    #[must_use]
    pub fn unmask(&self, masked: &str) -> Self {
        let mut parts = Vec::new();
        let mut pieces = masked.split(OPEN);
        let mut literal = pieces.next().unwrap_or_default().to_owned();
        for piece in pieces {
            let (mark, after) = piece.split_once(CLOSE).unwrap_or((piece, ""));
            let variable = mark.parse::<usize>().ok().and_then(|index| self.parts.get(index));
            if let Some(variable @ Part::Variable(_)) = variable {
                if !literal.is_empty() {
                    parts.push(Part::Literal(std::mem::take(&mut literal)));
                }
                parts.push(variable.clone());
            }
            literal.push_str(after);
        }
        if !literal.is_empty() {
            parts.push(Part::Literal(literal));
        }
        Self { parts }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masking_and_unmasking_gives_the_same_template() {
        for source in ["", "plain", "{{a}}", "x {{a}}{b.c} y {$.d} z", "{{{a}}}!"] {
            let template = Template::parse(source).unwrap();
            assert_eq!(template.unmask(&template.masked()), template, "{source}");
        }
    }

    #[test]
    fn marks_in_the_source_are_no_marks() {
        let template = Template::parse("\u{FDD0}1\u{FDD1}{{a}}").unwrap();
        assert_eq!(template.masked(), "1\u{FDD0}1\u{FDD1}");
    }
}
