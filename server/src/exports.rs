//! Exports that are under way. Each reads a team's whole list or log, a part at a time, for as long as its reader takes; so
//! a team has two at once.

use app::error::AppError;
use axum::body::{Body, Bytes};
use domain::id::TeamId;
use http_body_util::{BodyExt as _, channel::Channel};
use std::{
    collections::HashMap,
    io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

/// The most exports of a team at a time.
pub const A_TEAM: usize = 2;
/// A reader who takes nothing for this long is gone. The connection's write timeout is mostly first.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// The exports of this server. Cloning shares them.
#[derive(Clone, Debug, Default)]
pub struct Exports(Arc<Mutex<HashMap<TeamId, usize>>>);

/// The place of one export; free again when it is dropped.
#[derive(Debug)]
pub(crate) struct Export {
    exports: Exports,
    team: TeamId,
}

impl Exports {
    /// A place for one more export of the team.
    ///
    /// # Errors
    /// [`AppError::TooManyExports`].
    pub(crate) fn begin(&self, team: &TeamId) -> Result<Export, AppError> {
        let mut teams = self.teams();
        let running = teams.entry(team.clone()).or_default();
        if *running >= A_TEAM {
            return Err(AppError::TooManyExports(A_TEAM));
        }
        *running += 1;
        Ok(Export { exports: self.clone(), team: team.clone() })
    }

    /// How many exports of the team are under way.
    pub fn running(&self, team: &TeamId) -> usize {
        self.teams().get(team).copied().unwrap_or_default()
    }

    fn teams(&self) -> MutexGuard<'_, HashMap<TeamId, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Export {
    /// The answer's body. The place is free when it was sent, or when no one reads it any longer and the connection is closed.
    pub(crate) fn until_sent(self, body: Channel<Bytes, io::Error>) -> Body {
        Body::new(body.map_frame(move |frame| {
            let _: &Self = &self;
            frame
        }))
    }
}

impl Drop for Export {
    fn drop(&mut self) {
        let mut teams = self.exports.teams();
        match teams.get_mut(&self.team) {
            Some(running) if *running > 1 => *running -= 1,
            _ => {
                teams.remove(&self.team);
            }
        }
    }
}
