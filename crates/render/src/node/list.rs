//! `list` and `list-item`.

use tidings_template::Template;
use tidings_types::Channel;

use super::words::Wording;
use super::{Element, Node};
use crate::RenderError;
use crate::compile::{Family, Fields, Style};
use crate::css::Kind;
use crate::mail::{Bullet, ListLook, Mail};
use crate::scene::Scene;
use crate::telling::{self, Block, Telling, leads};

/// How deep lists may stand in each other.
pub(crate) const MAX_LISTS: usize = 5;

#[derive(Debug)]
struct List {
    ordered: bool,
    items: Vec<Element>,
    src: Option<Template>,
    href: Option<Template>,
    padding: Option<Style>,
    font_size: Option<Style>,
    line_height: Option<Style>,
}

/// Reads a `list`.
#[expect(
    clippy::unnecessary_wraps,
    reason = "every kind has this signature, and some can be wrong"
)]
pub(super) fn compile(fields: &mut Fields<'_>) -> Option<Box<dyn Node>> {
    let ordered = fields.choice("list_type", &[("ordered", true), ("unordered", false)], false);
    Some(Box::new(List {
        ordered,
        src: fields.either("imgSrc", "img_src").filter(|src| !src.is_empty()),
        href: fields.either("imgHref", "img_href").filter(|href| !href.is_empty()),
        padding: fields.style(&["padding"], Kind::Lengths),
        font_size: fields.style(&["font_size"], Kind::Length),
        line_height: fields.style(&["line_height"], Kind::LineHeight),
        items: fields.list_items(),
    }))
}

impl Node for List {
    fn draw(&self, mail: &mut Mail, scene: &mut Scene<'_>) -> Result<(), RenderError> {
        let src = self.src.as_ref().map(|src| scene.link(src, "image")).transpose()?;
        let href = self.href.as_ref().map(|href| scene.link(href, "image")).transpose()?;
        let look = ListLook {
            ordered: self.ordered,
            padding: scene.style(self.padding.as_ref())?,
            font_size: scene.style(self.font_size.as_ref())?,
            line_height: scene.style(self.line_height.as_ref())?,
        };
        let bullet = src.filter(|src| leads(src)).map(|src| Bullet { src, href });
        mail.open_list(bullet);
        let items = mail.aside(None, None, |mail| {
            self.items.iter().try_for_each(|item| item.draw(mail, scene))
        });
        mail.close_list(&look, &items?);
        Ok(())
    }

    fn tell(&self, telling: &mut Telling, scene: &mut Scene<'_>) -> Result<(), RenderError> {
        let told = telling.aside(|telling| self.items.iter().try_for_each(|item| item.tell(telling, scene)))?;
        let mut list = telling::List {
            ordered: self.ordered,
            items: Vec::new(),
        };
        for block in told {
            if let Block::List(item) = block {
                list.items.extend(item.items);
            }
        }
        if !list.items.is_empty() {
            telling.list(list);
        }
        Ok(())
    }

    fn speaks_to(&self, channel: Channel, provider: Option<&str>) -> bool {
        self.items.iter().any(|item| item.speaks_to(channel, provider))
    }
}

#[derive(Debug)]
struct Item {
    wording: Wording,
    background: Option<Style>,
}

/// Reads a `list-item`.
pub(super) fn item(fields: &mut Fields<'_>) -> Option<Box<dyn Node>> {
    let background = fields.style(&["background_color"], Kind::Color);
    Some(Box::new(Item {
        wording: Wording::read(fields, Family::Item)?,
        background,
    }))
}

impl Node for Item {
    fn draw(&self, mail: &mut Mail, scene: &mut Scene<'_>) -> Result<(), RenderError> {
        let background = scene.style(self.background.as_ref())?;
        let html = self.wording.html(background.as_deref(), None, mail, scene)?;
        mail.list_item(background.as_deref(), &html);
        Ok(())
    }

    /// As a list of one, which the list around it takes apart.
    fn tell(&self, telling: &mut Telling, scene: &mut Scene<'_>) -> Result<(), RenderError> {
        let (words, lists) = self.wording.tell(telling, scene)?;
        telling.list(telling::List {
            ordered: false,
            items: vec![telling::Item { words, lists }],
        });
        Ok(())
    }
}
