//! Variables and conditions: parser, checker, bounded evaluator. Pure.
//!
//! A [`Template`] is parsed once and rendered many times against a [`Context`]. Values are literal text wherever they
//! land: they are never read again as markup, as a template or as an expression. A [`Condition`] is the small
//! expression language of `if`.
//!
//! ```
//! use serde_json::json;
//! use tidings_template::{Context, Escape, Template};
//!
//! let template = Template::parse("Hello {{name}}")?;
//! let context = Context::from(json!({"data": {"name": "<Ada>"}}));
//! assert_eq!(template.render(&context, Escape::None)?.text, "Hello <Ada>");
//! assert_eq!(template.render(&context, Escape::Html)?.text, "Hello &lt;Ada&gt;");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod argument;
pub mod block;
pub mod condition;
pub mod context;
pub mod env;
pub mod error;
pub mod escape;
mod helpers;
mod language;
pub mod line;
mod lookup;
pub mod mask;
mod message;
mod parse;
mod part;
mod path;
mod print;
mod query;
mod repeat;
pub mod template;
mod value;

pub use block::{Block, Branch, Stage};
pub use condition::{Condition, ConditionError};
pub use context::{Context, ROOTS, Scope};
pub use env::{Env, Item, Missing, Options, Snippets, Translations};
pub use error::{RenderError, TemplateError};
pub use escape::Escape;
pub use mask::Piece;
pub use repeat::{Items, Repeat};
pub use template::{Line, Template, Text};
