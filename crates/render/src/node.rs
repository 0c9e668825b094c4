//! The kinds of element.

mod action;
pub(crate) mod channel;
mod columns;
mod divider;
mod group;
mod html;
mod image;
mod inline;
mod jsonnet;
mod list;
mod meta;
mod quote;
mod reference;
mod text;
mod words;

pub(crate) use self::list::MAX_LISTS;

use std::fmt::Debug;

use serde_json::Value;
use tidings_template::{Condition, Items, Repeat};
use tidings_types::Channel;

use crate::RenderError;
use crate::compile::{Family, Fields};
use crate::mail::Mail;
use crate::note::Note;
use crate::scene::Scene;
use crate::telling::Telling;

pub(crate) use self::reference::Reference;

/// What every kind of element can do.
pub(crate) trait Node: Debug + Send + Sync {
    /// Draws itself into a mail's HTML.
    fn draw(&self, mail: &mut Mail, scene: &mut Scene<'_>) -> Result<(), RenderError>;

    /// Tells itself, for every channel but mail's HTML.
    fn tell(&self, telling: &mut Telling, scene: &mut Scene<'_>) -> Result<(), RenderError>;

    /// Whether it can print anything in a channel, whatever the values.
    fn speaks_to(&self, _channel: Channel, _provider: Option<&str>) -> bool {
        true
    }
}

/// Reads an element of one kind.
type Compile = fn(&mut Fields<'_>) -> Option<Box<dyn Node>>;

/// A kind of element.
struct Kind {
    name: &'static str,
    compile: Compile,
    /// Where it can stand.
    families: &'static [Family],
    /// The fields that its `locales` may set.
    locales: &'static [&'static str],
}

const fn kind(
    name: &'static str,
    compile: Compile,
    families: &'static [Family],
    locales: &'static [&'static str],
) -> Kind {
    Kind {
        name,
        compile,
        families,
        locales,
    }
}

const BLOCKS: &[Family] = &[Family::Blocks];
const PIECES: &[Family] = &[Family::Pieces, Family::Item];

/// Every kind by its name.
const KINDS: &[Kind] = &[
    kind("action", action::compile, BLOCKS, &["content", "href"]),
    kind("column", columns::column, &[Family::Columns], &["elements"]),
    kind("columns", columns::compile, BLOCKS, &["elements"]),
    kind("divider", divider::compile, BLOCKS, &[]),
    kind("group", group::compile, BLOCKS, &["elements"]),
    kind("html", html::compile, BLOCKS, &["content"]),
    kind("image", image::compile, BLOCKS, &["href", "src", "alt_text"]),
    kind("img", inline::img, PIECES, &[]),
    kind("jsonnet", jsonnet::compile, BLOCKS, &[]),
    kind("link", inline::link, PIECES, &[]),
    kind("list", list::compile, &[Family::Blocks, Family::Item], &["elements"]),
    kind("list-item", list::item, &[Family::Items], &["content", "elements"]),
    kind("meta", meta::compile, BLOCKS, &["title"]),
    kind("quote", quote::compile, BLOCKS, &["content"]),
    kind("string", inline::string, PIECES, &[]),
    kind("text", text::compile, BLOCKS, &["content", "elements"]),
];

/// Kinds that print nothing anywhere.
const SILENT: &[&str] = &["comment", "partial"];

/// How many steps showing an element counts. Drawing one takes some microseconds and half a kilobyte, so that a rendering
/// ends after ten thousand of them.
const STEPS: u32 = 100;

/// What is done with an element each time it applies.
type Show<'s, 'a> = &'s mut dyn FnMut(&mut Scene<'a>) -> Result<(), RenderError>;

/// An element of any kind, with what all have in common.
#[derive(Debug)]
pub(crate) struct Element {
    path: String,
    channels: Vec<String>,
    condition: Option<Condition>,
    repeat: Option<Repeat>,
    reference: Option<Reference>,
    node: Box<dyn Node>,
}

/// Reads an element; `None` for one that prints nothing, or is wrong.
pub(crate) fn compile(fields: &mut Fields<'_>, family: Family) -> Option<Element> {
    let name = match fields.get("type") {
        Some(Value::String(name)) => name.as_str(),
        Some(_) => {
            fields.problem("type", "must be a string");
            return None;
        }
        None => {
            fields.problem("type", "is required");
            return None;
        }
    };
    if SILENT.contains(&name) {
        fields.locales(&[]);
        return None;
    }
    let Some(kind) = KINDS.iter().find(|kind| kind.name == name) else {
        fields.problem("type", unknown(name));
        return None;
    };
    if !kind.families.contains(&family) {
        fields.problem("type", misplaced(name, family));
        return None;
    }
    fields.locales(kind.locales);
    let node = (kind.compile)(fields);
    Element::new(fields, node?)
}

fn unknown(name: &str) -> String {
    if name == "channel" {
        "is channel, which can stand at the top level only".to_owned()
    } else {
        "is not a known kind of element".to_owned()
    }
}

fn misplaced(name: &str, family: Family) -> String {
    let wanted: Vec<&str> = KINDS
        .iter()
        .filter(|kind| kind.families.contains(&family))
        .map(|kind| kind.name)
        .collect();
    format!(
        "is {name}, which cannot stand here: it must be one of {}",
        wanted.join(", ")
    )
}

impl Element {
    /// An element around a node.
    pub(crate) fn new(fields: &mut Fields<'_>, node: Box<dyn Node>) -> Option<Self> {
        let channels = fields.channels();
        let condition = fields.condition();
        let repeat = fields.repeat();
        let reference = fields.reference();
        // Without its condition or loop the element would show where it must not.
        let is_whole =
            condition.is_some() == fields.get("if").is_some() && repeat.is_some() == fields.get("loop").is_some();
        is_whole.then(|| Self {
            path: fields.path().to_owned(),
            channels,
            condition,
            repeat,
            reference,
            node,
        })
    }

    /// Draws it into a mail, if it applies.
    pub(crate) fn draw(&self, mail: &mut Mail, scene: &mut Scene<'_>) -> Result<(), RenderError> {
        self.each_turn(scene, &mut |scene| self.node.draw(mail, scene))
    }

    /// Tells it, if it applies.
    pub(crate) fn tell(&self, telling: &mut Telling, scene: &mut Scene<'_>) -> Result<(), RenderError> {
        self.each_turn(scene, &mut |scene| self.node.tell(telling, scene))
    }

    /// Whether it can print anything in a channel, whatever the values.
    pub(crate) fn speaks_to(&self, channel: Channel, provider: Option<&str>) -> bool {
        self.is_for(channel, provider) && self.node.speaks_to(channel, provider)
    }

    /// Does something once, or once for each item of the loop, where the element applies.
    fn each_turn<'a>(&self, scene: &mut Scene<'a>, show: Show<'_, 'a>) -> Result<(), RenderError> {
        let mut shown = false;
        if self.is_for(scene.channel(), scene.request().provider) {
            match &self.repeat {
                None => shown = self.turn(scene, show)?,
                Some(repeat) => match repeat.items(scene.env())? {
                    None => scene.note(Note::NoArray {
                        element: self.path.clone(),
                    }),
                    Some(items) => shown = self.turns(items, scene, show)?,
                },
            }
        }
        match &self.reference {
            Some(reference) if !shown => reference.hidden(scene),
            _ => {}
        }
        Ok(())
    }

    fn turns<'a>(&self, items: Items<'a>, scene: &mut Scene<'a>, show: Show<'_, 'a>) -> Result<bool, RenderError> {
        let mut shown = false;
        for item in items {
            scene.env().enter(item);
            shown |= self.turn(scene, show)?;
            scene.env().leave();
        }
        Ok(shown)
    }

    /// Shows it if its condition holds; says whether it did.
    fn turn<'a>(&self, scene: &mut Scene<'a>, show: Show<'_, 'a>) -> Result<bool, RenderError> {
        scene.env().work(STEPS)?;
        if let Some(condition) = &self.condition {
            let holds = condition
                .evaluate(scene.env())
                .map_err(|error| RenderError::Condition {
                    element: self.path.clone(),
                    error,
                })?;
            if !holds {
                return Ok(false);
            }
        }
        show(scene)?;
        if let Some(reference) = &self.reference {
            reference.shown(scene)?;
        }
        Ok(true)
    }

    fn is_for(&self, channel: Channel, provider: Option<&str>) -> bool {
        self.channels.is_empty()
            || self
                .channels
                .iter()
                .any(|name| Channel::parse(name) == Some(channel) || provider == Some(name))
    }
}
