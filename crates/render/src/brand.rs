//! Brands: how mail looks, read once and used many times.
//!
//! What is wrong with a brand is said when it is written ([`check_brand`]). A stored brand that is wrong all the same
//! costs only the part that is wrong, and a note says which.

mod check;
mod frame;
mod look;
mod merge;
mod mjml;
mod reader;

use std::sync::{Arc, LazyLock};

use tidings_template::Snippets;
use tidings_types::Brand;

pub use self::check::check_brand;
pub(crate) use self::frame::{Piece, Slot, escaped};
pub(crate) use self::look::Look;
pub(crate) use self::mjml::{compile as compile_mjml, html as mjml_html};
use crate::Note;

/// The look of a mail without a brand.
static PLAIN: LazyLock<Arc<Look>> = LazyLock::new(|| Arc::new(Look::plain()));

/// A brand, parsed and compiled. Cheap to share; keep one for each brand.
#[derive(Debug)]
pub struct PreparedBrand {
    brand: Brand,
    look: Arc<Look>,
    snippets: Snippets,
    notes: Vec<Note>,
}

impl PreparedBrand {
    /// Reads a brand. Where it says `inheritDefault`, the part comes from the default brand, and so do snippets it does
    /// not have.
    pub fn new(brand: &Brand, default: Option<&Brand>) -> Self {
        let brand = merge::merged(brand, default);
        let (look, problems) = look::read(&brand);
        let note = |problem: crate::Problem| Note::Brand {
            part: problem.element_path.trim_start_matches("settings.").to_owned(),
            reason: problem.reason,
        };
        let snippets = brand.snippets.iter().map(|one| (one.name.as_str(), one.value.as_str()));
        Self {
            snippets: Snippets::parse(snippets),
            brand,
            look: Arc::new(look),
            notes: problems.into_iter().map(note).collect(),
        }
    }

    /// The brand as it is in force: with what it takes from the default brand.
    pub fn brand(&self) -> &Brand {
        &self.brand
    }

    /// The texts that content may use by name.
    pub(crate) fn snippets(&self) -> &Snippets {
        &self.snippets
    }

    /// What had to be left out.
    pub(crate) fn notes(&self) -> &[Note] {
        &self.notes
    }
}

/// The look of a brand, or of none.
pub(crate) fn look_of(brand: Option<&PreparedBrand>) -> Arc<Look> {
    brand.map_or_else(|| Arc::clone(&PLAIN), |brand| Arc::clone(&brand.look))
}
