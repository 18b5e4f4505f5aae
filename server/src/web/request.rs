//! The request of a page.

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

/// The sender of a request, and their preferences for pages.
#[derive(Clone, Debug)]
pub(super) struct PageRequest {
    pub(super) state: AppState,
    pub(super) session: Session,
    pub(super) address: Option<IpAddr>,
    /// The browser's device cookie, which names earlier sign-ins.
    pub(super) device: device::DeviceCookie,
    /// The user agent in three words.
    pub(super) browser: Option<String>,
    /// Path and query, for the way back.
    pub(super) page_path: String,
    pub(super) theme: Theme,
    /// The notice of the last change, which this page shows.
    pub(super) notice: Option<String>,
    /// The member that the notice concerns.
    pub(super) done_about: Option<String>,
    /// Whether the request is for live updates, and can receive a reason if there are none.
    pub(super) follows: bool,
    /// Whether the page sent the request without an action of the user.
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
            notice: flash::notice(&parts.headers, &page_path),
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
    /// The browser and address of a sign-in.
    pub(super) fn origin(&self) -> Origin {
        let address = self.address.map(|address| address.to_string());
        Origin { browser: self.browser.clone(), address, ..Origin::default() }
    }

    pub(super) async fn visitor(&self) -> Result<Visitor, Error> {
        let visitor = Visitor::load(&self.session).await?;
        if !self.is_polling() {
            session_store::touch(&self.state, &self.session).await;
        }
        Ok(visitor)
    }

    /// Whether an open page polls for updates. A user may not be there, so the session continues to age.
    fn is_polling(&self) -> bool {
        self.polls || response_kind::is_event_stream(&self.page_path)
    }

    /// A signed-in member of the team. Other visitors are redirected to sign-in, and from there to `return_to`.
    pub(super) async fn in_team_from(&self, slug: &str, return_to: &str) -> Result<SignedIn, PageError> {
        self.visitor().await?.in_team(slug).map_err(|failure| match failure {
            Error::SignedOut => PageError::SignIn { return_to: return_to.to_owned() },
            error => error.into(),
        })
    }

    /// A signed-in member of the team. Other visitors are redirected to sign-in, and from there to this page.
    pub(super) async fn in_team(&self, slug: &str) -> Result<SignedIn, PageError> {
        self.in_team_from(slug, &self.page_path).await
    }

    /// A signed-in member of the team, without a redirect for other visitors.
    pub(super) async fn visitor_in(&self, slug: &str) -> Result<SignedIn, Error> {
        self.visitor().await?.in_team(slug)
    }

    /// The actor of a change to the team.
    pub(super) async fn actor(&self, slug: &str) -> Result<Actor, Error> {
        let signed_in = self.visitor_in(slug).await?;
        signed_in.actor(self.state.clock.now(), self.address.map(|address| address.to_string()))
    }

    pub(super) fn team_page(&self, status: StatusCode, signed_in: &SignedIn, content: Content) -> Response {
        html::live(status, self.page(Some(signed_in), content), &self.state)
    }

    pub(super) fn bare_page(&self, status: StatusCode, content: Content) -> Response {
        html::live(status, self.page(None, content), &self.state)
    }

    pub(super) fn page(&self, signed_in: Option<&SignedIn>, content: Content) -> Page {
        Page {
            now: self.state.clock.now(),
            theme: self.theme,
            page_url: self.page_path.clone(),
            shell: signed_in.map(SignedIn::shell),
            content,
        }
    }

    /// The query of this request, without "?".
    pub(super) fn query(&self) -> &str {
        self.page_path.split_once('?').map_or("", |(_, query)| query)
    }

    /// A value of the query. An empty one counts as missing.
    pub(super) fn query_value(&self, name: &str) -> Option<String> {
        value(&form_encoding::parse(self.query()), name).filter(|value| !value.is_empty())
    }
}

pub(super) fn value(pairs: &[(String, String)], name: &str) -> Option<String> {
    pairs.iter().find(|(at, _)| at == name).map(|(_, value)| value.clone())
}

/// Why a handler ends early.
#[derive(Debug)]
pub(super) enum PageError {
    /// Redirects to sign-in, and from there to this local path.
    SignIn { return_to: String },
    /// Any other error, including "not found".
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
