//! The kinds of element.

mod action;
pub(crate) mod channel;
mod divider;
mod group;
mod html;
mod image;
mod meta;
mod quote;
mod text;

use std::fmt::Debug;

use serde_json::Value;
use tidings_template::Condition;
use tidings_types::Channel;

use crate::RenderError;
use crate::compile::Fields;
use crate::mail::Mail;
use crate::scene::Scene;
use crate::telling::Telling;

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

/// Every kind by its name.
const KINDS: &[(&str, Compile)] = &[
    ("action", action::compile),
    ("divider", divider::compile),
    ("group", group::compile),
    ("html", html::compile),
    ("image", image::compile),
    ("meta", meta::compile),
    ("quote", quote::compile),
    ("text", text::compile),
];

/// Kinds that exist and cannot be rendered yet: told apart from a slip of the pen.
const NOT_YET: &[&str] = &["columns", "column", "list", "list-item", "jsonnet", "partial"];

/// An element of any kind, with what all have in common.
#[derive(Debug)]
pub(crate) struct Element {
    path: String,
    channels: Vec<String>,
    condition: Option<Condition>,
    node: Box<dyn Node>,
}

/// Reads an element; `None` for one that prints nothing, or is wrong.
pub(crate) fn compile(fields: &mut Fields<'_>) -> Option<Element> {
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
    if name == "comment" {
        return None;
    }
    let Some((_, compile)) = KINDS.iter().find(|(kind, _)| *kind == name) else {
        fields.problem("type", unknown(name));
        return None;
    };
    let node = compile(fields);
    Element::new(fields, node?)
}

fn unknown(name: &str) -> String {
    if name == "channel" {
        "is channel, which can stand at the top level only".to_owned()
    } else if NOT_YET.contains(&name) {
        format!("is {name}, which is not supported")
    } else {
        "is not a known kind of element".to_owned()
    }
}

impl Element {
    /// An element around a node.
    pub(crate) fn new(fields: &mut Fields<'_>, node: Box<dyn Node>) -> Option<Self> {
        fields.refuse(&["loop", "ref"]);
        let channels = fields.channels();
        let wanted = fields.get("if").is_some();
        let condition = fields.condition();
        // Without its condition the element would show where it must not.
        (condition.is_some() == wanted).then(|| Self {
            path: fields.path().to_owned(),
            channels,
            condition,
            node,
        })
    }

    /// Draws it into a mail, if it applies.
    pub(crate) fn draw(&self, mail: &mut Mail, scene: &mut Scene<'_>) -> Result<(), RenderError> {
        if self.applies(scene)? {
            self.node.draw(mail, scene)
        } else {
            Ok(())
        }
    }

    /// Tells it, if it applies.
    pub(crate) fn tell(&self, telling: &mut Telling, scene: &mut Scene<'_>) -> Result<(), RenderError> {
        if self.applies(scene)? {
            self.node.tell(telling, scene)
        } else {
            Ok(())
        }
    }

    /// Whether it can print anything in a channel, whatever the values.
    pub(crate) fn speaks_to(&self, channel: Channel, provider: Option<&str>) -> bool {
        self.is_for(channel, provider) && self.node.speaks_to(channel, provider)
    }

    /// Whether it is meant for this channel and its condition holds.
    fn applies(&self, scene: &Scene<'_>) -> Result<bool, RenderError> {
        if !self.is_for(scene.channel(), scene.request().provider) {
            return Ok(false);
        }
        self.condition.as_ref().map_or(Ok(true), |condition| {
            condition
                .evaluate(scene.context().root())
                .map_err(|error| RenderError::Condition {
                    element: self.path.clone(),
                    error,
                })
        })
    }

    fn is_for(&self, channel: Channel, provider: Option<&str>) -> bool {
        self.channels.is_empty()
            || self
                .channels
                .iter()
                .any(|name| Channel::parse(name) == Some(channel) || provider == Some(name))
    }
}
