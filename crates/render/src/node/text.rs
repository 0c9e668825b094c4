//! `text`: a paragraph or heading.

use super::Node;
use super::words::{self, Wording};
use crate::RenderError;
use crate::compile::{Border, Family, Fields, Style};
use crate::css::Kind;
use crate::mail::{Align, Css, Mail, Paragraph, TextStyle};
use crate::richtext::{self, TextBlock};
use crate::scene::Scene;
use crate::telling::Telling;

#[derive(Debug)]
struct Text {
    wording: Wording,
    /// Its headings and lists, where it has any: in a mail these are drawn.
    blocks: Option<Vec<TextBlock>>,
    style: TextStyle,
    align: Align,
    looks: Looks,
}

/// How it looks in mail.
#[derive(Debug)]
struct Looks {
    color: Option<Style>,
    background: Option<Style>,
    padding: Option<Style>,
    border: Border,
    font_size: Option<Style>,
    line_height: Option<Style>,
    bold: bool,
    italic: bool,
    strike: bool,
    underline: bool,
}

pub(super) fn compile(fields: &mut Fields<'_>) -> Option<Box<dyn Node>> {
    let style = fields.choice("text_style", TextStyle::NAMES, TextStyle::Text);
    let align = fields.choice("align", Align::NAMES, Align::Start);
    let looks = Looks {
        color: fields.style(&["color"], Kind::Color),
        background: fields.style(&["background_color"], Kind::Color),
        padding: fields.style(&["padding"], Kind::Lengths),
        border: Border::read(fields),
        font_size: fields.style(&["font_size"], Kind::Length),
        line_height: fields.style(&["line_height"], Kind::LineHeight),
        bold: fields.flag("bold"),
        italic: fields.flag("italic"),
        strike: fields.flag("strikethrough"),
        underline: fields.flag("underline"),
    };
    let wording = Wording::read(fields, Family::Pieces)?;
    let blocks = matches!(wording, Wording::Text(_))
        .then(|| fields.blocks("content"))
        .flatten();
    Some(Box::new(Text {
        wording,
        blocks,
        style,
        align,
        looks,
    }))
}

impl Looks {
    /// What is added to the letters.
    fn letters(&self, color: Option<String>, scene: &mut Scene<'_>) -> Result<Css, RenderError> {
        let mut css = Css::default();
        css.set("font-size", scene.style(self.font_size.as_ref())?);
        css.set("line-height", scene.style(self.line_height.as_ref())?);
        css.set("color", color);
        css.set("font-weight", self.bold.then(|| "700".to_owned()));
        css.set("font-style", self.italic.then(|| "italic".to_owned()));
        let lines = [(self.underline, "underline"), (self.strike, "line-through")];
        let lines: Vec<&str> = lines
            .into_iter()
            .filter_map(|(wanted, name)| wanted.then_some(name))
            .collect();
        css.set("text-decoration", (!lines.is_empty()).then(|| lines.join(" ")));
        Ok(css)
    }
}

impl Node for Text {
    fn draw(&self, mail: &mut Mail, scene: &mut Scene<'_>) -> Result<(), RenderError> {
        let looks = &self.looks;
        let color = scene.style(looks.color.as_ref())?;
        let background = scene.style(looks.background.as_ref())?;
        let padding = scene.style(looks.padding.as_ref())?;
        if let Some(blocks) = &self.blocks {
            let mut frame = Css::default();
            frame.set("background-color", background);
            looks.border.set(&mut frame, scene)?;
            frame.set("padding", padding);
            let letters = looks.letters(color, scene)?;
            return words::draw_blocks(blocks, self.align, &frame, &letters, mail, scene);
        }
        let html = self
            .wording
            .html(background.as_deref(), color.as_deref(), mail, scene)?;
        // A heading that nobody has written yet. A paragraph without words is an empty line.
        if html.is_empty() && self.style != TextStyle::Text {
            return Ok(());
        }
        let mut cell = Css::default();
        cell.set("background-color", background);
        looks.border.set(&mut cell, scene)?;
        mail.text(&Paragraph {
            style: self.style,
            align: self.align,
            padding: padding.as_deref(),
            cell: &cell,
            letters: &looks.letters(color, scene)?,
            html: &html,
        });
        Ok(())
    }

    fn tell(&self, telling: &mut Telling, scene: &mut Scene<'_>) -> Result<(), RenderError> {
        let looks = &self.looks;
        let (words, _) = self.wording.tell(telling, scene)?;
        let words = words
            .styled(richtext::Style::Strike, looks.strike)
            .styled(richtext::Style::Italic, looks.italic)
            .styled(richtext::Style::Bold, looks.bold);
        telling.text(self.style, words);
        Ok(())
    }
}
