//! The sections there are.

use serde_json::Value;
use tidings_types::{
    BrandSettings, ClientSettings, ComplianceSettings, ContentSettings, Error, QuietHoursSettings, Result, SendLimits,
    SettingsSection, TrackingSettings,
};

use crate::{document, validation};

/// All sections, by name.
const SECTIONS: [Section; 7] = [
    Section::of::<BrandSettings>(),
    Section::of::<ContentSettings>(),
    Section::of::<TrackingSettings>(),
    Section::of::<SendLimits>(),
    Section::of::<ComplianceSettings>(),
    Section::of::<QuietHoursSettings>(),
    Section::of::<ClientSettings>(),
];

/// A section: how it is checked, and what holds when nothing was saved.
#[derive(Clone, Copy)]
pub(super) struct Section {
    pub(super) name: &'static str,
    complete: fn(&Value) -> Result<Value>,
}

impl Section {
    const fn of<S: SettingsSection>() -> Self {
        Self {
            name: S::NAME,
            complete: complete::<S>,
        }
    }

    /// The section by that name.
    ///
    /// # Errors
    /// `NotFound`, naming the sections there are.
    pub(super) fn find(name: &str) -> Result<Self> {
        SECTIONS.into_iter().find(|one| one.name == name).ok_or_else(|| {
            let known: Vec<_> = SECTIONS.iter().map(|one| one.name).collect();
            Error::not_found(format!("Settings {name} not found. There are: {}", known.join(", ")))
        })
    }

    /// What was written or stored, checked, with the defaults of what it leaves out.
    ///
    /// # Errors
    /// `Invalid`, naming the field.
    pub(super) fn complete(self, written: &Value) -> Result<Value> {
        (self.complete)(written)
    }
}

fn complete<S: SettingsSection>(written: &Value) -> Result<Value> {
    if !written.is_object() {
        // serde would take an array for the fields in order.
        let received = tidings_types::routing::kind_of(written);
        return Err(Error::invalid(format!("Expected object, received {received}")));
    }
    let section: S = validation::decode(written)?;
    section.check()?;
    document::stored(&section)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_section_has_defaults_and_refuses_unknown_keys() {
        for section in SECTIONS {
            let defaults = section.complete(&json!({})).unwrap();
            assert_eq!(section.complete(&defaults).unwrap(), defaults, "{}", section.name);
            let told = section.complete(&json!({"no_such_key": 1})).unwrap_err();
            assert_eq!(told.message(), "Unrecognized key: \"no_such_key\"", "{}", section.name);
            assert_eq!(Section::find(section.name).unwrap().name, section.name);
        }
    }
}
