//! What every part of this room can reach.

use std::sync::Arc;

use tidings_auth::Auth;
use tidings_pipeline::Services;

use crate::Gateway;
use crate::graphql::Schema;

/// The services, what proves callers, the schema, and who is connected.
#[derive(Clone)]
pub struct InboxState(Arc<Inner>);

struct Inner {
    services: Arc<Services>,
    auth: Arc<Auth>,
    schema: Schema,
    gateway: Arc<Gateway>,
}

impl InboxState {
    /// State over a set of services, the program's one way to prove callers, and its one gateway.
    pub fn new(services: Arc<Services>, auth: Arc<Auth>, gateway: Arc<Gateway>) -> Self {
        let schema = crate::graphql::schema(Arc::clone(&services));
        Self(Arc::new(Inner {
            services,
            auth,
            schema,
            gateway,
        }))
    }

    pub(crate) fn services(&self) -> &Services {
        &self.0.services
    }

    pub(crate) fn auth(&self) -> &Auth {
        &self.0.auth
    }

    pub(crate) fn gateway(&self) -> &Gateway {
        &self.0.gateway
    }

    pub(crate) fn schema(&self) -> &Schema {
        &self.0.schema
    }
}
