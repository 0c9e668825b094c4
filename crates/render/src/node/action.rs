//! `action`: a button or link.

use tidings_template::Template;

use super::Node;
use crate::RenderError;
use crate::compile::{Fields, Style};
use crate::css::Kind;
use crate::mail::{Align, Button, ButtonStyle, Mail};
use crate::scene::Scene;
use crate::telling::{self, Telling};

#[derive(Debug)]
struct Action {
    content: Template,
    href: Template,
    style: ButtonStyle,
    align: Align,
    background: Option<Style>,
    color: Option<Style>,
    radius: Option<Style>,
    border: Option<Style>,
    padding: Option<Style>,
    font_size: Option<Style>,
    untracked: bool,
}

pub(super) fn compile(fields: &mut Fields<'_>) -> Option<Box<dyn Node>> {
    let style = fields.choice("style", ButtonStyle::NAMES, ButtonStyle::Button);
    let align = fields.choice("align", Align::NAMES, Align::Center);
    let background = fields.style(&["background_color"], Kind::Color);
    let color = fields.style(&["color"], Kind::Color);
    let radius = fields.style(&["border_radius"], Kind::Lengths);
    let border = fields.style(&["border_size"], Kind::Length);
    let padding = fields.style(&["padding"], Kind::Lengths);
    let font_size = fields.style(&["font_size"], Kind::Length);
    fields.text("action_id");
    let untracked = fields.flag("disable_tracking");
    let (content, href) = (fields.required("content"), fields.required("href"));
    let (content, href) = (content?, href?);
    Some(Box::new(Action {
        content,
        href,
        style,
        align,
        background,
        color,
        radius,
        border,
        padding,
        font_size,
        untracked,
    }))
}

impl Node for Action {
    fn draw(&self, mail: &mut Mail, scene: &mut Scene<'_>) -> Result<(), RenderError> {
        let button = Button {
            label: scene.text_html(&self.content)?,
            href: scene.shown_link(&self.href, "action", self.untracked)?,
            style: self.style,
            align: self.align,
            background: scene.style(self.background.as_ref())?,
            color: scene.style(self.color.as_ref())?,
            radius: scene.style(self.radius.as_ref())?,
            border: scene.style(self.border.as_ref())?,
            padding: scene.style(self.padding.as_ref())?,
            font_size: scene.style(self.font_size.as_ref())?,
        };
        mail.button(&button);
        Ok(())
    }

    fn tell(&self, telling: &mut Telling, scene: &mut Scene<'_>) -> Result<(), RenderError> {
        telling.action(telling::Action {
            label: scene.text(&self.content)?,
            href: scene.told_link(&self.href, "action", self.untracked)?,
            style: self.style.as_str(),
            background: scene.style(self.background.as_ref())?,
        });
        Ok(())
    }
}
