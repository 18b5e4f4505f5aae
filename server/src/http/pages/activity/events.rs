//! `GET /teams/{slug}/settings/activity/events?after=ID&actor=..`: what is new in the log, for as long as the page is open.

use super::{asked, lines};
use crate::{
    http::{
        pages::forbidden,
        stream::{self, Piece, Source},
        visit::{Stop, Visit},
    },
    state::AppState,
    store::StoreError,
};
use app::document;
use axum::{extract::Path, http::HeaderMap, response::Response};
use domain::{MINUTE, UnixMs, id::TeamId, log::Filter};
use std::collections::HashSet;

/// A line is written a moment after it got its id, by which lines are sorted: an hour's-end flood or a database that was away
/// make it longer. For so long older lines than those that were shown are looked for.
const LATE: UnixMs = 2 * MINUTE;

/// `after`: the newest line that the page shows. A browser that was cut off says itself which that is.
pub(in crate::http) async fn events(
    visit: Visit,
    Path(slug): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Stop> {
    let signed_in = visit.in_team(&slug).await?;
    if !signed_in.role().manages_authentication() {
        return forbidden(&visit, &signed_in, "Activity").await;
    }
    let team = &signed_in.me.team.id;
    let follow = Follow {
        team: team.clone(),
        filter: asked::filter(&visit, team).await?,
        after: stream::shown(&visit, &headers),
        shown: None,
    };
    stream::answer(&visit, &signed_in, follow)
}

/// What an open page shows of the log.
struct Follow {
    team: TeamId,
    filter: Filter,
    /// The newest line that is shown.
    after: String,
    /// The lines of the last minutes that are shown; at first it is not known which.
    shown: Option<HashSet<String>>,
}

impl Source for Follow {
    async fn next(&mut self, state: &AppState) -> Result<Option<Piece>, StoreError> {
        let now = state.clock.now();
        let recent = state.store.log_since(&self.team, &self.filter, now, now - LATE, lines::LOADED).await?;
        let ids: HashSet<String> = recent.iter().map(|line| line.id().to_owned()).collect();
        let is_new = |id: &str| match &self.shown {
            Some(shown) => !shown.contains(id),
            None => id > self.after.as_str(),
        };
        let new: Vec<_> = recent.into_iter().filter(|line| is_new(line.id())).collect();
        self.shown = Some(ids);
        let page = lines::Page::of(new);
        let Some(newest) = page.newest() else { return Ok(None) };
        if newest > self.after.as_str() {
            self.after = newest.to_owned();
        }
        let requests = state.store.scim_requests_by_id(&self.team, &page.request_ids()).await?;
        Ok(Some(Piece { html: document::events(page.events(requests), now), cursor: self.after.clone() }))
    }
}
