//! `/Users` and `/Groups`: the same for both kinds of resources.

use super::{change::Changes, json, query::Query, resource_id::ResourceId};
use crate::{
    request_log::RequestNotes,
    scim_api::{
        api_request::ApiRequest,
        error::ApiError,
        json_body::{JsonBody, RawBody},
        list,
        page_budget::PageBudget,
        prefetch::Prefetched,
        resource_reader::ResourceReader,
        response::{ScimResponse, note_texts},
    },
    state::AppState,
};
use axum::{
    http::{StatusCode, header},
    response::Response,
    routing::{MethodRouter, get, post},
};
use scim::{
    Normalizations, ResourceType, precondition::PreconditionOutcome, projection::Projection, search::SearchRequest,
};
use store::ScimResource;

/// `/Users` or `/Groups`.
pub(super) fn all(kind: ResourceType) -> MethodRouter<AppState> {
    get(async move |request: ApiRequest| list(&[kind], request).await)
        .post(async move |request: ApiRequest, body: RawBody| create(kind, request, body).await)
}

/// `/Users/{id}` or `/Groups/{id}`.
pub(super) fn one(kind: ResourceType) -> MethodRouter<AppState> {
    get(async move |request: ApiRequest, id: ResourceId| read(kind, request, id).await)
        .put(async move |request: ApiRequest, id: ResourceId, body: RawBody| replace(kind, request, id, body).await)
        .patch(async move |request: ApiRequest, id: ResourceId, body: RawBody| patch(kind, request, id, body).await)
        .delete(async move |request: ApiRequest, id: ResourceId| delete(kind, request, id).await)
}

/// `/.search`, `/Users/.search` or `/Groups/.search` (RFC 7644, section 3.4.3).
pub(super) fn search(kinds: &'static [ResourceType]) -> MethodRouter<AppState> {
    post(async move |request: ApiRequest, body: RawBody| {
        let JsonBody { object, mut notes } = body.read(&request.client.budget).await?;
        let search = SearchRequest::read(object, &mut notes)?;
        search_resources(kinds, &request, None, search.parameters(), notes).await
    })
}

/// The root: resources of every kind (RFC 7644, section 3.4.2.1).
pub(super) fn root() -> MethodRouter<AppState> {
    get(async |request: ApiRequest| list(&[ResourceType::User, ResourceType::Group], request).await)
}

async fn list(kinds: &[ResourceType], mut request: ApiRequest) -> Result<Response, ApiError> {
    let prefetched = request.prefetched.take();
    search_resources(kinds, &request, prefetched, request.parameters.pairs(), Normalizations::new()).await
}

async fn search_resources<'a>(
    kinds: &[ResourceType],
    request: &ApiRequest,
    prefetched: Option<Prefetched>,
    pairs: impl Iterator<Item = (&'a str, &'a str)> + Clone,
    mut notes: Normalizations,
) -> Result<Response, ApiError> {
    let query = Query::read(kinds, pairs, &mut notes)?;
    let reader = ResourceReader::new(&request.state, &request.client.team, &request.client.budget);
    let (page, page_budget) = list::list(&reader, &query, prefetched).await?;
    let is_whole = query.parts.iter().all(|part| part.projection.is_usual());
    let request_notes = RequestNotes { notes: note_texts(&notes), ..RequestNotes::default() };
    Ok(request_notes.on(json::write_list(page, is_whole, page_budget).await?))
}

async fn read(kind: ResourceType, request: ApiRequest, id: ResourceId) -> Result<Response, ApiError> {
    let mut notes = Normalizations::new();
    let projection = projection(kind, &request, &mut notes)?;
    let reader = ResourceReader::new(&request.state, &request.client.team, &request.client.budget);
    let row = match request.prefetched.and_then(|prefetched| prefetched.with_id(id.as_str())) {
        Some(user) => user.map(ScimResource::User),
        None => reader.read_one(kind, id.as_str()).await?,
    };
    let row = row.ok_or_else(|| id.not_found())?;
    let relation = match kind {
        ResourceType::User => "groups",
        ResourceType::Group => "members",
    };
    let mut page_budget = PageBudget::new(&request.client.budget);
    let resources = reader.add_relations(vec![row], projection.wants(relation), &mut page_budget, None).await?;
    let resource = resources.into_iter().next().ok_or_else(ApiError::internal)?;
    let (status, resource) = match request.precondition.check(Some(resource.version()), true) {
        PreconditionOutcome::Proceed => (StatusCode::OK, resource),
        PreconditionOutcome::NotModified => return Ok(not_modified(&resource.version().to_string())),
        PreconditionOutcome::Failed => return Err(request.precondition.error(Some(resource.version())).into()),
    };
    ScimResponse::with(status, resource, false, notes, page_budget).into_response(&projection).await
}

fn not_modified(tag: &str) -> Response {
    let mut response = json::empty(StatusCode::NOT_MODIFIED);
    if let Ok(tag) = tag.parse() {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}

async fn create(kind: ResourceType, request: ApiRequest, body: RawBody) -> Result<Response, ApiError> {
    let JsonBody { object, mut notes } = body.read(&request.client.budget).await?;
    let projection = projection(kind, &request, &mut notes)?;
    changes(&request).create(kind, object, notes).await?.into_response(&projection).await
}

async fn replace(kind: ResourceType, request: ApiRequest, id: ResourceId, body: RawBody) -> Result<Response, ApiError> {
    let JsonBody { object, mut notes } = body.read(&request.client.budget).await?;
    let projection = projection(kind, &request, &mut notes)?;
    let response = changes(&request).replace(kind, id.as_str(), object, request.precondition.clone(), notes).await;
    response.map_err(|error| id.spell_in(error))?.into_response(&projection).await
}

async fn patch(kind: ResourceType, request: ApiRequest, id: ResourceId, body: RawBody) -> Result<Response, ApiError> {
    let JsonBody { object, mut notes } = body.read(&request.client.budget).await?;
    let projection = projection(kind, &request, &mut notes)?;
    let wants_body = !projection.is_usual();
    let response =
        changes(&request).patch(kind, id.as_str(), object, request.precondition.clone(), notes, wants_body).await;
    response.map_err(|error| id.spell_in(error))?.into_response(&projection).await
}

async fn delete(kind: ResourceType, request: ApiRequest, id: ResourceId) -> Result<Response, ApiError> {
    let response = changes(&request).delete(kind, id.as_str(), request.precondition.clone()).await;
    response.map_err(|error| id.spell_in(error))?.into_response(&Projection::usual(kind)).await
}

fn changes(request: &ApiRequest) -> Changes<'_> {
    Changes { state: &request.state, client: &request.client, wants_resource: true }
}

/// The projection that the query parameters request.
fn projection(
    kind: ResourceType,
    request: &ApiRequest,
    notes: &mut Normalizations,
) -> Result<Projection, scim::ScimError> {
    let parameter = |wanted: &str| {
        request.parameters.pairs().find(|(name, _)| name.eq_ignore_ascii_case(wanted)).map(|(_, value)| value)
    };
    Projection::read(parameter("attributes"), parameter("excludedAttributes"), kind, notes)
}
