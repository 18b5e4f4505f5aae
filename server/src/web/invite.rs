//! `/invite/{token}`: a public page. The token is never logged (lines contain the route alone), and no response lets the browser
//! send it to another page (`Referrer-Policy: no-referrer`, for everything below `/invite`).

use crate::{
    auth::{
        audit::{self, AuditedMember},
        session_store::{self, Renewal},
        sign_in,
        throttle::{self, Counter, Counters, Wait},
    },
    password_hashing::{Busy, Sender},
    secrets::InviteToken,
    service::{InviteAcceptance, invite_accept},
    web::{
        device_cookie,
        request::{PageError, PageRequest, value},
        retry_after, see_other,
    },
};
use app::{
    error::AppError,
    form_encoding,
    model::{self, InvitePage, SubmittedForm},
    pages::Content,
    return_to,
};
use axum::{extract::Path, http::StatusCode, response::Response};
use domain::Error;
use domain::validation::text;
use secrecy::SecretString;
use std::net::{IpAddr, Ipv4Addr};
use store::OpenInvite;

const NAME: &str = "name";
const PASSWORD: &str = "password";

pub(super) async fn show(request: PageRequest, Path(token): Path<String>) -> Result<Response, PageError> {
    Ok(match find(&request, &token).await? {
        LinkLookup::Open(_, invite) => form(&request, StatusCode::OK, invite, SubmittedForm::default()),
        nothing => nothing.answer(&request),
    })
}

pub(super) async fn accept(
    request: PageRequest,
    Path(token): Path<String>,
    body: String,
) -> Result<Response, PageError> {
    let (hash, invite) = match find(&request, &token).await? {
        LinkLookup::Open(hash, invite) => (hash, invite),
        nothing => return Ok(nothing.answer(&request)),
    };
    let values = form_encoding::parse(&body);
    let field = |name| value(&values, name).unwrap_or_default();
    let (name, typed_password) = (field(NAME), field(PASSWORD));
    let mut form_state = SubmittedForm { values: vec![(NAME.to_owned(), name.clone())], ..SubmittedForm::default() };
    let name = text::name(&name, "your name");
    if let Err(problem) = &name {
        form_state.errors.push((NAME.to_owned(), problem.to_string()));
    }
    let own = name.as_deref().unwrap_or_default();
    if let Err(problem) = domain::validation::password::check(&typed_password, &invite.email, own) {
        form_state.errors.push((PASSWORD.to_owned(), problem.to_string()));
    }
    let (Ok(name), true) = (name, form_state.errors.is_empty()) else {
        return Ok(form(&request, StatusCode::UNPROCESSABLE_ENTITY, invite, form_state));
    };
    let turn = match request.state.hashing().turn(Sender::Address(throttle::network(address_of(&request)))).await {
        Ok(turn) => turn,
        Err(busy) => return Ok(not_now(&request, invite, form_state, busy)),
    };
    let password_hash = turn.hash(SecretString::from(typed_password)).await.map_err(|error| {
        tracing::error!(%error, "could not hash a new member's password");
        Error::Internal
    })?;
    drop(turn);
    let joining = InviteAcceptance {
        hash: &hash,
        team: &invite.team,
        name: &name,
        password_hash: &password_hash,
        address: request.address.map(|address| address.to_string()),
    };
    let state = &request.state;
    let member = match invite_accept(&state.store, &state.clock, joining).await {
        Ok(member) => member,
        Err(Error::NotFound) => return Ok(LinkLookup::Gone.answer(&request)),
        Err(error) => return Err(error.into()),
    };
    let team = ["/teams/", &invite.team_slug].concat();
    // They are a member from here on. If signing in fails, they can sign in with the new password.
    let (origin, member) = (request.origin(), (invite.team.clone(), member));
    let renewal = Renewal::SignIn(std::slice::from_ref(&member), &origin);
    if let Err(error) = session_store::renew(state, &request.session, renewal).await {
        tracing::warn!(%error, "could not sign in a member who accepted an invite");
        return Ok(see_other(&return_to::sign_in_path(&team)));
    }
    let person = AuditedMember { member: &member.1, name: &name, team: &invite.team, slug: &invite.team_slug };
    audit::signed_in(state, &audit::account(state, &invite.email), &[person], request.address).await;
    let mut response = see_other(&team);
    let device = sign_in::new_device_cookie(state, &request.device, &invite.email, &invite.team);
    device_cookie::set(&mut response, &device, state.config.is_https());
    Ok(response)
}

/// The form with its values except the password. Nothing has changed, so it can be submitted again.
fn not_now(request: &PageRequest, invite: OpenInvite, form_state: SubmittedForm, busy: Busy) -> Response {
    let form_state = SubmittedForm { refusal: Some(AppError::HashingBusy(busy.seconds).to_string()), ..form_state };
    let mut response = form(request, StatusCode::SERVICE_UNAVAILABLE, invite, form_state);
    retry_after(&mut response, Some(busy.seconds));
    response
}

fn address_of(request: &PageRequest) -> IpAddr {
    request.address.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED))
}

/// The result of looking up a link.
enum LinkLookup {
    /// The token's hash, and the invite.
    Open(String, OpenInvite),
    Gone,
    TooMany(Wait),
}

/// Looks up the invite. Every miss counts as a wrong password from this address.
async fn find(request: &PageRequest, token: &str) -> Result<LinkLookup, PageError> {
    let (state, now) = (&request.state, request.state.clock.now());
    let counters = Counters::new([Counter::address(&state.secrets, request.address)]);
    if let Some(wait) = counters.wait(&state.store, now).await? {
        return Ok(LinkLookup::TooMany(wait));
    }
    if let Some(token) = InviteToken::parse(token) {
        let hash = token.hash();
        if let Some(invite) = state.store.invite_open(&hash, now).await? {
            return Ok(LinkLookup::Open(hash, invite));
        }
    }
    Ok(match counters.admit(&state.store, now).await? {
        Ok(()) => LinkLookup::Gone,
        Err(wait) => LinkLookup::TooMany(wait),
    })
}

impl LinkLookup {
    /// Used, expired, canceled and unknown links have identical responses.
    fn answer(self, request: &PageRequest) -> Response {
        match self {
            LinkLookup::TooMany(wait) => {
                let mut response = page(request, StatusCode::TOO_MANY_REQUESTS, InvitePage::Wait(wait.seconds));
                retry_after(&mut response, Some(wait.seconds));
                response
            }
            LinkLookup::Gone | LinkLookup::Open(..) => page(request, StatusCode::NOT_FOUND, InvitePage::Gone),
        }
    }
}

fn form(request: &PageRequest, status: StatusCode, invite: OpenInvite, form_state: SubmittedForm) -> Response {
    let OpenInvite { team_name, email, invited_by, .. } = invite;
    page(
        request,
        status,
        InvitePage::Open(model::Joining { team: team_name, email, invited_by, submission: form_state }),
    )
}

fn page(request: &PageRequest, status: StatusCode, page: InvitePage) -> Response {
    let request = PageRequest { page_path: "/".to_owned(), ..request.clone() };
    request.bare_page(status, Content::Invite(Box::new(page)))
}
