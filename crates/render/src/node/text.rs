//! `text`: a paragraph or heading.

use super::Node;
use crate::RenderError;
use crate::compile::{self, Fields};
use crate::css::Kind;
use crate::mail::{Align, Css, Mail, TextStyle};
use crate::richtext::{RichText, Style};
use crate::scene::Scene;
use crate::telling::Telling;

#[derive(Debug)]
struct Text {
    content: RichText,
    style: TextStyle,
    align: Align,
    looks: Looks,
}

/// How it looks in mail.
#[derive(Debug)]
struct Looks {
    color: Option<compile::Style>,
    background: Option<compile::Style>,
    padding: Option<compile::Style>,
    border_color: Option<compile::Style>,
    border_size: Option<compile::Style>,
    font_size: Option<compile::Style>,
    line_height: Option<compile::Style>,
    bold: bool,
    italic: bool,
    strike: bool,
    underline: bool,
}

pub(super) fn compile(fields: &mut Fields<'_>) -> Option<Box<dyn Node>> {
    fields.refuse(&["elements"]);
    let style = fields.choice("text_style", TextStyle::NAMES, TextStyle::Text);
    let align = fields.choice("align", Align::NAMES, Align::Start);
    let looks = Looks {
        color: fields.style(&["color"], Kind::Color),
        background: fields.style(&["background_color"], Kind::Color),
        padding: fields.style(&["padding"], Kind::Lengths),
        border_color: fields.style(&["border_color"], Kind::Color),
        border_size: fields.style(&["border_size"], Kind::Lengths),
        font_size: fields.style(&["font_size"], Kind::Lengths),
        line_height: fields.style(&["line_height"], Kind::LineHeight),
        bold: fields.flag("bold"),
        italic: fields.flag("italic"),
        strike: fields.flag("strikethrough"),
        underline: fields.flag("underline"),
    };
    Some(Box::new(Text {
        content: fields.rich("content")?,
        style,
        align,
        looks,
    }))
}

impl Node for Text {
    fn draw(&self, mail: &mut Mail, scene: &mut Scene<'_>) -> Result<(), RenderError> {
        let looks = &self.looks;
        let color = scene.style(looks.color.as_ref())?;
        let mut html = String::new();
        let (link, class) = (mail.link_css(color.as_deref()), mail.link_class(color.as_deref()));
        self.content.html(&mut html, &link, class, scene)?;

        let mut cell = Css::default();
        cell.set("background-color", scene.style(looks.background.as_ref())?);
        let padding = scene.style(looks.padding.as_ref())?;
        if let Some(border) = scene.style(looks.border_color.as_ref())? {
            let size = scene
                .style(looks.border_size.as_ref())?
                .unwrap_or_else(|| "1px".to_owned());
            cell.set("border", Some(format!("{size} solid {border}")));
        }
        let mut text = Css::default();
        text.set("font-size", scene.style(looks.font_size.as_ref())?);
        text.set("line-height", scene.style(looks.line_height.as_ref())?);
        text.set("color", color.clone());
        text.set("font-weight", looks.bold.then(|| "700".to_owned()));
        text.set("font-style", looks.italic.then(|| "italic".to_owned()));
        let lines = [(looks.underline, "underline"), (looks.strike, "line-through")];
        let lines: Vec<&str> = lines
            .into_iter()
            .filter_map(|(wanted, name)| wanted.then_some(name))
            .collect();
        text.set("text-decoration", (!lines.is_empty()).then(|| lines.join(" ")));

        mail.text(self.style, self.align, padding.as_deref(), &cell, &text, &html);
        Ok(())
    }

    fn tell(&self, telling: &mut Telling, scene: &mut Scene<'_>) -> Result<(), RenderError> {
        let looks = &self.looks;
        let words = self.content.fill(scene)?;
        let words = words
            .styled(Style::Strike, looks.strike)
            .styled(Style::Italic, looks.italic)
            .styled(Style::Bold, looks.bold);
        telling.text(self.style, words);
        Ok(())
    }
}
