//! Who signed in, or tried to, and from where: entries in the team's log, and lines in the server's (OWASP ASVS 5.0, 16.3).
//!
//! Lines name an account by its pseudonym, never by its e-mail address. Failures are gathered: a member and a quarter of an hour
//! have one entry, whose number grows, so that a flood fills neither the log nor the database's writer.

use crate::{ids, state::AppState};
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
use store::{Credential, SignIn};

/// Failures within this time of the first are one entry.
const WINDOW: UnixMs = 15 * MINUTE;
/// So many failures are each written at once; beyond that, whenever their number has doubled.
const WRITTEN: u64 = 32;
/// The most members whose failures are gathered at the same time. Those of others stand in the server's log alone.
const GATHERED: usize = 10_000;

/// A member, as entries name them.
#[derive(Clone, Copy, Debug)]
pub struct AuditedMember<'a> {
    /// Which member.
    pub member: &'a MemberId,
    /// The display name.
    pub name: &'a str,
    /// In which team.
    pub team: &'a TeamId,
    /// The team's slug.
    pub slug: &'a str,
}

impl<'a> From<&'a SignIn> for AuditedMember<'a> {
    fn from(sign_in: &'a SignIn) -> Self {
        let SignIn { member_id, name, team, .. } = sign_in;
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
enum What {
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

/// The failures that are gathered now.
#[derive(Debug, Default)]
pub struct Failures(Mutex<HashMap<(What, MemberId), Gathered>>);

impl Failures {
    /// Counts one more, and returns what is to be written now.
    fn count(
        &self,
        what: What,
        person: AuditedMember<'_>,
        address: Option<IpAddr>,
        now: UnixMs,
    ) -> Option<(TeamId, Entry, bool)> {
        let mut all = self.all();
        let key = (what, person.member.clone());
        let is_over = |gathered: &Gathered| now - gathered.entry.at >= WINDOW || gathered.entry.at > now;
        if all.get(&key).is_some_and(is_over) {
            all.remove(&key);
        }
        if all.len() >= GATHERED {
            all.retain(|_, gathered| !is_over(gathered));
            if all.len() >= GATHERED && !all.contains_key(&key) {
                return None;
            }
        }
        let gathered = all.entry(key).or_insert_with(|| Gathered {
            team: person.team.clone(),
            entry: entry(person, Change::SignedIn, address, now),
            count: 0,
            is_written: false,
        });
        gathered.count += 1;
        gathered.entry.address = address.map(|address| address.to_string());
        let count = gathered.count;
        (gathered.entry.actor, gathered.entry.change) = match what {
            What::SignIn => (ActivityActor::System, Change::SignInFailed { name: person.name.to_owned(), count }),
            What::StepUp => (ActivityActor::Member { name: person.name.to_owned() }, Change::StepUpFailed { count }),
        };
        let is_new = !std::mem::replace(&mut gathered.is_written, true);
        (count <= WRITTEN || count.is_power_of_two()).then(|| (gathered.team.clone(), gathered.entry.clone(), is_new))
    }

    fn all(&self) -> MutexGuard<'_, HashMap<(What, MemberId), Gathered>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Somebody signed in to these teams.
pub async fn signed_in(state: &AppState, account: &str, people: &[AuditedMember<'_>], address: Option<IpAddr>) {
    for person in people {
        let (team, ip) = (person.slug, shown(address));
        tracing::info!(event = "signed_in", account, team, address = ip, "signed in");
        add(state, *person, Change::SignedIn, address).await;
    }
}

/// A password was wrong for all of these members. `team`: the team asked for.
pub async fn sign_in_failed(
    state: &AppState,
    account: &str,
    team: Option<&str>,
    people: &[AuditedMember<'_>],
    address: Option<IpAddr>,
) {
    // What was typed as a team stands in the log only where there is such a team.
    let team = people.first().map(|person| person.slug).filter(|_| team.is_some()).unwrap_or("-");
    tracing::warn!(event = "sign_in_failed", account, team, address = shown(address), "a sign-in failed");
    for person in people {
        gather(state, What::SignIn, *person, address).await;
    }
}

/// A sign-in was refused without comparing the password: too many tries, or too many at once.
pub fn sign_in_refused(account: &str, reason: &'static str, address: Option<IpAddr>) {
    tracing::warn!(event = "sign_in_refused", account, reason, address = shown(address), "a sign-in was refused");
}

/// A browser signed out of all its teams.
pub async fn signed_out(state: &AppState, sign_ins: &[SignIn], address: Option<IpAddr>) {
    for sign_in in sign_ins {
        logged(state, sign_in, "signed_out", address);
        add(state, sign_in.into(), Change::SignedOut, address).await;
    }
}

/// Somebody who is signed in confirmed the password.
pub async fn stepped_up(state: &AppState, sign_in: &SignIn, address: Option<IpAddr>) {
    logged(state, sign_in, "stepped_up", address);
    add(state, sign_in.into(), Change::SteppedUp, address).await;
}

/// Somebody who is signed in typed a wrong password.
pub async fn step_up_failed(state: &AppState, sign_in: &SignIn, address: Option<IpAddr>) {
    logged(state, sign_in, "step_up_failed", address);
    gather(state, What::StepUp, sign_in.into(), address).await;
}

/// Somebody exports the list of members, or the activity.
pub async fn exported(state: &AppState, sign_in: &SignIn, what: Change, address: Option<IpAddr>) {
    logged(state, sign_in, what.name(), address);
    add(state, sign_in.into(), what, address).await;
}

/// The pseudonym of an account in logs, by its e-mail address.
pub fn account(state: &AppState, email: &str) -> String {
    state.secrets.account_hash(&domain::validation::text::fold(email))
}

fn logged(state: &AppState, sign_in: &SignIn, event: &str, address: Option<IpAddr>) {
    let (account, team) = (account(state, &sign_in.email), sign_in.team.slug.as_str());
    tracing::info!(event, account, team, address = shown(address), "audit");
}

fn shown(address: Option<IpAddr>) -> String {
    address.map_or_else(|| "-".to_owned(), |address| address.to_string())
}

fn entry(person: AuditedMember<'_>, change: Change, address: Option<IpAddr>, now: UnixMs) -> Entry {
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

/// What was done is done: where the entry cannot be written, the line in the server's log is what is left.
async fn add(state: &AppState, person: AuditedMember<'_>, change: Change, address: Option<IpAddr>) {
    let entry = entry(person, change, address, state.clock.now());
    if let Err(error) = state.store.activity_add(person.team, &entry).await {
        tracing::error!(%error, team = person.slug, "an entry of the activity couldn't be written");
    }
}

async fn gather(state: &AppState, what: What, person: AuditedMember<'_>, address: Option<IpAddr>) {
    let Some((team, entry, is_new)) = state.failures().count(what, person, address, state.clock.now()) else { return };
    let written = match is_new {
        true => state.store.activity_add(&team, &entry).await,
        false => state.store.activity_count_up(&entry).await,
    };
    if let Err(error) = written {
        tracing::error!(%error, team = person.slug, "an entry of the activity couldn't be written");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_of_one_member_are_one_entry_a_window() {
        let failures = Failures::default();
        let (member, team) = (MemberId::new("ada"), TeamId::new("acme"));
        let person = AuditedMember { member: &member, name: "Ada", team: &team, slug: "acme" };
        let count = |now| failures.count(What::SignIn, person, None, now);
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
        assert!(failures.count(What::StepUp, person, None, WINDOW).unwrap().2, "counted apart");
    }

    #[test]
    fn what_is_gathered_is_bounded() {
        let failures = Failures::default();
        let team = TeamId::new("acme");
        let count = |number: usize, now| {
            let member = MemberId::new(number.to_string());
            let person = AuditedMember { member: &member, name: "Ada", team: &team, slug: "acme" };
            failures.count(What::SignIn, person, None, now).is_some()
        };
        assert!((0..GATHERED).all(|number| count(number, 0)));
        assert!(!count(GATHERED, 0));
        assert!(count(5, 0), "who is known already");
        assert!(count(GATHERED, WINDOW), "the old ones are over");
        assert_eq!(failures.all().len(), 1);
    }
}
