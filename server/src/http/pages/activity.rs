//! `GET /teams/{slug}/settings/activity?before=ID`: Admins and Super Admins alone.

use super::forbidden;
use crate::http::visit::{Stop, Visit};
use app::model::{Activity, Content};
use axum::{extract::Path, http::StatusCode, response::Response};

/// Entries on one page.
const SIZE: i64 = 50;

pub(in crate::http) async fn activity(visit: Visit, Path(slug): Path<String>) -> Result<Response, Stop> {
    let signed_in = visit.in_team(&slug).await?;
    if !signed_in.role().manages_authentication() {
        return forbidden(&visit, &signed_in, "Activity").await;
    }
    let (store, team) = (&visit.state.store, &signed_in.me.team.id);
    let before = visit.query_value("before");
    let (entries, older) = store.activity_page(team, before.as_deref(), SIZE).await?;
    let activity = Activity {
        entries,
        total: store.activity_count(team).await?,
        older,
        newest: before.is_none(),
        kept_days: i64::from(visit.state.config.activity_days),
    };
    Ok(visit.team_page(StatusCode::OK, &signed_in, Content::Activity(activity)))
}
