//! What could not be answered: whose fault it is, and what to do.

use super::message::Message;
use crate::error::AppError;
use domain::Error;
use leptos::prelude::*;

/// A request that failed.
#[component]
pub(super) fn TroublePage(
    failure: AppError,
    /// The address that failed.
    here: String,
    /// In the frame of a team?
    framed: bool,
) -> impl IntoView {
    let (title, lead) = words(&failure);
    let lead = match failure {
        AppError::Encoded(encoding) => format!("{lead} It said Content-Encoding: {encoding}."),
        _ => lead.to_owned(),
    };
    view! {
        <Message framed=framed title=title lead=lead>
            <a class="btn btn-primary" href=here>"Try again"</a>
            <a class="btn" href="/">"Go to your team"</a>
        </Message>
    }
}

fn words(failure: &AppError) -> (&'static str, &'static str) {
    match failure {
        AppError::Domain(Error::Unavailable) | AppError::Unreachable => (
            "Rollcall can't reach its database",
            "This page can't be shown until it can. Nothing was changed. Try again in a moment; if it stays this way, tell your operator.",
        ),
        AppError::Domain(Error::Malformed) | AppError::Domain(Error::Invalid(_)) => (
            "This request could not be read",
            "What your browser sent is incomplete or not what this page expects. Nothing was changed. Open the page again and retry.",
        ),
        AppError::TooLarge => (
            "That is more than can be sent at once",
            "Rollcall refused the request because of its size. Nothing was changed. Go back, shorten what you typed, and try again.",
        ),
        AppError::Encoded(_) => (
            "This request could not be read",
            "What was sent is compressed, which Rollcall doesn't accept. Nothing was changed. Send it without Content-Encoding.",
        ),
        AppError::TooSlow => (
            "The request took too long",
            "What your browser sent didn't arrive in time. Nothing was changed. Check your connection and try again.",
        ),
        AppError::TooManyExports(_) => (
            "Other exports are still running",
            "A team can run two exports at a time. Wait until one of them ends, then try again.",
        ),
        AppError::Busy => (
            "Rollcall is busy",
            "The server has more connections than it can take. Nothing was changed. Try again in a moment.",
        ),
        AppError::Domain(Error::Forbidden) | AppError::Domain(Error::Denied(_)) => (
            "This is not allowed",
            "The request was refused, because it came from another site or your role does not allow it. Nothing was changed.",
        ),
        AppError::Domain(Error::SignedOut) | AppError::Domain(Error::VerifyAgain) => {
            ("Your session ended", "Sign in again to go on. Nothing was changed.")
        }
        _ => (
            "Something is broken in Rollcall",
            "This page can't be shown, because of a fault on the server. The operator finds it in the log. Try again, or tell your operator.",
        ),
    }
}
