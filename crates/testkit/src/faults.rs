//! When a store is to fail.

use std::sync::{Mutex, PoisonError};

use tidings_types::{Error, Result};
use tokio::sync::watch;

/// On which side of its effect a call fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// It has no effect.
    Before,
    /// It takes effect, and its answer is lost.
    After,
}

impl When {
    /// Both.
    pub const BOTH: [Self; 2] = [Self::Before, Self::After];
}

/// What is to go wrong, and whether it has.
#[derive(Debug)]
pub struct Faults {
    planned: Mutex<Vec<Planned>>,
    crashed: watch::Sender<bool>,
}

#[derive(Clone, Copy, Debug)]
struct Planned {
    /// Any, when none is named.
    verb: Option<&'static str>,
    /// How many calls are left, the failing one included.
    left: u32,
    fault: Fault,
}

#[derive(Clone, Copy, Debug)]
enum Fault {
    Error(When),
    Crash(When),
}

impl Default for Faults {
    fn default() -> Self {
        Self {
            planned: Mutex::default(),
            crashed: watch::Sender::new(false),
        }
    }
}

impl Faults {
    /// Makes the `nth` call of a verb from now on, counting from 1, answer with an error.
    pub fn fail(&self, verb: &'static str, nth: u32, when: When) {
        self.plan(Planned {
            verb: Some(verb),
            left: nth,
            fault: Fault::Error(when),
        });
    }

    /// Lets the program die at the `nth` call of any verb from now on: neither that call nor a later one ever returns.
    pub fn crash(&self, nth: u32, when: When) {
        self.plan(Planned {
            verb: None,
            left: nth,
            fault: Fault::Crash(when),
        });
    }

    /// Whether something planned has not happened.
    pub fn any_left(&self) -> bool {
        !self.planned.lock().unwrap_or_else(PoisonError::into_inner).is_empty()
    }

    /// Waits for the crash.
    pub async fn crashed(&self) {
        // The sender is ours, so the channel cannot close while we wait.
        let _ = self.crashed.subscribe().wait_for(|crashed| *crashed).await;
    }

    /// Carries out a call of a verb, or lets it fail.
    pub(crate) async fn meet<T>(&self, verb: &'static str, call: impl Future<Output = Result<T>>) -> Result<T> {
        if *self.crashed.borrow() {
            return std::future::pending().await;
        }
        match self.due(verb) {
            None => call.await,
            Some(Fault::Error(when)) => {
                if when == When::After {
                    call.await?;
                }
                Err(Error::unavailable(format!("`{verb}` fails as the test asked")))
            }
            Some(Fault::Crash(when)) => {
                if when == When::After {
                    call.await?;
                }
                self.crashed.send_replace(true);
                std::future::pending().await
            }
        }
    }

    fn plan(&self, planned: Planned) {
        self.planned
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(planned);
    }

    /// Counts a call of a verb, and says what is to happen to it.
    fn due(&self, verb: &'static str) -> Option<Fault> {
        let mut planned = self.planned.lock().unwrap_or_else(PoisonError::into_inner);
        for one in planned
            .iter_mut()
            .filter(|one| one.verb.is_none_or(|wanted| wanted == verb))
        {
            one.left = one.left.saturating_sub(1);
        }
        let place = planned.iter().position(|one| one.left == 0)?;
        Some(planned.remove(place).fault)
    }
}
