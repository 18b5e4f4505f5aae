//! Slowing down whoever guesses passwords: by account in the database, by address in memory.

use crate::{
    secrets::hex,
    store::{Store, StoreError},
};
use domain::{DAY, MINUTE, UnixMs};
use sha2::{Digest as _, Sha256};
use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Mutex, PoisonError},
};

/// So many failures cost nothing.
const FREE: i64 = 5;
/// The longest wait.
const MAX_WAIT: UnixMs = 15 * MINUTE;
/// Failures are forgotten after this long without another.
pub const FORGOTTEN_AFTER: UnixMs = DAY;
/// So many failures a minute may come from one address.
const PER_ADDRESS: usize = 20;
/// Beyond so many addresses, those that have been quiet are forgotten.
const MANY_ADDRESSES: usize = 10_000;

/// Too many tries. Nothing was compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wait {
    /// Try again after so many seconds, rounded up.
    pub seconds: i64,
}

impl Wait {
    fn until(end: UnixMs, now: UnixMs) -> Self {
        Self { seconds: ((end - now + 999) / 1000).max(1) }
    }
}

/// How long after its `failures`-th failure an account is closed: 2^n seconds from the fifth on.
fn wait_after(failures: i64) -> UnixMs {
    match failures.checked_sub(FREE) {
        Some(n) if n >= 0 => 1000_i64.saturating_mul(1 << n.min(20)).min(MAX_WAIT),
        _ => 0,
    }
}

/// The name of an account's counter. Also for accounts that do not exist: they close all the same.
pub fn account_key(email_key: &str) -> String {
    format!("email:{}", hex(&Sha256::digest(email_key.as_bytes())))
}

/// Lets a try through, already counted as a failure; a success [clears](Store::throttle_clear) the count. Counting
/// first means that tries at the same moment cannot all pass on one count.
///
/// # Errors
/// [`StoreError::Unavailable`]; the inner one: [`Wait`].
pub async fn admit(store: &Store, key: &str, now: UnixMs) -> Result<Result<(), Wait>, StoreError> {
    let known = store.throttle_load(key).await?;
    let known = match known {
        Some(throttle) if now - throttle.last_at > FORGOTTEN_AFTER => {
            store.throttle_clear(key).await?;
            None
        }
        known => known,
    };
    if let Some(end) = known.and_then(|throttle| throttle.blocked_until).filter(|end| *end > now) {
        return Ok(Err(Wait::until(end, now)));
    }
    let expected = known.map_or(0, |throttle| throttle.failures) + 1;
    let end = Some(now + wait_after(expected)).filter(|end| *end > now);
    let counted = store.throttle_fail(key, now, end).await?;
    if counted > expected && counted > FREE {
        // Somebody else tries right now; one at a time from here on.
        return Ok(Err(Wait::until(now + wait_after(counted), now)));
    }
    Ok(Ok(()))
}

/// Failed sign-ins of the last minute, by address. Lives as long as the process.
#[derive(Debug, Default)]
pub struct Addresses(Mutex<HashMap<IpAddr, Vec<UnixMs>>>);

impl Addresses {
    /// Lets a try through, already counted; a success [takes it back](Self::forgive).
    ///
    /// # Errors
    /// [`Wait`].
    pub fn admit(&self, address: IpAddr, now: UnixMs) -> Result<(), Wait> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() > MANY_ADDRESSES {
            all.retain(|_, tries| tries.iter().any(|at| now - at < MINUTE));
        }
        let tries = all.entry(network(address)).or_default();
        tries.retain(|at| now - at < MINUTE);
        match tries.first() {
            Some(oldest) if tries.len() >= PER_ADDRESS => Err(Wait::until(oldest + MINUTE, now)),
            _ => {
                tries.push(now);
                Ok(())
            }
        }
    }

    /// Takes a try back that was none.
    pub fn forgive(&self, address: IpAddr, at: UnixMs) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(tries) = all.get_mut(&network(address))
            && let Some(index) = tries.iter().position(|tried| *tried == at)
        {
            tries.remove(index);
        }
    }
}

/// A home has one IPv4 address, or 2^64 of IPv6.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6((u128::from(address) >> 64 << 64).into()),
        address => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_doubles_from_the_fifth_failure_up_to_15_minutes() {
        for (failures, seconds) in
            [(1, 0), (4, 0), (5, 1), (6, 2), (7, 4), (14, 512), (15, 900), (99, 900), (i64::MAX, 900)]
        {
            assert_eq!(wait_after(failures), seconds * 1000, "{failures}");
        }
    }

    #[test]
    fn twenty_failures_a_minute_from_one_address() {
        let addresses = Addresses::default();
        let (here, there) = ("198.51.100.1".parse().unwrap(), "198.51.100.2".parse().unwrap());
        for second in 0..20 {
            assert_eq!(addresses.admit(here, second * 1000), Ok(()));
        }
        assert_eq!(addresses.admit(here, 20_000), Err(Wait { seconds: 40 }));
        assert_eq!(addresses.admit(there, 20_000), Ok(()));
        assert_eq!(addresses.admit(here, 60_000), Ok(()), "the first one is a minute old");
        assert_eq!(addresses.admit(here, 60_001), Err(Wait { seconds: 1 }));
    }

    #[test]
    fn a_success_does_not_count() {
        let addresses = Addresses::default();
        let here = "198.51.100.1".parse().unwrap();
        for at in 0..100 {
            assert_eq!(addresses.admit(here, at), Ok(()));
            addresses.forgive(here, at);
        }
    }

    #[test]
    fn a_network_of_ipv6_counts_as_one() {
        let addresses = Addresses::default();
        for host in 0..20 {
            assert_eq!(addresses.admit(format!("2001:db8::{host:x}").parse().unwrap(), 0), Ok(()));
        }
        assert!(addresses.admit("2001:db8::ffff".parse().unwrap(), 0).is_err());
        assert!(addresses.admit("2001:db8:0:1::1".parse().unwrap(), 0).is_ok());
    }
}
