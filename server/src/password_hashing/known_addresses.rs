//! The addresses with a recent sign-in. They are in memory, because each process has a queue of its own.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// How long an address counts as known after a sign-in.
const LIFETIME: Duration = Duration::from_secs(24 * 3600);
/// Upper bound of known addresses.
const MAX_KNOWN: usize = 10_000;

/// Each known address with the time of its last sign-in.
#[derive(Debug, Default)]
pub(super) struct KnownAddresses(Mutex<HashMap<IpAddr, Instant>>);

impl KnownAddresses {
    pub(super) fn contains(&self, address: &IpAddr) -> bool {
        self.signed_in().get(address).is_some_and(|since| since.elapsed() < LIFETIME)
    }

    /// Adds an address after a sign-in, unless too many others are known.
    pub(super) fn add(&self, address: IpAddr) {
        let mut signed_in = self.signed_in();
        if signed_in.len() >= MAX_KNOWN && !signed_in.contains_key(&address) {
            signed_in.retain(|_, since| since.elapsed() < LIFETIME);
            if signed_in.len() >= MAX_KNOWN {
                return;
            }
        }
        signed_in.insert(address, Instant::now());
    }

    fn signed_in(&self) -> MutexGuard<'_, HashMap<IpAddr, Instant>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
