//! The limits of a listener's connections.

use std::{num::NonZero, thread, time::Duration};

#[derive(Clone, Copy, Debug)]
pub struct ConnectionLimits {
    /// Upper bound of the open connections.
    pub connections: usize,
    /// Upper bound of the open connections of one client address. An IPv6 client has a /64.
    pub per_address: usize,
    /// Additional connections, only for health checks and sign-ins.
    pub reserved: usize,
    /// Upper bound of the reserved connections of one client address.
    pub reserved_per_address: usize,
    /// Upper bound of a request's line and headers, in bytes.
    pub header_bytes: usize,
    pub timeouts: Timeouts,
    /// How much of a body is read after the response to its request.
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
    /// From the start of a request to the end of its body. Shorter than the time limit of a request, so that the client gets a
    /// response with the reason.
    pub body: Duration,
    /// For a client that has a response to read, without reading a byte.
    pub write: Duration,
}

/// How much of a request's body is read and dropped after the response, so that the client gets the response: closing a
/// connection with unread data resets it.
#[derive(Clone, Copy, Debug)]
pub struct Drain {
    /// Upper bound in bytes.
    pub bytes: usize,
    /// The longest time between two bytes.
    pub idle: Duration,
    /// The longest total time.
    pub total: Duration,
}

/// Upper bound of the connections, if the descriptor limit allows them.
const CONNECTIONS: usize = 4_096;
/// Upper bound of the connections of one address. An office behind one address has several hundred browsers with a few
/// connections each.
const PER_ADDRESS: usize = 512;
/// Lower bound of the connections of one address, unless there are fewer in all: a few browsers with six connections each.
const PER_ADDRESS_AT_LEAST: usize = 32;
const RESERVED: usize = 32;
/// A path of 64 KiB (hyper reads no longer ones), cookies and the rest.
const HEADER_BYTES: usize = 80 * 1024;
/// Descriptors for the database's files, its connections and everything else, besides [`DESCRIPTORS_PER_THREAD`].
const DESCRIPTORS_KEPT: usize = 64;
/// Each thread opens the SQLite file and its write-ahead log separately.
const DESCRIPTORS_PER_THREAD: usize = 4;

impl ConnectionLimits {
    /// The limits of a process that may open this many descriptors. The operator's values apply as far as the descriptors allow.
    pub fn with(descriptors: usize, connections: Option<usize>, per_address: Option<usize>) -> Self {
        let threads = thread::available_parallelism().map_or(1, NonZero::get);
        let reserve = DESCRIPTORS_KEPT.saturating_add(DESCRIPTORS_PER_THREAD.saturating_mul(threads));
        let available = descriptors.saturating_sub(reserve.min(descriptors / 2)).max(2);
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

    /// The limits of a listener with few clients, such as the one for metrics.
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
            for configured in [None, Some(1), Some(100), Some(1 << 30)] {
                let limits = ConnectionLimits::with(descriptors, configured, None);
                let total = limits.connections + limits.reserved;
                let reserve = DESCRIPTORS_KEPT.min(descriptors / 2);
                assert!(descriptors < 4 || total + reserve <= descriptors, "{descriptors} {configured:?}: {limits:?}");
                assert!(limits.connections >= 1 && limits.reserved >= 1 && limits.per_address >= 1, "{limits:?}");
                assert!(limits.per_address <= limits.connections, "{limits:?}");
            }
        }
    }

    #[test]
    fn the_values_of_the_operator_come_first() {
        let limits = ConnectionLimits::with(65_536, None, None);
        assert_eq!((limits.connections, limits.per_address, limits.reserved), (4_096, 512, 32));
        let limits = ConnectionLimits::with(65_536, Some(10_000), Some(9_000));
        assert_eq!((limits.connections, limits.per_address), (10_000, 9_000));
        assert!(ConnectionLimits::with(256, Some(10_000), None).connections < 256);
    }
}
