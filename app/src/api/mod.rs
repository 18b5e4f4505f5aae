//! The server functions. Each calls the [backend](crate::backend) and returns the page's data after the change.
//!
//! All are POST, form-encoded, and same-origin only. A form that is sent without JavaScript calls the same functions,
//! and the server responds with a page instead.

pub mod keys;
pub mod scim;
pub mod sso;

use crate::error::AppError;

/// Sets the HTTP status of the response, because Leptos would send 500 for every failure.
fn with_status<T>(result: Result<T, AppError>) -> Result<T, AppError> {
    if let (Err(failure), Some(response)) = (&result, leptos::context::use_context::<leptos_axum::ResponseOptions>())
        && let Ok(status) = failure.status().try_into()
    {
        response.set_status(status);
    }
    result
}
