//! Reading the fields of an element, each with the problem it has when it is wrong.

use serde_json::Value;
use tidings_template::{Condition, Repeat, Template, line};
use tidings_types::Object;
use tidings_types::routing::kind_of;

use super::{Compiler, Family};
use crate::css;
use crate::json::Json;
use crate::node::{self, Element, Reference};
use crate::richtext::{RichText, TextBlock, blocks};

/// A style value: known now, or once its variables are.
#[derive(Debug)]
pub(crate) enum Style {
    /// Known and sound.
    Fixed(String),
    /// To be filled in, then read as this kind.
    Variable(Template, css::Kind),
}

/// An element's fields.
pub(crate) struct Fields<'a> {
    compiler: &'a mut Compiler,
    object: &'a Object,
    path: &'a str,
    is_sugar: bool,
}

impl<'a> Fields<'a> {
    pub(crate) fn new(compiler: &'a mut Compiler, object: &'a Object, path: &'a str) -> Self {
        Self {
            compiler,
            object,
            path,
            is_sugar: false,
        }
    }

    /// The fields of an element that stands for a top-level text, by whose name problems go.
    pub(crate) fn sugar(compiler: &'a mut Compiler, object: &'a Object, path: &'a str) -> Self {
        Self {
            compiler,
            object,
            path,
            is_sugar: true,
        }
    }

    pub(crate) fn path(&self) -> &str {
        self.path
    }

    /// Notes what is wrong with a field; with an empty name, with the element.
    pub(crate) fn problem(&mut self, name: &str, reason: impl Into<String>) {
        let path = if name.is_empty() || self.is_sugar {
            self.path.to_owned()
        } else {
            format!("{}.{name}", self.path)
        };
        let id = self.object.get("id").and_then(Value::as_str);
        self.compiler.problem(&path, id, reason.into());
    }

    /// A field; null counts as absent.
    pub(crate) fn get(&self, name: &str) -> Option<&'a Value> {
        self.object.get(name).filter(|value| !value.is_null())
    }

    fn wrong_type(&mut self, name: &str, expected: &str, value: &Value) {
        self.problem(name, format!("must be {expected}, not {}", kind_of(value)));
    }

    /// A text field.
    pub(crate) fn text(&mut self, name: &str) -> Option<&'a str> {
        let value = self.get(name)?;
        let text = value.as_str();
        if text.is_none() {
            self.wrong_type(name, "a string", value);
        }
        text
    }

    /// A field with variables.
    pub(crate) fn template(&mut self, name: &str) -> Option<Template> {
        let text = self.text(name)?;
        match Template::parse_in(text, self.compiler.scope) {
            Ok(template) if template.literals().into_iter().any(line::has_control) => {
                self.problem(name, "must not hold control characters");
                None
            }
            Ok(template) => Some(template),
            Err(error) => {
                self.problem(name, error.to_string());
                None
            }
        }
    }

    /// A field by either of two names.
    pub(crate) fn either(&mut self, name: &str, other: &str) -> Option<Template> {
        let name = if self.get(name).is_some() { name } else { other };
        self.template(name)
    }

    /// A text made of a field's, with its variables.
    pub(crate) fn parsed(&mut self, name: &str, text: &str) -> Option<Template> {
        match Template::parse_in(text, self.compiler.scope) {
            Ok(template) => Some(template),
            Err(error) => {
                self.problem(name, error.to_string());
                None
            }
        }
    }

    /// Reads the fields of an object inside this one.
    pub(crate) fn inside<T>(&mut self, name: &str, read: impl FnOnce(&mut Fields<'_>) -> T) -> Option<T> {
        match self.get(name)? {
            Value::Object(object) => {
                let path = format!("{}.{name}", self.path);
                Some(read(&mut Fields::new(self.compiler, object, &path)))
            }
            other => {
                self.wrong_type(name, "an object", other);
                None
            }
        }
    }

    /// A field with variables that must be there.
    pub(crate) fn required(&mut self, name: &str) -> Option<Template> {
        if self.get(name).is_none() {
            self.problem(name, "is required");
        }
        self.template(name)
    }

    /// A field with variables that is a single line.
    pub(crate) fn line(&mut self, name: &str) -> Option<Template> {
        let template = self.template(name)?;
        if template.literals().into_iter().any(line::has_break) {
            self.problem(name, "must be a single line");
            return None;
        }
        Some(template)
    }

    /// A text of several lines, in markdown unless `format` says otherwise.
    pub(crate) fn rich(&mut self, name: &str) -> Option<RichText> {
        let markdown = self.choice("format", &[("markdown", true), ("text", false), ("plain", false)], true);
        let template = self.required(name)?;
        Some(if markdown {
            RichText::markdown(&template)
        } else {
            RichText::plain(&template)
        })
    }

    /// The headings and lists of a text in markdown, if it has any.
    pub(crate) fn blocks(&mut self, name: &str) -> Option<Vec<TextBlock>> {
        let is_markdown = matches!(self.get("format").and_then(Value::as_str), None | Some("markdown"));
        let text = self.get(name)?.as_str().filter(|_| is_markdown)?;
        // What is wrong with it is told where it is read as a whole.
        blocks(&Template::parse_in(text, self.compiler.scope).ok()?)
    }

    /// The fields beside those named, as JSON with variables. A text that is an array or object in JSON is read as one.
    pub(crate) fn others(&mut self, named: &[&str]) -> Vec<(String, Json)> {
        let object = self.object;
        let mut others = Vec::new();
        for (name, value) in object.iter().filter(|(name, _)| !named.contains(&name.as_str())) {
            let parsed = value.as_str().filter(|text| text.trim_start().starts_with(['[', '{']));
            let parsed: Option<Value> = parsed.and_then(|text| serde_json::from_str(text).ok());
            let scope = self.compiler.scope;
            let mut wrong = None;
            let json = Json::read(parsed.as_ref().unwrap_or(value), &mut |text| {
                Template::parse_in(text, scope)
                    .map_err(|error| wrong = Some(error.to_string()))
                    .ok()
            });
            if let Some(reason) = wrong {
                self.problem(name, reason);
            }
            others.extend(json.map(|json| (name.clone(), json)));
        }
        others
    }

    /// Notes a jsonnet program, which must be evaluated before the content is rendered.
    pub(crate) fn program(&mut self, source: &str) {
        if !self.compiler.programs.iter().any(|known| known == source) {
            self.compiler.programs.push(source.to_owned());
        }
    }

    /// One of several names.
    pub(crate) fn choice<T: Copy>(&mut self, name: &str, choices: &[(&str, T)], otherwise: T) -> T {
        let Some(text) = self.text(name) else { return otherwise };
        if let Some((_, choice)) = choices.iter().find(|(one, _)| *one == text) {
            return *choice;
        }
        let names: Vec<&str> = choices.iter().map(|(one, _)| *one).collect();
        self.problem(name, format!("must be one of {}", names.join(", ")));
        otherwise
    }

    /// A yes or no, also when written as a string.
    pub(crate) fn flag(&mut self, name: &str) -> bool {
        match self.get(name) {
            None => false,
            Some(Value::Bool(flag)) => *flag,
            Some(Value::String(text)) if matches!(text.as_str(), "true" | "false" | "") => text == "true",
            Some(other) => {
                self.wrong_type(name, "true or false", other);
                false
            }
        }
    }

    /// A style value, by any of its names. Numbers are read as their digits.
    pub(crate) fn style(&mut self, names: &[&str], kind: css::Kind) -> Option<Style> {
        let name = names.iter().find(|name| self.get(name).is_some())?;
        let template = match self.get(name)? {
            Value::Number(number) => Template::literal(number.to_string()),
            Value::String(text) if text.trim().is_empty() => return None,
            Value::String(text) => match of_brand(text).filter(|_| kind == css::Kind::Color) {
                Some(source) => self.parsed(name, &source)?,
                None => self.template(name)?,
            },
            _ => self.template(name)?,
        };
        if !template.is_literal() {
            return Some(Style::Variable(template, kind));
        }
        let value = kind.read(&template.literals().concat());
        if value.is_none() {
            self.problem(name, kind.expected());
        }
        value.map(Style::Fixed)
    }

    /// When the element applies.
    pub(crate) fn condition(&mut self) -> Option<Condition> {
        let value = self.get("if")?;
        match Condition::parse(value) {
            Ok(condition) => Some(condition),
            Err(error) => {
                self.problem("if", error.to_string());
                None
            }
        }
    }

    /// What the element is repeated over.
    pub(crate) fn repeat(&mut self) -> Option<Repeat> {
        let text = self.text("loop")?;
        let repeat = Repeat::parse(text).ok();
        if repeat.is_none() {
            self.problem("loop", "must be a path, such as data.items");
        }
        repeat
    }

    /// The name by which later elements may ask about this one, and what they may ask for.
    pub(crate) fn reference(&mut self) -> Option<Reference> {
        let name = self.text("ref")?;
        if name.is_empty() || name.contains(['.', '[', ']']) {
            self.problem("ref", "must be a name without dots and brackets");
            return None;
        }
        Some(Reference::new(name, self.object, self.compiler.scope))
    }

    /// The names in `channels`; empty for all.
    pub(crate) fn channels(&mut self) -> Vec<String> {
        let Some(value) = self.get("channels") else {
            return Vec::new();
        };
        let names = value
            .as_array()
            .map(|names| names.iter().map(|name| name.as_str().map(str::to_owned)).collect());
        names.flatten().unwrap_or_else(|| {
            self.problem("channels", "must be an array of strings");
            Vec::new()
        })
    }

    /// The items of a list.
    pub(crate) fn list_items(&mut self) -> Vec<Element> {
        self.compiler.lists += 1;
        let items = if self.compiler.lists > node::MAX_LISTS {
            self.problem("", format!("nests deeper than {} lists", node::MAX_LISTS));
            Vec::new()
        } else {
            self.children(Family::Items)
        };
        self.compiler.lists -= 1;
        items
    }

    /// The children.
    pub(crate) fn children(&mut self, family: Family) -> Vec<Element> {
        match self.get("elements") {
            None => {
                self.problem("elements", "is required");
                Vec::new()
            }
            Some(Value::Array(elements)) => {
                let path = format!("{}.elements", self.path);
                self.compiler.elements(elements, &path, family)
            }
            Some(other) => {
                self.wrong_type("elements", "an array", other);
                Vec::new()
            }
        }
    }

    /// What a locale may replace, or what is wrong with it.
    pub(crate) fn locales(&mut self, allowed: &[&str]) {
        let locales = match self.get("locales") {
            None => return,
            Some(Value::Object(locales)) => locales,
            Some(other) => return self.wrong_type("locales", "an object", other),
        };
        for (locale, texts) in locales {
            let name = format!("locales.{locale}");
            match texts {
                Value::Null => {}
                Value::Object(texts) => {
                    // Design tools keep notes of their own beside the texts.
                    for field in texts.keys().filter(|field| !field.starts_with('_')) {
                        if !allowed.contains(&field.as_str()) {
                            let reason = if allowed.is_empty() {
                                "cannot be set: this kind of element has no locales".to_owned()
                            } else {
                                format!("cannot be set: a locale may set {}", allowed.join(", "))
                            };
                            self.problem(&format!("{name}.{field}"), reason);
                        }
                    }
                }
                other => self.wrong_type(&name, "an object", other),
            }
        }
    }
}

/// A colour that is named after the brand's, as the template designer names it (`{brand.colors.primary}`), in the words of a
/// template. One that the brand does not have is left out.
fn of_brand(text: &str) -> Option<String> {
    let path = text.trim().strip_prefix("{brand.")?.strip_suffix('}')?;
    let is_path = !path.is_empty() && path.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'.');
    let path = match path.strip_prefix("email.") {
        Some(of_mail) => format!("email.templateOverride.{of_mail}"),
        None => path.to_owned(),
    };
    is_path.then(|| format!("{{{{#if brand.{path}}}}}{{{{brand.{path}}}}}{{{{/if}}}}"))
}
