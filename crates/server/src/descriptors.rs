//! How many files and connections this process may have open.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// How many sockets of browsers and phones are taken when the operating system sets no limit.
const WITHOUT_LIMIT: u64 = 1_000_000;

/// Raises the limit as far as the process itself may, and says how many of them sockets may take: nine in ten. The rest
/// is for calls, providers and the database.
pub(crate) fn for_sockets() -> usize {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let raised = Rlimit {
        current: maximum,
        maximum,
    };
    let limit = match setrlimit(Resource::Nofile, raised) {
        Ok(()) => maximum,
        Err(error) => {
            tracing::warn!(%error, "the limit of open files cannot be raised");
            current
        }
    };
    usize::try_from(limit.unwrap_or(WITHOUT_LIMIT) / 10 * 9).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn some_are_left_for_the_rest() {
        let sockets = for_sockets();
        let limit = getrlimit(Resource::Nofile).current.unwrap_or(WITHOUT_LIMIT);
        assert!(sockets > 0 && u64::try_from(sockets).unwrap() < limit);
    }
}
