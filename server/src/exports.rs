//! Running exports. Each reads a team's whole list or log in parts, for as long as its reader takes. A team may therefore run
//! two at once.

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

/// Upper bound of a team's exports at a time.
pub const A_TEAM: usize = 2;
/// The time after which a reader that takes nothing is gone. The connection's write timeout mostly comes first.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// The exports of this server. Cloning shares them.
#[derive(Clone, Debug, Default)]
pub struct Exports(Arc<Mutex<HashMap<TeamId, usize>>>);

/// The slot of one export. Dropping it frees the slot.
#[derive(Debug)]
pub(crate) struct Export {
    exports: Exports,
    team: TeamId,
}

impl Exports {
    /// Reserves a slot for one more export of the team.
    ///
    /// # Errors
    /// [`AppError::TooManyExports`].
    pub(crate) fn begin(&self, team: &TeamId) -> Result<Export, AppError> {
        let mut teams = self.teams();
        let count = teams.entry(team.clone()).or_default();
        if *count >= A_TEAM {
            return Err(AppError::TooManyExports(A_TEAM));
        }
        *count += 1;
        Ok(Export { exports: self.clone(), team: team.clone() })
    }

    /// The count of the team's running exports.
    pub fn count(&self, team: &TeamId) -> usize {
        self.teams().get(team).copied().unwrap_or_default()
    }

    fn teams(&self) -> MutexGuard<'_, HashMap<TeamId, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Export {
    /// The response's body. The slot becomes free when the body is sent, or when its reader is gone and the connection closed.
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
            Some(count) if *count > 1 => *count -= 1,
            _ => {
                teams.remove(&self.team);
            }
        }
    }
}
