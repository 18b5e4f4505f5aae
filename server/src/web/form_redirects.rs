//! Redirects from the address of a form to the page of the form.
//!
//! The response to a rejected form is its page, so that the browser shows that page at the form's address. Reloading,
//! bookmarking or sharing that address must lead to the page.

use super::see_other;
use crate::state::AppState;
use axum::{
    extract::OriginalUri,
    http::Method,
    routing::{MethodRouter, get},
};

/// For each form address of a team that is not also a page: the redirect to the nearest page above it. Other addresses have
/// none, because no browser stays at the address of a server function or at the sign-out address.
pub(super) fn of(paths: &[(Method, &'static str)]) -> Vec<(&'static str, MethodRouter<AppState>)> {
    let of_method = |target: Method| paths.iter().filter(move |(method, _)| *method == target).map(|(_, path)| *path);
    let pages: Vec<&str> = of_method(Method::GET).collect();
    let forms = of_method(Method::POST).filter(|form| form.starts_with("/teams/") && !pages.contains(form));
    forms
        .map(|form| {
            let above = pages.iter().filter(|page| is_below(form, page)).map(|page| segments(page));
            let keep = above.max().unwrap_or_default();
            (form, get(async move |OriginalUri(uri): OriginalUri| see_other(&first(uri.path(), keep))))
        })
        .collect()
}

fn is_below(form: &str, page: &str) -> bool {
    form.strip_prefix(page).is_some_and(|rest| rest.starts_with('/'))
}

fn segments(path: &str) -> usize {
    path.split('/').filter(|segment| !segment.is_empty()).count()
}

/// The first segments of a path.
fn first(path: &str, keep: usize) -> String {
    let prefix: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).take(keep).collect();
    ["/", &prefix.join("/")].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_redirect_to_the_nearest_page_above() {
        assert!(is_below("/teams/{slug}/account/name", "/teams/{slug}/account"));
        assert!(!is_below("/teams/{slug}/accounts", "/teams/{slug}/account"));
        assert_eq!(first("/teams/acme/account/name", 3), "/teams/acme/account");
        assert_eq!(first("//evil.test/a/b", 2), "/evil.test/a");
    }
}
