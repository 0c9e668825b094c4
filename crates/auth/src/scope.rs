//! What a token may do: the scope grammar.

use tidings_types::{Error, Result, UserId};

/// Items that stand alone.
const PLAIN: [&str; 11] = [
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
    "write:profiles",
];

/// Items that may name one thing after a colon, and grant all without.
const WITH_RESOURCE: [&str; 4] = ["read:brands", "write:brands", "read:templates", "write:templates"];

/// What a client key stands for. Writing profiles is not among it: that takes a setting as well.
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

    /// Whether it grants something of a tenant.
    pub fn grants_of_tenant(&self, of: Of, right: Right, tenant: &str) -> bool {
        self.of_tenants()
            .any(|item| item.of == of && item.right == right && item.tenant.is_none_or(|one| one == tenant))
    }

    /// Whether it grants anything of a tenant.
    pub fn concerns_tenant(&self, tenant: &str) -> bool {
        self.of_tenants()
            .any(|item| item.tenant.is_none_or(|one| one == tenant))
    }

    /// Whether it grants something of some tenant.
    pub fn grants_of_some_tenant(&self, of: Of, right: Right) -> bool {
        self.of_tenants().any(|item| item.of == of && item.right == right)
    }

    fn of_tenants(&self) -> impl Iterator<Item = OfTenants<'_>> {
        self.0.iter().filter_map(|item| OfTenants::read(item))
    }

    /// Whether it is bound to a person.
    pub fn binds(&self, user: &UserId) -> bool {
        self.0.iter().any(|item| item.strip_prefix(USER) == Some(user.as_str()))
    }
}

fn is_known(item: &str) -> bool {
    PLAIN.contains(&item)
        || OfTenants::read(item).is_some()
        || item.strip_prefix(USER).is_some_and(|user| !user.is_empty())
        || WITH_RESOURCE.iter().any(|one| {
            item.strip_prefix(one)
                .is_some_and(|rest| rest.is_empty() || rest.strip_prefix(':').is_some_and(|named| !named.is_empty()))
        })
}

/// What of tenants an item names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    /// The tenant itself: its name.
    Tenant,
    /// Its brand.
    Brand,
    /// Its own templates.
    Notifications,
}

/// What an item lets its bearer do there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Right {
    /// Seeing it.
    Read,
    /// Changing it. It does not go with seeing it.
    Write,
}

/// What the published template designer asks for, for all tenants or for one: `tenants:brand:read`,
/// `tenant:<id>:notification:write` and the like, each also with the other number, as its manual has them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct OfTenants<'a> {
    tenant: Option<&'a str>,
    of: Of,
    right: Right,
}

impl<'a> OfTenants<'a> {
    /// Reads an item from its end, since ids may hold colons. An item is read in one way only: where an id ends like an
    /// item, the item counts.
    fn read(item: &'a str) -> Option<Self> {
        let (rest, all) = match item.strip_prefix("tenants:") {
            Some(rest) => (rest, true),
            None => (item.strip_prefix("tenant:")?, false),
        };
        let (rest, right) = match rest.rsplit_once(':').unwrap_or(("", rest)) {
            (rest, "read") => (rest, Right::Read),
            (rest, "write") => (rest, Right::Write),
            _ => return None,
        };
        let (id, last) = match rest.rsplit_once(':') {
            Some((id, last)) => (id, last),
            None => ("", rest),
        };
        let of = match last {
            "brand" => Of::Brand,
            "notification" | "notifications" => Of::Notifications,
            _ => Of::Tenant,
        };
        let id = if of == Of::Tenant { rest } else { id };
        let is_about_itself = of != Of::Tenant || right == Right::Read;
        let found = Self {
            tenant: Some(id).filter(|id| !id.is_empty()),
            of,
            right,
        };
        // `tenant:brand:read` speaks of a tenant called so; `tenants:brand:read` of the brands of all.
        match (all, found.tenant) {
            (false, None) if of != Of::Tenant && right == Right::Read => Some(Self {
                tenant: Some(last),
                of: Of::Tenant,
                right,
            }),
            (false, None) => None,
            _ => is_about_itself.then_some(found),
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

    /// What a scope grants of two tenants, in letters: of each tenant what is read, then what is written.
    fn granted(text: &str) -> String {
        let scope = Scope::parse(text).unwrap();
        let mut told = String::new();
        for tenant in ["acme", "umbra"] {
            for right in [Right::Read, Right::Write] {
                for (of, letter) in [(Of::Tenant, 't'), (Of::Brand, 'b'), (Of::Notifications, 'n')] {
                    told.push(if scope.grants_of_tenant(of, right, tenant) {
                        letter
                    } else {
                        '-'
                    });
                }
            }
            told.push(' ');
        }
        told.trim_end().to_owned()
    }

    #[test]
    fn scopes_of_tenants_grant_what_they_name_and_nothing_else() {
        for (text, expected) in [
            ("tenants:read", "t----- t-----"),
            ("tenants:brand:read", "-b---- -b----"),
            ("tenants:brand:write", "----b- ----b-"),
            ("tenants:notifications:read", "--n--- --n---"),
            ("tenants:notifications:write", "-----n -----n"),
            ("tenants:notification:write", "-----n -----n"),
            ("tenant:acme:read", "t----- ------"),
            ("tenants:acme:read", "t----- ------"),
            ("tenant:acme:brand:read", "-b---- ------"),
            ("tenant:acme:brand:write", "----b- ------"),
            ("tenant:acme:notification:read", "--n--- ------"),
            ("tenant:acme:notifications:write", "-----n ------"),
            ("tenants:acme:notifications:write", "-----n ------"),
            ("tenant:acme:read tenant:umbra:brand:write", "t----- ----b-"),
            ("tenant:acm:read tenant:acme2:read tenant:ACME:read", "------ ------"),
            ("inbox:read:messages read:brands write:templates", "------ ------"),
        ] {
            assert_eq!(granted(text), expected, "{text}");
        }
    }

    #[test]
    fn scopes_of_tenants_grant_nothing_else() {
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
            "tenants:write",
            "tenant:read",
            "tenant::read",
            "tenant:acme:write",
            "tenant:acme:fly:write",
            "tenants:brand:fly",
            "tenant::brand:write",
            "tenant:brand:write",
        ] {
            assert!(Scope::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn ids_with_colons_are_read_in_one_way() {
        let scope = Scope::parse("tenant:a:b:read tenant:a:brand:read tenant:brand:read").unwrap();
        let reads = |of, tenant| scope.grants_of_tenant(of, Right::Read, tenant);
        assert!(reads(Of::Tenant, "a:b") && reads(Of::Brand, "a") && reads(Of::Tenant, "brand"));
        assert!(!reads(Of::Tenant, "a") && !reads(Of::Tenant, "a:brand") && !reads(Of::Brand, "brand"));
        assert!(scope.concerns_tenant("a") && scope.concerns_tenant("a:b") && !scope.concerns_tenant("b"));
        assert!(scope.grants_of_some_tenant(Of::Brand, Right::Read));
        assert!(!scope.grants_of_some_tenant(Of::Notifications, Right::Read));
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
