//! Signing in with email and password, and proving it once more.
//!
//! A person who is unknown, who has no password, who typed the wrong one or who is a member of many teams gets the same answer
//! after the same time.

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

/// A refusal comes after a multiple of this time, counted from when the password's turn came, so that how many passwords were
/// compared, and whether anything was found before, cannot be told from the time. It is at least the multiple in which
/// [`COMPARED`] comparisons end, as the last comparisons were measured: on a slow or busy machine they take more than one.
const STEP: Duration = Duration::from_millis(400);

/// What someone typed, and where they sit.
pub struct SignInAttempt {
    /// As typed.
    pub email: String,
    /// As typed.
    pub password: SecretString,
    /// The slug of the one team to sign in to; `None`: every team in which email and password are right.
    pub team: Option<String>,
    /// The slug of the team to which the page leads that they want to go on to.
    pub next_team: Option<String>,
    /// The client's address, as far as it is known.
    pub address: Option<IpAddr>,
    /// What the browser sent of earlier sign-ins.
    pub device: DeviceCookie,
}

/// Why no one is signed in.
#[derive(Debug)]
pub enum SignInError {
    /// Something is missing, or not an email.
    Invalid(FieldErrors),
    /// No such person, or not the password.
    Wrong,
    /// The password is right, but the person is a member of more teams than one sign-in compares: the teams that it is right
    /// for, by name and slug.
    ManyTeams(Vec<(String, String)>),
    /// Too many tries.
    Throttled(Wait),
    /// Too many passwords are hashed right now. Nothing was counted.
    Busy(Busy),
    /// The database could not be asked, or something is broken.
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

/// A member whose password was right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proven {
    /// Which member.
    pub member_id: MemberId,
    /// The display name.
    pub name: String,
    /// In which team.
    pub team_id: TeamId,
    /// The team's slug.
    pub team_slug: String,
}

/// A sign-in that is right.
#[derive(Debug)]
pub struct Checked {
    /// The members to sign in, one per team, never none.
    pub proven: Vec<Proven>,
    /// The browser's cookie from now on.
    pub device: DeviceCookie,
    /// The account's pseudonym, for logs.
    pub account: String,
}

/// Checks email and password.
///
/// # Errors
/// [`SignInError`].
pub async fn check(state: &AppState, attempt: SignInAttempt) -> Result<Checked, SignInError> {
    let mut problems = FieldErrors::default();
    let email = problems.check(Field::Email, text::email(&attempt.email));
    problems.check(Field::Password, password::current(attempt.password.expose_secret()));
    let Some(email) = email.filter(|_| problems.is_empty()) else { return Err(SignInError::Invalid(problems)) };
    let email_key = text::fold(&email);
    let account = state.secrets.account_hash(&email_key);
    let (team, next) = (attempt.team.as_deref(), attempt.next_team.as_deref());
    let known = state.store.credentials(&email_key, team, next).await?;
    let device = attempt.device.device(&state.secrets, &account, state.clock.now());
    let asked =
        SignInQuery { state, attempt: &attempt, email_key: &email_key, account: &account, device: device.as_ref() };
    let checked = asked.check(known).await;
    match &checked {
        Err(SignInError::Throttled(_)) => audit::sign_in_refused(&account, "too many attempts", attempt.address),
        Err(SignInError::Busy(_)) => audit::sign_in_refused(&account, "busy", attempt.address),
        _ => {}
    }
    let (proven, device) = checked?;
    Ok(Checked { proven, device, account })
}

/// The cookie of a browser in which someone just chose the password of one member.
pub fn known_browser(state: &AppState, cookie: &DeviceCookie, email: &str, team: &TeamId) -> DeviceCookie {
    let (secrets, now) = (&state.secrets, state.clock.now());
    cookie.with(secrets, Device::new(secrets, &audit::account(state, email), [team], now), now)
}

/// A sign-in that is being checked.
struct SignInQuery<'a> {
    state: &'a AppState,
    attempt: &'a SignInAttempt,
    email_key: &'a str,
    account: &'a str,
    device: Option<&'a Device>,
}

/// On which counters a sign-in counts, and who is compared.
struct Gate {
    sender: Sender,
    counters: Counters,
    compared: Vec<Credential>,
}

impl SignInQuery<'_> {
    async fn check(&self, mut known: Vec<Credential>) -> Result<(Vec<Proven>, DeviceCookie), SignInError> {
        let state = self.state;
        let has_more = known.len() > COMPARED;
        known.truncate(COMPARED);
        let all = known.len();
        let gate = self.gate(known).await?;
        let turn = state.hashing().turn(gate.sender.clone()).await?;
        let (now, since) = (state.clock.now(), Instant::now());
        gate.counters.admit(&state.store, now).await?.map_err(SignInError::Throttled)?;
        let hashes = gate.compared.iter().map(|credential| credential.password_hash.clone()).collect();
        let right = turn.compare(&self.attempt.password, hashes).await;
        let expected = turn.expected(COMPARED);
        let lane = turn.into_lane();
        let (proven, wrong): (Vec<_>, Vec<_>) = gate.compared.iter().zip(right).partition(|(_, is_right)| *is_right);
        let proven: Vec<&Credential> = proven.into_iter().map(|(credential, _)| credential).collect();
        if proven.is_empty() {
            let people: Vec<_> = gate.compared.iter().map(audit::AuditedMember::from).collect();
            let team = self.attempt.team.as_deref();
            audit::sign_in_failed(state, self.account, team, &people, self.attempt.address).await;
            wait_for_the_step(since, expected).await;
            drop(lane);
            return Err(SignInError::Wrong);
        }
        lane.note_success();
        drop(lane);
        // What was not compared, or was wrong, is not answered for: its failures stay counted.
        let is_whole = wrong.is_empty() && !has_more;
        let has_everybody = is_whole && gate.compared.len() == all && self.is_everybody(all).await?;
        gate.counters
            .settle(&state.store, |counter| if counter.is_person() { has_everybody } else { is_whole })
            .await?;
        let next = proven.iter().find(|credential| Some(&credential.team_slug) == self.attempt.next_team.as_ref());
        let proven = match (has_more, next) {
            (false, _) => proven,
            (true, Some(next)) => vec![*next],
            (true, None) => {
                let teams = proven.iter().map(|one| (one.team_name.clone(), one.team_slug.clone()));
                return Err(SignInError::ManyTeams(teams.collect()));
            }
        };
        let device = self.known_from_now_on(&proven, now);
        let proven = proven.into_iter().map(|credential| Proven {
            member_id: credential.member_id.clone(),
            name: credential.name.clone(),
            team_id: credential.team_id.clone(),
            team_slug: credential.team_slug.clone(),
        });
        Ok((proven.collect(), device))
    }

    /// A browser counts on its own as long as it was signed in to every team that is asked about, and its own counter is open.
    /// Where strangers closed the account's counters, it is compared with the members of those teams alone.
    async fn gate(&self, known: Vec<Credential>) -> Result<Gate, SignInError> {
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
            let mine: Vec<Credential> = known.iter().filter(|credential| is_known(credential)).cloned().collect();
            let counters = Counters::new([Counter::device(&device.id, secrets, attempt.team.as_deref())]);
            let is_open = !mine.is_empty() && counters.wait(&state.store, now).await?.is_none();
            if is_open && (mine.len() == known.len() || strangers.wait(&state.store, now).await?.is_some()) {
                return Ok(Gate { sender: Sender::Device(device.id.clone()), counters, compared: mine });
            }
        }
        if let Some(wait) = strangers.wait(&state.store, now).await? {
            return Err(SignInError::Throttled(wait));
        }
        Ok(Gate { sender: Sender::Address(address), counters: strangers, compared: known })
    }

    /// Are these all members with the address? On a team's own page only its own were looked for.
    async fn is_everybody(&self, found: usize) -> Result<bool, StoreError> {
        if self.attempt.team.is_none() {
            return Ok(true);
        }
        Ok(self.state.store.credentials(self.email_key, None, None).await?.len() == found)
    }

    /// The browser's cookie after a sign-in. A browser that was known keeps its counters, because a new cookie must not be a way
    /// to more guesses.
    fn known_from_now_on(&self, proven: &[&Credential], now: UnixMs) -> DeviceCookie {
        let secrets = &self.state.secrets;
        let device = Device::new(secrets, self.account, proven.iter().map(|credential| &credential.team_id), now);
        let device = match self.device {
            Some(older) => device.in_place_of(older),
            None => device,
        };
        self.attempt.device.with(secrets, device, now)
    }
}

/// Checks the password of a member who is signed in, and keeps the turn for what else is to be hashed.
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
    let stored = state.store.member_password(&me.team.id, &me.member_id).await?;
    if turn.compare(&password, stored.into_iter().collect()).await != [true] {
        let expected = turn.expected(COMPARED);
        let lane = turn.into_lane();
        audit::step_up_failed(state, me, address).await;
        wait_for_the_step(since, expected).await;
        drop(lane);
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

    /// One comparison and eight are answered at the same time, on every machine.
    #[test]
    fn a_refusal_takes_as_long_as_the_most_comparisons() {
        let most = u32::try_from(COMPARED).unwrap();
        for comparison in [5, 25, 60, 110, 240].map(Duration::from_millis) {
            let expected = comparison * most * 5 / 4;
            let answered = step_after(comparison, expected);
            assert_eq!(answered, step_after(comparison * most, expected), "{comparison:?}");
            assert!(answered > comparison * most && answered <= expected + STEP, "{comparison:?}");
        }
        assert_eq!(step_after(Duration::from_millis(25), Duration::from_millis(250)), STEP);
        assert_eq!(step_after(STEP * 2, Duration::ZERO), STEP * 3);
    }
}
