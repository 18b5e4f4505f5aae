//! `GET /teams/{slug}/settings/activity?before=ID&actor=..&result=..&within=..`: only for Admins and Super Admins.

mod cursor;
mod events;
mod exchange;
mod export;
mod filter;
mod keys;
mod lines;

pub(super) use exchange::answer;
pub(in crate::web) use {events::events, export::export};

use super::forbidden::forbidden;
use crate::{
    state::AppState,
    web::request::{PageError, PageRequest},
};
use app::model::{Activity, Event, Total};
use app::pages::{Content, Section};
use axum::{extract::Path, http::StatusCode, response::Response};
use domain::{
    activity::filter::ActivityFilter,
    id::{MemberId, TeamId},
};
use store::{StoreError, time_of_id};

/// Requests are counted up to here. Beyond it, the page only shows that there are more.
const COUNTED: i64 = 1_000;

pub(in crate::web) async fn activity(request: PageRequest, Path(slug): Path<String>) -> Result<Response, PageError> {
    let signed_in = request.in_team(&slug).await?;
    if !Section::Activity.is_open_to(signed_in.role()) {
        return forbidden(&request, &signed_in, "Activity").await;
    }
    let (store, team) = (&request.state.store, &signed_in.me.team.id);
    let (before, filter) = (request.query_value("before"), filter::filter(&request, team).await?);
    let now = request.state.clock.now();
    let (lines, floor) = store.log_scan(team, &filter, now, before.as_deref(), lines::LOADED).await?;
    let page = lines::ActivityLines::of(lines);
    let requests = page.requests(&request.state, team).await?;
    // The matches of a filter are not counted, because that would read all of them.
    let total = if filter.is_everything() {
        let count = store.log_requests_count(team, COUNTED + 1).await?;
        let number = store.activity_count(team).await? + count.min(COUNTED);
        if count > COUNTED { Total::MoreThan(number) } else { Total::Exactly(number) }
    } else {
        Total::Unknown
    };
    let activity = Activity {
        count: page.shown,
        total,
        is_request: filter.request.is_some(),
        form: filter::form(store, team, filter).await?,
        // If the search ended before the log does, the next page continues there.
        searched_until: floor.as_deref().filter(|_| page.older.is_none()).and_then(time_of_id),
        older: page.older.clone().or(floor),
        live: before.is_none().then(|| page.cursor().write()),
        newest: before.is_none(),
        retention_days: request.state.config.activity_days.into(),
        request_days: request.state.config.request_days.into(),
        events: lines::events(&request.state, team, page, requests).await?,
    };
    Ok(request.team_page(StatusCode::OK, &signed_in, Content::team(activity)))
}

/// Upper bound of the lines about a member on the member's page.
const ABOUT: i64 = 20;

/// The newest lines about one member.
pub(super) async fn about(state: &AppState, team: &TeamId, member: &MemberId) -> Result<Vec<Event>, StoreError> {
    let filter = ActivityFilter::about(member.clone());
    let lines = state.store.log_page(team, &filter, state.clock.now(), None, ABOUT).await?;
    let page = lines::ActivityLines::of(lines);
    let requests = page.requests(state, team).await?;
    lines::events(state, team, page, requests).await
}
