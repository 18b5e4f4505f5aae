//! `/Users` and `/Groups`: the same for both kinds of resources.

use super::{change::Changes, json, query::Query, resource_id::ResourceId, room::Room};
use crate::state::AppState;
use crate::{
    request_log::Recorded,
    scim_api::{
        error::Refusal,
        json_body::{Message, Sent},
        list,
        prefetch::Ahead,
        resource_reader::{Collection, Row},
        response::{Done, said},
        scim_request::Call,
    },
};
use axum::{
    http::{StatusCode, header},
    response::Response,
    routing::{MethodRouter, get, post},
};
use scim::{Kind, Notes, precondition::Outcome, projection::Projection, search::SearchRequest};

/// `/Users` or `/Groups`.
pub(super) fn all(kind: Kind) -> MethodRouter<AppState> {
    get(async move |call: Call| list(&[kind], call).await)
        .post(async move |call: Call, body: Sent| create(kind, call, body).await)
}

/// `/Users/{id}` or `/Groups/{id}`.
pub(super) fn one(kind: Kind) -> MethodRouter<AppState> {
    get(async move |call: Call, id: ResourceId| read(kind, call, id).await)
        .put(async move |call: Call, id: ResourceId, body: Sent| replace(kind, call, id, body).await)
        .patch(async move |call: Call, id: ResourceId, body: Sent| patch(kind, call, id, body).await)
        .delete(async move |call: Call, id: ResourceId| delete(kind, call, id).await)
}

/// `/.search`, `/Users/.search` or `/Groups/.search` (RFC 7644, section 3.4.3).
pub(super) fn search(kinds: &'static [Kind]) -> MethodRouter<AppState> {
    post(async move |call: Call, body: Sent| {
        let Message { object, mut notes } = body.read(&call.client.budget).await?;
        let request = SearchRequest::read(object, &mut notes)?;
        find_all(kinds, &call, None, request.parameters(), notes).await
    })
}

/// The root: resources of every kind (RFC 7644, section 3.4.2.1).
pub(super) fn root() -> MethodRouter<AppState> {
    get(async |call: Call| list(&[Kind::User, Kind::Group], call).await)
}

async fn list(kinds: &[Kind], mut call: Call) -> Result<Response, Refusal> {
    let ahead = call.ahead.take();
    find_all(kinds, &call, ahead, call.parameters.pairs(), Notes::new()).await
}

async fn find_all<'a>(
    kinds: &[Kind],
    call: &Call,
    ahead: Option<Ahead>,
    pairs: impl Iterator<Item = (&'a str, &'a str)> + Clone,
    mut notes: Notes,
) -> Result<Response, Refusal> {
    let query = Query::read(kinds, pairs, &mut notes)?;
    let collection = Collection::new(&call.state, &call.client.team, &call.client.budget);
    let (page, room) = list::list(&collection, &query, ahead).await?;
    let is_whole = query.parts.iter().all(|part| part.projection.is_usual());
    let recorded = Recorded { notes: said(&notes), ..Recorded::default() };
    Ok(recorded.on(json::list(page, is_whole, room).await?))
}

async fn read(kind: Kind, call: Call, id: ResourceId) -> Result<Response, Refusal> {
    let mut notes = Notes::new();
    let projection = projection(kind, &call, &mut notes)?;
    let collection = Collection::new(&call.state, &call.client.team, &call.client.budget);
    let row = match call.ahead.and_then(|ahead| ahead.with_id(id.as_str())) {
        Some(user) => user.map(Row::User),
        None => collection.one(kind, id.as_str()).await?,
    };
    let row = row.ok_or_else(|| id.not_found())?;
    let relation = match kind {
        Kind::User => "groups",
        Kind::Group => "members",
    };
    let mut room = Room::new(&call.client.budget);
    let items = collection.fill(vec![row], projection.wants(relation), &mut room, None).await?;
    let item = items.into_iter().next().ok_or_else(Refusal::internal)?;
    let (status, item) = match call.precondition.check(Some(item.version()), true) {
        Outcome::Proceed => (StatusCode::OK, item),
        Outcome::NotModified => return Ok(not_modified(&item.version().to_string())),
        Outcome::Failed => return Err(call.precondition.error(Some(item.version())).into()),
    };
    Done::with(status, item, false, notes, room).answer(&projection).await
}

fn not_modified(tag: &str) -> Response {
    let mut response = json::empty(StatusCode::NOT_MODIFIED);
    if let Ok(tag) = tag.parse() {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}

async fn create(kind: Kind, call: Call, body: Sent) -> Result<Response, Refusal> {
    let Message { object, mut notes } = body.read(&call.client.budget).await?;
    let projection = projection(kind, &call, &mut notes)?;
    changes(&call).create(kind, object, notes).await?.answer(&projection).await
}

async fn replace(kind: Kind, call: Call, id: ResourceId, body: Sent) -> Result<Response, Refusal> {
    let Message { object, mut notes } = body.read(&call.client.budget).await?;
    let projection = projection(kind, &call, &mut notes)?;
    let done = changes(&call).replace(kind, id.as_str(), object, call.precondition.clone(), notes).await;
    done.map_err(|refusal| refusal.about(&id))?.answer(&projection).await
}

async fn patch(kind: Kind, call: Call, id: ResourceId, body: Sent) -> Result<Response, Refusal> {
    let Message { object, mut notes } = body.read(&call.client.budget).await?;
    let projection = projection(kind, &call, &mut notes)?;
    let wants_body = !projection.is_usual();
    let done = changes(&call).patch(kind, id.as_str(), object, call.precondition.clone(), notes, wants_body).await;
    done.map_err(|refusal| refusal.about(&id))?.answer(&projection).await
}

async fn delete(kind: Kind, call: Call, id: ResourceId) -> Result<Response, Refusal> {
    let done = changes(&call).delete(kind, id.as_str(), call.precondition.clone()).await;
    done.map_err(|refusal| refusal.about(&id))?.answer(&Projection::usual(kind)).await
}

fn changes(call: &Call) -> Changes<'_> {
    Changes { state: &call.state, client: &call.client, is_answered: true }
}

/// Which attributes the answer holds.
fn projection(kind: Kind, call: &Call, notes: &mut Notes) -> Result<Projection, scim::Error> {
    let parameter = |wanted: &str| {
        call.parameters.pairs().find(|(name, _)| name.eq_ignore_ascii_case(wanted)).map(|(_, value)| value)
    };
    Projection::read(parameter("attributes"), parameter("excludedAttributes"), kind, notes)
}
