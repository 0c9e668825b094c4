//! `group`: elements that share a condition, and in mail a background.

use tidings_types::Channel;

use super::{Element, Node};
use crate::RenderError;
use crate::compile::{Border, Family, Fields, Style};
use crate::css::Kind;
use crate::mail::{Css, Mail};
use crate::scene::Scene;
use crate::telling::Telling;

#[derive(Debug)]
struct Group {
    elements: Vec<Element>,
    background: Option<Style>,
    border: Border,
    padding: Option<Style>,
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "every kind has this signature, and some can be wrong"
)]
pub(super) fn compile(fields: &mut Fields<'_>) -> Option<Box<dyn Node>> {
    Some(Box::new(Group {
        background: fields.style(&["background_color"], Kind::Color),
        padding: fields.style(&["padding"], Kind::Lengths),
        border: Border::read(fields),
        elements: fields.children(Family::Blocks),
    }))
}

impl Node for Group {
    fn draw(&self, mail: &mut Mail, scene: &mut Scene<'_>) -> Result<(), RenderError> {
        let mut css = Css::default();
        css.set("background-color", scene.style(self.background.as_ref())?);
        self.border.set(&mut css, scene)?;
        css.set("padding", scene.style(self.padding.as_ref())?);
        let outer = mail.open_group(&css);
        for element in &self.elements {
            element.draw(mail, scene)?;
        }
        mail.close_group(outer);
        Ok(())
    }

    fn tell(&self, telling: &mut Telling, scene: &mut Scene<'_>) -> Result<(), RenderError> {
        self.elements
            .iter()
            .try_for_each(|element| element.tell(telling, scene))
    }

    fn speaks_to(&self, channel: Channel, provider: Option<&str>) -> bool {
        self.elements.iter().any(|element| element.speaks_to(channel, provider))
    }
}
