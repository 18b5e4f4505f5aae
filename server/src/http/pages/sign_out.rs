//! `POST /sign-out`: ends the session, for all teams.

use crate::{
    auth::session_store,
    http::{
        see_other,
        visit::{Stop, Visit},
    },
};
use axum::response::Response;

pub(in crate::http) async fn sign_out(visit: Visit) -> Result<Response, Stop> {
    if visit.session.id().is_some() {
        visit.session.flush().await.map_err(session_store::failure)?;
    }
    Ok(see_other("/sign-in"))
}
