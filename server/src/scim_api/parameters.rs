//! Query parameters. Unknown parameters are ignored, because Entra ID sends `?aadOptscim062020` with every request.

use axum::{
    extract::{FromRequestParts, Query},
    http::{Uri, request::Parts},
};
use std::convert::Infallible;

/// Decoded parameters.
#[derive(Debug)]
pub(super) struct Parameters(Vec<(String, String)>);

impl Parameters {
    /// Reads the query of a URL. Bytes that are not UTF-8 are replaced.
    pub(super) fn of(uri: &Uri) -> Self {
        Self(Query::try_from_uri(uri).map(|Query(pairs)| pairs).unwrap_or_default())
    }

    pub(super) fn pairs(&self) -> impl Iterator<Item = (&str, &str)> + Clone {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    pub(super) fn has_filter(&self) -> bool {
        self.0.iter().any(|(name, _)| name.eq_ignore_ascii_case("filter"))
    }
}

impl<S: Sync> FromRequestParts<S> for Parameters {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of(&parts.uri))
    }
}
