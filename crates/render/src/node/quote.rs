//! `quote`: somebody else's words.

use super::Node;
use crate::RenderError;
use crate::compile::{Fields, Style};
use crate::css::Kind;
use crate::mail::{Align, Css, Mail, TextStyle};
use crate::richtext::RichText;
use crate::scene::Scene;
use crate::telling::Telling;

#[derive(Debug)]
struct Quote {
    content: RichText,
    style: TextStyle,
    align: Align,
    bar: Option<Style>,
    background: Option<Style>,
    font_size: Option<Style>,
    line_height: Option<Style>,
}

pub(super) fn compile(fields: &mut Fields<'_>) -> Option<Box<dyn Node>> {
    let style = fields.choice("text_style", TextStyle::NAMES, TextStyle::Text);
    let align = fields.choice("align", Align::NAMES, Align::Start);
    let bar = fields.style(&["border_color", "borderColor"], Kind::Color);
    let background = fields.style(&["background_color"], Kind::Color);
    let font_size = fields.style(&["font_size"], Kind::Lengths);
    let line_height = fields.style(&["line_height"], Kind::LineHeight);
    let content = fields.rich("content")?;
    Some(Box::new(Quote {
        content,
        style,
        align,
        bar,
        background,
        font_size,
        line_height,
    }))
}

impl Node for Quote {
    fn draw(&self, mail: &mut Mail, scene: &mut Scene<'_>) -> Result<(), RenderError> {
        let mut html = String::new();
        let (link, class) = (mail.link_css(None), mail.link_class(None));
        self.content.html(&mut html, &link, class, scene)?;
        let mut cell = Css::default();
        cell.set("background-color", scene.style(self.background.as_ref())?);
        let mut text = Css::default();
        text.set("font-size", scene.style(self.font_size.as_ref())?);
        text.set("line-height", scene.style(self.line_height.as_ref())?);
        let bar = scene.style(self.bar.as_ref())?;
        mail.quote(self.style, self.align, bar, &cell, &text, &html);
        Ok(())
    }

    fn tell(&self, telling: &mut Telling, scene: &mut Scene<'_>) -> Result<(), RenderError> {
        telling.quote(self.content.fill(scene)?);
        Ok(())
    }
}
