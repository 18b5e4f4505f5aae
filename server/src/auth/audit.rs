//! Who signed in, or tried to, and from where: entries in the team's log, and lines in the server's (OWASP ASVS 5.0, 16.3).
//!
//! Lines name an account by its pseudonym, never by its email. Failures are gathered: a member and a quarter of an hour
//! have one entry, whose number grows, so that a flood fills neither the log nor the database's writer.

use crate::{
    sign_in_failures::{FailedAttempt, entry},
    state::AppState,
};
use domain::activity::Change;
use std::net::IpAddr;
use store::ActiveSignIn;

pub use crate::sign_in_failures::AuditedMember;

/// Someone signed in to these teams.
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
        gather(state, FailedAttempt::SignIn, *person, address).await;
    }
}

/// A sign-in was refused without comparing the password: too many tries, or too many at once.
pub fn sign_in_refused(account: &str, reason: &'static str, address: Option<IpAddr>) {
    tracing::warn!(event = "sign_in_refused", account, reason, address = shown(address), "a sign-in was refused");
}

/// A browser signed out of all its teams.
pub async fn signed_out(state: &AppState, sign_ins: &[ActiveSignIn], address: Option<IpAddr>) {
    for sign_in in sign_ins {
        logged(state, sign_in, "signed_out", address);
        add(state, sign_in.into(), Change::SignedOut, address).await;
    }
}

/// Someone who is signed in confirmed the password.
pub async fn stepped_up(state: &AppState, sign_in: &ActiveSignIn, address: Option<IpAddr>) {
    logged(state, sign_in, "stepped_up", address);
    add(state, sign_in.into(), Change::SteppedUp, address).await;
}

/// Someone who is signed in typed a wrong password.
pub async fn step_up_failed(state: &AppState, sign_in: &ActiveSignIn, address: Option<IpAddr>) {
    logged(state, sign_in, "step_up_failed", address);
    gather(state, FailedAttempt::StepUp, sign_in.into(), address).await;
}

/// Someone exports the list of members, or the activity.
pub async fn exported(state: &AppState, sign_in: &ActiveSignIn, what: Change, address: Option<IpAddr>) {
    logged(state, sign_in, what.name(), address);
    add(state, sign_in.into(), what, address).await;
}

/// The pseudonym of an account in logs, by its email.
pub fn account(state: &AppState, email: &str) -> String {
    state.secrets.account_hash(&domain::validation::text::fold(email))
}

fn logged(state: &AppState, sign_in: &ActiveSignIn, event: &str, address: Option<IpAddr>) {
    let (account, team) = (account(state, &sign_in.email), sign_in.team.slug.as_str());
    tracing::info!(event, account, team, address = shown(address), "audit");
}

fn shown(address: Option<IpAddr>) -> String {
    address.map_or_else(|| "-".to_owned(), |address| address.to_string())
}

/// What was done is done: where the entry cannot be written, the line in the server's log is what is left.
async fn add(state: &AppState, person: AuditedMember<'_>, change: Change, address: Option<IpAddr>) {
    let entry = entry(person, change, address, state.clock.now());
    if let Err(error) = state.store.activity_add(person.team, &entry).await {
        tracing::error!(%error, team = person.slug, "an entry of the activity couldn't be written");
    }
}

async fn gather(state: &AppState, attempt: FailedAttempt, person: AuditedMember<'_>, address: Option<IpAddr>) {
    let Some((team, entry, is_new)) = state.failures().count(attempt, person, address, state.clock.now()) else {
        return;
    };
    let written = match is_new {
        true => state.store.activity_add(&team, &entry).await,
        false => state.store.activity_update_count(&team, &entry).await,
    };
    if let Err(error) = written {
        tracing::error!(%error, team = person.slug, "an entry of the activity couldn't be written");
    }
}
