//! The queues of work.

/// Which queue a message waits in. An urgent one never waits behind the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Lane {
    /// One-time messages.
    Urgent,
    /// Single recipients and small arrays.
    Normal,
    /// Everything that expands.
    Bulk,
}

impl Lane {
    /// All lanes, most urgent first.
    pub const ALL: [Self; 3] = [Self::Urgent, Self::Normal, Self::Bulk];

    /// As stored.
    pub const fn as_i16(self) -> i16 {
        match self {
            Self::Urgent => 0,
            Self::Normal => 1,
            Self::Bulk => 2,
        }
    }

    /// Reads what [`Self::as_i16`] writes; anything else is bulk.
    pub const fn from_i16(value: i16) -> Self {
        match value {
            0 => Self::Urgent,
            1 => Self::Normal,
            _ => Self::Bulk,
        }
    }
}
