//! `/invite/{token}`: a public page. The token is never logged (lines name the route alone), and no answer lets the browser
//! tell it to another page (`Referrer-Policy: no-referrer`, for everything below `/invite`).

use crate::{
    auth::{
        password,
        session_store::{self, Renewal},
        throttle::{Addresses, Wait},
    },
    http::{
        see_other,
        visit::{Stop, Visit, value},
    },
    provisioning::{InviteToken, Joining, NotJoined, invite_accept},
    store::OpenInvite,
};
use app::{
    failure::Failure,
    model::{self, Content, InvitePage, Sent},
    resume,
};
use axum::{
    Extension,
    extract::Path,
    http::{HeaderValue, StatusCode, header},
    response::Response,
};
use domain::text;
use secrecy::SecretString;
use std::{
    net::{IpAddr, Ipv4Addr},
    sync::Arc,
};

const NAME: &str = "name";
const PASSWORD: &str = "password";

type Known = Extension<Arc<Addresses>>;

pub(in crate::http) async fn invite_form(
    visit: Visit,
    known: Known,
    Path(token): Path<String>,
) -> Result<Response, Stop> {
    Ok(match find(&visit, &known, &token).await? {
        Found::Open(_, invite) => form(&visit, StatusCode::OK, invite, Sent::default()),
        nothing => nothing.answer(&visit),
    })
}

pub(in crate::http) async fn invite_join(
    visit: Visit,
    known: Known,
    Path(token): Path<String>,
    body: String,
) -> Result<Response, Stop> {
    let (hash, invite) = match find(&visit, &known, &token).await? {
        Found::Open(hash, invite) => (hash, invite),
        nothing => return Ok(nothing.answer(&visit)),
    };
    let typed = resume::parse(&body);
    let field = |name| value(&typed, name).unwrap_or_default();
    let (name, typed_password) = (field(NAME), field(PASSWORD));
    let mut sent = Sent { typed: vec![(NAME.to_owned(), name.clone())], ..Sent::default() };
    let name = text::name(&name, "your name");
    if let Err(problem) = &name {
        sent.problems.push((NAME.to_owned(), problem.to_string()));
    }
    let own = name.as_deref().unwrap_or_default();
    if let Err(problem) = domain::password::check(&typed_password, &invite.email, own) {
        sent.problems.push((PASSWORD.to_owned(), problem.to_string()));
    }
    let (Ok(name), true) = (name, sent.problems.is_empty()) else {
        return Ok(form(&visit, StatusCode::UNPROCESSABLE_ENTITY, invite, sent));
    };
    let password_hash = password::hash(SecretString::from(typed_password)).await.map_err(|error| {
        tracing::error!(%error, "a new member's password");
        Failure::Internal
    })?;
    let joining = Joining {
        hash: &hash,
        team: &invite.team,
        name: &name,
        password_hash: &password_hash,
        address: visit.address.map(|address| address.to_string()),
    };
    let state = &visit.state;
    let member = match invite_accept(&state.store, &state.clock, joining).await {
        Ok(member) => member,
        Err(NotJoined::Gone) => return Ok(Found::Gone.answer(&visit)),
        Err(NotJoined::Failed(failure)) => return Err(failure.into()),
    };
    let team = ["/teams/", &invite.team_slug].concat();
    // They are a member now, whatever happens: who cannot be signed in does it with the new password.
    if let Err(error) = session_store::renew(state, &visit.session, Renewal::SignIn(&[member], &visit.origin())).await {
        tracing::warn!(%error, "who joined by an invite could not be signed in");
        return Ok(see_other(&resume::sign_in_path(&team)));
    }
    Ok(see_other(&team))
}

/// What is behind a link.
enum Found {
    /// The token's hash, and the invite.
    Open(String, OpenInvite),
    Gone,
    TooMany(Wait),
}

/// Looks for the invite. Every miss counts like a wrong password from this address.
async fn find(visit: &Visit, addresses: &Addresses, token: &str) -> Result<Found, Stop> {
    let now = visit.state.clock.now();
    let address = visit.address.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
    if let Err(wait) = addresses.admit(address, now) {
        return Ok(Found::TooMany(wait));
    }
    let Some(token) = InviteToken::parse(token) else { return Ok(Found::Gone) };
    let hash = token.hash();
    let Some(invite) = visit.state.store.invite_open(&hash, now).await? else { return Ok(Found::Gone) };
    addresses.forgive(address, now);
    Ok(Found::Open(hash, invite))
}

impl Found {
    /// Used, expired, cancelled and unknown links: the same bytes.
    fn answer(self, visit: &Visit) -> Response {
        match self {
            Found::TooMany(wait) => {
                let mut response = page(visit, StatusCode::TOO_MANY_REQUESTS, InvitePage::Wait(wait.seconds));
                response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(wait.seconds));
                response
            }
            Found::Gone | Found::Open(..) => page(visit, StatusCode::NOT_FOUND, InvitePage::Gone),
        }
    }
}

fn form(visit: &Visit, status: StatusCode, invite: OpenInvite, sent: Sent) -> Response {
    let OpenInvite { team_name, email, invited_by, .. } = invite;
    page(visit, status, InvitePage::Open(model::Joining { team: team_name, email, invited_by, sent }))
}

fn page(visit: &Visit, status: StatusCode, page: InvitePage) -> Response {
    let visit = Visit { here: "/".to_owned(), ..visit.clone() };
    visit.bare_page(status, Content::Invite(Box::new(page)))
}
