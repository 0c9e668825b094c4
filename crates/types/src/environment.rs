//! The two worlds that never meet, and what an API key may see of them.

use serde::{Deserialize, Serialize};

/// Production and test are fully isolated: templates, brands, topics, providers, keys, profiles and logs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Environment {
    /// The real one.
    Production,
    /// For trying out. A channel without a configured provider is caught by the outbox.
    Test,
}

impl Environment {
    /// Both, in a fixed order.
    pub const ALL: [Self; 2] = [Self::Production, Self::Test];

    /// `production` or `test`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Production => "production",
            Self::Test => "test",
        }
    }

    /// Reads what [`Self::as_str`] writes.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == text)
    }
}

impl std::fmt::Display for Environment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Which version of a template a key's sends use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum KeyScope {
    /// The published version.
    #[default]
    Published,
    /// The draft.
    Draft,
}

impl KeyScope {
    /// `published` or `draft`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Published => "published",
            Self::Draft => "draft",
        }
    }

    /// Reads what [`Self::as_str`] writes.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Published, Self::Draft]
            .into_iter()
            .find(|one| one.as_str() == text)
    }
}

/// Whether a key's sends reach providers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum KeyMode {
    /// They do.
    #[default]
    Live,
    /// The whole way is walked and no provider is called; messages end as `SIMULATED`.
    Mock,
}

impl KeyMode {
    /// `live` or `mock`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Mock => "mock",
        }
    }

    /// Reads what [`Self::as_str`] writes.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Live, Self::Mock].into_iter().find(|one| one.as_str() == text)
    }
}
