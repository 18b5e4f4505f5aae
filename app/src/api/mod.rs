//! The server functions of the Authentication page, for programs: each answers JSON with the page's data after the change.
//!
//! All are POST, form-encoded, and same-origin only. The forms of the page have the same addresses; to a form the server
//! answers with a page and runs no server function.

pub mod keys;
pub mod scim;
pub mod sso;

use crate::{
    backend::{AuthenticationChange, Changed, backend},
    error::AppError,
};

async fn change(team: &str, change: AuthenticationChange) -> Changed {
    with_status(backend()?.change(team, change).await)
}

/// Sets the response's HTTP status, because Leptos answers every error with 500.
fn with_status<T>(result: Result<T, AppError>) -> Result<T, AppError> {
    if let (Err(failure), Some(response)) = (&result, leptos::context::use_context::<leptos_axum::ResponseOptions>())
        && let Ok(status) = failure.status().try_into()
    {
        response.set_status(status);
    }
    result
}
