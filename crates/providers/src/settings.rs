//! Checking an account's settings before they are stored.

use serde_json::Value;
use tidings_types::{Error, Object, Result, Settings};
use url::Url;

use crate::{Setting, SettingKind, Spec};

/// The setting every provider has: how fast an account may be called.
const RATE_LIMIT: &str = "rate_limit";

/// Checks settings against a provider's description and brings values to their declared types.
///
/// Unknown and missing settings and wrong types are [`tidings_types::ErrorKind::Invalid`], naming the setting.
pub fn validate_settings(spec: &Spec, given: &Object) -> Result<Settings> {
    let mut settings = Settings::default();
    for (name, value) in given {
        if value.is_null() {
            continue;
        }
        if name == RATE_LIMIT {
            RateLimit::parse(value)?;
            settings.set(name, value.clone());
            continue;
        }
        let Some(setting) = spec.setting(name) else {
            return Err(Error::invalid(format!(
                "settings.{name}: {} has no such setting",
                spec.key
            )));
        };
        settings.set(name, typed(setting, value)?);
    }
    for setting in spec.settings.iter().filter(|setting| setting.required) {
        if settings
            .get(setting.name)
            .is_none_or(|value| value.as_str() == Some(""))
        {
            return Err(Error::invalid(format!("settings.{}: Required", setting.name)));
        }
    }
    for name in ["base_url", "url"] {
        if let Some(text) = settings.text(name) {
            http_url(&text).map_err(|why| Error::invalid(format!("settings.{name}: {why}")))?;
        }
    }
    if let Some(check) = spec.check {
        check(&settings)?;
    }
    Ok(settings)
}

/// Reads an absolute HTTP address.
pub(crate) fn http_url(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|error| format!("not a URL ({error})"))?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none_or(str::is_empty) {
        return Err("must be an http or https URL".to_owned());
    }
    Ok(url)
}

/// A value in its declared type. People type numbers and booleans as text, and text as numbers.
fn typed(setting: &Setting, value: &Value) -> Result<Value> {
    let typed = match (setting.kind, value) {
        (SettingKind::String, Value::String(text)) if !text.chars().any(char::is_control) => Some(value.clone()),
        (SettingKind::String, Value::Number(number)) => Some(Value::String(number.to_string())),
        (SettingKind::Boolean, Value::Bool(_)) => Some(value.clone()),
        (SettingKind::Boolean, Value::String(text)) => text.parse().ok().map(Value::Bool),
        (SettingKind::Number, Value::Number(number)) => number.as_u64().map(Value::from),
        (SettingKind::Number, Value::String(text)) => text.parse::<u64>().ok().map(Value::from),
        (SettingKind::Enum(values), Value::String(text)) if values.contains(&text.as_str()) => Some(value.clone()),
        _ => None,
    };
    typed.ok_or_else(|| {
        let expected = match setting.kind {
            SettingKind::String => "text without control characters".to_owned(),
            SettingKind::Boolean => "true or false".to_owned(),
            SettingKind::Number => "a whole number".to_owned(),
            SettingKind::Enum(values) => format!("one of {}", values.join(", ")),
        };
        Error::invalid(format!("settings.{}: must be {expected}", setting.name))
    })
}

/// How fast an account may be called.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RateLimit {
    interval_ms: f64,
}

impl RateLimit {
    /// The longest time between two calls that can be asked for: twelve hours.
    const MAX_INTERVAL_MS: f64 = 12.0 * 3_600_000.0;

    /// The limit in an account's settings, if it has one.
    pub fn of(settings: &Settings) -> Option<Self> {
        Self::parse(settings.get(RATE_LIMIT)?).ok()
    }

    /// Reads `{rate, period}`. Errors have the code `InvalidRateLimit`.
    pub fn parse(value: &Value) -> Result<Self> {
        let invalid = |why: &str| Error::invalid(format!("settings.{RATE_LIMIT}: {why}")).with_code("InvalidRateLimit");
        let rate = value.get("rate").and_then(Value::as_f64).filter(|rate| *rate > 0.0);
        let rate = rate.ok_or_else(|| invalid("rate must be a number above zero"))?;
        let period_ms = match value.get("period").and_then(Value::as_str) {
            Some("second") => 1_000.0,
            Some("minute") => 60_000.0,
            Some("hour") => 3_600_000.0,
            _ => return Err(invalid("period must be second, minute or hour")),
        };
        let interval_ms = period_ms / rate;
        if !(1.0..=Self::MAX_INTERVAL_MS).contains(&interval_ms) {
            return Err(invalid(
                "the time between two calls must be between 1 millisecond and 12 hours",
            ));
        }
        Ok(Self { interval_ms })
    }

    /// The time between two calls, in milliseconds: 1 to 12 hours' worth.
    pub fn interval_ms(self) -> f64 {
        self.interval_ms
    }
}
