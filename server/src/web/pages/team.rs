//! `GET /teams/{slug}` and `/teams/{slug}/settings`: on to the page that the role can do most with.

use crate::web::{
    request::{PageError, PageRequest},
    see_other,
};
use app::resume;
use axum::{extract::Path, response::Response};

pub(in crate::web) async fn team(visit: PageRequest, Path(slug): Path<String>) -> Result<Response, PageError> {
    let signed_in = visit.in_team(&slug).await?;
    Ok(if signed_in.role().manages_authentication() {
        see_other(&resume::authentication_path(&slug))
    } else {
        see_other(&super::account_path(&signed_in.me.team.slug))
    })
}
