//! Pages for errors: the cause, and advice.

use super::message::MessagePage;
use crate::error::AppError;
use domain::Error;
use leptos::prelude::*;

#[component]
pub(super) fn TroublePage(
    failure: AppError,
    /// The URL of the request.
    page_url: String,
    /// Is the page in the frame of a team?
    framed: bool,
) -> impl IntoView {
    let (title, lead) = words(&failure);
    let failure_sentence = failure.to_string();
    let lead = match failure {
        AppError::Encoded(encoding) => format!("{lead} It was sent with Content-Encoding: {encoding}."),
        _ => lead.to_owned(),
    };
    view! {
        <MessagePage framed=framed title=title lead=lead failure=failure_sentence>
            <a class="btn btn-primary" href=page_url>"Try again"</a>
            <a class="btn" href="/">"Go to your team"</a>
        </MessagePage>
    }
}

fn words(failure: &AppError) -> (&'static str, &'static str) {
    match failure {
        AppError::Domain(Error::Unavailable) | AppError::Unreachable => (
            "Rollcall can't reach its database",
            "Nothing was changed. Try again in a moment. If it keeps happening, tell the operator of this server.",
        ),
        AppError::Domain(Error::Malformed) | AppError::Domain(Error::Invalid(_)) => (
            "Rollcall couldn't read that request",
            "It was incomplete or not what this page expects. Nothing was changed. Reload the page and try again.",
        ),
        AppError::TooLarge => (
            "That's too large",
            "The request is over the size limit. Nothing was changed. Go back, shorten what you entered, and try again.",
        ),
        AppError::Encoded(_) => (
            "Rollcall couldn't read that request",
            "It was compressed, which Rollcall doesn't accept. Nothing was changed. Send it without Content-Encoding.",
        ),
        AppError::TooSlow => (
            "The request took too long",
            "The request didn't arrive in time. Nothing was changed. Check your connection and try again.",
        ),
        AppError::TooManyExports(_) => (
            "Other exports are still running",
            "A team can run two exports at a time. Try again when one of them ends.",
        ),
        AppError::Busy => (
            "Rollcall is busy",
            "The server has too many connections right now. Nothing was changed. Try again in a moment.",
        ),
        AppError::Domain(Error::Forbidden) | AppError::Domain(Error::Denied(_)) => (
            "You can't do that",
            "Your role doesn't allow it, or the request came from another site. Nothing was changed.",
        ),
        AppError::Domain(Error::SignedOut) | AppError::Domain(Error::VerifyAgain) => {
            ("Your session ended", "Nothing was changed. Sign in again to continue.")
        }
        _ => (
            "Something went wrong",
            "This page couldn't be loaded because of a server error. Try again. If it keeps happening, tell the operator of this server: the details are in its log.",
        ),
    }
}
