//! Tags set aside while another language, such as markdown, is parsed around them.
//!
//! [`Template::masked`] writes each tag as a mark, a whole block being one, and [`Template::unmask`] puts them back into
//! whatever pieces the other parser made of the text. Values are filled in after that, so they can never be read as that
//! language.

use crate::Template;
use crate::block::Block;
use crate::part::Part;

/// Opens a mark. A noncharacter: Unicode reserves it for uses like this one, and it is never part of a text.
const OPEN: char = '\u{FDD0}';
/// Closes a mark.
const CLOSE: char = '\u{FDD1}';

/// Both marks. Templates are read without them, so that none of ours can come from an author.
pub(crate) const MARKS: [char; 2] = [OPEN, CLOSE];

/// A stretch of a template.
#[derive(Clone, Debug, PartialEq)]
pub enum Piece {
    /// Text and tags without branches.
    Text(Template),
    /// A block, whose branches are templates of their own.
    Block(Box<Block>),
}

impl Template {
    /// The template's text with each tag written as a mark that no markup language knows.
    pub fn masked(&self) -> String {
        let mut out = String::new();
        for (index, part) in self.parts.iter().enumerate() {
            if let Part::Literal(text) = part {
                // Literal templates were never read, and may still hold some.
                out.extend(text.chars().filter(|c| !MARKS.contains(c)));
            } else {
                out.push(OPEN);
                out.push_str(&index.to_string());
                out.push(CLOSE);
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
            let part = mark.parse::<usize>().ok().and_then(|index| self.parts.get(index));
            if let Some(part) = part.filter(|part| !matches!(part, Part::Literal(_))) {
                if !literal.is_empty() {
                    parts.push(Part::Literal(std::mem::take(&mut literal)));
                }
                parts.push(part.clone());
            }
            literal.push_str(after);
        }
        if !literal.is_empty() {
            parts.push(Part::Literal(literal));
        }
        Self { parts }
    }

    /// The template cut up at its blocks.
    pub fn into_pieces(self) -> Vec<Piece> {
        let mut pieces = Vec::new();
        let mut parts = Vec::new();
        for part in self.parts {
            if let Part::Block(block) = part {
                if !parts.is_empty() {
                    let parts = std::mem::take(&mut parts);
                    pieces.push(Piece::Text(Self { parts }));
                }
                pieces.push(Piece::Block(block));
            } else {
                parts.push(part);
            }
        }
        if !parts.is_empty() {
            pieces.push(Piece::Text(Self { parts }));
        }
        pieces
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masking_and_unmasking_gives_the_same_template() {
        for source in [
            "",
            "plain",
            "{{a}}",
            "x {{a}}{b.c} y {$.d} z",
            "{{{a}}}!",
            "{{#if a}}b{{else}}c{{/if}} {{add 1 2}}",
            "e\u{FDD0}{c}]\u{FDD1} x {{#if a}}\u{FDD0}{{/if}}",
        ] {
            let template = Template::parse(source).unwrap();
            assert_eq!(template.unmask(&template.masked()), template, "{source}");
        }
    }

    #[test]
    fn marks_in_the_source_are_no_marks() {
        let template = Template::parse("\u{FDD0}1\u{FDD1}{{a}}").unwrap();
        assert_eq!(template.masked(), "1\u{FDD0}1\u{FDD1}");
    }

    #[test]
    fn a_block_is_a_piece_of_its_own() {
        let pieces = Template::parse("a {{b}}{{#if c}}d{{/if}}e").unwrap().into_pieces();
        assert!(matches!(
            pieces.as_slice(),
            [Piece::Text(_), Piece::Block(_), Piece::Text(_)]
        ));
    }
}
