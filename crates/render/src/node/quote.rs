//! `quote`: somebody else's words.

use super::Node;
use super::words::Wording;
use crate::RenderError;
use crate::compile::{Fields, Style};
use crate::css::Kind;
use crate::mail::{Align, Css, Mail, Paragraph, TextStyle};
use crate::scene::Scene;
use crate::telling::Telling;

#[derive(Debug)]
struct Quote {
    wording: Wording,
    style: TextStyle,
    align: Align,
    bar: Option<Style>,
    padding: Option<Style>,
    background: Option<Style>,
    font_size: Option<Style>,
    line_height: Option<Style>,
}

pub(super) fn compile(fields: &mut Fields<'_>) -> Option<Box<dyn Node>> {
    let style = fields.choice("text_style", TextStyle::NAMES, TextStyle::Text);
    let align = fields.choice("align", Align::NAMES, Align::Start);
    let bar = fields.style(&["border_color", "borderColor"], Kind::Color);
    let background = fields.style(&["background_color"], Kind::Color);
    let font_size = fields.style(&["font_size"], Kind::Length);
    let line_height = fields.style(&["line_height"], Kind::LineHeight);
    let padding = fields.style(&["padding"], Kind::Lengths);
    let wording = fields.rich("content").map(Wording::Text)?;
    Some(Box::new(Quote {
        wording,
        style,
        align,
        bar,
        padding,
        background,
        font_size,
        line_height,
    }))
}

impl Node for Quote {
    fn draw(&self, mail: &mut Mail, scene: &mut Scene<'_>) -> Result<(), RenderError> {
        let background = scene.style(self.background.as_ref())?;
        let html = self.wording.html(background.as_deref(), None, mail, scene)?;
        let mut cell = Css::default();
        cell.set("background-color", background);
        let mut letters = Css::default();
        letters.set("font-size", scene.style(self.font_size.as_ref())?);
        letters.set("line-height", scene.style(self.line_height.as_ref())?);
        let bar = scene.style(self.bar.as_ref())?;
        let padding = scene.style(self.padding.as_ref())?;
        let text = Paragraph {
            style: self.style,
            align: self.align,
            padding: padding.as_deref(),
            cell: &cell,
            letters: &letters,
            html: &html,
        };
        mail.quote(&text, bar.as_deref());
        Ok(())
    }

    fn tell(&self, telling: &mut Telling, scene: &mut Scene<'_>) -> Result<(), RenderError> {
        let (words, _) = self.wording.tell(telling, scene)?;
        telling.quote(words);
        Ok(())
    }
}
