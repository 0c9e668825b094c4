//! A border, however content spells it.

use serde_json::Value;

use super::{Fields, Style};
use crate::RenderError;
use crate::css::Kind;
use crate::mail::Css;
use crate::scene::Scene;

/// The colour of a border that has only a size.
const COLOR: &str = "#e5e7eb";

/// A border: `border_color`, `border_size` (or `border_width`) and `border_radius`, or the older `border` object with
/// `enabled`, `color`, `size` and `radius`.
#[derive(Debug, Default)]
pub(crate) struct Border {
    color: Option<Style>,
    size: Option<Style>,
    radius: Option<Style>,
}

impl Border {
    /// Reads an element's border.
    pub(crate) fn read(fields: &mut Fields<'_>) -> Self {
        let mut border = Self {
            color: fields.style(&["border_color", "borderColor"], Kind::Color),
            size: fields.style(&["border_size", "border_width", "borderSize"], Kind::Length),
            radius: fields.style(&["border_radius", "borderRadius"], Kind::Lengths),
        };
        let older = fields.inside("border", |older| {
            // Everything is read, so that what is wrong is told even while it is switched off.
            let read = Self {
                color: older.style(&["color"], Kind::Color),
                size: older.style(&["size"], Kind::Length),
                radius: older.style(&["radius"], Kind::Lengths),
            };
            let off = older
                .get("enabled")
                .is_some_and(|enabled| enabled != &Value::Bool(true));
            older.flag("enabled");
            (!off).then_some(read)
        });
        if let Some(older) = older.flatten() {
            border.color = border.color.or(older.color);
            border.size = border.size.or(older.size);
            border.radius = border.radius.or(older.radius);
        }
        border
    }

    /// Adds it to a box's styles.
    pub(crate) fn set(&self, css: &mut Css, scene: &mut Scene<'_>) -> Result<(), RenderError> {
        let color = scene.style(self.color.as_ref())?;
        let size = scene.style(self.size.as_ref())?;
        let radius = scene.style(self.radius.as_ref())?;
        let line = match (color, size) {
            (None, None) => None,
            (color, size) => {
                let size = size.unwrap_or_else(|| "1px".to_owned());
                let color = color.unwrap_or_else(|| COLOR.to_owned());
                (!matches!(size.as_str(), "0px" | "0")).then(|| format!("{size} solid {color}"))
            }
        };
        css.set("border", line);
        css.set("border-radius", radius);
        Ok(())
    }
}
