//! `/Users` and `/Groups`: the same for both kinds of resources.

use super::{
    api_request::ApiRequest,
    json, list,
    page_budget::PageBudget,
    prefetch::Prefetch,
    query::Query,
    resource_reader::ResourceReader,
    response::{self, note_texts},
};
use crate::{request_log::RequestNotes, scim_api::error::ApiError, scim_sync::Applied, state::AppState};
use axum::{
    http::StatusCode,
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
        .post(async move |request: ApiRequest| create(kind, request).await)
}

/// `/Users/{id}` or `/Groups/{id}`.
pub(super) fn one(kind: ResourceType) -> MethodRouter<AppState> {
    get(async move |request: ApiRequest| read(kind, request).await)
        .put(async move |request: ApiRequest| replace(kind, request).await)
        .patch(async move |request: ApiRequest| patch(kind, request).await)
        .delete(async move |request: ApiRequest| delete(kind, request).await)
}

/// `/.search`, `/Users/.search` or `/Groups/.search` (RFC 7644, section 3.4.3).
pub(super) fn search(kinds: &'static [ResourceType]) -> MethodRouter<AppState> {
    post(async move |request: ApiRequest| {
        let (object, mut notes) = request.json().await?;
        let search = SearchRequest::read(object, &mut notes)?;
        search_resources(kinds, &request, Prefetch::None, search.parameters(), notes).await
    })
}

/// The root: resources of every kind (RFC 7644, section 3.4.2.1).
pub(super) fn root() -> MethodRouter<AppState> {
    get(async |request: ApiRequest| list(&[ResourceType::User, ResourceType::Group], request).await)
}

async fn list(kinds: &[ResourceType], mut request: ApiRequest) -> Result<Response, ApiError> {
    let prefetch = std::mem::take(&mut request.prefetch);
    search_resources(kinds, &request, prefetch, request.parameters(), Normalizations::new()).await
}

async fn search_resources<'a>(
    kinds: &[ResourceType],
    request: &ApiRequest,
    prefetch: Prefetch,
    pairs: impl Iterator<Item = (&'a str, &'a str)> + Clone,
    mut notes: Normalizations,
) -> Result<Response, ApiError> {
    let query = Query::read(kinds, pairs, &mut notes)?;
    let reader = ResourceReader::new(&request.state, &request.caller.team, &request.budget);
    let (page, page_budget) = list::list(&reader, &query, prefetch).await?;
    let is_whole = query.parts.iter().all(|part| part.projection.is_usual());
    let request_notes = RequestNotes { notes: note_texts(&notes), ..RequestNotes::default() };
    Ok(request_notes.on(json::write_list(page, is_whole, page_budget).await?))
}

async fn read(kind: ResourceType, mut request: ApiRequest) -> Result<Response, ApiError> {
    let id = request.id()?;
    let mut notes = Normalizations::new();
    let projection = request.projection(kind, &mut notes)?;
    let reader = ResourceReader::new(&request.state, &request.caller.team, &request.budget);
    let row = match std::mem::take(&mut request.prefetch).with_id(&id) {
        Some(user) => user.map(ScimResource::User),
        None => reader.read_one(kind, &id).await?,
    };
    let row = row.ok_or_else(|| request.not_found())?;
    let relation = match kind {
        ResourceType::User => "groups",
        ResourceType::Group => "members",
    };
    let mut page_budget = PageBudget::new(&request.budget);
    let resources = reader.add_relations(vec![row], projection.wants(relation), &mut page_budget, None).await?;
    let resource = resources.into_iter().next().ok_or_else(ApiError::internal)?;
    let version = resource.version();
    match request.precondition.check(Some(version), true) {
        PreconditionOutcome::Proceed => {
            response::with_resource(StatusCode::OK, resource, &projection, page_budget, false, &notes).await
        }
        PreconditionOutcome::NotModified => Ok(response::not_modified(version)),
        PreconditionOutcome::Failed => Err(request.precondition.error(Some(version)).into()),
    }
}

async fn create(kind: ResourceType, request: ApiRequest) -> Result<Response, ApiError> {
    let (object, mut notes) = request.json().await?;
    let projection = request.projection(kind, &mut notes)?;
    let applied = request.create(kind, object, notes).await?;
    respond(&request, StatusCode::CREATED, applied, &projection).await
}

async fn replace(kind: ResourceType, request: ApiRequest) -> Result<Response, ApiError> {
    let id = request.id()?;
    let (object, mut notes) = request.json().await?;
    let projection = request.projection(kind, &mut notes)?;
    let applied = request.replace(kind, &id, object, request.precondition.clone(), notes).await;
    let applied = applied.map_err(|error| request.spell_id(error))?;
    respond(&request, StatusCode::OK, applied, &projection).await
}

/// The response for a Group has no body unless a projection was requested, because the group may have ten thousand members.
async fn patch(kind: ResourceType, request: ApiRequest) -> Result<Response, ApiError> {
    let id = request.id()?;
    let (object, mut notes) = request.json().await?;
    let projection = request.projection(kind, &mut notes)?;
    let applied = request.patch(kind, &id, object, request.precondition.clone(), notes).await;
    let applied = applied.map_err(|error| request.spell_id(error))?;
    if kind == ResourceType::Group && projection.is_usual() {
        return Ok(response::without_body(id, &applied));
    }
    respond(&request, StatusCode::OK, applied, &projection).await
}

async fn delete(kind: ResourceType, request: ApiRequest) -> Result<Response, ApiError> {
    let id = request.id()?;
    let applied = request.delete(kind, &id, request.precondition.clone()).await;
    let applied = applied.map_err(|error| request.spell_id(error))?;
    Ok(response::without_body(id, &applied))
}

/// Responds with the changed resource and its groups or members.
async fn respond(
    request: &ApiRequest,
    status: StatusCode,
    applied: Applied,
    projection: &Projection,
) -> Result<Response, ApiError> {
    let Applied { resource, changed, notes } = applied;
    // The change is committed, so the budget must not reject the rest of the work.
    let budget = request.budget.after_change();
    let reader = ResourceReader::new(&request.state, &request.caller.team, &budget);
    let mut page_budget = PageBudget::new(&budget);
    let resources = reader.add_relations(resource.into_iter().collect(), true, &mut page_budget, None).await?;
    let resource = resources.into_iter().next().ok_or_else(ApiError::internal)?;
    response::with_resource(status, resource, projection, page_budget, changed, &notes).await
}
