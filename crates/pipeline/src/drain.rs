//! Carrying out by hand what a [`crate::Worker`] and a [`crate::JobRunner`] carry out on their own: one message or job
//! after the other, at the moment the clock shows. For tests and simulations, where nothing may happen behind one's back.

use std::sync::Arc;

use tidings_store::{Claim, Lane};
use tidings_types::Result;

use crate::Services;
use crate::deliver::{Accounts, carry_out};
use crate::jobs::{self, JobHandler};
use crate::worker::LEASE_MS;

/// Carries out what is due when it is told to.
pub struct Drain {
    services: Arc<Services>,
    accounts: Accounts,
    handlers: Vec<Arc<dyn JobHandler>>,
}

impl Drain {
    /// One that remembers, as a worker does, how often each provider account was called.
    pub fn new(services: Arc<Services>) -> Self {
        let accounts = Accounts::new(services.settings.account_slots);
        Self {
            services,
            accounts,
            handlers: jobs::handlers(),
        }
    }

    /// The same with further kinds of jobs.
    #[must_use]
    pub fn with(mut self, handler: Arc<dyn JobHandler>) -> Self {
        self.handlers.push(handler);
        self
    }

    /// Carries out everything that is due, messages before jobs and urgent first, until nothing is. Returns how many steps that took.
    ///
    /// # Errors
    /// When the store fails. What was claimed is given back, if that is possible.
    pub async fn run(&self) -> Result<u64> {
        let mut steps = 0;
        while self.step().await? || self.job().await? {
            steps += 1;
        }
        Ok(steps)
    }

    /// Carries out the most urgent message that is due. False when none is.
    async fn step(&self) -> Result<bool> {
        let store = &self.services.store;
        for lane in Lane::ALL {
            let claim = Claim {
                lane,
                now: self.services.clock.now(),
                limit: 1,
                lease_ms: LEASE_MS,
            };
            let Some(claimed) = store.claim(claim).await?.pop() else {
                continue;
            };
            let held = (claimed.message.environment, claimed.message.id.clone(), claimed.token);
            if let Err(error) = carry_out(&self.services, &self.accounts, claimed).await {
                store.release(vec![held]).await?;
                return Err(error);
            }
            return Ok(true);
        }
        Ok(false)
    }

    /// Does a step of jobs' work: one job of the first kind that has one due. False when none has.
    async fn job(&self) -> Result<bool> {
        for handler in &self.handlers {
            if let Some(claimed) = jobs::claim(&self.services, handler.kind(), 1).await?.pop() {
                let held = (claimed.job.name.clone(), claimed.proof);
                if let Err(error) = jobs::carry_out(&self.services, handler.as_ref(), claimed, &|| false).await {
                    self.services.store.release_jobs(vec![held]).await?;
                    return Err(error);
                }
                return Ok(true);
            }
        }
        Ok(false)
    }
}
