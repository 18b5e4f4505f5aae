//! What a handler knows of its request.

use super::{client::Client, parameters::Parameters};
use crate::scim_api::{error::Refusal, prefetch::Ahead};
use crate::state::AppState;
use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, HeaderName, header, request::Parts},
};
use scim::Precondition;

/// A request that came through the gate.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) state: AppState,
    pub(super) client: Client,
    pub(super) parameters: Parameters,
    pub(super) precondition: Precondition,
    /// What was read beside the key.
    pub(super) ahead: Option<Ahead>,
}

impl FromRequestParts<AppState> for Call {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Refusal> {
        let parameters = Parameters::of(&parts.uri);
        let client = parts.extensions.remove::<Client>().ok_or_else(Refusal::internal)?;
        let (if_match, if_none_match) =
            (joined(&parts.headers, header::IF_MATCH), joined(&parts.headers, header::IF_NONE_MATCH));
        let precondition = Precondition::read(if_match.as_deref(), if_none_match.as_deref());
        let ahead = parts.extensions.remove::<Ahead>();
        Ok(Self { state: state.clone(), client, parameters, precondition, ahead })
    }
}

/// The values of a header that may stand several times.
fn joined(headers: &HeaderMap, name: HeaderName) -> Option<String> {
    let values: Vec<_> = headers.get_all(name).iter().map(|value| String::from_utf8_lossy(value.as_bytes())).collect();
    (!values.is_empty()).then(|| values.join(", "))
}
