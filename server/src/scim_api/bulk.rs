//! `/Bulk` (RFC 7644, section 3.7). Each operation is an independent change.

use super::{api_request::ApiRequest, error::ApiError, json, response::note_texts};
use crate::{budget::Budget, request_log::RequestNotes};
use axum::{http::StatusCode, response::Response};
use scim::{
    Normalizations, Precondition, ResourceType, ScimError, Version,
    bulk::{
        BulkOperation, BulkPhase, BulkRequest, BulkResponse, Id, MAX_OPERATIONS, Method, OperationResponse, Request,
    },
    resource::About,
};
use std::{collections::HashMap, time::Duration};

/// A successful operation.
struct CompletedOperation {
    id: String,
    status: StatusCode,
    version: Option<Version>,
    /// Whether anything changed.
    changed: bool,
}

/// The time limit of all operations of one request. Later operations are answered with 503, because the limit of every
/// request (30 s) would discard the response.
const TIME: Duration = Duration::from_secs(25);

pub(super) async fn run(api_request: ApiRequest) -> Result<Response, ApiError> {
    let budget = &api_request.budget;
    budget.extend(TIME);
    let (object, mut notes) = api_request.json().await?;
    let planned = move |_: &Budget| {
        let mut request = BulkRequest::read(object, MAX_OPERATIONS, &mut notes)?;
        let steps = request.plan();
        Ok::<_, ApiError>((request, steps, notes))
    };
    let (request, steps, notes) = budget.compute_for(api_request.body_size(), planned).await?;
    // All tokens or none, because a client that has to wait repeats the whole request.
    let (rate, now) = (api_request.state.config.scim_rate, api_request.state.clock.now());
    let tokens =
        api_request.state.rate_limit().take_operations(&api_request.caller.key_id, request.operations.len(), now);
    tokens.map_err(|error| ApiError::over_rate(rate, error))?;
    let base = api_request.state.config.scim_base_url();
    let mut ids: HashMap<String, String> = HashMap::new();
    let mut outcomes: Vec<Option<Result<CompletedOperation, ScimError>>> =
        request.operations.iter().map(|_| None).collect();
    let (mut errors, mut changed) = (0_u64, false);
    for step in steps {
        let Some(operation) = request.operations.get(step.operation) else { continue };
        let Some(outcome) = outcomes.get_mut(step.operation) else { continue };
        // A resource that was not created gets no references either.
        if matches!(outcome, Some(Err(_))) {
            continue;
        }
        let created_id = match outcome {
            Some(Ok(completed)) => Some(completed.id.clone()),
            _ => None,
        };
        // Each operation counts as a request, so the limits of requests are checked here.
        let result = match budget.check() {
            Ok(()) => execute(&api_request, operation, &step.phase, created_id, &ids).await,
            Err(over) => Err(ApiError::from(over).into_error()),
        };
        if let (Ok(completed), Some(bulk_id)) = (&result, &operation.bulk_id) {
            ids.insert(bulk_id.clone(), completed.id.clone());
        }
        errors += u64::from(result.is_err());
        changed |= result.as_ref().is_ok_and(|completed| completed.changed);
        *outcome = Some(match (outcome.take(), result) {
            // A resource created in two steps keeps the status of the first.
            (Some(Ok(first)), Ok(second)) => Ok(CompletedOperation { status: first.status, ..second }),
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
            Ok(completed) => {
                OperationResponse::done(operation, completed.status.as_u16(), url(&completed.id), completed.version)
            }
            Err(error) => OperationResponse::failed(operation, sent_id(operation).map(url), error),
        })
    });
    let response = BulkResponse::new(responses.collect());
    // A request with failures has a log entry of its own, beside those of its changes.
    let changed = changed && failures.is_empty();
    let request_notes = RequestNotes { notes: note_texts(&notes), changed, failures, ..RequestNotes::default() };
    Ok(request_notes.on(json::write(StatusCode::OK, &response)))
}

/// The log lines about failed operations: one with their count, then one per operation.
fn failures(operations: &[BulkOperation], outcomes: &[Option<Result<CompletedOperation, ScimError>>]) -> Vec<String> {
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
    let target = operation.request.as_ref().map_or_else(
        |_| operation.method.clone(),
        |request| {
            let id = match &request.id {
                Some(Id::Existing(id)) => ["/", id].concat(),
                Some(Id::BulkId(bulk_id)) => ["/bulkId:", bulk_id].concat(),
                None => String::new(),
            };
            let resource_name =
                ["userName", "displayName"].into_iter().find_map(|name| request.data.get(name)?.as_str());
            let name = resource_name.map(|name| [" ", name].concat()).unwrap_or_default();
            [request.method.as_str(), " /", request.kind.endpoint(), &id, &name].concat()
        },
    );
    format!("{target}: {}, {error}", error.status())
}

async fn execute(
    api_request: &ApiRequest,
    operation: &BulkOperation,
    phase: &BulkPhase,
    created_id: Option<String>,
    ids: &HashMap<String, String>,
) -> Result<CompletedOperation, ScimError> {
    let request = operation.request.clone()?;
    let request = match phase {
        BulkPhase::Whole | BulkPhase::References => request.resolved(ids)?,
        BulkPhase::WithoutReferences(later) => request.without(later).resolved(ids)?,
    };
    let completed = match (phase, created_id) {
        (BulkPhase::References, Some(id)) => {
            let request = Request { method: Method::Put, id: Some(Id::Existing(id)), ..request };
            execute_request(api_request, request, Precondition::default()).await
        }
        _ => execute_request(api_request, request, Precondition::of_version(operation.version.as_deref())).await,
    };
    completed.map_err(ApiError::into_error)
}

async fn execute_request(
    api_request: &ApiRequest,
    request: Request,
    precondition: Precondition,
) -> Result<CompletedOperation, ApiError> {
    let Request { method, kind, id, data } = request;
    let id = match id {
        Some(Id::Existing(id) | Id::BulkId(id)) => id.to_ascii_lowercase(),
        None => String::new(),
    };
    let notes = Normalizations::new();
    let (status, applied) = match method {
        Method::Post => (StatusCode::CREATED, api_request.create(kind, data, notes).await?),
        Method::Put => (StatusCode::OK, api_request.replace(kind, &id, data, precondition, notes).await?),
        Method::Patch => {
            // As for a request of its own, the response for a Group has no body.
            let status = if kind == ResourceType::Group { StatusCode::NO_CONTENT } else { StatusCode::OK };
            (status, api_request.patch(kind, &id, data, precondition, notes).await?)
        }
        Method::Delete => (StatusCode::NO_CONTENT, api_request.delete(kind, &id, precondition).await?),
    };
    Ok(match applied.resource {
        Some(resource) => CompletedOperation {
            id: resource.id().to_owned(),
            status,
            version: Some(Version(resource.version())),
            changed: applied.changed,
        },
        None => CompletedOperation { id, status, version: None, changed: applied.changed },
    })
}

/// The id in the operation's path.
fn sent_id(operation: &BulkOperation) -> Option<&str> {
    match &operation.request.as_ref().ok()?.id {
        Some(Id::Existing(id)) => Some(id),
        _ => None,
    }
}

fn location(base: &str, operation: &BulkOperation, id: &str) -> String {
    let about = About { base, id, created: 0, last_modified: 0, version: 0 };
    operation.request.as_ref().map(|request| about.location(request.kind)).unwrap_or_default()
}
