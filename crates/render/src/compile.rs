//! From content as written to content that can be rendered, noting everything that is wrong on the way.

mod border;
mod fields;

use serde_json::Value;
use tidings_template::Scope;
use tidings_types::{Object, TemplateContent};

pub(crate) use self::border::Border;
pub(crate) use self::fields::{Fields, Style};
use crate::node::{self, Element};
use crate::prepared::ChannelContent;
use crate::{Prepared, Problem};

/// How deep elements may nest.
const MAX_DEPTH: usize = 24;
/// The most elements in one content.
const MAX_ELEMENTS: usize = 2_000;

/// Reads content, or says everything that is wrong with it.
pub(crate) fn compile(content: &TemplateContent) -> Result<Prepared, Vec<Problem>> {
    let mut compiler = Compiler {
        scope: Scope::parse(content.scope.as_deref()),
        problems: Vec::new(),
        elements: 0,
        depth: 0,
        lists: 0,
        programs: Vec::new(),
    };
    let mut common = compiler.sugar(content);
    let elements = content.elements.as_deref().unwrap_or_default();
    let mut channels = Vec::new();
    if elements.iter().any(is_channel) {
        channels = compiler.channels(elements);
    } else {
        common.extend(compiler.elements(elements, "elements", Family::Blocks));
    }
    if compiler.problems.is_empty() {
        Ok(Prepared {
            common,
            channels,
            programs: compiler.programs,
        })
    } else {
        Err(compiler.problems)
    }
}

fn is_channel(element: &Value) -> bool {
    element.get("type").and_then(Value::as_str) == Some("channel")
}

/// Reading under way.
pub(crate) struct Compiler {
    scope: Scope,
    problems: Vec<Problem>,
    elements: usize,
    depth: usize,
    /// How many lists are open.
    lists: usize,
    /// The jsonnet programs in it.
    programs: Vec<String>,
}

/// Where an element stands: what kinds it can be of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Family {
    /// On the page, in a group or a column.
    Blocks,
    /// In `columns`.
    Columns,
    /// In a `list`.
    Items,
    /// In a text: a piece of it.
    Pieces,
    /// In an item of a list: a piece of it, or a list.
    Item,
}

impl Compiler {
    /// Title and body, as the elements they stand for.
    fn sugar(&mut self, content: &TemplateContent) -> Vec<Element> {
        let title = content.title.as_ref().map(|title| ("title", "meta", "title", title));
        let body = content.body.as_ref().map(|body| ("body", "text", "content", body));
        let mut elements = Vec::new();
        for (path, kind, field, text) in [title, body].into_iter().flatten() {
            let mut object = Object::new();
            object.insert("type".to_owned(), Value::from(kind));
            object.insert(field.to_owned(), Value::from(text.as_str()));
            let mut fields = Fields::sugar(self, &object, path);
            elements.extend(node::compile(&mut fields, Family::Blocks));
        }
        elements
    }

    /// The elements of an array, those that print nothing left out.
    pub(crate) fn elements(&mut self, elements: &[Value], path: &str, family: Family) -> Vec<Element> {
        self.depth += 1;
        let mut compiled = Vec::new();
        for (index, element) in elements.iter().enumerate() {
            let path = format!("{path}[{index}]");
            self.elements += 1;
            if self.depth > MAX_DEPTH {
                self.problem(&path, None, format!("nests deeper than {MAX_DEPTH} levels"));
            } else if self.elements > MAX_ELEMENTS {
                self.problem(&path, None, format!("is beyond the first {MAX_ELEMENTS} elements"));
                break;
            } else if let Some(object) = element.as_object() {
                let mut fields = Fields::new(self, object, &path);
                compiled.extend(node::compile(&mut fields, family));
            } else {
                self.problem(&path, None, "must be an object".to_owned());
            }
        }
        self.depth -= 1;
        compiled
    }

    /// The channel elements of the top level; once there is one, all must be.
    fn channels(&mut self, elements: &[Value]) -> Vec<ChannelContent> {
        let mut channels: Vec<ChannelContent> = Vec::new();
        for (index, value) in elements.iter().enumerate() {
            let path = format!("elements[{index}]");
            let Some(object) = value.as_object().filter(|_| is_channel(value)) else {
                let id = value.get("id").and_then(Value::as_str);
                self.problem(
                    &path,
                    id,
                    "must be a channel element, since another element here is one".to_owned(),
                );
                continue;
            };
            let mut fields = Fields::new(self, object, &path);
            fields.locales(&["elements", "raw"]);
            let Some((name, element)) = node::channel::compile(&mut fields) else {
                continue;
            };
            if channels.iter().any(|one| one.name == name) {
                fields.problem("channel", "is the name of another channel element here");
            }
            channels.push(ChannelContent { name, element });
        }
        channels
    }

    fn problem(&mut self, path: &str, id: Option<&str>, reason: String) {
        self.problems.push(Problem {
            element_path: path.to_owned(),
            id: id.map(str::to_owned),
            reason,
        });
    }
}
