//! Slows down password guessing. All counters are in the database, so that several processes on one PostgreSQL share
//! them.
//!
//! | counter | counts failures | a success clears it |
//! | --- | --- | --- |
//! | account and page | as this email on one sign-in page (a team's, or the one for all teams) | if it proved every member that the page covers |
//! | person | as this email on any page | if it proved every member with the address |
//! | device and page | of a browser that signed in before, as this email on one sign-in page | if it proved every member that it covers |
//! | sign-in | of a signed-in member who confirms the password | always |
//! | address | from one client address within a minute | never, but a success takes back its own attempt |

use crate::secrets::Secrets;
use domain::{DAY, MINUTE, UnixMs};
use std::net::{IpAddr, Ipv4Addr};
use store::{Failed, Store, StoreError, Throttle};

/// This many failures have no delay.
const FREE: i64 = 5;
/// The same for a person on all sign-in pages together, so that guesses on one team's page do not close the next one at once.
const FREE_PERSON: i64 = 20;
/// Upper bound of the delay.
const MAX_WAIT: UnixMs = 15 * MINUTE;
/// Failures expire after this long without another.
pub const FORGOTTEN_AFTER: UnixMs = DAY;
/// Upper bound of the failures a minute from one address.
const PER_ADDRESS: i64 = 20;

/// Too many attempts. No password was compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wait {
    /// When to retry, in seconds, rounded up.
    pub seconds: i64,
}

impl Wait {
    fn until(end: UnixMs, now: UnixMs) -> Self {
        Self { seconds: ((end - now + 999) / 1000).max(1) }
    }
}

/// How long a counter is closed after its `failures`-th failure: 2^n seconds from the `free`-th on.
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
    kind: CounterKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum CounterKind {
    /// Closed after each failure, for twice as long each time.
    Doubling { free: i64 },
    /// [`PER_ADDRESS`] a minute.
    PerMinute,
}

impl Counter {
    /// The counter of a client address. Unknown addresses share one.
    pub fn address(secrets: &Secrets, address: Option<IpAddr>) -> Self {
        let address = network(address.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED)));
        Self { key: format!("address:{}", secrets.account_hash(&address.to_string())), kind: CounterKind::PerMinute }
    }

    /// The counter of an account on one sign-in page: a team's (whether the team exists or not), or the one for all teams.
    pub fn account(account: &str, secrets: &Secrets, team: Option<&str>) -> Self {
        Self::doubling(format!("account:{account}:{}", page(secrets, team)), FREE)
    }

    /// The counter of an account on all sign-in pages together.
    pub fn person(account: &str) -> Self {
        Self::doubling(format!("person:{account}"), FREE_PERSON)
    }

    /// The counter of a browser that signed in before, on one sign-in page.
    pub fn device(id: &str, secrets: &Secrets, team: Option<&str>) -> Self {
        Self::doubling(format!("device:{id}:{}", page(secrets, team)), FREE)
    }

    /// The counter of a signed-in member. `sign_in` names the member and the session, by the name that stays when its id changes.
    pub fn sign_in(sign_in: &str) -> Self {
        Self::doubling(format!("step-up:{sign_in}"), FREE)
    }

    /// Whether it is a person's counter for all sign-in pages together.
    pub fn is_person(&self) -> bool {
        self.kind == CounterKind::Doubling { free: FREE_PERSON }
    }

    fn doubling(key: String, free: i64) -> Self {
        Self { key, kind: CounterKind::Doubling { free } }
    }

    /// How long the counter is closed, if it is. `row` is its row in the database.
    fn wait(&self, row: Option<Throttle>, now: UnixMs) -> Option<Wait> {
        let row = row?;
        match self.kind {
            CounterKind::Doubling { .. } if is_forgotten(row, now) => None,
            CounterKind::Doubling { .. } => row.blocked_until.filter(|end| *end > now).map(|end| Wait::until(end, now)),
            CounterKind::PerMinute => {
                let is_over = row.last_at <= now - MINUTE || row.last_at > now;
                (!is_over && row.failures >= PER_ADDRESS).then(|| Wait::until(row.last_at + MINUTE, now))
            }
        }
    }

    /// The number of the next failure, unless others fail at the same moment.
    fn expected(row: Option<Throttle>, now: UnixMs) -> i64 {
        row.filter(|row| !is_forgotten(*row, now)).map_or(0, |row| row.failures) + 1
    }
}

/// A sign-in page as part of a key. The submitted team may have any length, so it is hashed.
fn page(secrets: &Secrets, team: Option<&str>) -> String {
    team.map_or_else(|| "*".to_owned(), |team| secrets.account_hash(team))
}

fn is_forgotten(row: Throttle, now: UnixMs) -> bool {
    row.last_at < now - FORGOTTEN_AFTER
}

/// The counters of one attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counters(Vec<Counter>);

impl Counters {
    /// The counters in this order: the same kinds in the same order for every attempt (see [`Store::throttle_count`]).
    pub fn new(counters: impl IntoIterator<Item = Counter>) -> Self {
        Self(counters.into_iter().collect())
    }

    /// How long they are closed, if any is.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn wait(&self, store: &Store, now: UnixMs) -> Result<Option<Wait>, StoreError> {
        let rows = self.load(store).await?;
        let waits = self.0.iter().zip(rows).filter_map(|(counter, row)| counter.wait(row, now));
        Ok(waits.max_by_key(|wait| wait.seconds))
    }

    /// Admits an attempt that is already counted as a failure. [`Counters::settle`] takes that back. Counting first prevents
    /// simultaneous attempts from passing on one count.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`]. The inner error is [`Wait`].
    pub async fn admit(&self, store: &Store, now: UnixMs) -> Result<Result<(), Wait>, StoreError> {
        let rows = self.load(store).await?;
        let waits = self.0.iter().zip(&rows).filter_map(|(counter, row)| counter.wait(*row, now));
        if let Some(wait) = waits.max_by_key(|wait| wait.seconds) {
            return Ok(Err(wait));
        }
        let expected: Vec<i64> = rows.into_iter().map(|row| Counter::expected(row, now)).collect();
        let failures: Vec<Failed> = self
            .0
            .iter()
            .zip(&expected)
            .map(|(Counter { key, kind }, expected)| match kind {
                CounterKind::Doubling { free } => Failed::Since {
                    key: key.clone(),
                    forgotten: now - FORGOTTEN_AFTER,
                    blocked_until: Some(now + wait_after(*expected, *free)).filter(|end| *end > now),
                },
                CounterKind::PerMinute => Failed::Window { key: key.clone(), over: now - MINUTE },
            })
            .collect();
        let count = store.throttle_count(&failures, now).await?;
        let waits = self.0.iter().zip(expected).zip(count).filter_map(|((counter, expected), count)| {
            match counter.kind {
                // Another attempt runs at the same time, so only one passes from here on.
                CounterKind::Doubling { free } if count.failures > expected && count.failures > free => {
                    Some(Wait::until(now + wait_after(count.failures, free), now))
                }
                CounterKind::PerMinute if count.failures > PER_ADDRESS => {
                    Some(Wait::until(count.last_at + MINUTE, now))
                }
                CounterKind::Doubling { .. } | CounterKind::PerMinute => None,
            }
        });
        Ok(waits.max_by_key(|wait| wait.seconds).map_or(Ok(()), Err))
    }

    /// After a success: clears the counters that `clears` selects, and takes this attempt back from the others.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn settle(&self, store: &Store, clears: impl Fn(&Counter) -> bool) -> Result<(), StoreError> {
        let clears = |counter: &&Counter| counter.kind != CounterKind::PerMinute && clears(counter);
        let (clear, uncount): (Vec<_>, Vec<_>) = self.0.iter().partition(clears);
        let keys = |counters: Vec<&'_ Counter>| counters.into_iter().map(|one| one.key.clone()).collect::<Vec<_>>();
        let (clear, uncount) = (keys(clear), keys(uncount));
        let clear: Vec<&str> = clear.iter().map(String::as_str).collect();
        let uncount: Vec<&str> = uncount.iter().map(String::as_str).collect();
        store.throttle_settle(&clear, &uncount).await
    }

    async fn load(&self, store: &Store) -> Result<Vec<Option<Throttle>>, StoreError> {
        let mut rows = Vec::with_capacity(self.0.len());
        for counter in &self.0 {
            rows.push(store.throttle_load(&counter.key).await?);
        }
        Ok(rows)
    }
}

/// The network that counts as one client: an IPv4 address, or a /64 of IPv6, which is what a home has.
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
    fn a_window_in_the_future_is_ignored() {
        let secrets = Secrets::from_bytes(&[1; 32]);
        let counter = Counter::address(&secrets, None);
        let full = |last_at| Some(Throttle { failures: PER_ADDRESS, last_at, blocked_until: None });
        assert_eq!(counter.wait(full(20_000), 40_000), Some(Wait { seconds: 40 }));
        assert_eq!(counter.wait(full(20_000), 80_000), None);
        assert_eq!(counter.wait(full(90_000), 80_000), None);
    }
}
