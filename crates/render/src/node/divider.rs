//! `divider`: a thin line.

use tidings_types::Channel;

use super::Node;
use crate::RenderError;
use crate::compile::{Fields, Style};
use crate::css::Kind;
use crate::mail::Mail;
use crate::scene::Scene;
use crate::telling::Telling;

#[derive(Debug)]
struct Divider {
    color: Option<Style>,
    width: Option<Style>,
    padding: Option<Style>,
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "every kind has this signature, and some can be wrong"
)]
pub(super) fn compile(fields: &mut Fields<'_>) -> Option<Box<dyn Node>> {
    Some(Box::new(Divider {
        color: fields.style(&["color"], Kind::Color),
        width: fields.style(&["border_width", "width"], Kind::Length),
        padding: fields.style(&["padding"], Kind::Lengths),
    }))
}

impl Node for Divider {
    fn draw(&self, mail: &mut Mail, scene: &mut Scene<'_>) -> Result<(), RenderError> {
        let color = scene.style(self.color.as_ref())?;
        let width = scene.style(self.width.as_ref())?;
        let padding = scene.style(self.padding.as_ref())?;
        mail.divider(color.as_deref(), width.as_deref(), padding.as_deref());
        Ok(())
    }

    /// An invisible one only keeps blocks apart, as they stand anyway where there is no page.
    fn tell(&self, telling: &mut Telling, scene: &mut Scene<'_>) -> Result<(), RenderError> {
        if scene.style(self.color.as_ref())?.as_deref() != Some("transparent") {
            telling.divider();
        }
        Ok(())
    }

    fn speaks_to(&self, _channel: Channel, _provider: Option<&str>) -> bool {
        false
    }
}
