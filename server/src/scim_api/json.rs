//! SCIM JSON on the wire (RFC 7644, section 3.1).

use crate::scim_api::{
    chunked_body::ChunkedBody,
    error::ApiError,
    page_budget::PageBudget,
    resource_view::{Projected, ResourceView},
};
use axum::{
    body::Body,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use scim::{
    Projection,
    resource::{JsonWriter, Write},
};
use serde::Serialize;

/// A response with status 200 and SCIM JSON. `Accept` is ignored.
#[derive(Debug)]
pub(super) struct ScimJson<T>(pub(super) T);

impl<T: Serialize> IntoResponse for ScimJson<T> {
    fn into_response(self) -> Response {
        write(StatusCode::OK, &self.0)
    }
}

const TYPE: HeaderValue = HeaderValue::from_static(scim::MEDIA_TYPE);

/// Writes `message`. A message that cannot be serialized is an internal error.
pub(super) fn write(status: StatusCode, message: &impl Serialize) -> Response {
    match serde_json::to_vec(message) {
        Ok(body) => (status, [(header::CONTENT_TYPE, TYPE)], body).into_response(),
        Err(error) => {
            tracing::error!(%error, "could not write a SCIM message");
            ApiError::internal().into_response()
        }
    }
}

/// Upper bound of the bytes that are written on the current thread. Longer responses are written on a compute thread.
const MAX_INLINE: usize = 256 * 1024;
/// The same with a projection, which costs more because it builds JSON values.
const MAX_INLINE_PROJECTED: usize = 32 * 1024;

/// Writes a resource with its projection.
pub(super) async fn write_resource(
    status: StatusCode,
    resource: ResourceView,
    projection: &Projection,
    page_budget: PageBudget,
) -> Result<Response, ApiError> {
    match projection.is_usual() {
        true => body(status, resource, MAX_INLINE, page_budget).await,
        false => {
            let projection = projection.clone();
            body(status, ProjectedBody { resource, projection }, MAX_INLINE_PROJECTED, page_budget).await
        }
    }
}

/// Writes a list of resources. `is_whole`: without a projection.
pub(super) async fn write_list(
    message: impl Write + Send + 'static,
    is_whole: bool,
    page_budget: PageBudget,
) -> Result<Response, ApiError> {
    body(StatusCode::OK, message, if is_whole { MAX_INLINE } else { MAX_INLINE_PROJECTED }, page_budget).await
}

struct ProjectedBody {
    resource: ResourceView,
    projection: Projection,
}

impl Write for ProjectedBody {
    fn write(&self, json: &mut JsonWriter) {
        Projected::new(&self.resource, &self.projection).write(json);
    }
}

/// Writes resources. The memory of a long response is counted until it is sent.
async fn body(
    status: StatusCode,
    message: impl Write + Send + 'static,
    max_inline: usize,
    page_budget: PageBudget,
) -> Result<Response, ApiError> {
    let (used, budget) = (page_budget.used(), page_budget.budget.clone());
    let permit = page_budget.into_permit().await?;
    let write = move || {
        let mut json = JsonWriter::with_capacity(1024);
        message.write(&mut json);
        json.into_pieces()
    };
    let mut chunks =
        if used <= max_inline { write() } else { budget.compute(move |_| Ok::<_, ApiError>(write())).await? };
    if permit.is_nothing() && chunks.len() == 1 {
        let body = chunks.pop().unwrap_or_default();
        return Ok((status, [(header::CONTENT_TYPE, TYPE)], body).into_response());
    }
    let (body, head) = ChunkedBody::new(chunks, permit);
    let mut response = (status, [(header::CONTENT_TYPE, TYPE)], Body::new(body)).into_response();
    response.extensions_mut().insert(head);
    Ok(response)
}

/// A response without a body (204, 304), with the media type of SCIM.
pub(super) fn empty(status: StatusCode) -> Response {
    (status, [(header::CONTENT_TYPE, TYPE)], Body::empty()).into_response()
}
