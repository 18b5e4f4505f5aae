//! `GET /teams/{slug}/settings/activity?before=ID`: Admins and Super Admins alone.

mod exchange;
mod lines;

use super::forbidden;
use crate::http::visit::{Stop, Visit};
use app::model::{Activity, Content};
use axum::{extract::Path, http::StatusCode, response::Response};

/// So many requests are counted; beyond that it only says that there are more.
const COUNTED: i64 = 1_000;

pub(in crate::http) async fn activity(visit: Visit, Path(slug): Path<String>) -> Result<Response, Stop> {
    let signed_in = visit.in_team(&slug).await?;
    if !signed_in.role().manages_authentication() {
        return forbidden(&visit, &signed_in, "Activity").await;
    }
    let (store, team) = (&visit.state.store, &signed_in.me.team.id);
    let before = visit.query_value("before");
    let lines = store.log_page(team, before.as_deref(), lines::LOADED).await?;
    let page = lines::Page::of(lines);
    let requests = store.scim_requests_by_id(team, &page.request_ids()).await?;
    let counted = store.log_requests_count(team, COUNTED + 1).await?;
    let activity = Activity {
        shown: page.shown,
        total: store.activity_count(team).await? + counted.min(COUNTED),
        and_more: counted > COUNTED,
        older: page.older.clone(),
        newest: before.is_none(),
        kept_days: visit.state.config.activity_days.into(),
        request_days: visit.state.config.request_days.into(),
        events: page.events(requests),
    };
    Ok(visit.team_page(StatusCode::OK, &signed_in, Content::Activity(activity)))
}
