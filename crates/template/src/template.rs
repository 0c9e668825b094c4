//! A parsed template.

use tidings_types::Object;

use crate::lookup::Lookup;
use crate::{Context, Escape, RenderError, Scope, TemplateError, line, parse};

/// The longest source accepted, in bytes.
pub const MAX_SOURCE: usize = 1 << 20;
/// The most variables in one template.
pub const MAX_VARIABLES: usize = 5_000;
/// The longest text rendered, in bytes.
pub const MAX_OUTPUT: usize = 4 << 20;

/// Text with variables, parsed and ready to be filled in.
///
/// | written | means | if there is no value |
/// |---|---|---|
/// | `{a.b}` | the value at a path | stays as written; empty under `urls` |
/// | `{$.a.b}` | the value at a JSONPath (RFC 9535) from the top | stays as written; empty under `$.urls` |
/// | `{{a.b}}`, `{{$.a.b}}` | the same | empty |
/// | `{{{a.b}}}`, `{{&a.b}}` | the same, never escaped | empty |
/// | `{{! note }}` | nothing | |
///
/// A `{` that no name follows is a brace, as JSON and CSS need. JSON null counts as no value. Numbers and booleans
/// print as in JSON, objects and arrays as compact JSON.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Template {
    pub(crate) parts: Vec<Part>,
}

/// A piece of a template.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Part {
    /// Text as it stands.
    Literal(String),
    /// A place to be filled in.
    Variable(Variable),
}

/// A place to be filled in.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Variable {
    /// Where the value is.
    pub(crate) lookup: Lookup,
    /// What the tag holds: the name by which people know it.
    pub(crate) name: String,
    /// Printed when there is no value.
    pub(crate) otherwise: String,
    /// Whether the value is never escaped.
    pub(crate) raw: bool,
}

/// A rendered text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    /// The text.
    pub text: String,
    /// The names of variables that had no value, each once.
    pub missing: Vec<String>,
}

/// A rendered single line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// The line; never holds a line break or control character.
    pub text: String,
    /// Whether line breaks or control characters were folded to a space.
    pub folded: bool,
    /// The names of variables that had no value, each once.
    pub missing: Vec<String>,
}

impl Template {
    /// Reads a template in the default scope.
    pub fn parse(source: &str) -> Result<Self, TemplateError> {
        Self::parse_in(source, Scope::Default)
    }

    /// Reads a template in a scope.
    pub fn parse_in(source: &str, scope: Scope) -> Result<Self, TemplateError> {
        parse::parse(source, scope)
    }

    /// A template without variables: the text as it stands, whatever it holds.
    pub fn literal(text: impl Into<String>) -> Self {
        Self {
            parts: vec![Part::Literal(text.into())],
        }
    }

    /// Fills in the values, escaped as asked.
    pub fn render(&self, context: &Context, escape: Escape) -> Result<Text, RenderError> {
        let mut text = Text::default();
        self.render_into(context, escape, &mut text.text, &mut text.missing)?;
        Ok(text)
    }

    /// Fills in the values and makes a single line of it.
    pub fn render_line(&self, context: &Context) -> Result<Line, RenderError> {
        let Text { text, missing } = self.render(context, Escape::None)?;
        let (text, folded) = match line::fold(&text) {
            std::borrow::Cow::Borrowed(_) => (text, false),
            std::borrow::Cow::Owned(line) => (line, true),
        };
        Ok(Line { text, folded, missing })
    }

    /// As [`Self::render`], appending to a text and to a list of missing names.
    pub fn render_into(
        &self,
        context: &Context,
        escape: Escape,
        out: &mut String,
        missing: &mut Vec<String>,
    ) -> Result<(), RenderError> {
        let literals = if escape == Escape::HtmlText {
            Escape::Html
        } else {
            Escape::None
        };
        for part in &self.parts {
            let variable = match part {
                Part::Literal(text) => {
                    literals.push(out, text);
                    continue;
                }
                Part::Variable(variable) => variable,
            };
            if let Some(text) = variable.lookup.text(context.root()) {
                let escape = if variable.raw { Escape::None } else { escape };
                escape.push(out, &line::without_control(&text));
            } else {
                if !missing.contains(&variable.name) {
                    missing.push(variable.name.clone());
                }
                escape.push(out, &variable.otherwise);
            }
            if out.len() > MAX_OUTPUT {
                return Err(RenderError::TooLong { limit: MAX_OUTPUT });
            }
        }
        Ok(())
    }

    /// Whether nothing in it depends on values.
    pub fn is_literal(&self) -> bool {
        self.parts.iter().all(|part| matches!(part, Part::Literal(_)))
    }

    /// Whether it prints nothing, whatever the values.
    pub fn is_empty(&self) -> bool {
        self.parts
            .iter()
            .all(|part| matches!(part, Part::Literal(text) if text.is_empty()))
    }

    /// The names of its variables, in order, as written.
    pub fn variables(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            Part::Variable(variable) => Some(variable.name.as_str()),
            Part::Literal(_) => None,
        })
    }

    /// The text between the variables.
    pub fn literals(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            Part::Literal(text) => Some(text.as_str()),
            Part::Variable(_) => None,
        })
    }
}

/// Renders every string inside a JSON object, such as a template's mail headers, leaving other values as they are.
pub fn render_object(object: &Object, context: &Context) -> Result<Object, ObjectError> {
    object
        .iter()
        .map(|(key, value)| Ok((key.clone(), render_value(value, context)?)))
        .collect()
}

/// Why [`render_object`] failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ObjectError {
    /// A string is no template.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// A string could not be rendered.
    #[error(transparent)]
    Render(#[from] RenderError),
}

fn render_value(value: &serde_json::Value, context: &Context) -> Result<serde_json::Value, ObjectError> {
    use serde_json::Value;
    Ok(match value {
        Value::String(text) => Value::String(Template::parse(text)?.render(context, Escape::None)?.text),
        Value::Array(items) => Value::Array(
            items
                .iter()
                .map(|item| render_value(item, context))
                .collect::<Result<_, _>>()?,
        ),
        Value::Object(object) => Value::Object(render_object(object, context)?),
        other => other.clone(),
    })
}
