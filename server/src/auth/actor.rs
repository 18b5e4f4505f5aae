//! The identity of a visitor in a team, and whether they may change something now.

use super::session_store;
use crate::service::Actor;
use app::model;
use domain::Error;
use domain::{MINUTE, UnixMs, role::Role};
use store::ActiveSignIn;
use tower_sessions::Session;

/// The maximum age of the last password check for a change.
pub const PROOF_LIFETIME: UnixMs = 15 * MINUTE;

/// The visitor: everyone who is signed in with the browser's session, one member per team.
#[derive(Clone, Debug, Default)]
pub struct Visitor(Vec<ActiveSignIn>);

/// A visitor in one of their teams.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// The member as whom they are signed in to this team.
    pub me: ActiveSignIn,
    everywhere: Vec<ActiveSignIn>,
}

impl Visitor {
    /// Reads the session: at most one statement per request, none without a cookie.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn load(session: &Session) -> Result<Self, Error> {
        session_store::sign_ins(session).await.map(Self).map_err(session_store::failure)
    }

    /// The sign-ins of the session, oldest first.
    pub fn sign_ins(&self) -> &[ActiveSignIn] {
        &self.0
    }

    /// The visitor in a team.
    ///
    /// # Errors
    /// [`Error::SignedOut`] if no one is signed in. [`Error::NotFound`] if they are signed in to other teams only, because
    /// a team of others must look like one that does not exist.
    pub fn in_team(mut self, slug: &str) -> Result<SignedIn, Error> {
        if self.0.is_empty() {
            return Err(Error::SignedOut);
        }
        let sign_in = self.0.iter().find(|sign_in| sign_in.team.slug == slug).cloned();
        let me = sign_in.ok_or(Error::NotFound)?;
        Ok(SignedIn { me, everywhere: std::mem::take(&mut self.0) })
    }

    pub fn teams(&self) -> Vec<model::SignedInTeam> {
        teams(&self.0)
    }
}

impl SignedIn {
    /// The highest effective role.
    pub fn role(&self) -> Role {
        self.me.roles.highest()
    }

    /// The actor of a change to the Authentication page.
    ///
    /// # Errors
    /// [`Error::Forbidden`] if the role does not allow it, [`Error::VerifyAgain`] if the last password check is too old.
    pub fn actor(&self, now: UnixMs, address: Option<String>) -> Result<Actor, Error> {
        if !self.role().manages_authentication() {
            return Err(Error::Forbidden);
        }
        if !self.is_proven(now) {
            return Err(Error::VerifyAgain);
        }
        Ok(Actor::Member { id: self.me.member_id.clone(), address })
    }

    /// The actor of a change to their own account. Every role may make it.
    pub fn themselves(&self, address: Option<String>) -> Actor {
        Actor::Member { id: self.me.member_id.clone(), address }
    }

    /// Whether the last password check is recent enough for a sensitive change.
    pub fn is_proven(&self, now: UnixMs) -> bool {
        now - self.me.verified_at <= PROOF_LIFETIME
    }

    /// Whether the browser is signed in to other teams too.
    pub fn is_signed_in_elsewhere(&self) -> bool {
        self.everywhere.len() > 1
    }

    /// The frame of the team's pages.
    pub fn shell(&self) -> model::Shell {
        let ActiveSignIn { name, email, team, .. } = &self.me;
        model::Shell {
            team: model_team(&self.me),
            members: team.member_count,
            groups: team.group_count,
            me: model::Me { name: name.clone(), email: email.clone(), role: self.role() },
            teams: teams(&self.everywhere),
            version: env!("CARGO_PKG_VERSION").to_owned(),
        }
    }
}

fn teams(sign_ins: &[ActiveSignIn]) -> Vec<model::SignedInTeam> {
    let one = |sign_in: &ActiveSignIn| model::SignedInTeam {
        team: model_team(sign_in),
        email: sign_in.email.clone(),
        role: sign_in.roles.highest(),
    };
    sign_ins.iter().map(one).collect()
}

fn model_team(sign_in: &ActiveSignIn) -> model::Team {
    let team = &sign_in.team;
    model::Team { name: team.name.clone(), slug: team.slug.clone(), plan: team.plan }
}
