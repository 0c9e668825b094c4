//! `image`: a picture, perhaps a link.

use tidings_template::Template;

use super::Node;
use crate::RenderError;
use crate::compile::{Fields, Style};
use crate::css::Kind;
use crate::mail::{Align, Mail, Picture};
use crate::scene::Scene;
use crate::telling::{self, Telling, leads};

#[derive(Debug)]
struct Image {
    src: Template,
    href: Option<Template>,
    alt: Option<Template>,
    align: Align,
    width: Option<Style>,
    padding: Option<Style>,
    border_color: Option<Style>,
    border_size: Option<Style>,
}

pub(super) fn compile(fields: &mut Fields<'_>) -> Option<Box<dyn Node>> {
    let alt = if fields.get("alt_text").is_some() {
        "alt_text"
    } else {
        "altText"
    };
    let href = fields.template("href").filter(|href| !href.is_empty());
    let alt = fields.template(alt);
    let align = fields.choice("align", Align::NAMES, Align::Center);
    let width = fields.style(&["width"], Kind::Lengths);
    let padding = fields.style(&["padding"], Kind::Lengths);
    let border_color = fields.style(&["border_color"], Kind::Color);
    let border_size = fields.style(&["border_size"], Kind::Lengths);
    let src = fields.required("src")?;
    Some(Box::new(Image {
        src,
        href,
        alt,
        align,
        width,
        padding,
        border_color,
        border_size,
    }))
}

impl Image {
    fn alt(&self, scene: &mut Scene<'_>) -> Result<String, RenderError> {
        self.alt.as_ref().map_or(Ok(String::new()), |alt| scene.text(alt))
    }
}

impl Node for Image {
    fn draw(&self, mail: &mut Mail, scene: &mut Scene<'_>) -> Result<(), RenderError> {
        let src = scene.link(&self.src, "image")?;
        if !leads(&src) {
            return Ok(());
        }
        let picture = Picture {
            src,
            href: self.href.as_ref().map(|href| scene.link(href, "image")).transpose()?,
            alt: self.alt(scene)?,
            align: self.align,
            width: scene.style(self.width.as_ref())?,
            padding: scene.style(self.padding.as_ref())?,
            border_color: scene.style(self.border_color.as_ref())?,
            border_size: scene.style(self.border_size.as_ref())?,
        };
        mail.picture(&picture);
        Ok(())
    }

    fn tell(&self, telling: &mut Telling, scene: &mut Scene<'_>) -> Result<(), RenderError> {
        let src = scene.link(&self.src, "image")?;
        if leads(&src) {
            let href = self.href.as_ref().map(|href| scene.link(href, "image")).transpose()?;
            let alt = self.alt(scene)?;
            telling.picture(telling::Picture { src, alt, href });
        }
        Ok(())
    }
}
