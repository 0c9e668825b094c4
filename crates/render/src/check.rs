//! Checking content when it is written, so that nothing is found out when it is sent.

use std::fmt;

use serde_json::Value;
use tidings_types::TemplateContent;

use crate::{Prepared, compile};

/// Something wrong with content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where: `elements[0].elements[1].href`, `title`.
    pub element_path: String,
    /// The element's `id`, if it has one.
    pub id: Option<String>,
    /// What is wrong, as a clause: `is required`.
    pub reason: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.element_path, self.reason)
    }
}

/// Checks content before it is stored or sent, in every locale it has.
///
/// `strict_channels` demands that every element stands inside a `channel` element, as stored templates must.
pub fn check(content: &TemplateContent, strict_channels: bool) -> Result<(), Vec<Problem>> {
    let mut problems = Vec::new();
    if strict_channels {
        outside_channels(content, &mut problems);
    }
    read(content, problems).map(drop)
}

/// Reads content and checks it in every locale it has. `problems` are what was found before.
pub(crate) fn read(content: &TemplateContent, mut problems: Vec<Problem>) -> Result<Prepared, Vec<Problem>> {
    let own = compile::compile(content).map_err(|own| problems.extend(own)).ok();
    for locale in crate::locale::locales(content) {
        let localized = crate::localize(content, &[&locale]);
        for mut problem in compile::compile(&localized).err().unwrap_or_default() {
            problem.reason = format!("{} (in locale {locale})", problem.reason);
            let known = problems
                .iter()
                .any(|one| one.element_path == problem.element_path && problem.reason.starts_with(one.reason.as_str()));
            if !known {
                problems.push(problem);
            }
        }
    }
    own.filter(|_| problems.is_empty()).ok_or(problems)
}

/// Names every element that stands outside a channel.
fn outside_channels(content: &TemplateContent, problems: &mut Vec<Problem>) {
    for (index, element) in content.elements.iter().flatten().enumerate() {
        if element.get("type").and_then(Value::as_str) != Some("channel") {
            problems.push(Problem {
                element_path: format!("elements[{index}]"),
                id: element.get("id").and_then(Value::as_str).map(str::to_owned),
                reason: "must be inside a channel element".to_owned(),
            });
        }
    }
}
