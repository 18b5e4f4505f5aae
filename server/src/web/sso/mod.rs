//! Sign-in through SSO methods: `/sso/{method}/...`. A sign-in starts with a link, because browsers block a form whose response
//! redirects to another site (`form-action 'self'`).
//!
//! [`callback`] and `finish` are the only addresses where GET makes a session. Both need the sealed cookie of a sign-in that this
//! browser started, and both work once.

mod acs;
mod back_channel_logout;
mod callback;
mod cookies;
mod failure;
mod finish;
mod link;
mod metadata;
mod sign_out;
mod start;

pub(super) use acs::{ACS, acs};
pub(super) use back_channel_logout::{BACK_CHANNEL_LOGOUT, back_channel_logout};
pub(super) use callback::callback;
pub(super) use finish::finish;
pub(super) use link::{confirm_link, link};
pub(super) use metadata::metadata;
pub(super) use sign_out::{after_sign_out, sign_out};
pub(super) use start::start;

use crate::{
    auth::session_store::{self, Renewal},
    service::{SsoResponse, SsoSignIn, SsoSignInError, SsoSignInPurpose, sso_sign_in},
    sso::{
        identity::{SsoIdentity, SsoRefusal},
        pending_link::PendingLink,
        request::{SsoPurpose, SsoRequest},
    },
    state::AppState,
    web::{
        request::{PageError, PageRequest},
        see_other,
    },
};
use axum::response::Response;
use domain::{Error, id::MethodId, sso::SsoFailure};
use oidc::RawIdToken;
use store::{Origin, SsoMethodRow};

/// The value of `purpose` with which a signed-in member confirms their identity.
pub(super) const STEP_UP: &str = "step-up";

/// The context in which an ID token is sealed.
const ID_TOKEN: &str = "sign_ins.id_token";

/// The method in the address.
///
/// # Errors
/// [`Error::NotFound`].
async fn method(state: &AppState, id: String) -> Result<SsoMethodRow, PageError> {
    state.store.sso_method(&MethodId::new(id)).await?.ok_or_else(|| Error::NotFound.into())
}

/// The method, if people may sign in through it.
fn check_enabled(method: &SsoMethodRow) -> Result<(), SsoRefusal> {
    if method.method.enabled && method.method.settings.is_some() { Ok(()) } else { Err(SsoFailure::NotEnabled.into()) }
}

/// The sign-in that this browser started with this method.
fn check_request<'a>(
    page: &PageRequest,
    method: &SsoMethodRow,
    request: Option<&'a SsoRequest>,
) -> Result<&'a SsoRequest, SsoRefusal> {
    check_enabled(method)?;
    let request = request.ok_or(SsoFailure::OtherBrowser)?;
    if request.method != method.method.id {
        return Err(SsoFailure::NotForUs.into());
    }
    if !request.is_open(page.state.clock.now()) {
        return Err(SsoFailure::TooSlow.into());
    }
    Ok(request)
}

/// A verified response.
struct Verified<'a> {
    request: &'a SsoRequest,
    identity: &'a SsoIdentity,
    response: SsoResponse<'a>,
    /// The ID token (OpenID Connect).
    id_token: Option<&'a RawIdToken>,
}

/// Signs the person in, or confirms the identity of the signed-in member. Redirects to the next page.
async fn complete(page: &PageRequest, method: &SsoMethodRow, verified: Verified<'_>) -> Result<Response, PageError> {
    let (state, request) = (&page.state, verified.request);
    let team = &method.team;
    let me = match request.purpose {
        SsoPurpose::SignIn => None,
        SsoPurpose::StepUp => Some(page.in_team(&team.slug).await?.me),
    };
    let address = page.address.map(|address| address.to_string());
    let purpose = me.as_ref().map_or(SsoSignInPurpose::SignIn, |me| SsoSignInPurpose::StepUp(&me.member_id));
    let sign_in = SsoSignIn {
        method,
        identity: verified.identity,
        response: verified.response,
        purpose,
        address: address.as_deref(),
    };
    let member = match sso_sign_in(&state.store, &state.clock, sign_in).await {
        Ok((member, _)) => member,
        Err(SsoSignInError::Refused(refusal)) => {
            let waits = refusal.failure == SsoFailure::ConfirmLink;
            let mut response = failure::answer(page, method, Some(request), refusal).await?;
            if waits {
                let claim = method.link_rule.claim_name(method.method.protocol);
                let link = PendingLink::new(request, verified.response.id, verified.identity, claim);
                cookies::set_pending_link(state, &mut response, Some(&link));
            }
            return Ok(response);
        }
        Err(SsoSignInError::Failed(error)) => return Err(error.into()),
    };
    let session = &page.session;
    let now = state.clock.now();
    match me {
        Some(me) => session_store::renew(state, session, Renewal::Verify(&me.team.id, &me.member_id)).await,
        None => {
            let origin = Origin {
                verified_at: Some(verified.identity.authenticated_at.unwrap_or_default().min(now)),
                ends_at: verified.identity.session_ends_at,
                method: Some(method.method.id.clone()),
                provider_session: verified.identity.provider_session.clone(),
                id_token: verified.id_token.map(|token| state.secrets.seal(ID_TOKEN, token.expose())),
                ..page.origin()
            };
            let members = [(team.id.clone(), member)];
            session_store::renew(state, session, Renewal::SignIn(&members, &origin)).await
        }
    }
    .map_err(session_store::failure)?;
    let mut response = see_other(&next(request, method));
    cookies::remove(state, &mut response, &request.id);
    Ok(response)
}

/// The page on which a member confirms a link.
fn link_path(method: &SsoMethodRow) -> String {
    ["/sso/", method.method.id.as_str(), "/link"].concat()
}

/// The page after the sign-in.
fn next(request: &SsoRequest, method: &SsoMethodRow) -> String {
    request.next.clone().unwrap_or_else(|| ["/teams/", &method.team.slug].concat())
}
