//! Light or dark: a cookie, so that even the first response has the right colours.

use super::{cookie, see_other};
use crate::{auth::next, state::AppState};
use app::{form_encoding, model::Theme};
use axum::{
    extract::State,
    http::{HeaderMap, header},
    response::Response,
};

const COOKIE: &str = "rollcall-theme";
const ONE_YEAR_S: i64 = 31_536_000;

/// The choice in the request's cookies.
pub(super) fn theme(headers: &HeaderMap) -> Theme {
    cookie::get(headers, COOKIE).map(|name| Theme::parse(&name)).unwrap_or_default()
}

/// `POST /appearance`: stores the choice for a year and redirects to the page.
pub(super) async fn choose(State(state): State<AppState>, body: String) -> Response {
    let form = form_encoding::parse(&body);
    let field = |field_name: &str| form.iter().find(|(name, _)| name == field_name).map(|(_, value)| value.as_str());
    let theme = Theme::parse(field("theme").unwrap_or_default());
    let mut response = see_other(next::local_or_root(field("next")));
    if let Some(cookie) = cookie::set(COOKIE, theme.name(), ONE_YEAR_S, state.config.is_https()) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}
