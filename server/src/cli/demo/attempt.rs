//! The state of a demo in the database, so that the next attempt removes an interrupted one.

use super::{
    super::{CliError, progress::Progress},
    seed::TEAMS,
};
use crate::{
    cli::context::team_text,
    service::{Actor, Service},
    state::AppState,
};
use domain::{DAY, UnixMs};
use store::{Attempts, Store};

/// An attempt to fill the database. It is marked in the database until it is finished. The next attempt removes an unfinished
/// one.
pub(super) struct Attempt<'a> {
    store: &'a Store,
    begun: Attempts,
}

impl<'a> Attempt<'a> {
    /// Marks the database. Removes an unfinished earlier attempt. Fails if there is any other team.
    pub(super) async fn begin(state: &'a AppState, now: UnixMs, progress: &Progress) -> Result<Self, CliError> {
        let store = &state.store;
        let earlier = store.demo_unfinished().await?;
        if let Some(earlier) = &earlier {
            remove(state, earlier, progress).await?;
        }
        let begun = store
            .demo_begin(earlier, now)
            .await?
            .ok_or_else(|| CliError::new("the database already has teams; demo needs an empty one"))?;
        Ok(Self { store, begun })
    }

    /// Fails once another `rollcall demo` has begun on this database, because that one removes the teams of this one.
    pub(super) async fn check(&self) -> Result<(), CliError> {
        if self.store.demo_is_current(&self.begun).await? { Ok(()) } else { Err(superseded()) }
    }

    /// Marks the demo as complete.
    pub(super) async fn finish(self) -> Result<(), CliError> {
        if self.store.demo_finish(&self.begun).await? { Ok(()) } else { Err(superseded()) }
    }
}

fn superseded() -> CliError {
    CliError::new("another `rollcall demo` has begun on this database and removes what this one made")
}

/// Removes the teams of earlier attempts. Removes nothing if there is any other team.
async fn remove(state: &AppState, earlier: &Attempts, progress: &Progress) -> Result<(), CliError> {
    let teams = state.store.teams_created_at().await?;
    let is_of_demo = |slug: &str, created_at: UnixMs| {
        TEAMS.iter().any(|team| team.slug == slug && earlier.have_created(created_at, team.age * DAY))
    };
    if let Some((slug, _)) = teams.iter().find(|(slug, created_at)| !is_of_demo(slug, *created_at)) {
        return Err(CliError::new(format!(
            "the database holds an unfinished demo, and the team “{slug}”, which isn't part of it; nothing was removed"
        )));
    }
    let service = Service::new(&state.store, &state.secrets, &state.clock, Actor::Operator);
    for (slug, _) in teams {
        progress.step(format_args!("removing the team “{slug}” of an unfinished demo"));
        let failed = |failure| CliError::from_failure(&failure, &team_text(&slug));
        let team = service.team_mark_deleted(&slug).await.map_err(failed)?;
        let total = usize::try_from(team.members).unwrap_or_default();
        let remove = async || {
            let progress =
                |removed| progress.count("members", usize::try_from(removed).unwrap_or(total).min(total), total);
            service.team_remove(&team.id, progress).await
        };
        // The earlier demo may still run, and write the last requests that were answered before the team was closed.
        if remove().await.is_err() {
            remove().await.map_err(failed)?;
        }
    }
    Ok(())
}
