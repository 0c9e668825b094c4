//! What a provider says of itself, for the catalog and for checking an account's settings.

use tidings_types::{Channel, Result, Settings};

/// A provider's description.
#[derive(Debug)]
pub struct Spec {
    /// Its key in routing, settings and the catalog, such as `sendgrid`.
    pub key: &'static str,
    /// Its name as people know it.
    pub name: &'static str,
    /// One sentence for the catalog.
    pub description: &'static str,
    /// The class of channel it serves.
    pub channel: Channel,
    /// What an account of it can be told, required ones first.
    pub settings: &'static [Setting],
    /// True when it works without an account; it then cannot be configured either.
    pub always_available: bool,
    /// Rules that need more than one setting, or a value's form. Called with settings of the declared types.
    pub check: Option<fn(&Settings) -> Result<()>>,
}

/// One setting of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Setting {
    /// Its name, in snake case.
    pub name: &'static str,
    /// Its type.
    pub kind: SettingKind,
    /// Whether an account cannot be without it.
    pub required: bool,
    /// Whether it is never shown again once stored.
    pub secret: bool,
    /// What it is for, in one sentence.
    pub doc: &'static str,
}

/// The type of a setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SettingKind {
    /// Text.
    String,
    /// True or false.
    Boolean,
    /// A whole number, not negative.
    Number,
    /// One of these texts.
    Enum(&'static [&'static str]),
}

impl SettingKind {
    /// The name of the type in the catalog.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::String => "string",
            Self::Boolean => "boolean",
            Self::Number => "number",
            Self::Enum(_) => "enum",
        }
    }
}

impl Setting {
    /// A text an account must have.
    pub const fn required(name: &'static str, doc: &'static str) -> Self {
        Self {
            name,
            kind: SettingKind::String,
            required: true,
            secret: false,
            doc,
        }
    }

    /// A text an account may have.
    pub const fn optional(name: &'static str, doc: &'static str) -> Self {
        Self {
            name,
            kind: SettingKind::String,
            required: false,
            secret: false,
            doc,
        }
    }

    /// The same setting with another type.
    #[must_use]
    pub const fn of_kind(mut self, kind: SettingKind) -> Self {
        self.kind = kind;
        self
    }

    /// The same setting, kept secret.
    #[must_use]
    pub const fn secret(mut self) -> Self {
        self.secret = true;
        self
    }

    /// The setting every HTTP provider has.
    pub const BASE_URL: Self = Self::optional(
        "base_url",
        "Where the API is reached instead of its usual address: a region, a gateway, a test.",
    );
}

impl Spec {
    /// One of its settings, by name.
    pub fn setting(&self, name: &str) -> Option<&'static Setting> {
        self.settings.iter().find(|setting| setting.name == name)
    }

    /// Whether accounts of it can be stored.
    pub fn configurable(&self) -> bool {
        !self.always_available
    }

    /// The names of its secret settings.
    pub fn secrets(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.settings
            .iter()
            .filter(|setting| setting.secret)
            .map(|setting| setting.name)
    }
}
