//! Signing in with e-mail and password, and proving it once more.
//!
//! A person who is unknown, who has no password or who typed the wrong one gets the same answer after the same time.

use super::{
    password,
    throttle::{self, Addresses, Wait},
};
use crate::{
    state::AppState,
    store::{Credential, StoreError},
};
use app::failure::Failure;
use domain::{
    id::MemberId,
    problem::{Field, Problem, Problems},
    text,
};
use secrecy::{ExposeSecret as _, SecretString};
use std::{net::IpAddr, time::Duration};
use tokio::time::Instant;

/// A refusal comes after a multiple of this time, so that how many passwords were compared, and whether anything was
/// found before, cannot be told from the time.
const STEP: Duration = Duration::from_millis(200);

/// What somebody typed, and where they sit.
pub struct Attempt {
    /// As typed.
    pub email: String,
    /// As typed.
    pub password: SecretString,
    /// The slug of the one team to sign in to; `None`: every team in which e-mail and password are right.
    pub team: Option<String>,
    /// The client's address, as far as it is known.
    pub address: Option<IpAddr>,
}

/// Why nobody is signed in.
#[derive(Debug)]
pub enum Refusal {
    /// Something is missing, or not an e-mail address.
    Invalid(Problems),
    /// No such person, or not the password.
    Wrong,
    /// Too many tries.
    Throttled(Wait),
    /// The database could not be asked, or something is broken.
    Failed(Failure),
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        Refusal::Failed(error.into())
    }
}

/// A member whose password was right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proven {
    /// Which member.
    pub member_id: MemberId,
    /// In which team.
    pub team_slug: String,
}

/// Checks e-mail and password: the members to sign in, one per team, never none.
///
/// # Errors
/// [`Refusal`].
pub async fn check(state: &AppState, addresses: &Addresses, attempt: Attempt) -> Result<Vec<Proven>, Refusal> {
    let mut problems = Problems::default();
    let email = problems.check(Field::Email, text::email(&attempt.email));
    if attempt.password.expose_secret().is_empty() {
        problems.push(Field::Password, Problem::Missing("your password".into()));
    }
    let Some(email) = email.filter(|_| problems.is_empty()) else { return Err(Refusal::Invalid(problems)) };
    let email_key = text::fold(&email);
    let team = attempt.team.as_deref();
    guarded(state, addresses, &email_key, attempt.address, async || {
        let known = state.store.credentials_by_email(&email_key, team).await?;
        Ok(matching(known, &attempt.password).await)
    })
    .await
}

/// Checks the password of a member who is signed in.
///
/// # Errors
/// [`Refusal`].
pub async fn check_again(
    state: &AppState,
    addresses: &Addresses,
    member: &MemberId,
    email: &str,
    password: SecretString,
    address: Option<IpAddr>,
) -> Result<(), Refusal> {
    if password.expose_secret().is_empty() {
        return Err(Refusal::Invalid(Problems::one(Field::Password, Problem::Missing("your password".into()))));
    }
    let email_key = text::fold(email);
    let proven = guarded(state, addresses, &email_key, address, async || {
        let stored = state.store.member_password(member).await?;
        Ok(if password::verify(password, stored).await { vec![()] } else { vec![] })
    });
    proven.await.map(|_| ())
}

/// Runs a comparison if there were not too many tries, and tells failures and successes apart for the next time.
async fn guarded<T>(
    state: &AppState,
    addresses: &Addresses,
    email_key: &str,
    address: Option<IpAddr>,
    compare: impl AsyncFnOnce() -> Result<Vec<T>, StoreError>,
) -> Result<Vec<T>, Refusal> {
    let (now, since) = (state.clock.now(), Instant::now());
    let address = address.unwrap_or(IpAddr::V4(std::net::Ipv4Addr::UNSPECIFIED));
    addresses.admit(address, now).map_err(Refusal::Throttled)?;
    let key = throttle::account_key(email_key);
    throttle::admit(&state.store, &key, now).await?.map_err(Refusal::Throttled)?;
    let proven = compare().await?;
    if proven.is_empty() {
        wait_for_the_step(since).await;
        return Err(Refusal::Wrong);
    }
    addresses.forgive(address, now);
    state.store.throttle_clear(&key).await?;
    Ok(proven)
}

/// Compares the password with everybody's; with nobody's, if there is nobody.
async fn matching(known: Vec<Credential>, typed: &SecretString) -> Vec<Proven> {
    if known.is_empty() {
        password::verify(typed.clone(), None).await;
    }
    let mut proven = Vec::new();
    for Credential { member_id, team_slug, password_hash } in known {
        if password::verify(typed.clone(), password_hash).await {
            proven.push(Proven { member_id, team_slug });
        }
    }
    proven
}

async fn wait_for_the_step(since: Instant) {
    let steps = since.elapsed().as_millis() / STEP.as_millis() + 1;
    let end = since + STEP * u32::try_from(steps).unwrap_or(1);
    tokio::time::sleep_until(end).await;
}
