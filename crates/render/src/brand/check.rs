//! Checking a brand when it is written.

use tidings_types::Brand;

use super::look;
use crate::Problem;

/// Says everything that is wrong with a brand, by the path of the field.
///
/// # Errors
/// The problems, in no particular order.
pub fn check_brand(brand: &Brand) -> Result<(), Vec<Problem>> {
    let (_, mut problems) = look::read(brand);
    for (index, snippet) in brand.snippets.iter().enumerate() {
        let mut problem = |field: &str, reason: String| {
            problems.push(Problem {
                element_path: format!("snippets.items[{index}].{field}"),
                id: None,
                reason,
            });
        };
        if snippet.name.trim().is_empty() {
            problem("name", "must not be empty".to_owned());
        }
        if brand.snippets.iter().take(index).any(|one| one.name == snippet.name) {
            problem("name", "is the name of another snippet here".to_owned());
        }
        if let Err(error) = tidings_template::Template::parse(&snippet.value) {
            problem("value", error.to_string());
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}
