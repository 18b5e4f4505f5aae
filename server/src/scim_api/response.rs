//! What a request came to.

use super::{json, room::Room};
use crate::{
    request_log::Recorded,
    scim_api::{error::Refusal, resource_view::Item},
};
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::Response,
};
use scim::{Notes, Version, projection::Projection};

/// A change that was made, or a resource that was read.
#[derive(Debug)]
pub(super) struct Done {
    pub(super) status: StatusCode,
    /// What the resource is now; none: it is gone, or nobody wants to know.
    pub(super) item: Option<Item>,
    /// The resource's version and URL, also where it is not part of the answer.
    pub(super) version: Option<Version>,
    pub(super) location: Option<String>,
    pub(super) id: Option<String>,
    /// The name that people see.
    pub(super) name: Option<String>,
    /// Is anything different from before?
    pub(super) changed: bool,
    /// What was normalised.
    pub(super) notes: Notes,
    /// What it takes in the answer.
    pub(super) room: Room,
}

impl Done {
    /// A resource as it is now.
    pub(super) fn with(status: StatusCode, item: Item, changed: bool, notes: Notes, room: Room) -> Self {
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
    pub(super) fn silent(mut self) -> Self {
        self.item = None;
        self.status = StatusCode::NO_CONTENT;
        self
    }

    /// The answer, with as much of the resource as is wanted.
    pub(super) async fn answer(self, projection: &Projection) -> Result<Response, Refusal> {
        let Self { status, item, version, location, id, name, changed, notes, room } = self;
        let recorded = Recorded { target: id, target_name: name, notes: said(&notes), changed, ..Recorded::default() };
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
        Ok(recorded.on(response))
    }
}

/// What was normalised, as it is recorded.
pub(super) fn said(notes: &Notes) -> Vec<String> {
    notes.iter().map(str::to_owned).collect()
}
