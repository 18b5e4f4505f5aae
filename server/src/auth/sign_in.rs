//! Sign-in with email and password, and verification of a signed-in member.
//!
//! The response and its time are the same for an unknown person, a person without a password, a wrong password and a member of
//! many teams.

use super::{
    audit,
    device::{Device, DeviceCookie},
    session_store,
    throttle::{self, Counter, Counters, Wait},
};
use crate::{
    password_hashing::{Busy, HashingTurn, Sender},
    state::AppState,
};
use domain::Error;
use domain::{
    UnixMs,
    id::{MemberId, TeamId},
    validation::{
        field_error::{Field, FieldErrors},
        password, text,
    },
};
use secrecy::{ExposeSecret as _, SecretString};
use std::{
    net::{IpAddr, Ipv4Addr},
    time::Duration,
};
use store::{ActiveSignIn, COMPARED, Credential, StoreError};
use tokio::time::Instant;
use tower_sessions::Session;

/// A rejection is sent after a multiple of this time, counted from the start of the turn for hashing, so that its time reveals
/// neither the number of compared passwords nor whether a member exists. The multiple is at least the measured time of
/// [`COMPARED`] comparisons, because they take more than one step on a slow or busy machine.
const STEP: Duration = Duration::from_millis(400);

/// The submitted form, and where it comes from.
pub struct SignInAttempt {
    /// As submitted.
    pub email: String,
    /// As submitted.
    pub password: SecretString,
    /// The slug of the only team to sign in to. `None`: every team for which email and password are right.
    pub team: Option<String>,
    /// The slug of the team of the page to return to.
    pub next_team: Option<String>,
    /// The client's address, if known.
    pub address: Option<IpAddr>,
    /// The browser's device cookie, which names earlier sign-ins.
    pub device: DeviceCookie,
}

/// Why a sign-in failed.
#[derive(Debug)]
pub enum SignInError {
    /// A field is empty, or the email is invalid.
    Invalid(FieldErrors),
    /// There is no such person, or the password is wrong.
    Wrong,
    /// The password is right, but the person is a member of more teams than one sign-in compares. Contains the matching teams,
    /// by name and slug.
    ManyTeams(Vec<(String, String)>),
    Throttled(Wait),
    /// Too many passwords are being hashed. The attempt was not counted.
    Busy(Busy),
    /// The database is unavailable, or there is an internal error.
    Failed(Error),
}

impl From<StoreError> for SignInError {
    fn from(error: StoreError) -> Self {
        SignInError::Failed(error.into())
    }
}

impl From<Busy> for SignInError {
    fn from(busy: Busy) -> Self {
        SignInError::Busy(busy)
    }
}

/// A member for whom the password was right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifiedMember {
    pub member_id: MemberId,
    pub name: String,
    pub team_id: TeamId,
    pub team_slug: String,
}

/// A successful sign-in.
#[derive(Debug)]
pub struct VerifiedSignIn {
    /// The members to sign in, one per team, never empty.
    pub members: Vec<VerifiedMember>,
    /// The browser's new device cookie.
    pub device: DeviceCookie,
    /// The account's pseudonym, for logs.
    pub account: String,
}

/// Checks email and password.
///
/// # Errors
/// [`SignInError`].
pub async fn check(state: &AppState, attempt: SignInAttempt) -> Result<VerifiedSignIn, SignInError> {
    let mut problems = FieldErrors::default();
    let email = problems.check(Field::Email, text::email(&attempt.email));
    problems.check(Field::Password, password::current(attempt.password.expose_secret()));
    let Some(email) = email.filter(|_| problems.is_empty()) else { return Err(SignInError::Invalid(problems)) };
    let email_key = text::fold(&email);
    let account = state.secrets.account_hash(&email_key);
    let (team, next) = (attempt.team.as_deref(), attempt.next_team.as_deref());
    let candidates = state.store.credentials(&email_key, team, next).await?;
    let device = attempt.device.device(&state.secrets, &account, state.clock.now());
    let query =
        SignInQuery { state, attempt: &attempt, email_key: &email_key, account: &account, device: device.as_ref() };
    let result = query.check(candidates).await;
    match &result {
        Err(SignInError::Throttled(_)) => audit::sign_in_refused(&account, "too many attempts", attempt.address),
        Err(SignInError::Busy(_)) => audit::sign_in_refused(&account, "busy", attempt.address),
        _ => {}
    }
    let (members, device) = result?;
    Ok(VerifiedSignIn { members, device, account })
}

/// The cookie of a browser in which a person just chose the password of one member.
pub fn new_device_cookie(state: &AppState, cookie: &DeviceCookie, email: &str, team: &TeamId) -> DeviceCookie {
    let (secrets, now) = (&state.secrets, state.clock.now());
    cookie.with(secrets, Device::new(secrets, &audit::account(state, email), [team], now), now)
}

/// A sign-in while it is being checked.
struct SignInQuery<'a> {
    state: &'a AppState,
    attempt: &'a SignInAttempt,
    email_key: &'a str,
    account: &'a str,
    device: Option<&'a Device>,
}

/// The counters of a sign-in, and the members to compare.
struct Admission {
    sender: Sender,
    counters: Counters,
    compared: Vec<Credential>,
}

impl SignInQuery<'_> {
    async fn check(&self, mut candidates: Vec<Credential>) -> Result<(Vec<VerifiedMember>, DeviceCookie), SignInError> {
        let state = self.state;
        let is_truncated = candidates.len() > COMPARED;
        candidates.truncate(COMPARED);
        let total = candidates.len();
        let admission = self.admission(candidates).await?;
        let turn = state.hashing().turn(admission.sender.clone()).await?;
        let (now, since) = (state.clock.now(), Instant::now());
        admission.counters.admit(&state.store, now).await?.map_err(SignInError::Throttled)?;
        let hashes = admission.compared.iter().map(|credential| credential.password_hash.clone()).collect();
        let right = turn.compare(&self.attempt.password, hashes).await;
        let expected = turn.expected(COMPARED);
        let sender_turn = turn.release_slot();
        let (members, wrong): (Vec<_>, Vec<_>) =
            admission.compared.iter().zip(right).partition(|(_, is_right)| *is_right);
        let members: Vec<&Credential> = members.into_iter().map(|(credential, _)| credential).collect();
        if members.is_empty() {
            let people: Vec<_> = admission.compared.iter().map(audit::AuditedMember::from).collect();
            let team = self.attempt.team.as_deref();
            audit::sign_in_failed(state, self.account, team, &people, self.attempt.address).await;
            wait_for_the_step(since, expected).await;
            drop(sender_turn);
            return Err(SignInError::Wrong);
        }
        sender_turn.note_success();
        drop(sender_turn);
        // The counters of a member that was not compared, or did not match, keep their failures.
        let covers_page = wrong.is_empty() && !is_truncated;
        let covers_person = covers_page && admission.compared.len() == total && self.covers_all_members(total).await?;
        admission
            .counters
            .settle(&state.store, |counter| if counter.is_person() { covers_person } else { covers_page })
            .await?;
        let next = members.iter().find(|credential| Some(&credential.team_slug) == self.attempt.next_team.as_ref());
        let members = match (is_truncated, next) {
            (false, _) => members,
            (true, Some(next)) => vec![*next],
            (true, None) => {
                let teams = members.iter().map(|one| (one.team_name.clone(), one.team_slug.clone()));
                return Err(SignInError::ManyTeams(teams.collect()));
            }
        };
        let device = self.updated_cookie(&members, now);
        let members = members.into_iter().map(|credential| VerifiedMember {
            member_id: credential.member_id.clone(),
            name: credential.name.clone(),
            team_id: credential.team_id.clone(),
            team_slug: credential.team_slug.clone(),
        });
        Ok((members.collect(), device))
    }

    /// A browser has its own counter while it was signed in to every team in question and that counter is open. If strangers
    /// closed the account's counters, only the members of those teams are compared.
    async fn admission(&self, candidates: Vec<Credential>) -> Result<Admission, SignInError> {
        let (state, now) = (self.state, self.state.clock.now());
        let (secrets, attempt) = (&state.secrets, self.attempt);
        let strangers = Counters::new([
            Counter::address(secrets, attempt.address),
            Counter::account(self.account, secrets, attempt.team.as_deref()),
            Counter::person(self.account),
        ]);
        let address = throttle::network(attempt.address.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED)));
        if let Some(device) = self.device {
            let is_known = |credential: &Credential| device.knows(secrets, &credential.team_id);
            let mine: Vec<Credential> = candidates.iter().filter(|credential| is_known(credential)).cloned().collect();
            let counters = Counters::new([Counter::device(&device.id, secrets, attempt.team.as_deref())]);
            let is_open = !mine.is_empty() && counters.wait(&state.store, now).await?.is_none();
            if is_open && (mine.len() == candidates.len() || strangers.wait(&state.store, now).await?.is_some()) {
                return Ok(Admission { sender: Sender::Device(device.id.clone()), counters, compared: mine });
            }
        }
        if let Some(wait) = strangers.wait(&state.store, now).await? {
            return Err(SignInError::Throttled(wait));
        }
        Ok(Admission { sender: Sender::Address(address), counters: strangers, compared: candidates })
    }

    /// Whether these are all members with the address. A team's own page looks up only its own members.
    async fn covers_all_members(&self, compared: usize) -> Result<bool, StoreError> {
        if self.attempt.team.is_none() {
            return Ok(true);
        }
        Ok(self.state.store.credentials(self.email_key, None, None).await?.len() == compared)
    }

    /// The browser's cookie after a sign-in. A known browser keeps its counters, because a new cookie must not allow more
    /// guesses.
    fn updated_cookie(&self, members: &[&Credential], now: UnixMs) -> DeviceCookie {
        let secrets = &self.state.secrets;
        let device = Device::new(secrets, self.account, members.iter().map(|credential| &credential.team_id), now);
        let device = match self.device {
            Some(previous) => device.in_place_of(previous),
            None => device,
        };
        self.attempt.device.with(secrets, device, now)
    }
}

/// Checks the password of a signed-in member. Keeps the turn, so that the caller can hash a new password.
///
/// # Errors
/// [`SignInError`].
pub async fn check_again(
    state: &AppState,
    session: &Session,
    me: &ActiveSignIn,
    password: SecretString,
    address: Option<IpAddr>,
) -> Result<HashingTurn, SignInError> {
    if let Err(problem) = password::current(password.expose_secret()) {
        return Err(SignInError::Invalid(FieldErrors::one(Field::Password, problem)));
    }
    let session = session_store::lasting_name(state, session).await?.unwrap_or_default();
    let sign_in = format!("{session}:{}", me.member_id);
    let counters = Counters::new([Counter::sign_in(&sign_in)]);
    if let Some(wait) = counters.wait(&state.store, state.clock.now()).await? {
        return Err(SignInError::Throttled(wait));
    }
    let turn = state.hashing().turn(Sender::Session(sign_in)).await?;
    let since = Instant::now();
    counters.admit(&state.store, state.clock.now()).await?.map_err(SignInError::Throttled)?;
    let hash = state.store.member_password(&me.team.id, &me.member_id).await?;
    if turn.compare(&password, hash.into_iter().collect()).await != [true] {
        let expected = turn.expected(COMPARED);
        let sender_turn = turn.release_slot();
        audit::step_up_failed(state, me, address).await;
        wait_for_the_step(since, expected).await;
        drop(sender_turn);
        return Err(SignInError::Wrong);
    }
    counters.settle(&state.store, |_| true).await?;
    Ok(turn)
}

async fn wait_for_the_step(since: Instant, expected: Duration) {
    tokio::time::sleep_until(since + step_after(since.elapsed(), expected)).await;
}

/// The first multiple of [`STEP`] after both.
fn step_after(elapsed: Duration, expected: Duration) -> Duration {
    let steps = elapsed.max(expected).as_millis() / STEP.as_millis() + 1;
    STEP.saturating_mul(u32::try_from(steps).unwrap_or(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One comparison and eight comparisons respond after the same time, on every machine.
    #[test]
    fn a_rejection_takes_as_long_as_the_most_comparisons() {
        let most = u32::try_from(COMPARED).unwrap();
        for comparison in [5, 25, 60, 110, 240].map(Duration::from_millis) {
            let expected = comparison * most * 5 / 4;
            let response_time = step_after(comparison, expected);
            assert_eq!(response_time, step_after(comparison * most, expected), "{comparison:?}");
            assert!(response_time > comparison * most && response_time <= expected + STEP, "{comparison:?}");
        }
        assert_eq!(step_after(Duration::from_millis(25), Duration::from_millis(250)), STEP);
        assert_eq!(step_after(STEP * 2, Duration::ZERO), STEP * 3);
    }
}
