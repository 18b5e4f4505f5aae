//! Counts of failed sign-ins and verifications. The failures of a member within 15 minutes are one entry with a count, so that a
//! flood fills neither the log nor the database's writer.

use crate::ids;
use domain::{
    MINUTE, UnixMs,
    activity::{ActivityActor, Change, Entry},
    id::{ActivityId, MemberId, TeamId},
};
use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Mutex, MutexGuard, PoisonError},
};
use store::{ActiveSignIn, Credential};

/// Failures within this time of the first are one entry.
const WINDOW: UnixMs = 15 * MINUTE;
/// Up to this count, each failure is written at once. Beyond it, the entry is written whenever the count has doubled.
const WRITTEN: u64 = 32;
/// Upper bound of the members whose failures are counted at the same time. The failures of others are only in the server's log.
const GATHERED: usize = 10_000;

/// A member as entries name it.
#[derive(Clone, Copy, Debug)]
pub struct AuditedMember<'a> {
    pub member: &'a MemberId,
    pub name: &'a str,
    pub team: &'a TeamId,
    pub slug: &'a str,
}

impl<'a> From<&'a ActiveSignIn> for AuditedMember<'a> {
    fn from(sign_in: &'a ActiveSignIn) -> Self {
        let ActiveSignIn { member_id, name, team, .. } = sign_in;
        Self { member: member_id, name, team: &team.id, slug: &team.slug }
    }
}

impl<'a> From<&'a Credential> for AuditedMember<'a> {
    fn from(credential: &'a Credential) -> Self {
        let Credential { member_id, name, team_id, team_slug, .. } = credential;
        Self { member: member_id, name, team: team_id, slug: team_slug }
    }
}

/// What failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum FailedAttempt {
    SignIn,
    StepUp,
}

/// Failures of one member within [`WINDOW`].
#[derive(Clone, Debug)]
struct Gathered {
    team: TeamId,
    entry: Entry,
    count: u64,
    is_written: bool,
}

/// The current counts of failures.
#[derive(Debug, Default)]
pub(crate) struct SignInFailures(Mutex<HashMap<(FailedAttempt, MemberId), Gathered>>);

impl SignInFailures {
    /// Counts a failure, and returns the entry to write now, if there is one.
    pub(crate) fn count(
        &self,
        attempt: FailedAttempt,
        person: AuditedMember<'_>,
        address: Option<IpAddr>,
        now: UnixMs,
    ) -> Option<(TeamId, Entry, bool)> {
        let mut counts = self.counts();
        let key = (attempt, person.member.clone());
        let is_over = |gathered: &Gathered| now - gathered.entry.at >= WINDOW || gathered.entry.at > now;
        if counts.get(&key).is_some_and(is_over) {
            counts.remove(&key);
        }
        if counts.len() >= GATHERED {
            counts.retain(|_, gathered| !is_over(gathered));
            if counts.len() >= GATHERED && !counts.contains_key(&key) {
                return None;
            }
        }
        let gathered = counts.entry(key).or_insert_with(|| Gathered {
            team: person.team.clone(),
            entry: entry(person, Change::SignedIn, address, now),
            count: 0,
            is_written: false,
        });
        gathered.count += 1;
        gathered.entry.address = address.map(|address| address.to_string());
        let count = gathered.count;
        (gathered.entry.actor, gathered.entry.change) = match attempt {
            FailedAttempt::SignIn => {
                (ActivityActor::System, Change::SignInFailed { name: person.name.to_owned(), count })
            }
            FailedAttempt::StepUp => {
                (ActivityActor::Member { name: person.name.to_owned() }, Change::StepUpFailed { count })
            }
        };
        let is_new = !std::mem::replace(&mut gathered.is_written, true);
        (count <= WRITTEN || count.is_power_of_two()).then(|| (gathered.team.clone(), gathered.entry.clone(), is_new))
    }

    fn counts(&self) -> MutexGuard<'_, HashMap<(FailedAttempt, MemberId), Gathered>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub(crate) fn entry(person: AuditedMember<'_>, change: Change, address: Option<IpAddr>, now: UnixMs) -> Entry {
    Entry {
        id: ActivityId::new(ids::next(now)),
        at: now,
        actor: ActivityActor::Member { name: person.name.to_owned() },
        address: address.map(|address| address.to_string()),
        request: None,
        member: Some(person.member.clone()),
        change,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_failures_of_a_member_within_15_minutes_are_one_entry() {
        let failures = SignInFailures::default();
        let (member, team) = (MemberId::new("ada"), TeamId::new("acme"));
        let person = AuditedMember { member: &member, name: "Ada", team: &team, slug: "acme" };
        let count = |now| failures.count(FailedAttempt::SignIn, person, None, now);
        let mut writes = Vec::new();
        for _ in 0..1_000 {
            writes.extend(count(0));
        }
        assert_eq!(writes.len(), 36, "1 to 32, 64, 128, 256, 512 and no more");
        let (_, first, is_new) = writes.first().unwrap();
        assert!(*is_new && writes.iter().skip(1).all(|(_, entry, is_new)| !is_new && entry.id == first.id));
        assert_eq!(writes.last().unwrap().1.change, Change::SignInFailed { name: "Ada".into(), count: 512 });
        let (_, next, is_new) = count(WINDOW).unwrap();
        assert!(is_new && next.id != first.id);
        assert!(failures.count(FailedAttempt::StepUp, person, None, WINDOW).unwrap().2, "counted apart");
    }

    #[test]
    fn the_count_of_members_is_bounded() {
        let failures = SignInFailures::default();
        let team = TeamId::new("acme");
        let count = |number: usize, now| {
            let member = MemberId::new(number.to_string());
            let person = AuditedMember { member: &member, name: "Ada", team: &team, slug: "acme" };
            failures.count(FailedAttempt::SignIn, person, None, now).is_some()
        };
        assert!((0..GATHERED).all(|number| count(number, 0)));
        assert!(!count(GATHERED, 0));
        assert!(count(5, 0), "who is known already");
        assert!(count(GATHERED, WINDOW), "the old ones are over");
        assert_eq!(failures.counts().len(), 1);
    }
}
