//! The query of a URL. Parameters that are not known are ignored: Entra ID sends `?aadOptscim062020` with every request.

use super::refusal::Refusal;
use axum::{
    extract::{FromRequestParts, Query},
    http::request::Parts,
};
use scim::Paging;
use std::convert::Infallible;

/// The parameters, decoded.
#[derive(Debug)]
pub(super) struct Parameters(Vec<(String, String)>);

impl Parameters {
    /// Which page of a list is wanted.
    pub(super) fn paging(&self) -> Result<Paging, Refusal> {
        Ok(Paging::parse(self.0.iter().map(|(name, value)| (name.as_str(), value.as_str())))?)
    }

    /// Is there a filter?
    pub(super) fn has_filter(&self) -> bool {
        self.0.iter().any(|(name, _)| name.eq_ignore_ascii_case("filter"))
    }

    /// Filters are not evaluated yet, which `/ServiceProviderConfig` says too. To answer with everybody would make
    /// providers take the first one for the one they asked for.
    pub(super) fn no_filter(&self) -> Result<(), Refusal> {
        if self.has_filter() {
            let detail = "Filters are not supported (see filter.supported in /ServiceProviderConfig)";
            return Err(scim::Error::invalid_filter(detail).into());
        }
        Ok(())
    }
}

impl<S: Sync> FromRequestParts<S> for Parameters {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        // Pairs of text can be read from any query: what is not UTF-8 is replaced.
        Ok(Self(Query::try_from_uri(&parts.uri).map(|Query(pairs)| pairs).unwrap_or_default()))
    }
}
