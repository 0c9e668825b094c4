//! How many files and connections this process may have open.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// What is taken for a limit when the operating system sets none.
const WITHOUT_LIMIT: usize = 1_000_000;

/// How many descriptors connections never take: the database, its readers and the runtime need about two dozen, providers
/// and webhooks some more.
const SPARE: usize = 48;

/// How many connections calls can always have beside sockets.
const FOR_CALLS: usize = 16;

/// What connections may take of the descriptors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shares {
    /// How many connections there may be, sockets included.
    pub(crate) connections: usize,
    /// How many sockets of browsers and phones there may be.
    pub(crate) sockets: usize,
}

impl Shares {
    /// Sockets may take nine in ten of the descriptors, but never those that calls and this server itself need.
    const fn of(limit: usize) -> Self {
        let connections = limit.saturating_sub(SPARE);
        let (most, left) = (limit / 10 * 9, connections.saturating_sub(FOR_CALLS));
        Self {
            connections,
            sockets: if most < left { most } else { left },
        }
    }
}

/// Raises the limit as far as the process itself may, and says what connections may take of it.
pub(crate) fn shares() -> Shares {
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
    let limit = limit.map_or(WITHOUT_LIMIT, |limit| usize::try_from(limit).unwrap_or(usize::MAX));
    let shares = Shares::of(limit);
    if shares.sockets == 0 {
        tracing::warn!(limit, "so few files may be open that no socket can be");
    }
    shares
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn some_are_left_for_the_rest() {
        let shares = shares();
        let limit = getrlimit(Resource::Nofile)
            .current
            .map_or(WITHOUT_LIMIT, |limit| usize::try_from(limit).unwrap());
        assert!(shares.sockets > 0 && shares.connections < limit);
    }

    #[test]
    fn sockets_take_nine_in_ten_and_leave_what_calls_need() {
        assert_eq!(
            Shares::of(20_000),
            Shares {
                connections: 19_952,
                sockets: 18_000
            }
        );
        for limit in [0, 10, 48, 64, 65, 100, 400, 640, 1024] {
            let Shares { connections, sockets } = Shares::of(limit);
            assert!(connections + SPARE <= limit.max(SPARE), "{limit}");
            assert!(sockets + FOR_CALLS <= connections.max(FOR_CALLS), "{limit}");
            assert!(sockets <= limit / 10 * 9, "{limit}");
        }
        assert_eq!(
            Shares::of(100),
            Shares {
                connections: 52,
                sockets: 36
            }
        );
    }
}
