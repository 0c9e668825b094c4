//! `channel`: the content of one channel, and in mail the look of the page.

use serde_json::Value;

use super::{Element, Node};
use crate::RenderError;
use crate::compile::{Family, Fields, Style};
use crate::css::Kind;
use crate::mail::{Mail, Page};
use crate::raw::Raw;
use crate::scene::Scene;
use crate::telling::Telling;

#[derive(Debug)]
struct ChannelNode {
    elements: Vec<Element>,
    raw: Option<Raw>,
    background: Option<Style>,
    card: Option<Style>,
    fonts: Option<Style>,
    font_size: Option<Style>,
    line_height: Option<Style>,
    padding: Option<Style>,
}

/// Reads a channel element and its name.
pub(crate) fn compile(fields: &mut Fields<'_>) -> Option<(String, Element)> {
    let name = match fields.get("channel") {
        Some(Value::String(name)) if !name.is_empty() => name.clone(),
        _ => {
            fields.problem("channel", "is required");
            return None;
        }
    };
    // Editors of older templates keep the subject in `raw`, beside the elements.
    let has_elements = match fields.get("raw") {
        Some(Value::Object(raw)) => {
            let titles_them = raw.keys().all(|key| matches!(key.as_str(), "subject" | "title"));
            titles_them && fields.get("elements").is_some()
        }
        raw => raw.is_none(),
    };
    let raw = fields.inside("raw", Raw::read);
    let node = ChannelNode {
        background: fields.style(&["background_color"], Kind::Color),
        card: fields.style(&["content_body_color"], Kind::Color),
        fonts: fields.style(&["font_family"], Kind::Fonts),
        font_size: fields.style(&["font_size"], Kind::Length),
        line_height: fields.style(&["line_height"], Kind::LineHeight),
        padding: fields.style(&["padding"], Kind::Lengths),
        elements: if has_elements {
            fields.children(Family::Blocks)
        } else {
            Vec::new()
        },
        raw,
    };
    Some((name, Element::new(fields, Box::new(node))?))
}

impl Node for ChannelNode {
    fn draw(&self, mail: &mut Mail, scene: &mut Scene<'_>) -> Result<(), RenderError> {
        if let Some(html) = self.raw.as_ref().map(|raw| raw.html(scene)).transpose()?.flatten() {
            mail.set_document(html);
            return Ok(());
        }
        mail.set_page(Page {
            background: scene.style(self.background.as_ref())?,
            card: scene.style(self.card.as_ref())?,
            fonts: scene.style(self.fonts.as_ref())?,
            font_size: scene.style(self.font_size.as_ref())?,
            line_height: scene.style(self.line_height.as_ref())?,
            padding: scene.style(self.padding.as_ref())?,
        });
        self.elements.iter().try_for_each(|element| element.draw(mail, scene))
    }

    fn tell(&self, telling: &mut Telling, scene: &mut Scene<'_>) -> Result<(), RenderError> {
        if let Some(raw) = &self.raw {
            raw.tell(telling, scene)?;
        }
        self.elements
            .iter()
            .try_for_each(|element| element.tell(telling, scene))
    }
}
