//! Responses of the resource endpoints. The facts for the request log are in their extensions.

use super::json;
use crate::{
    request_log::RequestNotes,
    scim_api::{error::ApiError, page_budget::PageBudget, resource_view::ResourceView},
    scim_sync::Applied,
};
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::Response,
};
use scim::{Normalizations, Version, projection::Projection};

/// Responds with a resource. `changed`: whether the request changed it.
pub(super) async fn with_resource(
    status: StatusCode,
    resource: ResourceView,
    projection: &Projection,
    page_budget: PageBudget,
    changed: bool,
    notes: &Normalizations,
) -> Result<Response, ApiError> {
    let request_notes = RequestNotes {
        target: Some(resource.id().to_owned()),
        target_name: Some(resource.name().to_owned()),
        notes: note_texts(notes),
        changed,
        ..RequestNotes::default()
    };
    let version = resource.version();
    let location = (status == StatusCode::CREATED).then(|| resource.location());
    let mut response = json::write_resource(status, resource, projection, page_budget).await?;
    set_etag(&mut response, version);
    if let Some(url) = location.and_then(|url| HeaderValue::from_str(&url).ok()) {
        response.headers_mut().insert(header::LOCATION, url);
    }
    Ok(request_notes.on(response))
}

/// Responds to a change with status 204.
pub(super) fn without_body(id: String, applied: &Applied) -> Response {
    let mut response = json::empty(StatusCode::NO_CONTENT);
    if let Some(resource) = &applied.resource {
        set_etag(&mut response, Version(resource.version()));
    }
    let request_notes = RequestNotes {
        target: Some(id),
        target_name: applied.resource.as_ref().map(|resource| resource.display_name().to_owned()),
        notes: note_texts(&applied.notes),
        changed: applied.changed,
        ..RequestNotes::default()
    };
    request_notes.on(response)
}

/// Responds to a conditional read with status 304.
pub(super) fn not_modified(version: Version) -> Response {
    let mut response = json::empty(StatusCode::NOT_MODIFIED);
    set_etag(&mut response, version);
    response
}

fn set_etag(response: &mut Response, version: Version) {
    if let Ok(tag) = HeaderValue::from_str(&version.to_string()) {
        response.headers_mut().insert(header::ETAG, tag);
    }
}

/// The normalizations, for the request log.
pub(super) fn note_texts(notes: &Normalizations) -> Vec<String> {
    notes.iter().map(str::to_owned).collect()
}
