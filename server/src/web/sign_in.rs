//! Sign-in (`/sign-in` and `/teams/{slug}/sign-in`) and sign-out (`POST /sign-out`).

use crate::{
    auth::{
        audit::{self, AuditedMember},
        next,
        session_store::{self, Renewal},
        sign_in::{self, SignInAttempt, SignInError},
    },
    web::{
        device_cookie,
        request::{PageError, PageRequest, value},
        retry_after, see_other, sso,
    },
};
use app::{
    form_encoding,
    model::{ReturnedForm, SignIn, SignInMethod, SignInProblem},
    pages::Content,
};
use axum::{extract::Path, http::StatusCode, response::Response};
use domain::Error;
use secrecy::SecretString;
use store::SignInLink;

pub(super) async fn sign_in_form(request: PageRequest) -> Result<Response, PageError> {
    form(&request, None).await
}

pub(super) async fn team_sign_in_form(request: PageRequest, Path(slug): Path<String>) -> Result<Response, PageError> {
    form(&request, Some(slug)).await
}

pub(super) async fn sign_in(request: PageRequest, body: String) -> Result<Response, PageError> {
    submit(&request, None, &body).await
}

pub(super) async fn team_sign_in(
    request: PageRequest,
    Path(slug): Path<String>,
    body: String,
) -> Result<Response, PageError> {
    submit(&request, Some(slug), &body).await
}

async fn form(request: &PageRequest, team: Option<String>) -> Result<Response, PageError> {
    let next = request.query_value("next").filter(|next| next::local(next).is_some());
    // A reader in the middle of a form gets the reason for signing in again.
    let returned_form =
        next.as_deref().and_then(|next| next.split_once('?')).and_then(|(_, query)| ReturnedForm::parse(query));
    let notice = (request.notice.as_deref() == Some("left")).then_some(SignInProblem::Left);
    let page = SignIn { next, problem: returned_form.map(|_| SignInProblem::Ended).or(notice), ..SignIn::default() };
    answer(request, StatusCode::OK, team, page).await
}

async fn submit(request: &PageRequest, team: Option<String>, body: &str) -> Result<Response, PageError> {
    let (state, form) = (&request.state, form_encoding::parse(body));
    let field = |name| value(&form, name).unwrap_or_default();
    let next = value(&form, "next").filter(|next| next::local(next).is_some());
    let email = field("email");
    let attempt = SignInAttempt {
        email: email.clone(),
        password: SecretString::from(field("password")),
        team: team.clone(),
        next_team: next.as_deref().and_then(team_of).map(str::to_owned),
        address: request.address,
        device: request.device.clone(),
    };
    let verified = match sign_in::check(state, attempt).await {
        Ok(sign_in) => sign_in,
        Err(refusal) => {
            return rejected_form(request, team, SignIn { next, email, ..SignIn::default() }, refusal).await;
        }
    };
    let members: Vec<_> =
        verified.members.iter().map(|member| (member.team_id.clone(), member.member_id.clone())).collect();
    session_store::renew(state, &request.session, Renewal::SignIn(&members, &request.origin()))
        .await
        .map_err(session_store::failure)?;
    let people: Vec<_> = verified
        .members
        .iter()
        .map(|one| AuditedMember { member: &one.member_id, name: &one.name, team: &one.team_id, slug: &one.team_slug })
        .collect();
    audit::signed_in(state, &verified.account, &people, request.address).await;
    let mut response = match (next, verified.members.as_slice()) {
        (Some(next), _) => see_other(&next),
        (None, [only]) => see_other(&format!("/teams/{}", only.team_slug)),
        (None, _) => see_other("/"),
    };
    device_cookie::set(&mut response, &verified.device, state.config.is_https());
    Ok(response)
}

/// The team of this page.
fn team_of(path: &str) -> Option<&str> {
    path.strip_prefix("/teams/")?.split(['/', '?', '#']).next()
}

/// The form with its values except the password, and the reason.
async fn rejected_form(
    request: &PageRequest,
    team: Option<String>,
    page: SignIn,
    refusal: SignInError,
) -> Result<Response, PageError> {
    let (status, problem) = explain(refusal);
    let wait = problem.wait();
    let mut response = answer(request, status, team, SignIn { problem: Some(problem), ..page }).await?;
    retry_after(&mut response, wait);
    Ok(response)
}

/// The status and the page's message of a rejection.
pub(super) fn explain(refusal: SignInError) -> (StatusCode, SignInProblem) {
    match refusal {
        SignInError::Invalid(problems) => (StatusCode::UNPROCESSABLE_ENTITY, SignInProblem::Invalid(problems)),
        SignInError::Wrong => (StatusCode::UNAUTHORIZED, SignInProblem::Wrong),
        SignInError::ManyTeams(teams) => (StatusCode::CONFLICT, SignInProblem::ManyTeams(teams)),
        SignInError::Busy(busy) => (StatusCode::SERVICE_UNAVAILABLE, SignInProblem::Busy(busy.seconds)),
        SignInError::Throttled(wait) => (StatusCode::TOO_MANY_REQUESTS, SignInProblem::Throttled(wait.seconds)),
        SignInError::Failed(Error::Unavailable) => (StatusCode::SERVICE_UNAVAILABLE, SignInProblem::Unavailable),
        SignInError::Failed(_) => (StatusCode::INTERNAL_SERVER_ERROR, SignInProblem::Unavailable),
    }
}

async fn answer(
    request: &PageRequest,
    status: StatusCode,
    team: Option<String>,
    page: SignIn,
) -> Result<Response, PageError> {
    let team = match team {
        // An unavailable database must not hide the form with this error.
        Some(slug) => match request.state.store.team_by_slug(&slug).await {
            Ok(Some(team)) => Some((team.name, slug)),
            Ok(None) | Err(_) => Some((slug.clone(), slug)),
        },
        None => None,
    };
    // A page of a team that needs a sign-in leads to the general form.
    let slug = team.as_ref().map(|(_, slug)| slug.as_str()).or_else(|| page.next.as_deref().and_then(team_of));
    let methods = match slug {
        Some(slug) => methods(request, slug, page.next.as_deref()).await,
        None => Vec::new(),
    };
    let page = SignIn { team, host: host(&request.state.config.public_url), methods, ..page };
    Ok(request.bare_page(status, Content::SignIn(page)))
}

/// The links to the team's identity providers. Without the database, there is only the form.
async fn methods(request: &PageRequest, slug: &str, next: Option<&str>) -> Vec<SignInMethod> {
    let links = request.state.store.sso_sign_in_links(slug).await.unwrap_or_default();
    links.into_iter().map(|link| sign_in_method(link, next, None)).collect()
}

/// The link that starts a sign-in through a method.
pub(super) fn sign_in_method(link: SignInLink, next: Option<&str>, purpose: Option<&str>) -> SignInMethod {
    let pair = |name: &str, value: Option<&str>| value.map(|value| (name.to_owned(), value.to_owned()));
    let query: Vec<_> = pair("next", next).into_iter().chain(pair("purpose", purpose)).collect();
    let mark = if query.is_empty() { "" } else { "?" };
    SignInMethod {
        href: ["/sso/", link.id.as_str(), "/start", mark, &form_encoding::write(&query)].concat(),
        name: link.name,
        provider: link.provider,
    }
}

/// The host of the public URL.
fn host(public_url: &str) -> String {
    let rest = public_url.split_once("://").map_or(public_url, |(_, rest)| rest);
    rest.split('/').next().unwrap_or_default().to_owned()
}

/// `POST /sign-out`: ends the session, for all teams. Then the person may sign out at the identity provider, too.
pub(super) async fn sign_out(request: PageRequest) -> Result<Response, PageError> {
    let provider = match session_store::hash(&request.session) {
        Some(hash) => request.state.store.sso_sign_out(&hash).await?,
        None => None,
    };
    let sign_ins = session_store::end(&request.state, &request.session).await.map_err(session_store::failure)?;
    audit::signed_out(&request.state, &sign_ins, request.address).await;
    Ok(match provider {
        Some((method, id_token)) => sso::after_sign_out(&method, id_token.as_deref(), request.state.config.is_https()),
        None => see_other("/sign-in"),
    })
}
