//! The page and the log entry of a failed sign-in.

use crate::{
    auth::audit,
    ids,
    sso::{failure_log, identity::SsoRefusal, request::SsoRequest},
    state::AppState,
    web::{
        html,
        request::{PageError, PageRequest},
        sso::{cookies, link_path},
    },
};
use app::{
    form_encoding,
    model::{SsoFailurePage, Theme},
    pages::{Content, Page},
};
use axum::{http::StatusCode, response::Response};
use domain::{
    UnixMs,
    activity::{ActivityActor, Change, Entry},
    id::ActivityId,
    sso::{SsoChange, SsoFailure},
};
use std::net::IpAddr;
use store::SsoMethodRow;

/// Logs a failed sign-in and shows its page. The sign-in has ended.
pub(super) async fn answer(
    page: &PageRequest,
    method: &SsoMethodRow,
    request: Option<&SsoRequest>,
    refusal: SsoRefusal,
) -> Result<Response, PageError> {
    let context = FailureContext {
        state: &page.state,
        theme: page.theme,
        address: page.address,
        // Without the query, because it may hold a code.
        page_path: page.page_path.split('?').next().unwrap_or_default().to_owned(),
        next: request.and_then(|request| request.next.clone()),
    };
    let mut response = context.answer(method, refusal).await;
    if let Some(request) = request {
        cookies::remove(&page.state, &mut response, &request.id);
    }
    Ok(response)
}

/// The request whose sign-in failed.
pub(super) struct FailureContext<'a> {
    pub(super) state: &'a AppState,
    pub(super) theme: Theme,
    pub(super) address: Option<IpAddr>,
    pub(super) page_path: String,
    /// The page after the sign-in.
    pub(super) next: Option<String>,
}

impl FailureContext<'_> {
    /// Logs the failure, and returns its page.
    pub(super) async fn answer(self, method: &SsoMethodRow, refusal: SsoRefusal) -> Response {
        let now = self.state.clock.now();
        let reference = failure_log::reference();
        log(self.state, method, &refusal, &reference, self.address, now).await;
        let status = status(refusal.failure);
        let data = self.data(method, refusal, reference);
        let content = Content::SsoFailure(Box::new(data));
        let page = Page { now, theme: self.theme, page_url: self.page_path, shell: None, content };
        html::live(status, page, self.state)
    }

    fn data(&self, method: &SsoMethodRow, refusal: SsoRefusal, reference: String) -> SsoFailurePage {
        let team = &method.team;
        let start = |account: Option<&str>| {
            let mut query: Vec<(String, String)> = Vec::new();
            query.extend(self.next.clone().map(|next| ("next".to_owned(), next)));
            query.extend(account.map(|account| ("account".to_owned(), account.to_owned())));
            let query = form_encoding::write(&query);
            let mark = if query.is_empty() { "" } else { "?" };
            ["/sso/", method.method.id.as_str(), "/start", mark, &query].concat()
        };
        let retry = match refusal.failure {
            SsoFailure::ConfirmLink => {
                let next = form_encoding::write(&[("next".to_owned(), link_path(method))]);
                ["/teams/", &team.slug, "/sign-in?", &next].concat()
            }
            _ => start(None),
        };
        let is_oidc = method.method.protocol == domain::sso::Protocol::Oidc;
        SsoFailurePage {
            method: method.method.name.clone(),
            provider: method.method.provider,
            team: (team.name.clone(), team.slug.clone()),
            failure: refusal.failure,
            detail: refusal.detail,
            account: refusal.account,
            deactivated_at: None,
            clock_difference: refusal.clock_difference,
            reference,
            retry,
            other_account: is_oidc.then(|| start(Some("other"))),
        }
    }
}

const fn status(failure: SsoFailure) -> StatusCode {
    match failure {
        SsoFailure::Unreachable => StatusCode::BAD_GATEWAY,
        SsoFailure::NotAsked => StatusCode::OK,
        SsoFailure::NotEnabled => StatusCode::NOT_FOUND,
        SsoFailure::Used
        | SsoFailure::TooSlow
        | SsoFailure::OtherBrowser
        | SsoFailure::BadResponse
        | SsoFailure::BadSignature
        | SsoFailure::NotForUs
        | SsoFailure::Clock
        | SsoFailure::BadClient => StatusCode::BAD_REQUEST,
        SsoFailure::NoMatch
        | SsoFailure::TwoMatch
        | SsoFailure::EmailUnverified
        | SsoFailure::OtherAccount
        | SsoFailure::ConfirmLink
        | SsoFailure::Deactivated
        | SsoFailure::NoSeat
        | SsoFailure::Refused => StatusCode::FORBIDDEN,
    }
}

/// Adds the entry. If that fails, only the server's log has it.
async fn log(
    state: &AppState,
    method: &SsoMethodRow,
    refusal: &SsoRefusal,
    reference: &str,
    address: Option<IpAddr>,
    now: UnixMs,
) {
    let (team, id) = (&method.team, &method.method.id);
    audit::sso_sign_in_failed(&team.slug, id.as_str(), refusal.failure.name(), reference, address);
    // A visitor who comes from a tile has done nothing wrong, and gets on with one click.
    if refusal.failure == SsoFailure::NotAsked || !state.sso_failures().admits(id, now) {
        return;
    }
    let change = SsoChange::SsoSignInFailed {
        method: method.method.name.clone(),
        failure: refusal.failure,
        reference: reference.to_owned(),
        subject: refusal.subject.clone(),
        facts: refusal.facts.clone(),
    };
    let entry = Entry {
        id: ActivityId::new(ids::next(now)),
        at: now,
        actor: ActivityActor::System,
        address: address.map(|address| address.to_string()),
        request: None,
        member: None,
        change: Change::from(change),
    };
    if let Err(error) = state.store.activity_add(&team.id, &entry).await {
        tracing::error!(%error, team = team.slug, "could not write an activity entry");
    }
}
