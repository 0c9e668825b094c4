//! The wall clock by which a person's quiet hours hold.

use tidings_domain::window::{TimeZone, UTC, time_zone};
use tidings_types::{Environment, QuietHoursSettings, Result};

use crate::Services;

/// A wall clock.
#[derive(Clone, Debug)]
pub struct Clock {
    /// Its zone.
    pub zone: TimeZone,
    /// The zone's name.
    pub name: String,
    /// What the person's profile names as theirs, where that is no zone.
    misnamed: Option<String>,
    /// Whether the profile says nothing that could be used.
    is_assumed: bool,
}

impl Clock {
    /// A person's, by what their profile names as `zoneinfo` or `timezone`; else that of the settings `quiet_hours`, else
    /// UTC.
    ///
    /// # Errors
    /// When the settings cannot be read.
    pub async fn of(services: &Services, environment: Environment, named: Option<&str>) -> Result<Self> {
        if let Some(clock) = Self::named(named) {
            return Ok(clock);
        }
        let settings: QuietHoursSettings = services.documents().settings(environment).await?;
        let assumed = Self::named(settings.default_time_zone.as_deref());
        Ok(Self {
            misnamed: named.map(str::to_owned),
            is_assumed: true,
            ..assumed.unwrap_or_default()
        })
    }

    fn named(name: Option<&str>) -> Option<Self> {
        let name = name?;
        let zone = time_zone(name).ok()?;
        Some(Self {
            zone,
            name: name.to_owned(),
            misnamed: None,
            is_assumed: false,
        })
    }

    /// Where it comes from, in words.
    pub(crate) fn told(&self) -> String {
        match (&self.misnamed, self.is_assumed) {
            (Some(other), _) => format!("{}, since the profile's \"{other}\" is no time zone", self.name),
            (None, true) => format!("{}, since the profile has no `zoneinfo`", self.name),
            (None, false) => self.name.clone(),
        }
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self {
            zone: UTC,
            name: "UTC".to_owned(),
            misnamed: None,
            is_assumed: true,
        }
    }
}
