//! SCIM JSON on the wire (RFC 7644, section 3.1).

use crate::scim_api::{chunked_body::ChunkedBody, page_budget::PageBudget};
use crate::scim_api::{
    error::ApiError,
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

/// An answer: 200 with SCIM JSON, whatever the request's `Accept` says.
#[derive(Debug)]
pub(super) struct ScimJson<T>(pub(super) T);

impl<T: Serialize> IntoResponse for ScimJson<T> {
    fn into_response(self) -> Response {
        write(StatusCode::OK, &self.0)
    }
}

const TYPE: HeaderValue = HeaderValue::from_static(scim::MEDIA_TYPE);

/// Writes `message`; if it cannot be written, that is a fault in here.
pub(super) fn write(status: StatusCode, message: &impl Serialize) -> Response {
    match serde_json::to_vec(message) {
        Ok(body) => (status, [(header::CONTENT_TYPE, TYPE)], body).into_response(),
        Err(error) => {
            tracing::error!(%error, "a SCIM message couldn't be written");
            ApiError::internal().into_response()
        }
    }
}

/// So many bytes of resources are written where they are; more on a thread for computing.
const WRITTEN_HERE: usize = 256 * 1024;
/// So many, where only a part of each resource is wanted: it is made of values then.
const PROJECTED_HERE: usize = 32 * 1024;

/// Writes a resource, or as much of it as is wanted.
pub(super) async fn resource(
    status: StatusCode,
    item: ResourceView,
    projection: &Projection,
    room: PageBudget,
) -> Result<Response, ApiError> {
    match projection.is_usual() {
        true => body(status, item, WRITTEN_HERE, room).await,
        false => {
            let projection = projection.clone();
            body(status, ProjectedBody { item, projection }, PROJECTED_HERE, room).await
        }
    }
}

/// Writes a list of resources. `is_whole`: all of each.
pub(super) async fn list(
    message: impl Write + Send + 'static,
    is_whole: bool,
    room: PageBudget,
) -> Result<Response, ApiError> {
    body(StatusCode::OK, message, if is_whole { WRITTEN_HERE } else { PROJECTED_HERE }, room).await
}

struct ProjectedBody {
    item: ResourceView,
    projection: Projection,
}

impl Write for ProjectedBody {
    fn write(&self, json: &mut JsonWriter) {
        Projected::new(&self.item, &self.projection).write(json);
    }
}

/// Writes resources. The memory of a long answer is counted until it was sent.
async fn body(
    status: StatusCode,
    message: impl Write + Send + 'static,
    here: usize,
    room: PageBudget,
) -> Result<Response, ApiError> {
    let (used, budget) = (room.used(), room.budget.clone());
    let held = room.into_held().await?;
    let write = move || {
        let mut json = JsonWriter::with_capacity(1024);
        message.write(&mut json);
        json.into_pieces()
    };
    let mut pieces = if used <= here { write() } else { budget.compute(move |_| Ok::<_, ApiError>(write())).await? };
    if held.is_nothing() && pieces.len() == 1 {
        let body = pieces.pop().unwrap_or_default();
        return Ok((status, [(header::CONTENT_TYPE, TYPE)], body).into_response());
    }
    let (body, head) = ChunkedBody::new(pieces, held);
    let mut response = (status, [(header::CONTENT_TYPE, TYPE)], Body::new(body)).into_response();
    response.extensions_mut().insert(head);
    Ok(response)
}

/// An answer without a body (204, 304): still marked as SCIM's.
pub(super) fn empty(status: StatusCode) -> Response {
    (status, [(header::CONTENT_TYPE, TYPE)], Body::empty()).into_response()
}
