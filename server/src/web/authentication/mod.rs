//! `GET /teams/{slug}/settings/authentication?dialog=..&done=..`, for Admins and Super Admins, and the changes of the page
//! under `/api`: forms are answered with a page, programs with JSON.

mod backend;
pub(super) mod connection;
pub(super) mod forms;
pub(super) mod method;
mod server_functions;

pub(super) use server_functions::paths;

use super::{error_pages, forbidden::forbidden, response_kind};
use crate::{
    auth::SignedIn,
    state::AppState,
    web::request::{PageError, PageRequest},
};
use app::{
    document,
    model::{Authentication, Notice, ReturnedForm},
    pages::{Content, Section},
};
use axum::{
    body::Bytes,
    extract::{FromRequest as _, Path, Request},
    http::StatusCode,
    response::Response,
};
use domain::Error;
use store::{StoreError, TeamRow};

pub(super) async fn show(request: PageRequest, Path(slug): Path<String>) -> Result<Response, PageError> {
    let signed_in = request.in_team(&slug).await?;
    let (returned, notice) =
        (ReturnedForm::parse(request.query()), request.notice.as_deref().and_then(Notice::from_name));
    page(&request, &signed_in, StatusCode::OK, returned, notice).await
}

/// Makes the change that has the request's address.
pub(super) async fn submit(page_request: PageRequest, request: Request) -> Response {
    if !response_kind::accepts(request.headers(), "text/html") {
        return server_functions::run(page_request, request).await;
    }
    let path = request.uri().path().to_owned();
    match Bytes::from_request(request, &()).await {
        Ok(body) => forms::submit(page_request, path, &String::from_utf8_lossy(&body)).await,
        Err(_) => error_pages::answer(Error::Malformed),
    }
}

/// The page with a returned form. Other roles get the 403 page.
async fn page(
    request: &PageRequest,
    signed_in: &SignedIn,
    status: StatusCode,
    returned: Option<ReturnedForm>,
    notice: Option<Notice>,
) -> Result<Response, PageError> {
    if !Section::Authentication.is_open_to(signed_in.role()) {
        return forbidden(request, signed_in, "Authentication").await;
    }
    let data = data(&request.state, &signed_in.me.team).await?;
    let content =
        Content::team(Authentication { returned, notice, notice_subject: request.done_about.clone(), ..data });
    Ok(request.team_page(status, signed_in, content))
}

/// The page's data of a team.
pub(super) async fn data(state: &AppState, team: &TeamRow) -> Result<Authentication, StoreError> {
    let now = state.clock.now();
    let data = state.store.authentication_data(&team.id, now).await?;
    let health = if team.scim_on || !data.keys.is_empty() {
        let health = connection::health(&state.store, &team.id, team.scim_on, &data.keys, now).await?;
        document::connection(&team.slug, health, now)
    } else {
        String::new()
    };
    Ok(Authentication {
        methods: data.methods,
        scim_on: team.scim_on,
        base_url: state.config.scim_base_url(),
        keys: data.keys,
        health,
        contact: state.config.contact.clone(),
        last_sign_ins: data.last_sign_ins,
        now,
        returned: None,
        notice: None,
        notice_subject: None,
    })
}
