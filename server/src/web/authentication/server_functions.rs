//! The server functions under `/api`, which answer JSON. `app::api` lists them.

use crate::web::{error_pages, request::PageRequest};
use app::{backend::Backend, error::AppError};
use axum::{
    body::Body,
    extract::Request,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use domain::Error;
use http_body_util::{BodyExt as _, Collected};
use leptos::context::provide_context;
use std::sync::Arc;

pub(in crate::web) fn paths() -> Vec<&'static str> {
    leptos::server_fn::axum::server_fn_paths().map(|(path, _)| path).collect()
}

/// Runs the server function at the request's address.
pub(super) async fn run(page_request: PageRequest, request: Request) -> Response {
    let backend: Arc<dyn Backend> = Arc::new(page_request);
    let context = move || provide_context(Arc::clone(&backend));
    let answer = leptos_axum::handle_server_fns_with_context(context, request).await.into_response();
    if answer.status() == StatusCode::INTERNAL_SERVER_ERROR { with_own_status(answer).await } else { answer }
}

/// Leptos answers 500 to arguments that it cannot read, whatever status the error has.
async fn with_own_status(answer: Response) -> Response {
    let (mut parts, body) = answer.into_parts();
    let Ok(body) = body.collect().await.map(Collected::to_bytes) else {
        return error_pages::answer(AppError::Domain(Error::Internal));
    };
    let failure = serde_json::from_slice(&body).unwrap_or(AppError::Domain(Error::Internal));
    parts.status = error_pages::status(&failure);
    Response::from_parts(parts, Body::from(body))
}
