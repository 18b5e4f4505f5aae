//! The limits of a listener's connections.

use std::{num::NonZero, thread, time::Duration};

/// The limits of one listener.
#[derive(Clone, Copy, Debug)]
pub struct ConnectionLimits {
    /// Upper bound of the open connections.
    pub connections: usize,
    /// Upper bound of those of one client address. An IPv6 client has a /64.
    pub per_address: usize,
    /// More connections, for health checks and signing in alone.
    pub reserved: usize,
    /// Upper bound of the reserved connections of one client address.
    pub reserved_per_address: usize,
    /// Upper bound of a request's line and headers, in bytes.
    pub header_bytes: usize,
    /// How long a connection may take for what it does.
    pub timeouts: Timeouts,
    /// How much of a body is read after its request was answered.
    pub drain: Drain,
}

/// The timeouts after which a connection is closed.
#[derive(Clone, Copy, Debug)]
pub struct Timeouts {
    /// From the first byte of a request, or from the start of the connection, to the end of the headers.
    pub header: Duration,
    /// From one request to the next. Longer than the 60 s for which nginx and load balancers keep their connections, because
    /// otherwise they would send requests on connections that are being closed.
    pub idle: Duration,
    /// From the start of a request to the end of its body. Shorter than the time limit of a request, so that the answer says
    /// what was wrong.
    pub body: Duration,
    /// Without a byte being taken by a client that has an answer to read.
    pub write: Duration,
}

/// How much of a request's body is read and dropped after the request was answered, so that the client gets to read the
/// answer: closing a connection with unread data resets it.
#[derive(Clone, Copy, Debug)]
pub struct Drain {
    /// Upper bound in bytes.
    pub bytes: usize,
    /// The longest time without a byte.
    pub idle: Duration,
    /// The longest time altogether.
    pub total: Duration,
}

/// Upper bound of the connections, if the descriptor limit allows them.
const CONNECTIONS: usize = 4_096;
/// The most connections of one address: an office behind one address has several hundred browsers with a few connections each.
const PER_ADDRESS: usize = 512;
/// The fewest connections of one address, unless there are fewer at all: a few browsers with six connections each.
const PER_ADDRESS_AT_LEAST: usize = 32;
/// The connections that are reserved.
const RESERVED: usize = 32;
/// A path of 64 KiB (hyper reads no longer ones), cookies and the rest.
const HEADER_BYTES: usize = 80 * 1024;
/// Descriptors for the database's files, its connections and everything else, besides [`DESCRIPTORS_PER_THREAD`].
const DESCRIPTORS_KEPT: usize = 64;
/// Each thread opens the SQLite file and its write-ahead log for itself.
const DESCRIPTORS_PER_THREAD: usize = 4;

impl ConnectionLimits {
    /// The limits where the process may open this many descriptors. What the operator asks for is taken as far as the
    /// descriptors allow.
    pub fn with(descriptors: usize, connections: Option<usize>, per_address: Option<usize>) -> Self {
        let threads = thread::available_parallelism().map_or(1, NonZero::get);
        let kept = DESCRIPTORS_KEPT.saturating_add(DESCRIPTORS_PER_THREAD.saturating_mul(threads));
        let available = descriptors.saturating_sub(kept.min(descriptors / 2)).max(2);
        let reserved = RESERVED.min(available / 4).max(1);
        let connections = connections.unwrap_or(CONNECTIONS).clamp(1, available.saturating_sub(reserved).max(1));
        let per_address = per_address.unwrap_or((connections / 4).clamp(PER_ADDRESS_AT_LEAST, PER_ADDRESS));
        Self {
            connections,
            per_address: per_address.clamp(1, connections),
            reserved,
            reserved_per_address: (reserved / 4).max(1),
            ..Self::few()
        }
    }

    /// The limits of a listener that few programs know, such as the one for metrics.
    pub const fn few() -> Self {
        Self {
            connections: 16,
            per_address: 16,
            reserved: 1,
            reserved_per_address: 1,
            header_bytes: HEADER_BYTES,
            timeouts: Timeouts {
                header: Duration::from_secs(15),
                idle: Duration::from_secs(75),
                body: Duration::from_secs(25),
                write: Duration::from_secs(30),
            },
            drain: Drain { bytes: 16 * 1024 * 1024, idle: Duration::from_secs(3), total: Duration::from_secs(10) },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_stay_below_the_descriptor_limit() {
        for descriptors in [0, 4, 16, 64, 256, 1_024, 65_536, 1 << 30] {
            for asked in [None, Some(1), Some(100), Some(1 << 30)] {
                let limits = ConnectionLimits::with(descriptors, asked, None);
                let all = limits.connections + limits.reserved;
                let kept = DESCRIPTORS_KEPT.min(descriptors / 2);
                assert!(descriptors < 4 || all + kept <= descriptors, "{descriptors} {asked:?}: {limits:?}");
                assert!(limits.connections >= 1 && limits.reserved >= 1 && limits.per_address >= 1, "{limits:?}");
                assert!(limits.per_address <= limits.connections, "{limits:?}");
            }
        }
    }

    #[test]
    fn the_operator_is_asked_first() {
        let limits = ConnectionLimits::with(65_536, None, None);
        assert_eq!((limits.connections, limits.per_address, limits.reserved), (4_096, 512, 32));
        let limits = ConnectionLimits::with(65_536, Some(10_000), Some(9_000));
        assert_eq!((limits.connections, limits.per_address), (10_000, 9_000));
        assert!(ConnectionLimits::with(256, Some(10_000), None).connections < 256);
    }
}
