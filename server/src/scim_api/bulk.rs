//! `/Bulk` (RFC 7644, section 3.7): each operation is a change of its own, as if it had come alone.

use super::{change::Changes, json};
use crate::budget::Budget;
use crate::{
    request_log::RequestNotes,
    scim_api::{
        api_request::ApiRequest,
        error::ApiError,
        json_body::{JsonBody, RawBody},
        response::{ScimResponse, note_texts},
    },
};
use axum::{http::StatusCode, response::Response};
use scim::{
    Normalizations, Precondition, ScimError, Version,
    bulk::{
        BulkOperation, BulkPhase, BulkRequest, BulkResponse, Id, MAX_OPERATIONS, Method, OperationResponse, Request,
    },
    resource::About,
};
use std::{collections::HashMap, time::Duration};

/// What became of an operation so far.
struct Made {
    id: String,
    status: StatusCode,
    version: Option<Version>,
    /// Is anything different from before?
    changed: bool,
}

/// How long the operations of one request may take. What is not done then is answered with 503, before the limit for
/// every request (30 s) takes the answer away.
const TIME: Duration = Duration::from_secs(25);

pub(super) async fn run(call: ApiRequest, body: RawBody) -> Result<Response, ApiError> {
    let budget = &call.client.budget;
    budget.extend(TIME);
    let bytes = body.len();
    let JsonBody { object, mut notes } = body.read(budget).await?;
    let planned = move |_: &Budget| {
        let mut request = BulkRequest::read(object, MAX_OPERATIONS, &mut notes)?;
        let steps = request.plan();
        Ok::<_, ApiError>((request, steps, notes))
    };
    let (request, steps, notes) = budget.compute_for(bytes, planned).await?;
    // All or none: whoever is told to wait repeats the request as it is, so none of it may have been done.
    let (rate, now) = (call.state.config.scim_rate, call.state.clock.now());
    let tokens = call.state.rate_limit().take_operations(&call.client.key, request.operations.len(), now);
    tokens.map_err(|error| ApiError::over_rate(rate, error))?;
    let changes = Changes { state: &call.state, client: &call.client, wants_resource: false };
    let base = call.state.config.scim_base_url();
    let mut made: HashMap<String, String> = HashMap::new();
    let mut outcomes: Vec<Option<Result<Made, ScimError>>> = request.operations.iter().map(|_| None).collect();
    let (mut errors, mut changed) = (0_u64, false);
    for step in steps {
        let Some(operation) = request.operations.get(step.operation) else { continue };
        let Some(outcome) = outcomes.get_mut(step.operation) else { continue };
        // A resource that could not be made does not get its references either.
        if matches!(outcome, Some(Err(_))) {
            continue;
        }
        let earlier = match outcome {
            Some(Ok(made)) => Some(made.id.clone()),
            _ => None,
        };
        // Each operation counts as a request: what limits requests is asked here.
        let result = match budget.check() {
            Ok(()) => one(changes, operation, &step.phase, earlier, &made).await,
            Err(over) => Err(ApiError::from(over).into_error()),
        };
        if let (Ok(made_now), Some(bulk_id)) = (&result, &operation.bulk_id) {
            made.insert(bulk_id.clone(), made_now.id.clone());
        }
        errors += u64::from(result.is_err());
        changed |= result.as_ref().is_ok_and(|made| made.changed);
        *outcome = Some(match (outcome.take(), result) {
            // Made in two steps, it was made all the same.
            (Some(Ok(first)), Ok(second)) => Ok(Made { status: first.status, ..second }),
            (_, result) => result,
        });
        if request.fail_on_errors.is_some_and(|most| errors >= most) {
            break;
        }
    }
    let failures = failures(&request.operations, &outcomes);
    let responses = request.operations.iter().zip(outcomes).filter_map(|(operation, outcome)| {
        let url = |id: &str| location(&base, operation, id);
        Some(match outcome? {
            Ok(made) => OperationResponse::done(operation, made.status.as_u16(), url(&made.id), made.version),
            Err(error) => OperationResponse::failed(operation, sent_id(operation).map(url), error),
        })
    });
    let response = BulkResponse::new(responses.collect());
    // Where something failed, the request is a line of its own in the log, beside what it changed.
    let changed = changed && failures.is_empty();
    let recorded = RequestNotes { notes: note_texts(&notes), changed, failures, ..RequestNotes::default() };
    Ok(recorded.on(json::write(StatusCode::OK, &response)))
}

/// What the log says of the operations that failed, a line each after one about all of them.
fn failures(operations: &[BulkOperation], outcomes: &[Option<Result<Made, ScimError>>]) -> Vec<String> {
    let failed = operations.iter().zip(outcomes).filter_map(|(operation, outcome)| match outcome {
        Some(Err(error)) => Some(failure(operation, error)),
        _ => None,
    });
    let mut lines: Vec<String> = failed.collect();
    if !lines.is_empty() {
        lines.insert(0, format!("{} of {} operations failed", lines.len(), operations.len()));
    }
    lines
}

/// "POST /Users grace@acme.test: 409, userName: another User of this team has this value".
fn failure(operation: &BulkOperation, error: &ScimError) -> String {
    let what = operation.request.as_ref().map_or_else(
        |_| operation.method.clone(),
        |request| {
            let id = match &request.id {
                Some(Id::Known(id)) => ["/", id].concat(),
                Some(Id::Made(bulk_id)) => ["/bulkId:", bulk_id].concat(),
                None => String::new(),
            };
            let named = ["userName", "displayName"].into_iter().find_map(|name| request.data.get(name)?.as_str());
            let name = named.map(|name| [" ", name].concat()).unwrap_or_default();
            [request.method.as_str(), " /", request.kind.endpoint(), &id, &name].concat()
        },
    );
    format!("{what}: {}, {error}", error.status())
}

async fn one(
    changes: Changes<'_>,
    operation: &BulkOperation,
    phase: &BulkPhase,
    earlier: Option<String>,
    made: &HashMap<String, String>,
) -> Result<Made, ScimError> {
    let request = operation.request.clone()?;
    let request = match phase {
        BulkPhase::Whole | BulkPhase::References => request.resolved(made)?,
        BulkPhase::WithoutReferences(later) => request.without(later).resolved(made)?,
    };
    let precondition = Precondition::of_version(operation.version.as_deref());
    let done = match (phase, earlier) {
        (BulkPhase::References, Some(id)) => {
            let notes = Normalizations::new();
            changes.replace(request.kind, &id, request.data, Precondition::default(), notes).await
        }
        _ => alone(changes, request, precondition).await,
    };
    let done = done.map_err(ApiError::into_error)?;
    let id = done.id.unwrap_or_default();
    Ok(Made { id, status: done.status, version: done.version, changed: done.changed })
}

async fn alone(changes: Changes<'_>, request: Request, precondition: Precondition) -> Result<ScimResponse, ApiError> {
    let Request { method, kind, id, data } = request;
    let id = match id {
        Some(Id::Known(id) | Id::Made(id)) => id.to_ascii_lowercase(),
        None => String::new(),
    };
    let notes = Normalizations::new();
    match method {
        Method::Post => changes.create(kind, data, notes).await,
        Method::Put => changes.replace(kind, &id, data, precondition, notes).await,
        Method::Patch => changes.patch(kind, &id, data, precondition, notes, false).await,
        Method::Delete => changes.delete(kind, &id, precondition).await,
    }
}

/// The id that an operation's path names.
fn sent_id(operation: &BulkOperation) -> Option<&str> {
    match &operation.request.as_ref().ok()?.id {
        Some(Id::Known(id)) => Some(id),
        _ => None,
    }
}

fn location(base: &str, operation: &BulkOperation, id: &str) -> String {
    let about = About { base, id, created: 0, last_modified: 0, version: 0 };
    operation.request.as_ref().map(|request| about.location(request.kind)).unwrap_or_default()
}
