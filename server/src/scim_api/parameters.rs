//! Query parameters. Unknown parameters are ignored, because Entra ID sends `?aadOptscim062020` with every request.

use axum::{extract::Query, http::Uri};

/// The decoded parameters of a URL. Bytes that are not UTF-8 are replaced.
pub(super) fn of(uri: &Uri) -> Vec<(String, String)> {
    Query::try_from_uri(uri).map(|Query(pairs)| pairs).unwrap_or_default()
}

pub(super) fn pairs(parameters: &[(String, String)]) -> impl Iterator<Item = (&str, &str)> + Clone {
    parameters.iter().map(|(name, value)| (name.as_str(), value.as_str()))
}
