//! Where a variable's value is.

use serde_json_path::JsonPath;

use crate::path::Path;
use crate::{ROOTS, Scope, TemplateError, query};

/// How many `../` a name may begin with.
const MAX_UP: usize = 16;

/// Where a variable's value is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Lookup {
    /// Where the path begins.
    pub(crate) place: Place,
    /// The way from there.
    pub(crate) path: Path,
    /// How many blocks further out: the number of `../`.
    pub(crate) up: usize,
}

/// Where a path begins.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Place {
    /// A plain name, read as the scope says.
    Name {
        /// The scope of the template.
        scope: Scope,
        /// Whether the first name is one of [`ROOTS`].
        is_root: bool,
    },
    /// `this`, `.`, `./a`, `..`.
    This {
        /// The scope of the template: what `this` is outside of every block.
        scope: Scope,
    },
    /// `@`, `@.a`: the element of the innermost loop.
    Element,
    /// `@root.a`: a plain name, read as outside of every block.
    Outside {
        /// The scope of the template.
        scope: Scope,
        /// Whether the first name is one of [`ROOTS`].
        is_root: bool,
    },
    /// `$.a`.
    Top,
    /// `$.item.a`.
    Item,
    /// `$.index`, `@index` and their like.
    Meta(Meta),
    /// Whatever a JSONPath finds.
    Query {
        /// The query.
        query: Box<JsonPath>,
        /// Whether it begins at the loop's item.
        of_item: bool,
    },
}

/// What a loop knows about itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Meta {
    Index,
    First,
    Last,
    Key,
}

const METAS: &[(&str, Meta)] = &[
    ("index", Meta::Index),
    ("first", Meta::First),
    ("last", Meta::Last),
    ("key", Meta::Key),
];

impl Lookup {
    /// Reads a name: a path, or a JSONPath when it begins with `$`. `dashes` allows `-` inside plain names.
    ///
    /// `Ok(None)` means it is neither.
    pub(crate) fn parse(text: &str, scope: Scope, dashes: bool) -> Result<Option<Self>, TemplateError> {
        if text.starts_with('$') {
            return Self::from_dollar(text).map(Some);
        }
        if let Some(rest) = text.strip_prefix('@') {
            return Ok(Self::from_at(rest, scope));
        }
        let (rest, up) = climb(text);
        if up > MAX_UP {
            return Ok(None);
        }
        let this = |path| Self {
            place: Place::This { scope },
            path,
            up,
        };
        let below = match rest {
            "" | "." | "this" if up > 0 || !rest.is_empty() => return Ok(Some(this(Path::default()))),
            _ => rest
                .strip_prefix("this.")
                .or_else(|| rest.strip_prefix("this/"))
                .or_else(|| rest.strip_prefix("./")),
        };
        if let Some(below) = below {
            return Ok(Path::parse(below, dashes).map(this));
        }
        let Some(path) = Path::parse(rest, dashes) else {
            return Ok(None);
        };
        let is_root = ROOTS.contains(&path.first());
        Ok(Some(Self {
            place: Place::Name { scope, is_root },
            path,
            up,
        }))
    }

    /// `$.a.b` and every other JSONPath.
    fn from_dollar(text: &str) -> Result<Self, TemplateError> {
        // Most queries are plain paths, and those need no query engine.
        if let Some(path) = text.strip_prefix("$.").and_then(|rest| Path::parse(rest, false)) {
            let (place, path) = match path.first() {
                "item" => (Place::Item, path.into_rest()),
                "index" if path.is_single() => (Place::Meta(Meta::Index), Path::default()),
                _ => (Place::Top, path),
            };
            return Ok(Self { place, path, up: 0 });
        }
        let of_item = text.strip_prefix("$.item").filter(|rest| rest.starts_with(['[', '.']));
        let query = match of_item {
            Some(rest) => query::parse(&format!("${rest}")),
            None => query::parse(text),
        };
        Ok(Self {
            place: Place::Query {
                query: Box::new(query?),
                of_item: of_item.is_some(),
            },
            path: Path::default(),
            up: 0,
        })
    }

    /// `@`, `@.a`, `@index`, `@../index`, `@root.a`: what follows the `@`.
    fn from_at(rest: &str, scope: Scope) -> Option<Self> {
        let at = |place, path, up| Some(Self { place, path, up });
        if rest.is_empty() {
            return at(Place::Element, Path::default(), 0);
        }
        let (name, up) = climb(rest);
        if let Some((_, meta)) = METAS.iter().find(|(known, _)| *known == name) {
            return at(Place::Meta(*meta), Path::default(), up.min(MAX_UP));
        }
        if let Some(rest) = rest.strip_prefix('.') {
            return at(Place::Element, Path::parse(rest, false)?, 0);
        }
        let path = match rest.strip_prefix("root.") {
            Some(path) => Path::parse(path, true)?,
            None if rest == "root" => Path::default(),
            None => return None,
        };
        let is_root = ROOTS.contains(&path.first());
        at(Place::Outside { scope, is_root }, path, 0)
    }

    /// Whether the value is one of our own links, which are empty rather than left as written.
    pub(crate) fn is_url(&self) -> bool {
        matches!(self.place, Place::Name { .. } | Place::Top) && self.path.first() == "urls"
    }
}

/// Takes `../` off the front and counts them.
fn climb(text: &str) -> (&str, usize) {
    let (mut rest, mut up) = (text, 0);
    loop {
        rest = match rest.strip_prefix("../") {
            Some(rest) => rest,
            None if rest == ".." => "",
            None => return (rest, up),
        };
        up += 1;
    }
}
