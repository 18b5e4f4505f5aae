//! `POST /sign-out`: ends the session, for all teams.

use crate::{
    auth::{audit, session_store},
    web::{
        request::{PageError, PageRequest},
        see_other,
    },
};
use axum::response::Response;

pub(in crate::web) async fn sign_out(visit: PageRequest) -> Result<Response, PageError> {
    let ended = session_store::end(&visit.state, &visit.session).await.map_err(session_store::failure)?;
    audit::signed_out(&visit.state, &ended, visit.address).await;
    Ok(see_other("/sign-in"))
}
