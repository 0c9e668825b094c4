//! Reading a brand's settings, each with the problem it has when it is wrong. Null and empty texts count as absent.

use serde_json::Value;
use tidings_template::{Template, line};
use tidings_types::Object;
use tidings_types::routing::kind_of;

use crate::Problem;
use crate::css::{self, Kind};
use crate::richtext::RichText;

/// Settings being read.
pub(super) struct Reader<'a> {
    settings: &'a Object,
    pub(super) problems: Vec<Problem>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(settings: &'a Object) -> Self {
        Self {
            settings,
            problems: Vec::new(),
        }
    }

    pub(super) fn problem(&mut self, path: &[&str], reason: impl Into<String>) {
        self.problems.push(Problem {
            element_path: format!("settings.{}", path.join(".")),
            id: None,
            reason: reason.into(),
        });
    }

    /// A value at a path. An object on the way that is none is a problem.
    fn get(&mut self, path: &[&str]) -> Option<&'a Value> {
        let (last, parents) = path.split_last()?;
        let mut object = self.settings;
        for (depth, name) in parents.iter().enumerate() {
            match object.get(*name)? {
                Value::Object(inner) => object = inner,
                Value::Null => return None,
                other => {
                    let at = path.get(..=depth).unwrap_or(path);
                    let reason = format!("must be an object, not {}", kind_of(other));
                    // Every field beneath it would say so.
                    let told = format!("settings.{}", at.join("."));
                    if !self.problems.iter().any(|one| one.element_path == told) {
                        self.problem(at, reason);
                    }
                    return None;
                }
            }
        }
        object.get(*last).filter(|value| !value.is_null())
    }

    pub(super) fn text(&mut self, path: &[&str]) -> Option<&'a str> {
        let value = self.get(path)?;
        let text = value.as_str();
        if text.is_none() {
            self.problem(path, format!("must be a string, not {}", kind_of(value)));
        }
        text.map(str::trim).filter(|text| !text.is_empty())
    }

    pub(super) fn flag(&mut self, path: &[&str]) -> bool {
        match self.get(path) {
            None => false,
            Some(Value::Bool(flag)) => *flag,
            Some(other) => {
                self.problem(path, format!("must be true or false, not {}", kind_of(other)));
                false
            }
        }
    }

    pub(super) fn color(&mut self, path: &[&str]) -> Option<String> {
        let text = self.text(path)?;
        let color = Kind::Color.read(text);
        if color.is_none() {
            self.problem(path, Kind::Color.expected());
        }
        color
    }

    /// A width in pixels, within bounds that mail programs bear.
    pub(super) fn width(&mut self, path: &[&str]) -> Option<u32> {
        const BOUNDS: std::ops::RangeInclusive<u32> = 320..=1200;
        let written = match self.get(path)? {
            Value::Number(number) => format!("{number}px"),
            Value::String(text) if text.trim().is_empty() => return None,
            Value::String(text) => text.trim().to_owned(),
            other => {
                self.problem(path, format!("must be a width in pixels, not {}", kind_of(other)));
                return None;
            }
        };
        let width = Kind::Length.read(&written).and_then(|width| css::pixels(&width));
        let width = width.filter(|width| BOUNDS.contains(width));
        if width.is_none() {
            self.problem(path, "must be a width of 320 to 1200 pixels, such as 600px");
        }
        width
    }

    /// A text with variables.
    pub(super) fn template(&mut self, path: &[&str]) -> Option<Template> {
        let text = self.text(path)?;
        self.parsed(path, text)
    }

    /// A text with variables that was read already.
    pub(super) fn parsed(&mut self, path: &[&str], text: &str) -> Option<Template> {
        match Template::parse(text) {
            Ok(template) if template.literals().into_iter().any(line::has_control) => {
                self.problem(path, "must not hold control characters");
                None
            }
            Ok(template) => Some(template),
            Err(error) => {
                self.problem(path, error.to_string());
                None
            }
        }
    }

    /// A link with variables. What is wrong with one that has none is known now.
    pub(super) fn link(&mut self, path: &[&str]) -> Option<Template> {
        let template = self.template(path)?;
        if template.is_literal() {
            let text = template.literals().concat();
            if crate::link::safe(&text, tidings_types::Channel::Email).is_none() {
                self.problem(path, "must be a link that is safe to follow");
                return None;
            }
        }
        Some(template)
    }

    /// A text in markdown, with variables.
    pub(super) fn markdown(&mut self, path: &[&str]) -> Option<RichText> {
        self.template(path).map(|template| RichText::markdown(&template))
    }
}
