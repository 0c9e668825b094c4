//! Carrying out by hand what a [`crate::Worker`] carries out on its own: one message after the other, at the moment the
//! clock shows. For tests and simulations, where nothing may happen behind one's back.

use std::sync::Arc;

use tidings_store::{Claim, Lane};
use tidings_types::Result;

use crate::Services;
use crate::deliver::{Accounts, carry_out};
use crate::worker::LEASE_MS;

/// Carries out what is due when it is told to.
pub struct Drain {
    services: Arc<Services>,
    accounts: Accounts,
}

impl Drain {
    /// One that remembers, as a worker does, how often each provider account was called.
    pub fn new(services: Arc<Services>) -> Self {
        let accounts = Accounts::new(services.settings.account_slots);
        Self { services, accounts }
    }

    /// Carries out everything that is due, urgent first, until nothing is. Returns how many steps that took.
    ///
    /// # Errors
    /// When the store fails. What was claimed is given back, if that is possible.
    pub async fn run(&self) -> Result<u64> {
        let mut steps = 0;
        while self.step().await? {
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
}
