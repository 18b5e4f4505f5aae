//! What a request came to.

use super::json;
use crate::scim_api::page_budget::PageBudget;
use crate::{
    request_log::RequestNotes,
    scim_api::{error::ApiError, resource_view::ResourceView},
};
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::Response,
};
use scim::{Normalizations, Version, projection::Projection};

/// A change that was made, or a resource that was read.
#[derive(Debug)]
pub(super) struct ScimResponse {
    pub(super) status: StatusCode,
    /// What the resource is now; none: it is gone, or nobody wants to know.
    pub(super) item: Option<ResourceView>,
    /// The resource's version and URL, also where it is not part of the answer.
    pub(super) version: Option<Version>,
    pub(super) location: Option<String>,
    pub(super) id: Option<String>,
    /// The name that people see.
    pub(super) name: Option<String>,
    /// Is anything different from before?
    pub(super) changed: bool,
    /// What was normalised.
    pub(super) notes: Normalizations,
    /// What it takes in the answer.
    pub(super) room: PageBudget,
}

impl ScimResponse {
    /// A resource as it is now.
    pub(super) fn with(
        status: StatusCode,
        item: ResourceView,
        changed: bool,
        notes: Normalizations,
        room: PageBudget,
    ) -> Self {
        Self {
            status,
            version: Some(item.version()),
            location: Some(item.location()),
            id: Some(item.id().to_owned()),
            name: Some(item.name().to_owned()),
            item: Some(item),
            changed,
            notes,
            room,
        }
    }

    /// Without the resource: 204.
    pub(super) fn without_body(mut self) -> Self {
        self.item = None;
        self.status = StatusCode::NO_CONTENT;
        self
    }

    /// The answer, with as much of the resource as is wanted.
    pub(super) async fn into_response(self, projection: &Projection) -> Result<Response, ApiError> {
        let Self { status, item, version, location, id, name, changed, notes, room } = self;
        let notes_for_log = RequestNotes {
            target: id,
            target_name: name,
            notes: note_texts(&notes),
            changed,
            ..RequestNotes::default()
        };
        let mut response = match item {
            None => json::empty(status),
            Some(item) => json::resource(status, item, projection, room).await?,
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

/// What was normalised, as it is recorded.
pub(super) fn note_texts(notes: &Normalizations) -> Vec<String> {
    notes.iter().map(str::to_owned).collect()
}
