//! What a token may do: the scope grammar.

use tidings_types::{Error, Result, UserId};

/// Items that stand alone.
const PLAIN: [&str; 10] = [
    "read:messages",
    "read:user-tokens",
    "write:user-tokens",
    "inbox:read:messages",
    "inbox:write:events",
    "inbox:write:event",
    "inbox:write:messages",
    "write:track",
    "read:preferences",
    "write:preferences",
];

/// Items that may name one thing after a colon, and grant all without.
const WITH_RESOURCE: [&str; 4] = ["read:brands", "write:brands", "read:templates", "write:templates"];

/// What a client key stands for.
const CLIENT: [&str; 6] = [
    "inbox:read:messages",
    "inbox:write:events",
    "read:preferences",
    "write:preferences",
    "read:brands",
    "write:track",
];

/// What binds a token to a person.
const USER: &str = "user_id:";

/// A token's scope: a set of items separated by spaces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope(Vec<String>);

impl Scope {
    /// Reads and checks a scope.
    ///
    /// # Errors
    /// `Invalid`, naming the item that is not understood. A scope that only binds people grants nothing, and is refused.
    pub fn parse(text: &str) -> Result<Self> {
        let items: Vec<String> = text.split_ascii_whitespace().map(str::to_owned).collect();
        for item in &items {
            if item.chars().any(char::is_control) {
                return Err(Error::invalid("scope: Control characters are not allowed"));
            }
            if !is_known(item) {
                return Err(Error::invalid(format!("scope: `{item}` is not a scope")));
            }
        }
        if items.iter().all(|item| item.starts_with(USER)) {
            return Err(Error::invalid(
                "scope: Expected at least one item besides `user_id:<id>`",
            ));
        }
        Ok(Self(items))
    }

    /// What a client with a client key may do for its person.
    pub(crate) fn of_client(user: &UserId) -> Self {
        let mut items: Vec<String> = CLIENT.iter().map(|item| (*item).to_owned()).collect();
        items.push(format!("{USER}{user}"));
        Self(items)
    }

    /// The people it is bound to, in the order in which it names them.
    pub fn people(&self) -> impl Iterator<Item = UserId> {
        self.0
            .iter()
            .filter_map(|item| item.strip_prefix(USER))
            .map(UserId::from)
    }

    /// Whether it grants a need, for all or for the resource given.
    pub fn grants(&self, need: &str, resource: Option<&str>) -> bool {
        self.0.iter().any(|item| {
            let Some(rest) = item.strip_prefix(need) else {
                return false;
            };
            rest.is_empty() || rest.strip_prefix(':').is_some_and(|named| Some(named) == resource)
        })
    }

    /// Whether it is bound to a person.
    pub fn binds(&self, user: &UserId) -> bool {
        self.0.iter().any(|item| item.strip_prefix(USER) == Some(user.as_str()))
    }
}

fn is_known(item: &str) -> bool {
    PLAIN.contains(&item)
        || is_of_tenants(item)
        || item.strip_prefix(USER).is_some_and(|user| !user.is_empty())
        || WITH_RESOURCE.iter().any(|one| {
            item.strip_prefix(one)
                .is_some_and(|rest| rest.is_empty() || rest.strip_prefix(':').is_some_and(|named| !named.is_empty()))
        })
}

/// What the published template designer asks for: `tenants:brand:read`, `tenant:<id>:notification:write` and the like, also
/// with the plurals its manual has. They are understood and grant nothing: the designer's part is not there, and a token
/// made for both it and an inbox works for the inbox.
fn is_of_tenants(item: &str) -> bool {
    let all = item.strip_prefix("tenants:");
    let one = item
        .strip_prefix("tenant:")
        .or(all)
        .and_then(|rest| rest.split_once(':'));
    let one = one.filter(|(tenant, _)| !tenant.is_empty()).map(|(_, rest)| rest);
    all.is_some_and(is_of_designer) || one.is_some_and(is_of_designer)
}

fn is_of_designer(rest: &str) -> bool {
    match rest.split_once(':') {
        None => rest == "read",
        Some((thing, right)) => {
            matches!(thing, "brand" | "notification" | "notifications") && matches!(right, "read" | "write")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_grant_all_or_one() {
        let scope = Scope::parse("user_id:a@b.c read:brands:b1  write:preferences").unwrap();
        assert!(scope.grants("read:brands", Some("b1")));
        assert!(!scope.grants("read:brands", Some("b2")));
        assert!(!scope.grants("read:brands", None));
        assert!(scope.grants("write:preferences", None));
        assert!(scope.binds(&"a@b.c".into()));
        assert!(!scope.binds(&"a".into()));
    }

    #[test]
    fn scopes_of_tenants_are_understood_and_grant_nothing_here() {
        let text = "user_id:a tenants:read tenants:brand:read tenants:notifications:write tenant:acme:read \
                    tenant:acme:notification:read tenants:acme:brand:write inbox:read:messages";
        let scope = Scope::parse(text).unwrap();
        assert!(scope.grants("inbox:read:messages", None));
        for need in ["read:brands", "write:brands", "read:templates", "read:messages"] {
            assert!(!scope.grants(need, Some("acme")), "{need}");
        }
        for text in [
            "tenants",
            "tenants:",
            "tenant::read",
            "tenant:acme:fly:read",
            "tenants:brand:fly",
        ] {
            assert!(Scope::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn what_is_no_scope_is_refused_by_name() {
        let told = Scope::parse("read:everything").unwrap_err();
        assert_eq!(told.message(), "scope: `read:everything` is not a scope");
        for text in ["", " ", "user_id:", "user_id:x", "read:brands:", "read:brandsx"] {
            assert!(Scope::parse(text).is_err(), "{text}");
        }
    }
}
