//! An entry of `to` that stands for many.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tidings_types::{Error, Object, Result};

use super::page::{ENTRY, is_internal};

/// An entry of `to` that stands for many, as it is kept with the request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Crowd {
    /// Its place in `to`, counting from zero.
    pub(crate) entry: u32,
    /// Whether it is all of `to`.
    pub(crate) alone: bool,
    /// What kind of crowd.
    pub(crate) kind: CrowdKind,
    /// Which one: an id or a pattern.
    pub(crate) id: String,
    /// For a tenant: whether those beneath it count too.
    #[serde(default)]
    pub(crate) include_children: bool,
    /// For everything but a tenant: the tenant its messages are for, if one was named.
    #[serde(default)]
    pub(crate) tenant: Option<String>,
    /// Values for everybody in it, over the message's own.
    #[serde(default)]
    pub(crate) data: Object,
    /// Only people who belong to all these tenants.
    #[serde(default)]
    pub(crate) members_of: Vec<String>,
}

/// What kind of crowd.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum CrowdKind {
    /// Everybody on a list.
    List,
    /// Everybody on the lists whose names match.
    Pattern,
    /// Everybody in an audience.
    Audience,
    /// Everybody in a tenant.
    Tenant,
}

impl CrowdKind {
    /// In words.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::List => "list",
            Self::Pattern => "pattern",
            Self::Audience => "audience",
            Self::Tenant => "tenant",
        }
    }
}

impl Crowd {
    /// The id of the message to a person.
    pub(crate) fn message_id(&self, request: &str, user: &str) -> String {
        if self.alone {
            message_id(request, user)
        } else {
            // Each entry is its own send, also to the same person.
            message_id(&format!("{request}:{}", self.entry), user)
        }
    }
}

/// The id of the message to a person: made of the request's and the person's id, which is what callers of the public API
/// look for; where that is not printable in a path, of the person's id in base 64.
pub(crate) fn message_id(request: &str, user: &str) -> String {
    use base64::Engine as _;
    let plain = user
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b"._@:-".contains(&byte));
    if plain {
        format!("{request}:{user}")
    } else {
        // No plain id has this mark.
        let user = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(user);
        format!("{request}:~{user}")
    }
}

/// The data of the crowd that a message's `to` points at.
///
/// # Errors
/// `Internal` when the crowds are not what this program writes.
pub(crate) fn data_of(to: &Object, crowds: Option<&str>) -> Result<Object> {
    let (Some(entry), Some(crowds)) = (to.get(ENTRY).and_then(Value::as_u64), crowds) else {
        return Ok(Object::new());
    };
    let crowds: Vec<Crowd> = serde_json::from_str(crowds).map_err(Error::internal)?;
    let found = crowds.into_iter().find(|crowd| u64::from(crowd.entry) == entry);
    Ok(found.map(|crowd| crowd.data).unwrap_or_default())
}

/// A message's `to` without pointers: as if the caller had written it for this person alone.
///
/// # Errors
/// As `data_of`.
pub fn whole(mut to: Object, crowds: Option<&str>) -> Result<Object> {
    let data = data_of(&to, crowds)?;
    to.retain(|name, _| !is_internal(name));
    if !data.is_empty() {
        to.insert("data".to_owned(), Value::Object(data));
    }
    Ok(to)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_tell_people_and_entries_apart() {
        let crowd = |entry, alone| Crowd {
            entry,
            alone,
            kind: CrowdKind::List,
            id: "l".to_owned(),
            include_children: false,
            tenant: None,
            data: Object::new(),
            members_of: Vec::new(),
        };
        assert_eq!(crowd(0, true).message_id("1-a", "ada@x.y"), "1-a:ada@x.y");
        assert_eq!(crowd(2, false).message_id("1-a", "ada"), "1-a:2:ada");
        assert_eq!(crowd(0, true).message_id("1-a", "a/b"), "1-a:~YS9i");
    }
}
