//! Responses with pages.

use crate::web::content_policy::{ContentPolicy, Nonce};
use crate::{service::NewInvite, state::AppState};
use app::{document, pages::Page};
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};

pub(super) const CONTENT_TYPE: HeaderValue = HeaderValue::from_static("text/html; charset=utf-8");

/// A page with scripts.
pub(super) fn live(status: StatusCode, page: Page, state: &AppState) -> Response {
    let nonce = Nonce::new();
    let html = document::render(page, &state.assets, nonce.as_str());
    let mut response = (status, [(header::CONTENT_TYPE, CONTENT_TYPE)], html).into_response();
    response.extensions_mut().insert(ContentPolicy::Live(nonce));
    response
}

/// A page with scripts, and with a form that is sent to this origin.
pub(super) fn live_with_form(status: StatusCode, page: Page, state: &AppState, origin: String) -> Response {
    let nonce = Nonce::new();
    let html = document::render(page, &state.assets, nonce.as_str());
    let mut response = (status, [(header::CONTENT_TYPE, CONTENT_TYPE)], html).into_response();
    response.extensions_mut().insert(ContentPolicy::LiveWithForm(nonce, origin));
    response
}

/// The page that shows a key once: without scripts, and not stored anywhere.
pub(super) fn with_key(page: Page, base_url: String, key: (&str, &str), state: &AppState) -> Response {
    answer(document::render_with_key(page, base_url, key, &state.assets), ContentPolicy::Static)
}

/// The page that shows the link of an invite once: not stored anywhere.
pub(super) fn with_invite(page: Page, new: &NewInvite, notice: &str, state: &AppState) -> Response {
    let link = [&state.config.public_url, "/invite/", new.token.expose()].concat();
    let nonce = Nonce::new();
    let html = document::render_with_invite(page, &new.email, &link, notice, &state.assets, nonce.as_str());
    answer(html, ContentPolicy::Live(nonce))
}

/// The gallery of all components.
#[cfg(debug_assertions)]
pub(super) async fn gallery(axum::extract::State(state): axum::extract::State<AppState>) -> Response {
    let nonce = Nonce::new();
    answer(document::gallery(&state.assets, nonce.as_str()), ContentPolicy::Live(nonce))
}

fn answer(html: String, content: ContentPolicy) -> Response {
    let mut response = ([(header::CONTENT_TYPE, CONTENT_TYPE)], html).into_response();
    response.extensions_mut().insert(content);
    response
}
