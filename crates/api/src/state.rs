//! What every handler can reach.

use std::sync::Arc;

use tidings_auth::Auth;
use tidings_pipeline::Services;
use tokio::sync::Semaphore;

use crate::body::LARGE_AT_ONCE;
use crate::pace::Pace;
use crate::requests::Counts;

/// What every handler can reach: the services, and what proves callers.
#[derive(Clone)]
pub struct AppState(Arc<Inner>);

struct Inner {
    services: Arc<Services>,
    auth: Arc<Auth>,
    tests: Pace,
    large_bodies: Semaphore,
    counts: Counts,
}

impl AppState {
    /// State over a set of services.
    pub fn new(services: Arc<Services>) -> Self {
        Self(Arc::new(Inner {
            auth: Arc::new(Auth::new(Arc::clone(&services))),
            services,
            tests: Pace::default(),
            large_bodies: Semaphore::new(LARGE_AT_ONCE),
            counts: Counts::default(),
        }))
    }

    /// The store, the clock, the engine.
    pub fn services(&self) -> &Services {
        &self.0.services
    }

    /// What proves callers; the program has one.
    pub fn auth(&self) -> &Arc<Auth> {
        &self.0.auth
    }

    /// How often templates may be tried out.
    pub(crate) fn tests(&self) -> &Pace {
        &self.0.tests
    }

    /// How many messages of a request stand where.
    pub(crate) fn counts(&self) -> &Counts {
        &self.0.counts
    }

    /// Places for bodies that are larger than most.
    pub(crate) fn large_bodies(&self) -> &Semaphore {
        &self.0.large_bodies
    }
}
