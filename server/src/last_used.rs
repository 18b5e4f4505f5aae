//! The time of each key's last use: in memory, and written to the database in intervals.
//!
//! A write with every request would make all requests of a key wait for one row. So the first use of a key is written within
//! two seconds, later uses at most once a minute and key, and the rest when the server stops.

use crate::clock::Clock;
use domain::{MINUTE, UnixMs, id::TeamId, key::KeyId};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use store::Store;
use tokio::time::MissedTickBehavior;

/// The interval of writes. With the write itself, it has to stay below two seconds.
const TICK: Duration = Duration::from_secs(1);

/// The last uses of keys. Cloning shares the memory.
#[derive(Clone, Debug, Default)]
pub struct LastUsed(Arc<Mutex<HashMap<KeyId, Use>>>);

#[derive(Clone, Debug)]
struct Use {
    team: TeamId,
    /// The last use that is not written yet.
    pending: Option<UnixMs>,
    /// The time of the last write.
    written_at: Option<UnixMs>,
}

impl LastUsed {
    pub fn new() -> Self {
        Self::default()
    }

    /// Records a use of a key. Only verified keys may be recorded, because each takes memory.
    pub fn note(&self, team: &TeamId, key: &KeyId, now: UnixMs) {
        let mut uses = self.uses();
        match uses.get_mut(key) {
            Some(key_use) => key_use.pending = key_use.pending.max(Some(now)),
            None => {
                uses.insert(key.clone(), Use { team: team.clone(), pending: Some(now), written_at: None });
            }
        }
    }

    /// The uses to write now: those of keys that were not written in the last minute.
    fn take_due(&self, now: UnixMs) -> Vec<(TeamId, KeyId, UnixMs)> {
        let recently = |key_use: &Use| key_use.written_at.is_some_and(|at| (0..MINUTE).contains(&(now - at)));
        let mut uses = self.uses();
        // A key that was neither used nor written recently is the same as an unknown key.
        uses.retain(|_, key_use| key_use.pending.is_some() || recently(key_use));
        let due = uses.iter_mut().filter(|(_, key_use)| !recently(key_use));
        due.filter_map(|(key, key_use)| {
            // The time of the last write may be in the future if the clock was set back since.
            let used_at = key_use.pending.take()?.min(now);
            key_use.written_at = Some(now);
            Some((key_use.team.clone(), key.clone(), used_at))
        })
        .collect()
    }

    /// All uses that are not written yet.
    fn take_all(&self) -> Vec<(TeamId, KeyId, UnixMs)> {
        let take =
            |(key, key_use): (&KeyId, &mut Use)| Some((key_use.team.clone(), key.clone(), key_use.pending.take()?));
        self.uses().iter_mut().filter_map(take).collect()
    }

    /// Returns uses that could not be written. They are retried a minute later.
    fn put_back(&self, uses: Vec<(TeamId, KeyId, UnixMs)>) {
        for (team, key, used_at) in uses {
            self.note(&team, &key, used_at);
        }
    }

    fn uses(&self) -> MutexGuard<'_, HashMap<KeyId, Use>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Writes uses until `shutdown` completes, then the rest. Spawn it once, beside the server. Await it after the last request.
pub async fn run(uses: LastUsed, store: Store, clock: Clock, shutdown: impl Future<Output = ()>) {
    let mut ticks = tokio::time::interval(TICK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut shutdown = std::pin::pin!(shutdown);
    loop {
        tokio::select! {
            () = &mut shutdown => break,
            _ = ticks.tick() => write(&uses, uses.take_due(clock.now()), &store, clock.now()).await,
        }
    }
    flush(&uses, &store, &clock).await;
}

/// Writes all uses that are not written yet.
pub(crate) async fn flush(uses: &LastUsed, store: &Store, clock: &Clock) {
    write(uses, uses.take_all(), store, clock.now()).await;
}

async fn write(memory: &LastUsed, uses: Vec<(TeamId, KeyId, UnixMs)>, store: &Store, now: UnixMs) {
    if uses.is_empty() {
        return;
    }
    if let Err(error) = store.keys_touch(&uses, now).await {
        tracing::warn!(%error, keys = uses.len(), "could not write the last uses of SCIM API keys");
        memory.put_back(uses);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn note(used: &LastUsed, key: &str, at: UnixMs) {
        used.note(&TeamId::new("team"), &KeyId::new(key), at);
    }

    fn of(key: &str, at: UnixMs) -> (TeamId, KeyId, UnixMs) {
        (TeamId::new("team"), KeyId::new(key), at)
    }

    #[test]
    fn the_first_use_is_written_at_once_and_later_ones_once_a_minute() {
        let used = LastUsed::new();
        assert_eq!(used.take_due(0), []);
        note(&used, "a", 10);
        assert_eq!(used.take_due(1_000), [of("a", 10)]);
        note(&used, "a", 1_500);
        note(&used, "a", 30_000);
        note(&used, "a", 29_000);
        note(&used, "b", 30_000);
        assert_eq!(used.take_due(31_000), [of("b", 30_000)]);
        assert_eq!(used.take_due(60_999), []);
        assert_eq!(used.take_due(61_000), [of("a", 30_000)]);
    }

    #[test]
    fn all_uses_are_written_at_the_end() {
        let used = LastUsed::new();
        note(&used, "a", 10);
        used.take_due(1_000);
        note(&used, "a", 1_500);
        assert_eq!(used.take_all(), [of("a", 1_500)]);
        assert_eq!(used.take_all(), []);
    }

    #[test]
    fn failed_writes_are_retried() {
        let used = LastUsed::new();
        note(&used, "a", 10);
        let due = used.take_due(1_000);
        note(&used, "a", 1_200);
        used.put_back(due);
        assert_eq!(used.take_due(2_000), []);
        assert_eq!(used.take_due(61_000), [of("a", 1_200)]);
    }

    #[test]
    fn unused_keys_are_forgotten() {
        let used = LastUsed::new();
        note(&used, "a", 10);
        used.take_due(1_000);
        assert_eq!(used.uses().len(), 1);
        used.take_due(61_000);
        assert_eq!(used.uses().len(), 0);
    }

    #[test]
    fn a_clock_that_is_set_back_delays_no_write() {
        let used = LastUsed::new();
        note(&used, "a", 1_000_000);
        used.take_due(1_000_000);
        note(&used, "a", 5);
        assert_eq!(used.take_due(10), [of("a", 5)]);
    }
}
