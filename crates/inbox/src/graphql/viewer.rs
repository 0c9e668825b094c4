//! Who asks, and for whom.

use std::borrow::Cow;
use std::sync::Arc;

use async_graphql::Context;
use http::HeaderMap;
use tidings_auth::{Auth, Credential, Identity, Of, Right};
use tidings_pipeline::Services;
use tidings_types::{Environment, Error, Result, UserId};

/// Who asks, and for whom.
#[derive(Clone, Debug)]
pub struct Viewer {
    identity: Identity,
    user: Option<UserId>,
    source: Option<String>,
}

impl Viewer {
    /// Finds out who asks. A token or key in `Authorization` counts; a client key only without one, since clients send
    /// words such as `empty` there.
    ///
    /// # Errors
    /// `Unauthenticated` when there is no usable credential; `Forbidden` when a token is not bound to the person that the
    /// headers name.
    pub(crate) async fn of_request(auth: &Auth, headers: &HeaderMap) -> Result<Self> {
        let named = name(headers, "x-courier-user-id").map(|name| UserId::from(name.as_ref()));
        let client_key = text(headers, "x-courier-client-key");
        let identity = match (client_key, &named) {
            (Some(key), Some(user)) if !headers.contains_key(http::header::AUTHORIZATION) => {
                let signature = text(headers, "x-courier-user-signature");
                auth.identify_client(key, user, signature).await?
            }
            _ => auth.identify(&Credential::read(headers)?).await?,
        };
        if let Some(user) = &named
            && !identity.acts_for(user)
        {
            return Err(Error::forbidden("The token is not bound to this user"));
        }
        let bound = || identity.scope().and_then(|scope| scope.people().next());
        Ok(Self {
            user: named.or_else(bound),
            source: text(headers, "x-courier-client-source-id").map(str::to_owned),
            identity,
        })
    }

    /// Who asks, within a resolver.
    ///
    /// # Errors
    /// `Internal` when the query was not executed for anyone.
    pub fn of<'c>(context: &Context<'c>) -> Result<&'c Self> {
        context
            .data::<Self>()
            .map_err(|_| Error::internal("a query is executed for nobody"))
    }

    /// The environment.
    pub fn environment(&self) -> Environment {
        self.identity.environment()
    }

    /// Who it is, for the record.
    pub fn actor(&self) -> &str {
        self.identity.actor()
    }

    /// Whether it may see or change something of a tenant.
    pub fn grants_of_tenant(&self, of: Of, right: Right, tenant: &str) -> bool {
        self.identity.grants_of_tenant(of, right, tenant)
    }

    /// Whether it may see or change anything of a tenant.
    pub fn concerns_tenant(&self, tenant: &str) -> bool {
        self.identity.concerns_tenant(tenant)
    }

    /// Whether it may see or change something of some tenant.
    pub fn grants_of_some_tenant(&self, of: Of, right: Right) -> bool {
        self.identity.grants_of_some_tenant(of, right)
    }

    /// Whether it may write what can be large: a tenant's templates and brand, with pictures in them.
    pub fn designs(&self) -> bool {
        let writes = |of| self.grants_of_some_tenant(of, Right::Write);
        writes(Of::Notifications) || writes(Of::Brand)
    }

    /// The person whose things are meant.
    ///
    /// # Errors
    /// `Forbidden` when neither the token nor the headers name one.
    pub fn user(&self) -> Result<&UserId> {
        self.user
            .as_ref()
            .ok_or_else(|| Error::forbidden("The call names no user: the token must be bound to one"))
    }

    /// The id of the client's own socket, which need not hear of what the client does itself.
    pub fn source(&self) -> Option<&str> {
        self.source.as_deref()
    }

    /// Refuses who may not do something. Any of the items of a scope will do.
    ///
    /// # Errors
    /// `Forbidden`, naming the first item.
    pub fn need(&self, items: &[&str]) -> Result<()> {
        self.need_for(items, None)
    }

    /// Refuses who may not do something to one thing, such as a brand of this id.
    ///
    /// # Errors
    /// `Forbidden`, naming the first item.
    pub fn need_for(&self, items: &[&str], resource: Option<&str>) -> Result<()> {
        if items.iter().any(|item| self.identity.grants(item, resource)) {
            return Ok(());
        }
        let item = items.first().unwrap_or(&"");
        Err(Error::forbidden(format!("The token lacks the scope `{item}`")))
    }
}

/// What every resolver can reach.
///
/// # Errors
/// `Internal` when the schema was built without it.
pub fn services<'c>(context: &Context<'c>) -> Result<&'c Arc<Services>> {
    context
        .data::<Arc<Services>>()
        .map_err(|_| Error::internal("the schema has no services"))
}

/// A name in a header; empty counts as missing. Browsers send a letter as the byte that Latin-1 has for it (the Fetch
/// standard's byte strings), other clients as UTF-8. No name is passed over because it cannot be read: it would count as
/// missing.
fn name<'h>(headers: &'h HeaderMap, name: &str) -> Option<Cow<'h, str>> {
    let value = headers.get(name)?.as_bytes().trim_ascii();
    let text = match std::str::from_utf8(value) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(value.iter().copied().map(char::from).collect()),
    };
    (!text.is_empty()).then_some(text)
}

/// A header's text; empty counts as missing.
fn text<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let value = headers.get(name)?.to_str().ok()?.trim();
    (!value.is_empty()).then_some(value)
}
