//! `/Users` and `/Groups`: the same for both kinds of resources.

use super::{change::Changes, json, query::Query, resource_id::ResourceId};
use crate::scim_api::page_budget::PageBudget;
use crate::state::AppState;
use crate::{
    request_log::RequestNotes,
    scim_api::{
        api_request::ApiRequest,
        error::ApiError,
        json_body::{JsonBody, RawBody},
        list,
        prefetch::Prefetched,
        resource_reader::{ResourceReader, ResourceRow},
        response::{ScimResponse, note_texts},
    },
};
use axum::{
    http::{StatusCode, header},
    response::Response,
    routing::{MethodRouter, get, post},
};
use scim::{
    Normalizations, ResourceType, precondition::PreconditionOutcome, projection::Projection, search::SearchRequest,
};

/// `/Users` or `/Groups`.
pub(super) fn all(kind: ResourceType) -> MethodRouter<AppState> {
    get(async move |call: ApiRequest| list(&[kind], call).await)
        .post(async move |call: ApiRequest, body: RawBody| create(kind, call, body).await)
}

/// `/Users/{id}` or `/Groups/{id}`.
pub(super) fn one(kind: ResourceType) -> MethodRouter<AppState> {
    get(async move |call: ApiRequest, id: ResourceId| read(kind, call, id).await)
        .put(async move |call: ApiRequest, id: ResourceId, body: RawBody| replace(kind, call, id, body).await)
        .patch(async move |call: ApiRequest, id: ResourceId, body: RawBody| patch(kind, call, id, body).await)
        .delete(async move |call: ApiRequest, id: ResourceId| delete(kind, call, id).await)
}

/// `/.search`, `/Users/.search` or `/Groups/.search` (RFC 7644, section 3.4.3).
pub(super) fn search(kinds: &'static [ResourceType]) -> MethodRouter<AppState> {
    post(async move |call: ApiRequest, body: RawBody| {
        let JsonBody { object, mut notes } = body.read(&call.client.budget).await?;
        let request = SearchRequest::read(object, &mut notes)?;
        find_all(kinds, &call, None, request.parameters(), notes).await
    })
}

/// The root: resources of every kind (RFC 7644, section 3.4.2.1).
pub(super) fn root() -> MethodRouter<AppState> {
    get(async |call: ApiRequest| list(&[ResourceType::User, ResourceType::Group], call).await)
}

async fn list(kinds: &[ResourceType], mut call: ApiRequest) -> Result<Response, ApiError> {
    let prefetched = call.prefetched.take();
    find_all(kinds, &call, prefetched, call.parameters.pairs(), Normalizations::new()).await
}

async fn find_all<'a>(
    kinds: &[ResourceType],
    call: &ApiRequest,
    prefetched: Option<Prefetched>,
    pairs: impl Iterator<Item = (&'a str, &'a str)> + Clone,
    mut notes: Normalizations,
) -> Result<Response, ApiError> {
    let query = Query::read(kinds, pairs, &mut notes)?;
    let reader = ResourceReader::new(&call.state, &call.client.team, &call.client.budget);
    let (page, room) = list::list(&reader, &query, prefetched).await?;
    let is_whole = query.parts.iter().all(|part| part.projection.is_usual());
    let recorded = RequestNotes { notes: note_texts(&notes), ..RequestNotes::default() };
    Ok(recorded.on(json::list(page, is_whole, room).await?))
}

async fn read(kind: ResourceType, call: ApiRequest, id: ResourceId) -> Result<Response, ApiError> {
    let mut notes = Normalizations::new();
    let projection = projection(kind, &call, &mut notes)?;
    let reader = ResourceReader::new(&call.state, &call.client.team, &call.client.budget);
    let row = match call.prefetched.and_then(|prefetched| prefetched.with_id(id.as_str())) {
        Some(user) => user.map(ResourceRow::User),
        None => reader.one(kind, id.as_str()).await?,
    };
    let row = row.ok_or_else(|| id.not_found())?;
    let relation = match kind {
        ResourceType::User => "groups",
        ResourceType::Group => "members",
    };
    let mut room = PageBudget::new(&call.client.budget);
    let items = reader.fill(vec![row], projection.wants(relation), &mut room, None).await?;
    let item = items.into_iter().next().ok_or_else(ApiError::internal)?;
    let (status, item) = match call.precondition.check(Some(item.version()), true) {
        PreconditionOutcome::Proceed => (StatusCode::OK, item),
        PreconditionOutcome::NotModified => return Ok(not_modified(&item.version().to_string())),
        PreconditionOutcome::Failed => return Err(call.precondition.error(Some(item.version())).into()),
    };
    ScimResponse::with(status, item, false, notes, room).into_response(&projection).await
}

fn not_modified(tag: &str) -> Response {
    let mut response = json::empty(StatusCode::NOT_MODIFIED);
    if let Ok(tag) = tag.parse() {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}

async fn create(kind: ResourceType, call: ApiRequest, body: RawBody) -> Result<Response, ApiError> {
    let JsonBody { object, mut notes } = body.read(&call.client.budget).await?;
    let projection = projection(kind, &call, &mut notes)?;
    changes(&call).create(kind, object, notes).await?.into_response(&projection).await
}

async fn replace(kind: ResourceType, call: ApiRequest, id: ResourceId, body: RawBody) -> Result<Response, ApiError> {
    let JsonBody { object, mut notes } = body.read(&call.client.budget).await?;
    let projection = projection(kind, &call, &mut notes)?;
    let response = changes(&call).replace(kind, id.as_str(), object, call.precondition.clone(), notes).await;
    response.map_err(|error| error.about(&id))?.into_response(&projection).await
}

async fn patch(kind: ResourceType, call: ApiRequest, id: ResourceId, body: RawBody) -> Result<Response, ApiError> {
    let JsonBody { object, mut notes } = body.read(&call.client.budget).await?;
    let projection = projection(kind, &call, &mut notes)?;
    let wants_body = !projection.is_usual();
    let response = changes(&call).patch(kind, id.as_str(), object, call.precondition.clone(), notes, wants_body).await;
    response.map_err(|error| error.about(&id))?.into_response(&projection).await
}

async fn delete(kind: ResourceType, call: ApiRequest, id: ResourceId) -> Result<Response, ApiError> {
    let response = changes(&call).delete(kind, id.as_str(), call.precondition.clone()).await;
    response.map_err(|error| error.about(&id))?.into_response(&Projection::usual(kind)).await
}

fn changes(call: &ApiRequest) -> Changes<'_> {
    Changes { state: &call.state, client: &call.client, wants_resource: true }
}

/// Which attributes the answer holds.
fn projection(
    kind: ResourceType,
    call: &ApiRequest,
    notes: &mut Normalizations,
) -> Result<Projection, scim::ScimError> {
    let parameter = |wanted: &str| {
        call.parameters.pairs().find(|(name, _)| name.eq_ignore_ascii_case(wanted)).map(|(_, value)| value)
    };
    Projection::read(parameter("attributes"), parameter("excludedAttributes"), kind, notes)
}
