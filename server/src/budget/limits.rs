//! The limits of requests, and the errors of requests beyond them.

use std::time::Duration;

pub(super) const MIB: u64 = 1024 * 1024;

/// The limits of requests.
#[derive(Clone, Copy, Debug)]
pub struct BudgetLimits {
    /// Rows read: members, groups, and members of groups.
    pub rows: u64,
    /// Values compared by filters, as [`scim::filter::ComparisonBudget`] counts them.
    pub comparisons: u64,
    /// How long a request may take from its first piece of work, waiting for shares included.
    pub time: Duration,
    /// How long a request waits for memory.
    pub memory_wait: Duration,
    /// Bytes of requests and answers in memory, of all teams.
    pub memory: u64,
    /// Bytes of requests and answers in memory, of one team.
    pub memory_of_team: u64,
    /// How many requests of a team wait for each thing that is shared.
    pub queue: usize,
}

impl Default for BudgetLimits {
    fn default() -> Self {
        Self {
            // Ten passes over the largest team.
            rows: 1_000_000,
            // A filter with 32 terms about one or two values each, on 100,000 members.
            comparisons: 20_000_000,
            time: Duration::from_secs(10),
            memory_wait: Duration::from_secs(2),
            memory: 128 * MIB,
            memory_of_team: 32 * MIB,
            queue: 32,
        }
    }
}

/// Why a request is rejected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OverBudget {
    /// It would read more rows than a request may. Trying again does not help.
    #[error("the request would read more than {0} rows")]
    Rows(u64),
    /// Its filter would compare more values than a request may. Trying again does not help.
    #[error("the filter would compare more than {0} values")]
    Comparisons(u64),
    /// It has taken as long as a request may.
    #[error("the request took longer than {0} s")]
    Time(u64),
    /// Memory for it did not become free in time.
    #[error("requests and answers of this team use as much memory as they may")]
    Memory,
    /// As many requests of the team wait as may wait.
    #[error("{0} requests of this team are waiting already")]
    Queue(usize),
    /// The client has disconnected.
    #[error("the client is gone")]
    Gone,
}
