//! What a rendering reads from, and what it has used up.
//!
//! An [`Env`] is made for one rendering of one message. It lays over the [`Context`] what comes and goes on the way:
//! the item of a loop, the variables a template sets, what earlier elements were. Everything rendered through it
//! draws on the same [`Budget`](budget), so that a content of many templates is bounded as a whole.

pub mod budget;
mod find;
mod frame;
mod options;

use std::borrow::Cow;

use serde_json::Value;
use tidings_types::Object;

pub(crate) use self::budget::Budget;
pub(crate) use self::frame::{Frame, Kind};
pub use self::options::{Missing, Options, Snippets, Translations};
use crate::path::Path;
use crate::{Context, RenderError, query};

/// The values of one rendering: the context, and over it the items of the loops it is in, variables and `refs`.
///
/// ```
/// use serde_json::json;
/// use tidings_template::{Context, Env, Escape, Repeat, Template};
///
/// let context = Context::from(json!({"data": {"items": [{"name": "Tea"}, {"name": "Milk"}]}}));
/// let mut env = Env::new(&context);
/// let template = Template::parse("{{$.index}}: {{$.item.name}}\n")?;
/// let mut out = String::new();
/// for item in Repeat::parse("data.items")?.items(&env)?.into_iter().flatten() {
///     env.enter(item);
///     template.render_in(&mut env, Escape::None, &mut out)?;
///     env.leave();
/// }
/// assert_eq!(out, "0: Tea\n1: Milk\n");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Env<'a> {
    context: &'a Context,
    options: Options<'a>,
    frames: Vec<Frame<'a>>,
    variables: Object,
    refs: Value,
    missing: Vec<String>,
    budget: Budget,
    depth: u32,
}

/// One turn of a loop.
#[derive(Clone, Debug)]
pub struct Item<'a> {
    /// The element of the array.
    pub value: Cow<'a, Value>,
    /// Its place, from zero.
    pub index: usize,
    /// Whether it is the last one.
    pub is_last: bool,
}

/// How many names of missing variables are kept.
const MAX_MISSING: usize = 50;

/// What a template may not set: what others rely on.
const NOT_SETTABLE: &[&str] = &["brand", "data", "event", "profile", "recipient", "urls"];

/// Whether a variable may have this name; else why not, as a clause.
pub(crate) fn settable(name: &str) -> Result<(), &'static str> {
    match Path::parse(name.trim(), true) {
        Some(path) if path.is_plain() && !NOT_SETTABLE.contains(&path.first()) => Ok(()),
        Some(path) if NOT_SETTABLE.contains(&path.first()) => Err("may not change this name"),
        _ => Err("is given a name that is none"),
    }
}

impl<'a> Env<'a> {
    /// The values of a context, and nothing else.
    pub fn new(context: &'a Context) -> Self {
        Self::with(context, Options::default())
    }

    /// The values of a context, with what helpers may use.
    pub fn with(context: &'a Context, options: Options<'a>) -> Self {
        Self {
            context,
            options,
            frames: Vec::new(),
            variables: Object::new(),
            refs: Value::Object(Object::new()),
            missing: Vec::new(),
            budget: Budget::default(),
            depth: 0,
        }
    }

    /// The context underneath.
    pub fn context(&self) -> &'a Context {
        self.context
    }

    /// What helpers may use.
    pub fn options(&self) -> &Options<'a> {
        &self.options
    }

    /// Begins a turn of a loop: `{{$.item}}`, `{{$.index}}`, `{@}`, `{{this}}`, `{{@index}}`, `{{@first}}` and
    /// `{{@last}}` are its own until [`Self::leave`].
    pub fn enter(&mut self, item: Item<'a>) {
        self.frames.push(Frame::turn(item));
    }

    /// Ends the turn that [`Self::enter`] began.
    pub fn leave(&mut self) {
        self.frames.pop();
    }

    /// Makes `refs.<name>` known to what is rendered from here on.
    pub fn set_ref(&mut self, name: &str, properties: Object) {
        if let Value::Object(refs) = &mut self.refs {
            refs.insert(name.to_owned(), Value::Object(properties));
        }
    }

    /// Forgets variables and `refs`, because the same content is rendered once more from its beginning. What was used
    /// up and what was missing stays.
    pub fn restart(&mut self) {
        self.variables.clear();
        self.refs = Value::Object(Object::new());
        self.frames.clear();
        self.depth = 0;
    }

    /// Takes the names of variables that had no value so far, each once; the first fifty.
    pub fn take_missing(&mut self) -> Vec<String> {
        std::mem::take(&mut self.missing)
    }

    /// Counts some work, such as drawing an element.
    ///
    /// # Errors
    /// [`RenderError::TooMuchWork`] once it is too much.
    pub fn work(&self, steps: u32) -> Result<(), RenderError> {
        self.budget.work(steps)
    }

    /// Counts text that was written.
    ///
    /// # Errors
    /// [`RenderError::TooLong`] once it is too much.
    pub(crate) fn wrote(&self, bytes: usize) -> Result<(), RenderError> {
        self.budget.wrote(bytes)
    }

    /// Goes into a block or snippet, with a frame of its own.
    ///
    /// # Errors
    /// [`RenderError::TooDeep`] once they nest too deep.
    pub(crate) fn push(&mut self, frame: Frame<'a>) -> Result<(), RenderError> {
        self.deeper()?;
        self.frames.push(frame);
        Ok(())
    }

    /// Comes out of it again.
    pub(crate) fn pop(&mut self) {
        self.frames.pop();
        self.shallower();
    }

    /// Goes into a block that has no frame.
    pub(crate) fn deeper(&mut self) -> Result<(), RenderError> {
        self.depth += 1;
        if self.depth > budget::MAX_DEPTH {
            return Err(RenderError::TooDeep {
                limit: budget::MAX_DEPTH,
            });
        }
        Ok(())
    }

    /// Comes out of it again.
    pub(crate) fn shallower(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }

    /// Sets a variable, `a.b` inside the object `a`.
    ///
    /// # Errors
    /// [`RenderError::Helper`] if the name may not be set.
    pub(crate) fn set(&mut self, name: &str, value: Value) -> Result<(), RenderError> {
        let refuse = |reason: &str| RenderError::Helper {
            name: "set",
            reason: reason.to_owned(),
        };
        settable(name).map_err(refuse)?;
        self.work(query::cost(&value))?;
        let mut steps = name.trim().split('.').map(str::trim);
        let Some(first) = steps.next() else { return Ok(()) };
        let mut at = self.variables.entry(first).or_insert(Value::Null);
        for step in steps {
            if !at.is_object() {
                *at = Value::Object(Object::new());
            }
            let Value::Object(members) = at else { return Ok(()) };
            at = members.entry(step).or_insert(Value::Null);
        }
        *at = value;
        Ok(())
    }

    /// Notes that a variable which was to be printed has no value. One that may be absent fails nothing.
    ///
    /// # Errors
    /// [`RenderError::MissingVariable`] where that is not allowed.
    pub(crate) fn note_missing(&mut self, name: &str, may_be_absent: bool) -> Result<(), RenderError> {
        if self.options.missing == Missing::Fail && !may_be_absent {
            return Err(RenderError::MissingVariable { name: name.to_owned() });
        }
        if self.missing.len() < MAX_MISSING && !self.missing.iter().any(|known| known == name) {
            self.missing.push(name.to_owned());
        }
        Ok(())
    }
}
