//! Slowing down anyone who guesses passwords. All counters stand in the database, so several processes on one PostgreSQL share
//! them.
//!
//! | counter | counts failures | a success clears it |
//! | --- | --- | --- |
//! | account and page | as this email on one sign-in page (a team's, or the one for all teams) | if it proved every member whom the page asks about |
//! | person | as this email on any page | if it proved every member with the address |
//! | device and page | of a browser that signed in before, as this email on one sign-in page | if it proved every member whom it asked about |
//! | sign-in | of someone who is signed in and confirms the password | always |
//! | address | from one client address within a minute | never; it takes its own try back |

use crate::secrets::Secrets;
use domain::{DAY, MINUTE, UnixMs};
use std::net::{IpAddr, Ipv4Addr};
use store::{Failed, Store, StoreError, Throttle};

/// So many failures cost nothing.
const FREE: i64 = 5;
/// The same of a person on all sign-in pages together, so that guesses on one team's page do not close the next one at once.
const FREE_PERSON: i64 = 20;
/// The longest wait.
const MAX_WAIT: UnixMs = 15 * MINUTE;
/// Failures are forgotten after this long without another.
pub const FORGOTTEN_AFTER: UnixMs = DAY;
/// So many failures a minute may come from one address.
const PER_ADDRESS: i64 = 20;

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

/// How long after its `failures`-th failure a counter is closed: 2^n seconds from the `free`-th on.
fn wait_after(failures: i64, free: i64) -> UnixMs {
    match failures.checked_sub(free) {
        Some(n) if n >= 0 => 1000_i64.saturating_mul(1 << n.min(20)).min(MAX_WAIT),
        _ => 0,
    }
}

/// A counter of failures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counter {
    key: String,
    kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Closed for longer and longer after so many failures.
    Doubling { free: i64 },
    /// [`PER_ADDRESS`] a minute.
    PerMinute,
}

impl Counter {
    /// Of a client address. Unknown addresses share one.
    pub fn address(secrets: &Secrets, address: Option<IpAddr>) -> Self {
        let address = network(address.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED)));
        Self { key: format!("address:{}", secrets.account_hash(&address.to_string())), kind: Kind::PerMinute }
    }

    /// Of an account on one sign-in page: that of a team (whether there is such a team or not), or the one for all.
    pub fn account(account: &str, secrets: &Secrets, team: Option<&str>) -> Self {
        Self::doubling(format!("account:{account}:{}", page(secrets, team)), FREE)
    }

    /// Of an account on all sign-in pages together.
    pub fn person(account: &str) -> Self {
        Self::doubling(format!("person:{account}"), FREE_PERSON)
    }

    /// Of a browser that signed in before, on one sign-in page.
    pub fn device(id: &str, secrets: &Secrets, team: Option<&str>) -> Self {
        Self::doubling(format!("device:{id}:{}", page(secrets, team)), FREE)
    }

    /// Of someone who is signed in. `sign_in` names the session, by what stays when its id changes, and the member.
    pub fn sign_in(sign_in: &str) -> Self {
        Self::doubling(format!("step-up:{sign_in}"), FREE)
    }

    /// Is it a person's, on all sign-in pages together?
    pub fn is_person(&self) -> bool {
        self.kind == Kind::Doubling { free: FREE_PERSON }
    }

    fn doubling(key: String, free: i64) -> Self {
        Self { key, kind: Kind::Doubling { free } }
    }

    /// Is it closed? `known` is what the database has of it.
    fn wait(&self, known: Option<Throttle>, now: UnixMs) -> Option<Wait> {
        let known = known?;
        match self.kind {
            Kind::Doubling { .. } if is_forgotten(known, now) => None,
            Kind::Doubling { .. } => known.blocked_until.filter(|end| *end > now).map(|end| Wait::until(end, now)),
            Kind::PerMinute => {
                let is_over = known.last_at <= now - MINUTE || known.last_at > now;
                (!is_over && known.failures >= PER_ADDRESS).then(|| Wait::until(known.last_at + MINUTE, now))
            }
        }
    }

    /// The number that one more failure gets, unless others fail at the same moment.
    fn expected(known: Option<Throttle>, now: UnixMs) -> i64 {
        known.filter(|known| !is_forgotten(*known, now)).map_or(0, |known| known.failures) + 1
    }
}

/// A sign-in page in a key. What was typed as a team has any length.
fn page(secrets: &Secrets, team: Option<&str>) -> String {
    team.map_or_else(|| "*".to_owned(), |team| secrets.account_hash(team))
}

fn is_forgotten(known: Throttle, now: UnixMs) -> bool {
    known.last_at < now - FORGOTTEN_AFTER
}

/// The counters of one try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counters(Vec<Counter>);

impl Counters {
    /// These, in this order: the same kinds in the same order for every try (see [`Store::throttle_count`]).
    pub fn new(counters: impl IntoIterator<Item = Counter>) -> Self {
        Self(counters.into_iter().collect())
    }

    /// How long they are closed, if they are.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn wait(&self, store: &Store, now: UnixMs) -> Result<Option<Wait>, StoreError> {
        let known = self.load(store).await?;
        let waits = self.0.iter().zip(known).filter_map(|(counter, known)| counter.wait(known, now));
        Ok(waits.max_by_key(|wait| wait.seconds))
    }

    /// Lets a try through, already counted as a failure; [`Counters::settle`] takes that back. Counting first means that tries
    /// at the same moment cannot all pass on one count.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`]; the inner one: [`Wait`].
    pub async fn admit(&self, store: &Store, now: UnixMs) -> Result<Result<(), Wait>, StoreError> {
        let known = self.load(store).await?;
        let waits = self.0.iter().zip(&known).filter_map(|(counter, known)| counter.wait(*known, now));
        if let Some(wait) = waits.max_by_key(|wait| wait.seconds) {
            return Ok(Err(wait));
        }
        let expected: Vec<i64> = known.into_iter().map(|known| Counter::expected(known, now)).collect();
        let failures: Vec<Failed> = self
            .0
            .iter()
            .zip(&expected)
            .map(|(Counter { key, kind }, expected)| match kind {
                Kind::Doubling { free } => Failed::Since {
                    key: key.clone(),
                    forgotten: now - FORGOTTEN_AFTER,
                    blocked_until: Some(now + wait_after(*expected, *free)).filter(|end| *end > now),
                },
                Kind::PerMinute => Failed::Window { key: key.clone(), over: now - MINUTE },
            })
            .collect();
        let counted = store.throttle_count(&failures, now).await?;
        let refused = self.0.iter().zip(expected).zip(counted).filter_map(|((counter, expected), counted)| {
            match counter.kind {
                // Someone else tries right now; one at a time from here on.
                Kind::Doubling { free } if counted.failures > expected && counted.failures > free => {
                    Some(Wait::until(now + wait_after(counted.failures, free), now))
                }
                Kind::PerMinute if counted.failures > PER_ADDRESS => Some(Wait::until(counted.last_at + MINUTE, now)),
                Kind::Doubling { .. } | Kind::PerMinute => None,
            }
        });
        Ok(refused.max_by_key(|wait| wait.seconds).map_or(Ok(()), Err))
    }

    /// After a success: clears those counters that it answers for, and takes the try back from the others.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn settle(&self, store: &Store, clears: impl Fn(&Counter) -> bool) -> Result<(), StoreError> {
        let clears = |counter: &&Counter| counter.kind != Kind::PerMinute && clears(counter);
        let (cleared, taken_back): (Vec<_>, Vec<_>) = self.0.iter().partition(clears);
        let keys = |counters: Vec<&'_ Counter>| counters.into_iter().map(|one| one.key.clone()).collect::<Vec<_>>();
        let (cleared, taken_back) = (keys(cleared), keys(taken_back));
        let cleared: Vec<&str> = cleared.iter().map(String::as_str).collect();
        let taken_back: Vec<&str> = taken_back.iter().map(String::as_str).collect();
        store.throttle_settle(&cleared, &taken_back).await
    }

    async fn load(&self, store: &Store) -> Result<Vec<Option<Throttle>>, StoreError> {
        let mut known = Vec::with_capacity(self.0.len());
        for counter in &self.0 {
            known.push(store.throttle_load(&counter.key).await?);
        }
        Ok(known)
    }
}

/// A home has one IPv4 address, or 2^64 of IPv6.
pub fn network(address: IpAddr) -> IpAddr {
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
            assert_eq!(wait_after(failures, FREE), seconds * 1000, "{failures}");
        }
    }

    #[test]
    fn a_network_of_ipv6_counts_as_one() {
        let secrets = Secrets::from_bytes(&[1; 32]);
        let counter = |address: &str| Counter::address(&secrets, Some(address.parse().unwrap()));
        assert_eq!(counter("2001:db8::1"), counter("2001:db8::ffff"));
        assert_ne!(counter("2001:db8::1"), counter("2001:db8:0:1::1"));
        assert_eq!(counter("::ffff:192.0.2.1"), counter("192.0.2.1"));
        assert_ne!(counter("192.0.2.1"), counter("192.0.2.2"));
        assert!(!counter("192.0.2.1").key.contains("192.0.2.1"));
    }

    #[test]
    fn a_window_in_the_future_is_none() {
        let secrets = Secrets::from_bytes(&[1; 32]);
        let counter = Counter::address(&secrets, None);
        let full = |last_at| Some(Throttle { failures: PER_ADDRESS, last_at, blocked_until: None });
        assert_eq!(counter.wait(full(20_000), 40_000), Some(Wait { seconds: 40 }));
        assert_eq!(counter.wait(full(20_000), 80_000), None);
        assert_eq!(counter.wait(full(90_000), 80_000), None);
    }
}
