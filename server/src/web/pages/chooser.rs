//! `GET /`: on to the only team, or the list of teams that this browser is signed in to.

use crate::web::{
    request::{PageError, PageRequest},
    see_other,
};
use app::model::Content;
use axum::{http::StatusCode, response::Response};

pub(in crate::web) async fn chooser(visit: PageRequest) -> Result<Response, PageError> {
    let visitor = visit.visitor().await?;
    Ok(match visitor.sign_ins() {
        [] => see_other("/sign-in"),
        [only] => see_other(&format!("/teams/{}", only.team.slug)),
        _ => visit.bare_page(StatusCode::OK, Content::Chooser(visitor.teams())),
    })
}
