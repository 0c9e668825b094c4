//! What a team sets for a whole environment, section by section. Where nothing was saved, the defaults hold.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::Result;
use crate::topic_rules::Limit;

/// A section of an environment's settings: its name, its form and its defaults.
///
/// Unknown keys are to be refused (`deny_unknown_fields`) and absent ones to be defaults (`default`).
pub trait SettingsSection: Serialize + DeserializeOwned + Default + Send + Sync + 'static {
    /// The name in `GET` and `PUT /settings/{section}`.
    const NAME: &'static str;

    /// Refuses what is of the right types and still makes no sense.
    ///
    /// # Errors
    /// `Invalid`, naming the field.
    fn check(&self) -> Result<()> {
        Ok(())
    }
}

/// How content is read: languages and missing values.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ContentSettings {
    /// Whether a text that is missing in `es-MX` is taken from `es` before the content's own. Otherwise only the
    /// exact language counts.
    pub locale_fallback: bool,
    /// The language whose translations stand in where a person's own has none, or none is known of the person.
    pub default_locale: Option<String>,
    /// What becomes of a text whose variable has no value.
    pub missing_variables: MissingVariables,
}

/// Which brand holds where none is named.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BrandSettings {
    /// The id of the default brand. It need not exist: then nothing stands in.
    pub default_brand_id: String,
}

impl Default for BrandSettings {
    fn default() -> Self {
        Self {
            default_brand_id: "default".to_owned(),
        }
    }
}

impl SettingsSection for BrandSettings {
    const NAME: &'static str = "brands";

    fn check(&self) -> Result<()> {
        if self.default_brand_id.trim().is_empty() {
            return Err(crate::Error::invalid("default_brand_id: Must not be empty"));
        }
        Ok(())
    }
}

/// What becomes of a text whose variable has no value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MissingVariables {
    /// It is rendered without the value, and the trace says so.
    #[default]
    Render,
    /// The channel is not used, as if it had no content.
    Fail,
}

impl SettingsSection for ContentSettings {
    const NAME: &'static str = "content";

    fn check(&self) -> Result<()> {
        match &self.default_locale {
            Some(locale) => crate::locale::check("default_locale", locale),
            None => Ok(()),
        }
    }
}

/// What is told of people's doings with their messages. Nothing, until a team asks for it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TrackingSettings {
    /// Whether links in mails lead through this server, which notes the click.
    pub clicks: bool,
    /// Whether mails hold a picture of one pixel, which tells that they were opened.
    pub opens: bool,
    /// Whether pushes tell apps where to report that they arrived and were tapped.
    pub pushes: bool,
}

impl SettingsSection for TrackingSettings {
    const NAME: &'static str = "tracking";
}

/// How many messages one person gets, over all topics and of each. Transactional messages are never held back.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SendLimits {
    /// Over all topics together.
    pub per_user: Vec<Limit>,
    /// Of each topic that has no limits of its own.
    pub per_user_and_topic: Vec<Limit>,
    /// Topics that count and are never held back.
    pub excluded_topics: Vec<String>,
}

impl SettingsSection for SendLimits {
    const NAME: &'static str = "send_limits";

    fn check(&self) -> Result<()> {
        check_limits("per_user", &self.per_user)?;
        check_limits("per_user_and_topic", &self.per_user_and_topic)
    }
}

/// Refuses limits that let nothing through: that is what opting out is for.
///
/// # Errors
/// `Invalid`, naming the field.
pub fn check_limits(field: &str, limits: &[Limit]) -> Result<()> {
    match limits.iter().position(|limit| limit.max == 0) {
        Some(index) => Err(crate::Error::invalid(format!(
            "{field}.{index}.max: Expected a number above 0"
        ))),
        None => Ok(()),
    }
}

/// What browsers and phones may do beyond reading and choosing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ClientSettings {
    /// Whether a client key with the signature of a person's id may write that person's profile. A signature never ends,
    /// and who writes a profile decides where its messages go.
    pub identify_by_signature: bool,
}

impl SettingsSection for ClientSettings {
    const NAME: &'static str = "clients";
}

/// By which clock quiet hours hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct QuietHoursSettings {
    /// The IANA zone of people whose profiles name none; UTC where absent.
    pub default_time_zone: Option<String>,
}

impl SettingsSection for QuietHoursSettings {
    const NAME: &'static str = "quiet_hours";

    fn check(&self) -> Result<()> {
        match &self.default_time_zone {
            Some(zone) if jiff::tz::TimeZone::get(zone).is_err() => Err(crate::Error::invalid(
                "default_time_zone: Expected an IANA time zone such as Europe/Berlin",
            )),
            _ => Ok(()),
        }
    }
}

/// What the law asks of marketing mail.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ComplianceSettings {
    /// The sender's postal address. Marketing mail that does not show it is not sent.
    pub postal_address: Option<String>,
}

impl SettingsSection for ComplianceSettings {
    const NAME: &'static str = "compliance";
}
