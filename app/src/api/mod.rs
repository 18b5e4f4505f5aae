//! The server functions: what the browser may ask of the server. Each hands over to the [backend](crate::backend) and
//! comes back with the page's data as it is afterwards.
//!
//! All are POST, form-encoded, and same-origin only. A form that is sent without JavaScript reaches the same functions;
//! the server then answers with a page instead.

pub mod keys;
pub mod scim;
pub mod sso;

use crate::error::AppError;

/// Sets the answer's HTTP status: Leptos would answer 500 to every failure.
fn with_status<T>(result: Result<T, AppError>) -> Result<T, AppError> {
    if let (Err(failure), Some(response)) = (&result, leptos::context::use_context::<leptos_axum::ResponseOptions>())
        && let Ok(status) = failure.status().try_into()
    {
        response.set_status(status);
    }
    result
}
