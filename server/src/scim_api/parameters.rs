//! The query of a URL. Parameters that are not known are ignored: Entra ID sends `?aadOptscim062020` with every request.

use axum::{
    extract::{FromRequestParts, Query},
    http::{Uri, request::Parts},
};
use std::convert::Infallible;

/// The parameters, decoded.
#[derive(Debug)]
pub(super) struct Parameters(Vec<(String, String)>);

impl Parameters {
    /// Those of a URL. Pairs of text can be read from any query: what is not UTF-8 is replaced.
    pub(super) fn of(uri: &Uri) -> Self {
        Self(Query::try_from_uri(uri).map(|Query(pairs)| pairs).unwrap_or_default())
    }

    /// All of them.
    pub(super) fn pairs(&self) -> impl Iterator<Item = (&str, &str)> + Clone {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Is there a filter?
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
