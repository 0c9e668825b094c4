//! What a text or an item of a list says: markdown, or pieces with looks of their own.

use super::Element;
use crate::RenderError;
use crate::compile::{Family, Fields};
use crate::mail::{Align, Css, ListLook, Mail, Paragraph, TextStyle};
use crate::richtext::{RichText, TextBlock};
use crate::scene::Scene;
use crate::telling::{Block, List, Telling, Words};

/// What it says.
#[derive(Debug)]
pub(super) enum Wording {
    /// `content`: a text with inline markup.
    Text(RichText),
    /// `elements`: pieces one after the other.
    Pieces(Vec<Element>),
}

impl Wording {
    /// Reads `elements`, or `content` where there are none. The template designer writes no pieces and no `content` where
    /// nobody has written anything yet: that is an empty text.
    pub(super) fn read(fields: &mut Fields<'_>, family: Family) -> Option<Self> {
        let has_content = fields.get("content").is_some();
        let has_pieces = fields
            .get("elements")
            .is_some_and(|elements| !has_content || elements.as_array().is_none_or(|list| !list.is_empty()));
        if has_pieces {
            Some(Self::Pieces(fields.children(family)))
        } else {
            fields.rich("content").map(Self::Text)
        }
    }

    /// Its HTML, on a ground and in a colour of its own.
    pub(super) fn html(
        &self,
        background: Option<&str>,
        color: Option<&str>,
        mail: &mut Mail,
        scene: &mut Scene<'_>,
    ) -> Result<String, RenderError> {
        mail.aside(background, color, |mail| match self {
            Self::Text(text) => {
                let html = rich_html(text, color, mail, scene)?;
                mail.push(&html);
                Ok(())
            }
            Self::Pieces(pieces) => pieces.iter().try_for_each(|piece| piece.draw(mail, scene)),
        })
    }

    /// Its words, and the lists between them.
    pub(super) fn tell(&self, telling: &mut Telling, scene: &mut Scene<'_>) -> Result<(Words, Vec<List>), RenderError> {
        let pieces = match self {
            Self::Text(text) => return Ok((text.fill(scene)?, Vec::new())),
            Self::Pieces(pieces) => pieces,
        };
        let told = telling.aside(|telling| pieces.iter().try_for_each(|piece| piece.tell(telling, scene)))?;
        let (mut words, mut lists) = (Words::default(), Vec::new());
        for block in told {
            match block {
                Block::Text {
                    words: Words(spans), ..
                } => words.0.extend(spans),
                Block::List(list) => lists.push(list),
                _ => {}
            }
        }
        Ok((words, lists))
    }
}

/// Draws a text's headings and lists, and the lines between them, in a box if it has one.
pub(super) fn draw_blocks(
    blocks: &[TextBlock],
    align: Align,
    frame: &Css,
    letters: &Css,
    mail: &mut Mail,
    scene: &mut Scene<'_>,
) -> Result<(), RenderError> {
    let color = letters.get("color");
    let outer = mail.open_group(frame);
    let drawn = blocks.iter().try_for_each(|block| {
        let (style, text) = match block {
            TextBlock::Lines(text) => (TextStyle::Text, text),
            TextBlock::Heading(1, text) => (TextStyle::H1, text),
            TextBlock::Heading(2, text) => (TextStyle::H2, text),
            TextBlock::Heading(_, text) => (TextStyle::H3, text),
            TextBlock::List { ordered, items } => return draw_list(*ordered, items, letters, mail, scene),
        };
        let html = rich_html(text, color, mail, scene)?;
        mail.text(&Paragraph {
            style,
            align,
            padding: None,
            cell: &Css::default(),
            letters,
            html: &html,
        });
        Ok(())
    });
    mail.close_group(outer);
    drawn
}

fn draw_list(
    ordered: bool,
    items: &[RichText],
    letters: &Css,
    mail: &mut Mail,
    scene: &mut Scene<'_>,
) -> Result<(), RenderError> {
    let look = ListLook {
        ordered,
        padding: None,
        font_size: letters.get("font-size").map(str::to_owned),
        line_height: letters.get("line-height").map(str::to_owned),
    };
    mail.open_list(None);
    let drawn: Result<String, RenderError> = mail.aside(None, None, |mail| {
        items.iter().try_for_each(|item| {
            let html = rich_html(item, letters.get("color"), mail, scene)?;
            mail.list_item(None, &html);
            Ok(())
        })
    });
    mail.close_list(&look, &drawn?);
    Ok(())
}

fn rich_html(
    text: &RichText,
    color: Option<&str>,
    mail: &mut Mail,
    scene: &mut Scene<'_>,
) -> Result<String, RenderError> {
    mail.aside(None, color, |mail| {
        let (class, link) = mail.link();
        let mut html = String::new();
        text.html(&mut html, &link, &class, scene)?;
        mail.push(&html);
        Ok(())
    })
}
