//! `GET /teams/{slug}/settings/activity?before=ID&actor=..&result=..&within=..`: Admins and Super Admins alone.

mod asked;
mod events;
mod exchange;
mod export;
mod lines;

pub(super) use exchange::answer;
pub(in crate::http) use {events::events, export::export};

use super::forbidden;
use crate::{
    http::visit::{Stop, Visit},
    state::AppState,
    store::StoreError,
};
use app::model::{Activity, Content, Event, Total};
use axum::{extract::Path, http::StatusCode, response::Response};
use domain::{
    id::{MemberId, TeamId},
    log::Filter,
};

/// So many requests are counted; beyond that it only says that there are more.
const COUNTED: i64 = 1_000;

pub(in crate::http) async fn activity(visit: Visit, Path(slug): Path<String>) -> Result<Response, Stop> {
    let signed_in = visit.in_team(&slug).await?;
    if !signed_in.role().manages_authentication() {
        return forbidden(&visit, &signed_in, "Activity").await;
    }
    let (store, team) = (&visit.state.store, &signed_in.me.team.id);
    let (before, filter) = (visit.query_value("before"), asked::filter(&visit, team).await?);
    let lines = store.log_page(team, &filter, visit.state.clock.now(), before.as_deref(), lines::LOADED).await?;
    let page = lines::Page::of(lines);
    let requests = store.scim_requests_by_id(team, &page.request_ids()).await?;
    // What a filter leaves is not counted: that would read all of it.
    let total = if filter.is_everything() {
        let counted = store.log_requests_count(team, COUNTED + 1).await?;
        let number = store.activity_count(team).await? + counted.min(COUNTED);
        if counted > COUNTED { Total::MoreThan(number) } else { Total::Exactly(number) }
    } else {
        Total::Unknown
    };
    let activity = Activity {
        shown: page.shown,
        total,
        form: asked::form(store, team, filter).await?,
        older: page.older.clone(),
        live: before.is_none().then(|| page.newest().unwrap_or_default().to_owned()),
        newest: before.is_none(),
        kept_days: visit.state.config.activity_days.into(),
        request_days: visit.state.config.request_days.into(),
        events: page.events(requests),
    };
    Ok(visit.team_page(StatusCode::OK, &signed_in, Content::Activity(activity)))
}

/// So many lines about a member stand on the member's page.
const ABOUT: i64 = 20;

/// The newest lines about one member.
pub(super) async fn about(state: &AppState, team: &TeamId, member: &MemberId) -> Result<Vec<Event>, StoreError> {
    let filter = Filter::about(member.clone());
    let lines = state.store.log_page(team, &filter, state.clock.now(), None, ABOUT).await?;
    Ok(lines::Page::of(lines).events(Vec::new()))
}
