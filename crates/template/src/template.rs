//! A parsed template.

use std::borrow::Cow;

use tidings_types::Object;

use crate::part::Part;
use crate::{Branch, Context, Env, Escape, RenderError, Scope, TemplateError, line, parse};

/// The longest source accepted, in bytes.
pub const MAX_SOURCE: usize = 1 << 20;
/// The most tags in one template.
pub const MAX_VARIABLES: usize = 5_000;

/// Text with variables, parsed and ready to be filled in.
///
/// | written | means | if there is no value |
/// |---|---|---|
/// | `{a.b}` | the value at a path | stays as written; empty under `urls` |
/// | `{$.a.b}` | the value at a JSONPath (RFC 9535) from the top | stays as written; empty under `$.urls` |
/// | `{{a.b}}`, `{{$.a.b}}` | the same | empty |
/// | `{{{a.b}}}`, `{{&a.b}}` | the same, never escaped | empty |
/// | `{{helper a b c=d}}`, `(helper a)` | what a helper makes of values | as the helper says |
/// | `{{#if a}}..{{else}}..{{/if}}` | blocks: `if`, `unless`, `each`, `with`, any helper | the part after `{{else}}` |
/// | `{{> name}}` | a snippet | the rendering fails |
/// | `{{! note }}` | nothing | |
///
/// Inside two braces the language is Handlebars: `this`, `../`, `@index`, `as |item index|`, white space control by `~`.
/// A `{` that no name follows is a brace, as JSON and CSS need. JSON null counts as no value. Numbers and booleans
/// print as in JSON, objects and arrays as compact JSON.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Template {
    pub(crate) parts: Vec<Part>,
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
        let mut env = Env::new(context);
        let mut text = String::new();
        self.render_in(&mut env, escape, &mut text)?;
        Ok(Text {
            text,
            missing: env.take_missing(),
        })
    }

    /// Fills in the values and makes a single line of it.
    pub fn render_line(&self, context: &Context) -> Result<Line, RenderError> {
        self.render_line_in(&mut Env::new(context))
    }

    /// As [`Self::render_line`], in an environment, where missing names are noted as well.
    pub fn render_line_in(&self, env: &mut Env<'_>) -> Result<Line, RenderError> {
        let mut text = String::new();
        self.render_in(env, Escape::None, &mut text)?;
        let (text, folded) = match line::fold(&text) {
            Cow::Borrowed(_) => (text, false),
            Cow::Owned(line) => (line, true),
        };
        Ok(Line { text, folded })
    }

    /// As [`Self::render`], in an environment and appending to a text. Missing names are noted in the environment.
    pub fn render_in(&self, env: &mut Env<'_>, escape: Escape, out: &mut String) -> Result<(), RenderError> {
        for part in &self.parts {
            part.render(env, escape, out)?;
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

    /// The names of the variables it prints, in order, as written, those in blocks included.
    pub fn variables(&self) -> Vec<&str> {
        let mut found = Vec::new();
        self.visit(&mut |part| {
            if let Part::Variable(variable) = part {
                found.push(variable.name.as_str());
            }
        });
        found
    }

    /// The text between the tags, in order, that in blocks included.
    pub fn literals(&self) -> Vec<&str> {
        let mut found = Vec::new();
        self.visit(&mut |part| {
            if let Part::Literal(text) = part {
                found.push(text.as_str());
            }
        });
        found
    }

    fn visit<'t>(&'t self, see: &mut dyn FnMut(&'t Part)) {
        for part in &self.parts {
            see(part);
            if let Part::Block(block) = part {
                block.branch(Branch::Body).visit(see);
                block.branch(Branch::Otherwise).visit(see);
            }
        }
    }
}

/// Renders every string inside a JSON object, such as a template's mail headers, leaving other values as they are.
pub fn render_object(object: &Object, env: &mut Env<'_>) -> Result<Object, ObjectError> {
    object
        .iter()
        .map(|(key, value)| Ok((key.clone(), render_value(value, env)?)))
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

fn render_value(value: &serde_json::Value, env: &mut Env<'_>) -> Result<serde_json::Value, ObjectError> {
    use serde_json::Value;
    Ok(match value {
        Value::String(text) => {
            let mut out = String::new();
            Template::parse(text)?.render_in(env, Escape::None, &mut out)?;
            Value::String(out)
        }
        Value::Array(items) => Value::Array(
            items
                .iter()
                .map(|item| render_value(item, env))
                .collect::<Result<_, _>>()?,
        ),
        Value::Object(object) => Value::Object(render_object(object, env)?),
        other => other.clone(),
    })
}
