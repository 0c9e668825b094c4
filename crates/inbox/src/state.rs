//! What every part of this room can reach.

use std::sync::Arc;

use tidings_auth::Auth;
use tidings_pipeline::Services;

use crate::graphql::Schema;

/// The services, what proves callers, and the schema.
#[derive(Clone)]
pub struct InboxState(Arc<Inner>);

struct Inner {
    services: Arc<Services>,
    auth: Arc<Auth>,
    schema: Schema,
}

impl InboxState {
    /// State over a set of services and the program's one way to prove callers.
    pub fn new(services: Arc<Services>, auth: Arc<Auth>) -> Self {
        let schema = crate::graphql::schema(Arc::clone(&services));
        Self(Arc::new(Inner { services, auth, schema }))
    }

    pub(crate) fn services(&self) -> &Services {
        &self.0.services
    }

    pub(crate) fn auth(&self) -> &Auth {
        &self.0.auth
    }

    pub(crate) fn schema(&self) -> &Schema {
        &self.0.schema
    }
}
