//! `columns` and `column`: side by side in mail where there is room, one below the other elsewhere.

use tidings_types::Channel;

use super::{Element, Node};
use crate::RenderError;
use crate::compile::{Border, Family, Fields, Style};
use crate::css::{Kind, pixels};
use crate::mail::{ColumnLook, ColumnsLook, Css, Mail, VerticalAlign};
use crate::scene::Scene;
use crate::telling::Telling;

/// The space between columns that say nothing of it, in pixels.
const GAP: u32 = 16;

/// Ground, border and padding.
#[derive(Debug)]
struct Frame {
    background: Option<Style>,
    border: Border,
    padding: Option<Style>,
}

impl Frame {
    fn read(fields: &mut Fields<'_>) -> Self {
        Self {
            background: fields.style(&["background_color"], Kind::Color),
            border: Border::read(fields),
            padding: fields.style(&["padding"], Kind::Lengths),
        }
    }

    fn css(&self, scene: &mut Scene<'_>) -> Result<Css, RenderError> {
        let mut css = Css::default();
        css.set("background-color", scene.style(self.background.as_ref())?);
        self.border.set(&mut css, scene)?;
        css.set("padding", scene.style(self.padding.as_ref())?);
        Ok(css)
    }
}

#[derive(Debug)]
struct Columns {
    each: Vec<Element>,
    gap: Option<Style>,
    frame: Frame,
    vertical: VerticalAlign,
}

/// Reads `columns`.
#[expect(
    clippy::unnecessary_wraps,
    reason = "every kind has this signature, and some can be wrong"
)]
pub(super) fn compile(fields: &mut Fields<'_>) -> Option<Box<dyn Node>> {
    Some(Box::new(Columns {
        gap: fields.style(&["gap"], Kind::Length),
        frame: Frame::read(fields),
        vertical: fields.choice("vertical_align", VerticalAlign::NAMES, VerticalAlign::Top),
        each: fields.children(Family::Columns),
    }))
}

impl Node for Columns {
    fn draw(&self, mail: &mut Mail, scene: &mut Scene<'_>) -> Result<(), RenderError> {
        let gap = scene.style(self.gap.as_ref())?;
        let look = ColumnsLook {
            css: self.frame.css(scene)?,
            gap: gap.as_deref().map_or(GAP, |gap| pixels(gap).unwrap_or(GAP).min(100)),
            count: self.each.len(),
            vertical: self.vertical,
        };
        let around = mail.open_columns(look);
        let drawn = self.each.iter().try_for_each(|column| column.draw(mail, scene));
        mail.close_columns(around);
        drawn
    }

    fn tell(&self, telling: &mut Telling, scene: &mut Scene<'_>) -> Result<(), RenderError> {
        let mut told = Vec::with_capacity(self.each.len());
        for column in &self.each {
            told.push(telling.aside(|telling| column.tell(telling, scene))?);
        }
        told.retain(|column| !column.is_empty());
        if !told.is_empty() {
            telling.columns(told);
        }
        Ok(())
    }

    fn speaks_to(&self, channel: Channel, provider: Option<&str>) -> bool {
        self.each.iter().any(|column| column.speaks_to(channel, provider))
    }
}

#[derive(Debug)]
struct Column {
    elements: Vec<Element>,
    width: Option<Style>,
    frame: Frame,
    vertical: Option<VerticalAlign>,
}

/// Reads a `column`.
#[expect(
    clippy::unnecessary_wraps,
    reason = "every kind has this signature, and some can be wrong"
)]
pub(super) fn column(fields: &mut Fields<'_>) -> Option<Box<dyn Node>> {
    let own = fields.get("vertical_align").is_some();
    let vertical = fields.choice("vertical_align", VerticalAlign::NAMES, VerticalAlign::Top);
    Some(Box::new(Column {
        width: fields.style(&["width"], Kind::Length),
        frame: Frame::read(fields),
        vertical: own.then_some(vertical),
        elements: fields.children(Family::Blocks),
    }))
}

impl Node for Column {
    fn draw(&self, mail: &mut Mail, scene: &mut Scene<'_>) -> Result<(), RenderError> {
        let look = ColumnLook {
            width: scene.style(self.width.as_ref())?,
            css: self.frame.css(scene)?,
            vertical: self.vertical,
        };
        let beside = mail.open_column(&look);
        let drawn = self.elements.iter().try_for_each(|element| element.draw(mail, scene));
        mail.close_column(look, beside);
        drawn
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
