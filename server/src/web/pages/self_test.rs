//! `GET` and `POST /teams/{slug}/settings/authentication/self-test`: Admins and Super Admins alone, and to start one they
//! prove who they are, because it makes a key. `.../self-test/events` tells an open page how far it got.

use super::forbidden;
use crate::{
    auth::SignedIn,
    self_test::NotStarted,
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
    model::{Content, SelfTestPage},
    resume,
};
use axum::{
    extract::Path,
    http::{HeaderMap, StatusCode},
    response::Response,
};
use domain::Error;
use domain::{id::TeamId, provisioning::review, sso};
use store::StoreError;

pub(in crate::web) async fn self_test(visit: PageRequest, Path(slug): Path<String>) -> Result<Response, PageError> {
    let signed_in = visit.in_team(&slug).await?;
    page(&visit, &signed_in, StatusCode::OK, None).await
}

async fn page(
    visit: &PageRequest,
    signed_in: &SignedIn,
    status: StatusCode,
    problem: Option<String>,
) -> Result<Response, PageError> {
    if !signed_in.role().manages_authentication() {
        return forbidden(visit, signed_in, "Authentication").await;
    }
    let page = SelfTestPage {
        base_url: visit.state.config.scim_base_url(),
        blocked: blocked(&visit.state, signed_in).await?,
        problem,
        run: visit.state.self_tests().last(&signed_in.me.team.id),
    };
    Ok(visit.team_page(status, signed_in, Content::SelfTest(Box::new(page))))
}

/// Why no key can be made for a test at the moment.
async fn blocked(state: &AppState, signed_in: &SignedIn) -> Result<Option<String>, StoreError> {
    let (team, now) = (&signed_in.me.team, state.clock.now());
    if !team.scim_on {
        return Ok(Some("Turn on SCIM provisioning first.".to_owned()));
    }
    let stored = state.store.authentication_data(&team.id, now).await?;
    if let Err(denial) = review(team.plan, &sso::enabled(&stored.methods), signed_in.role()) {
        return Ok(Some(format!("The self-test needs its own key, and keys can't be generated right now. {denial}")));
    }
    Ok(None)
}

pub(in crate::web) async fn self_test_start(
    visit: PageRequest,
    Path(slug): Path<String>,
) -> Result<Response, PageError> {
    let here = resume::authentication_path(&slug) + "/self-test";
    let signed_in = visit.in_team_from(&slug, &here).await?;
    if !signed_in.role().manages_authentication() {
        return forbidden(&visit, &signed_in, "Authentication").await;
    }
    let actor = match visit.actor(&slug).await {
        Ok(actor) => actor,
        Err(Error::VerifyAgain) => return Ok(see_other(&resume::verify_path(&slug, &here))),
        Err(failure) => return Err(failure.into()),
    };
    let (team, name) = (&signed_in.me.team, &signed_in.me.name);
    let problem = match visit.state.self_tests().start(&visit.state, team, actor, name).await {
        Ok(()) | Err(NotStarted::Running) => return Ok(see_other(&here)),
        Err(problem) => problem,
    };
    let status = match &problem {
        NotStarted::Failed(failure) => error_pages::status_of(failure),
        NotStarted::Running | NotStarted::Address(_) => StatusCode::CONFLICT,
    };
    let visit = PageRequest { here, ..visit };
    page(&visit, &signed_in, status, Some(problem.to_string())).await
}

/// `after`: what the page shows already.
pub(in crate::web) async fn self_test_events(
    visit: PageRequest,
    Path(slug): Path<String>,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    let signed_in = visit.in_team(&slug).await?;
    if !signed_in.role().manages_authentication() {
        return forbidden(&visit, &signed_in, "Authentication").await;
    }
    let shown = sse::shown(&visit, &headers);
    let team = signed_in.me.team.id.clone();
    sse::answer(&visit, &signed_in, Progress { team, slug, shown })
}

/// An open page.
struct Progress {
    team: TeamId,
    slug: String,
    shown: String,
}

impl EventSource for Progress {
    async fn next(&mut self, state: &AppState) -> Result<Option<EventPiece>, StoreError> {
        let Some(run) = state.self_tests().last(&self.team) else { return Ok(None) };
        let mark = run.mark();
        if mark == self.shown {
            return Ok(None);
        }
        self.shown.clone_from(&mark);
        let html = document::test_result(&self.slug, run, state.clock.now());
        Ok(Some(EventPiece { html, cursor: mark }))
    }
}
