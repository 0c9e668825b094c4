//! What every handler can reach.

use std::sync::Arc;

use tidings_pipeline::Services;

use crate::auth::{KeyCache, Signers};

/// What every handler can reach: the services, and what the API itself remembers.
#[derive(Clone)]
pub struct AppState(Arc<Inner>);

struct Inner {
    services: Arc<Services>,
    keys: KeyCache,
    signers: Signers,
}

impl AppState {
    /// State over a set of services.
    pub fn new(services: Arc<Services>) -> Self {
        Self(Arc::new(Inner {
            services,
            keys: KeyCache::new(),
            signers: Signers::default(),
        }))
    }

    /// The store, the clock, the engine.
    pub fn services(&self) -> &Services {
        &self.0.services
    }

    pub(crate) fn keys(&self) -> &KeyCache {
        &self.0.keys
    }

    pub(crate) fn signers(&self) -> &Signers {
        &self.0.signers
    }
}
