//! `GET` and `POST /teams/{slug}/settings/authentication/self-test`: only for Admins and Super Admins. To start a test, they
//! confirm their password, because it generates a key. `.../self-test/events` sends the progress to an open page.

use super::{
    forbidden::forbidden,
    form::{self, TeamForm},
};
use crate::{
    auth::SignedIn,
    state::AppState,
    web::{
        error_pages,
        request::{PageError, PageRequest},
        see_other,
        sse::{self, EventPiece, EventSource},
    },
};
use app::{
    document,
    error::AppError,
    model::SelfTestPage,
    pages::{Content, Section},
    return_to,
};
use axum::{
    extract::Path,
    http::{HeaderMap, StatusCode},
    response::Response,
};
use domain::{Conflict, Error, id::TeamId, provisioning::review, sso};
use store::StoreError;

pub(super) async fn show(request: PageRequest, Path(slug): Path<String>) -> Result<Response, PageError> {
    let signed_in = request.in_team(&slug).await?;
    page(&request, &signed_in, StatusCode::OK, None).await
}

async fn page(
    request: &PageRequest,
    signed_in: &SignedIn,
    status: StatusCode,
    problem: Option<String>,
) -> Result<Response, PageError> {
    if !Section::Authentication.is_open_to(signed_in.role()) {
        return forbidden(request, signed_in, "Authentication").await;
    }
    let page = SelfTestPage {
        base_url: request.state.config.scim_base_url(),
        blocked: blocked(&request.state, signed_in).await?,
        problem,
        run: request.state.self_tests().last(&signed_in.me.team.id),
    };
    Ok(request.team_page(status, signed_in, Content::team(page)))
}

/// The reason why no key can be generated for a test now.
async fn blocked(state: &AppState, signed_in: &SignedIn) -> Result<Option<String>, StoreError> {
    let (team, now) = (&signed_in.me.team, state.clock.now());
    if !team.scim_on {
        return Ok(Some("Turn on SCIM provisioning first.".to_owned()));
    }
    let data = state.store.authentication_data(&team.id, now).await?;
    if let Err(denial) = review(team.plan, &sso::enabled(&data.methods), signed_in.role()) {
        return Ok(Some(format!("The self-test needs its own key, and keys can't be generated right now. {denial}")));
    }
    Ok(None)
}

pub(super) async fn start(request: PageRequest, Path(slug): Path<String>) -> Result<Response, PageError> {
    form::respond(request, &slug, StartForm { slug: slug.clone() }).await
}

/// The form that starts a self-test. It has no fields.
struct StartForm {
    slug: String,
}

impl TeamForm for StartForm {
    fn return_to(&self) -> String {
        return_to::authentication_path(&self.slug) + "/self-test"
    }

    async fn submit(&mut self, request: &PageRequest, signed_in: &SignedIn) -> Result<Response, AppError> {
        let actor = request.actor(&self.slug).await?;
        let (state, me) = (&request.state, &signed_in.me);
        match state.self_tests().start(&me.team, actor, &me.name).await {
            Ok(()) | Err(Error::Conflict(Conflict::SelfTestRunning)) => Ok(see_other(&self.return_to())),
            Err(error) => Err(error.into()),
        }
    }

    async fn show_error(
        self,
        request: PageRequest,
        signed_in: &SignedIn,
        error: AppError,
    ) -> Result<Response, PageError> {
        let request = PageRequest { page_path: self.return_to(), ..request };
        page(&request, signed_in, error_pages::status(&error), Some(error.to_string())).await
    }
}

/// `after`: the progress that the page shows.
pub(super) async fn events(
    request: PageRequest,
    Path(slug): Path<String>,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    let signed_in = request.in_team(&slug).await?;
    if !Section::Authentication.is_open_to(signed_in.role()) {
        return forbidden(&request, &signed_in, "Authentication").await;
    }
    let last_mark = sse::last_seen(&request, &headers);
    let team = signed_in.me.team.id.clone();
    sse::answer(&request, &signed_in, Progress { team, slug, last_mark })
}

struct Progress {
    team: TeamId,
    slug: String,
    last_mark: String,
}

impl EventSource for Progress {
    const SECTION: Section = Section::Authentication;

    async fn next(&mut self, state: &AppState) -> Result<Option<EventPiece>, StoreError> {
        let Some(run) = state.self_tests().last(&self.team) else { return Ok(None) };
        let mark = run.mark();
        if mark == self.last_mark {
            return Ok(None);
        }
        self.last_mark.clone_from(&mark);
        let html = document::test_result(&self.slug, run, state.clock.now());
        Ok(Some(EventPiece { html, cursor: mark }))
    }
}
