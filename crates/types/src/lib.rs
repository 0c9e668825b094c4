//! The values that walk through Tidings.
//!
//! A reader can follow one notification by its types alone:
//! `Request -> Message -> Resolved -> Plan -> Rendered -> Attempt -> Outcome -> Event`.
//! This room holds those types and the few things every other room needs: ids, time, randomness, secrets and the one
//! domain [`Error`]. It does no I/O beyond what [`SystemClock`] and [`SystemRandom`] must do.

pub mod account;
pub mod address;
pub mod channel;
pub mod consent;
pub mod content;
pub mod digest;
pub mod environment;
pub mod error;
pub mod event;
pub mod id;
pub mod lane;
pub mod locale;
pub mod message;
pub mod moment;
pub mod outcome;
pub mod plan;
pub mod preference;
pub mod progress;
pub mod quiet;
pub mod random;
pub mod rendered;
pub mod routing;
pub mod section;
pub mod status;
pub mod tag;
pub mod time;
pub mod topic_rules;
pub mod trace;
pub mod validation;

pub use account::{ProviderAccount, Settings};
pub use address::Address;
pub use channel::Channel;
pub use content::{Brand, NO_BRAND, Snippet, TemplateContent};
pub use environment::{Environment, KeyMode, KeyScope};
pub use error::{Error, ErrorKind, Result};
pub use event::{Event, EventType};
pub use id::{MessageId, RequestId, TenantId, TopicId, UserId};
pub use lane::Lane;
pub use message::MessageSpec;
pub use outcome::Outcome;
pub use plan::{Leaf, Node, Plan, Target, Verdict};
pub use preference::{Classification, Preference, PreferenceStatus, Topic};
pub use progress::Progress;
pub use random::{Random, SystemRandom};
pub use rendered::Rendered;
pub use routing::{Method, Routing, RoutingEntry};
pub use secrecy::{ExposeSecret, SecretString};
pub use section::{
    BrandSettings, ClientSettings, ComplianceSettings, ContentSettings, MissingVariables, QuietHoursSettings,
    SendLimits, SettingsSection, TrackingSettings,
};
pub use status::{Reason, Status};
pub use time::{Clock, SystemClock, Timestamp};
pub use trace::{Trace, TraceEntry};

/// A JSON object, as profiles, data and free-form settings are kept.
pub type Object = serde_json::Map<String, serde_json::Value>;
