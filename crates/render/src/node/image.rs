//! `image`: a picture, perhaps a link.

use tidings_template::Template;

use super::Node;
use crate::RenderError;
use crate::compile::{Border, Fields, Style};
use crate::css::{Kind, pixels};
use crate::mail::{Align, Css, Mail, Picture};
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
    natural: Option<Style>,
    border: Border,
    untracked: bool,
}

pub(super) fn compile(fields: &mut Fields<'_>) -> Option<Box<dyn Node>> {
    let href = fields.template("href").filter(|href| !href.is_empty());
    let alt = fields.either("alt_text", "altText");
    let align = fields.choice("align", Align::NAMES, Align::Center);
    let width = fields.style(&["width"], Kind::Length);
    let padding = fields.style(&["padding"], Kind::Lengths);
    let natural = fields.style(&["image_natural_width"], Kind::Length);
    let border = Border::read(fields);
    let untracked = fields.flag("disable_tracking");
    let src = fields.required("src")?;
    Some(Box::new(Image {
        src,
        href,
        alt,
        align,
        width,
        padding,
        natural,
        border,
        untracked,
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
        let mut frame = Css::default();
        self.border.set(&mut frame, scene)?;
        let picture = Picture {
            src,
            href: self
                .href
                .as_ref()
                .map(|href| scene.shown_link(href, "image", self.untracked))
                .transpose()?,
            alt: self.alt(scene)?,
            align: self.align,
            width: scene.style(self.width.as_ref())?,
            padding: scene.style(self.padding.as_ref())?,
            natural: scene.style(self.natural.as_ref())?.as_deref().and_then(pixels),
            frame,
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
