//! Sign-ins and failed attempts, with their address: entries in the team's log, and lines in the server's (OWASP ASVS 5.0, 16.3).
//!
//! Lines name an account by its pseudonym, never by its email. The failures of a member within 15 minutes are one entry with a
//! count, so that a flood fills neither the log nor the database's writer.

use crate::{
    sign_in_failures::{FailedAttempt, entry},
    state::AppState,
};
use domain::activity::Change;
use std::net::IpAddr;
use store::ActiveSignIn;

pub use crate::sign_in_failures::AuditedMember;

/// Logs a sign-in to these teams.
pub async fn signed_in(state: &AppState, account: &str, people: &[AuditedMember<'_>], address: Option<IpAddr>) {
    for person in people {
        let (team, ip) = (person.slug, address_text(address));
        tracing::info!(event = "signed_in", account, team, address = ip, "signed in");
        add(state, *person, Change::SignedIn, address).await;
    }
}

/// Logs a password that was wrong for all of these members. `team` is the submitted team.
pub async fn sign_in_failed(
    state: &AppState,
    account: &str,
    team: Option<&str>,
    people: &[AuditedMember<'_>],
    address: Option<IpAddr>,
) {
    // The submitted text is logged only if it is the slug of an existing team.
    let team = people.first().map(|person| person.slug).filter(|_| team.is_some()).unwrap_or("-");
    tracing::warn!(event = "sign_in_failed", account, team, address = address_text(address), "a sign-in failed");
    for person in people {
        gather(state, FailedAttempt::SignIn, *person, address).await;
    }
}

/// Logs a sign-in that was rejected without comparing the password: too many attempts, or too many at once.
pub fn sign_in_refused(account: &str, reason: &'static str, address: Option<IpAddr>) {
    tracing::warn!(
        event = "sign_in_refused",
        account,
        reason,
        address = address_text(address),
        "a sign-in was refused"
    );
}

/// Logs a failed sign-in through an SSO method. The activity entry has the same reference.
pub fn sso_sign_in_failed(team: &str, method: &str, failure: &str, reference: &str, address: Option<IpAddr>) {
    tracing::warn!(
        event = "sso_sign_in_failed",
        team,
        method,
        failure,
        reference,
        address = address_text(address),
        "a sign-in through an SSO method failed"
    );
}

/// Logs that a browser signed out of all its teams.
pub async fn signed_out(state: &AppState, sign_ins: &[ActiveSignIn], address: Option<IpAddr>) {
    for sign_in in sign_ins {
        log_event(state, sign_in, "signed_out", address);
        add(state, sign_in.into(), Change::SignedOut, address).await;
    }
}

/// Logs that a signed-in member confirmed the password.
pub async fn stepped_up(state: &AppState, sign_in: &ActiveSignIn, address: Option<IpAddr>) {
    log_event(state, sign_in, "stepped_up", address);
    add(state, sign_in.into(), Change::SteppedUp, address).await;
}

/// Logs a wrong password of a signed-in member.
pub async fn step_up_failed(state: &AppState, sign_in: &ActiveSignIn, address: Option<IpAddr>) {
    log_event(state, sign_in, "step_up_failed", address);
    gather(state, FailedAttempt::StepUp, sign_in.into(), address).await;
}

/// Logs an export of the members or the activity.
pub async fn exported(state: &AppState, sign_in: &ActiveSignIn, export: Change, address: Option<IpAddr>) {
    log_event(state, sign_in, export.name(), address);
    add(state, sign_in.into(), export, address).await;
}

/// The pseudonym of an account in logs, derived from its email.
pub fn account(state: &AppState, email: &str) -> String {
    state.secrets.account_hash(&domain::validation::text::fold(email))
}

fn log_event(state: &AppState, sign_in: &ActiveSignIn, event: &str, address: Option<IpAddr>) {
    let (account, team) = (account(state, &sign_in.email), sign_in.team.slug.as_str());
    tracing::info!(event, account, team, address = address_text(address), "audit");
}

fn address_text(address: Option<IpAddr>) -> String {
    address.map_or_else(|| "-".to_owned(), |address| address.to_string())
}

/// Adds the entry. The action is not undone if that fails. Then only the server's log has it.
async fn add(state: &AppState, person: AuditedMember<'_>, change: Change, address: Option<IpAddr>) {
    let entry = entry(person, change, address, state.clock.now());
    if let Err(error) = state.store.activity_add(person.team, &entry).await {
        tracing::error!(%error, team = person.slug, "could not write an activity entry");
    }
}

async fn gather(state: &AppState, attempt: FailedAttempt, person: AuditedMember<'_>, address: Option<IpAddr>) {
    let Some((team, entry, is_new)) = state.failures().count(attempt, person, address, state.clock.now()) else {
        return;
    };
    let result = match is_new {
        true => state.store.activity_add(&team, &entry).await,
        false => state.store.activity_update_count(&team, &entry).await,
    };
    if let Err(error) = result {
        tracing::error!(%error, team = person.slug, "could not write an activity entry");
    }
}
