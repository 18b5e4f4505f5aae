//! A request, as the pages see it.

use super::{appearance, device_cookie, html, see_other};
use crate::web::{error_pages, flash, middleware::request_context, response_kind};
use crate::{
    auth::{SignedIn, Visitor, device, session_store},
    client_address,
    service::Actor,
    state::AppState,
};
use app::{
    error::AppError,
    form_encoding,
    model::Theme,
    pages::{Content, Page},
    return_to,
};
use axum::{
    extract::{FromRequestParts, OriginalUri},
    http::{HeaderMap, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use domain::Error;
use std::net::IpAddr;
use store::Origin;
use tower_sessions::Session;

/// Who sent a request from where, and how they like their pages.
#[derive(Clone, Debug)]
pub(super) struct PageRequest {
    pub(super) state: AppState,
    pub(super) session: Session,
    pub(super) address: Option<IpAddr>,
    /// What the browser sent of earlier sign-ins.
    pub(super) device: device::DeviceCookie,
    /// What the browser says of itself, in three words.
    pub(super) browser: Option<String>,
    /// Path and query, to come back to.
    pub(super) page_path: String,
    pub(super) theme: Theme,
    /// What was done just before, by its name; this page says it.
    pub(super) done: Option<String>,
    /// Whom that was about.
    pub(super) done_about: Option<String>,
    /// Is it an open page that wants to hear what is new, and can be told why it does not?
    pub(super) follows: bool,
    /// Did the page itself ask, without anyone?
    pub(super) polls: bool,
}

impl FromRequestParts<AppState> for PageRequest {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, PageError> {
        let session = parts.extensions.get::<Session>().cloned().ok_or(Error::Internal)?;
        let uri = parts.extensions.get::<OriginalUri>().map_or(&parts.uri, |OriginalUri(uri)| uri);
        let page_path = request_context::page_path(uri);
        Ok(Self {
            state: state.clone(),
            session,
            address: client_address::of(&parts.headers, &parts.extensions, &state.config.trusted_proxies),
            device: device_cookie::of(&parts.headers, state.config.is_https()),
            browser: user_agent(&parts.headers).and_then(domain::user_agent::label),
            done: flash::done(&parts.headers, &page_path),
            done_about: flash::about(&parts.headers, &page_path),
            page_path,
            theme: appearance::theme(&parts.headers),
            follows: response_kind::accepts_events(&parts.headers),
            polls: parts.headers.contains_key(return_to::POLL),
        })
    }
}

fn user_agent(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::USER_AGENT)?.to_str().ok()
}

impl PageRequest {
    /// From where someone signs in.
    pub(super) fn origin(&self) -> Origin {
        Origin { browser: self.browser.clone(), address: self.address.map(|address| address.to_string()) }
    }

    /// Everyone who is signed in.
    pub(super) async fn visitor(&self) -> Result<Visitor, Error> {
        let visitor = Visitor::load(&self.session).await?;
        if !self.is_polling() {
            session_store::touch(&self.state, &self.session).await;
        }
        Ok(visitor)
    }

    /// Asks an open page by itself for what is new? Then no one need be there, and the session goes on ageing.
    fn is_polling(&self) -> bool {
        self.polls || response_kind::is_event_stream(&self.page_path)
    }

    /// Anyone who is signed in to the team; who is not is sent to sign in and comes back to `return_to`.
    pub(super) async fn in_team_from(&self, slug: &str, return_to: &str) -> Result<SignedIn, PageError> {
        self.visitor().await?.in_team(slug).map_err(|failure| match failure {
            Error::SignedOut => PageError::SignIn { return_to: return_to.to_owned() },
            error => error.into(),
        })
    }

    /// Anyone who is signed in to the team; who is not is sent to sign in and comes back here.
    pub(super) async fn in_team(&self, slug: &str) -> Result<SignedIn, PageError> {
        self.in_team_from(slug, &self.page_path).await
    }

    /// Anyone who is signed in to the team, where no one can be sent elsewhere.
    pub(super) async fn visitor_in(&self, slug: &str) -> Result<SignedIn, Error> {
        self.visitor().await?.in_team(slug)
    }

    /// The one who makes a change to the team.
    pub(super) async fn actor(&self, slug: &str) -> Result<Actor, Error> {
        let signed_in = self.visitor_in(slug).await?;
        signed_in.actor(self.state.clock.now(), self.address.map(|address| address.to_string()))
    }

    /// A page of a team.
    pub(super) fn team_page(&self, status: StatusCode, signed_in: &SignedIn, content: Content) -> Response {
        html::live(status, self.page(Some(signed_in), content), &self.state)
    }

    /// A page outside of any team.
    pub(super) fn bare_page(&self, status: StatusCode, content: Content) -> Response {
        html::live(status, self.page(None, content), &self.state)
    }

    pub(super) fn page(&self, signed_in: Option<&SignedIn>, content: Content) -> Page {
        Page {
            now: self.state.clock.now(),
            theme: self.theme,
            here: self.page_path.clone(),
            shell: signed_in.map(SignedIn::shell),
            content,
        }
    }

    /// The query of this request, without "?".
    pub(super) fn query(&self) -> &str {
        self.page_path.split_once('?').map_or("", |(_, query)| query)
    }

    /// A value of the query; empty ones are none.
    pub(super) fn query_value(&self, name: &str) -> Option<String> {
        value(&form_encoding::parse(self.query()), name).filter(|value| !value.is_empty())
    }
}

/// A value by its name.
pub(super) fn value(pairs: &[(String, String)], name: &str) -> Option<String> {
    pairs.iter().find(|(at, _)| at == name).map(|(_, value)| value.clone())
}

/// Why a handler ends early.
#[derive(Debug)]
pub(super) enum PageError {
    /// Sign in, then come back to this local path.
    SignIn { return_to: String },
    /// Something else, also "not there".
    Failed(AppError),
}

impl From<AppError> for PageError {
    fn from(error: AppError) -> Self {
        PageError::Failed(error)
    }
}

impl From<Error> for PageError {
    fn from(error: Error) -> Self {
        PageError::Failed(error.into())
    }
}

impl From<store::StoreError> for PageError {
    fn from(error: store::StoreError) -> Self {
        Error::from(error).into()
    }
}

impl From<PageError> for AppError {
    fn from(error: PageError) -> Self {
        match error {
            PageError::SignIn { .. } => Error::SignedOut.into(),
            PageError::Failed(error) => error,
        }
    }
}

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        match self {
            PageError::SignIn { return_to } => see_other(&return_to::sign_in_path(&return_to)),
            PageError::Failed(failure) => error_pages::answer(failure),
        }
    }
}
