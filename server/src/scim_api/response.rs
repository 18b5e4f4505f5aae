//! Responses of the resource endpoints.

use super::json;
use crate::{
    request_log::RequestNotes,
    scim_api::{error::ApiError, page_budget::PageBudget, resource_view::ResourceView},
};
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::Response,
};
use scim::{Normalizations, Version, projection::Projection};

/// The result of a change or of a read.
#[derive(Debug)]
pub(super) struct ScimResponse {
    pub(super) status: StatusCode,
    /// The resource after the request. `None`: it was deleted, or the response has no body.
    pub(super) resource: Option<ResourceView>,
    /// Also set if the response has no body.
    pub(super) version: Option<Version>,
    pub(super) location: Option<String>,
    pub(super) id: Option<String>,
    /// The display name.
    pub(super) name: Option<String>,
    /// Whether anything changed.
    pub(super) changed: bool,
    pub(super) notes: Normalizations,
    pub(super) page_budget: PageBudget,
}

impl ScimResponse {
    pub(super) fn with(
        status: StatusCode,
        resource: ResourceView,
        changed: bool,
        notes: Normalizations,
        page_budget: PageBudget,
    ) -> Self {
        Self {
            status,
            version: Some(resource.version()),
            location: Some(resource.location()),
            id: Some(resource.id().to_owned()),
            name: Some(resource.name().to_owned()),
            resource: Some(resource),
            changed,
            notes,
            page_budget,
        }
    }

    /// The response with status 204 and without a body.
    pub(super) fn without_body(mut self) -> Self {
        self.resource = None;
        self.status = StatusCode::NO_CONTENT;
        self
    }

    /// Writes the HTTP response with this projection.
    pub(super) async fn into_response(self, projection: &Projection) -> Result<Response, ApiError> {
        let Self { status, resource, version, location, id, name, changed, notes, page_budget } = self;
        let notes_for_log = RequestNotes {
            target: id,
            target_name: name,
            notes: note_texts(&notes),
            changed,
            ..RequestNotes::default()
        };
        let mut response = match resource {
            None => json::empty(status),
            Some(resource) => json::write_resource(status, resource, projection, page_budget).await?,
        };
        if let Some(tag) = version.and_then(|version| HeaderValue::from_str(&version.to_string()).ok()) {
            response.headers_mut().insert(header::ETAG, tag);
        }
        let url = location.filter(|_| status == StatusCode::CREATED);
        if let Some(url) = url.and_then(|url| HeaderValue::from_str(&url).ok()) {
            response.headers_mut().insert(header::LOCATION, url);
        }
        Ok(notes_for_log.on(response))
    }
}

/// The normalizations, for the request log.
pub(super) fn note_texts(notes: &Normalizations) -> Vec<String> {
    notes.iter().map(str::to_owned).collect()
}
