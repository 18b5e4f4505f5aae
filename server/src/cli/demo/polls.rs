//! What an identity provider asks all day long, and what is refused to those who ask wrongly.

use crate::{ids, scim_sync::Caller};
use domain::{UnixMs, scim_client::RequestOrigin, scim_operation::ScimOperation};
use store::{ScimRequest, TeamRow};

/// How Okta calls itself.
const USER_AGENT: &str = "Okta SCIM Client 1.0.0";
/// One look at the first page of everybody.
pub(super) fn list(team: &TeamRow, by: &Caller, at: UnixMs) -> ScimRequest {
    ScimRequest {
        id: ids::next(at),
        team: team.id.clone(),
        at,
        key: by.key_id.clone(),
        key_name: by.key_name.clone(),
        address: by.address.clone(),
        user_agent: Some(USER_AGENT.to_owned()),
        method: "GET".to_owned(),
        path: "/scim/v2/Users?startIndex=1&count=200".to_owned(),
        operation: ScimOperation::UserList.name().to_owned(),
        target: None,
        target_name: None,
        status: 200,
        micros: 2_400 + at.rem_euclid(1_700),
        detail: None,
        notes: Vec::new(),
        request: None,
        answer: None,
        changed: false,
        origin: RequestOrigin::Provider,
    }
}

/// A report that somebody wrote against the API, with an attribute that nobody filters by.
pub(super) fn refused(team: &TeamRow, by: &Caller, at: UnixMs) -> Option<ScimRequest> {
    let filter = r#"hireDate gt "2026-01-01""#;
    let error = scim::Filter::parse(filter, scim::ResourceType::User, &mut scim::Normalizations::new()).err()?;
    Some(ScimRequest {
        user_agent: Some("directory-report/0.3".to_owned()),
        path: format!("/scim/v2/Users?filter={filter}"),
        status: error.status().into(),
        micros: 600,
        detail: Some(error.to_string()),
        answer: serde_json::to_string(&error).ok(),
        ..list(team, by, at)
    })
}
