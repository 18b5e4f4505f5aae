//! What a list request asks for (RFC 7644, section 3.4.2).

use scim::{
    Filter, Normalizations, ResourceType, ScimError,
    cursor::{CursorPage, Fingerprint},
    projection::Projection,
    sort::Sort,
};
use std::sync::Arc;

/// The part of a query that is about one kind of resource.
#[derive(Debug)]
pub(super) struct TypeQuery {
    pub(super) kind: ResourceType,
    pub(super) filter: Option<Filter>,
    pub(super) sort: Option<Sort>,
    pub(super) projection: Projection,
}

/// A query: one part for an endpoint of its own, two for the root.
#[derive(Debug)]
pub(super) struct Query {
    pub(super) parts: Vec<Arc<TypeQuery>>,
    pub(super) page: CursorPage,
    /// What this query's cursors are marked with.
    pub(super) fingerprint: Fingerprint,
}

impl Query {
    /// Reads a query about resources of these kinds. What can be asked only of some of them finds those only.
    ///
    /// # Errors
    /// `invalidFilter`, `invalidValue`, `invalidCursor` ...; a parameter that is given twice.
    pub(super) fn read<'a>(
        kinds: &[ResourceType],
        pairs: impl Iterator<Item = (&'a str, &'a str)> + Clone,
        notes: &mut Normalizations,
    ) -> Result<Self, ScimError> {
        let one = |wanted: &'static str| {
            let mut all = pairs.clone().filter(|(name, _)| name.eq_ignore_ascii_case(wanted)).map(|(_, value)| value);
            let first = all.next();
            match all.next() {
                None => Ok(first),
                Some(_) => Err(ScimError::invalid_value(format!("{wanted} appears twice"))),
            }
        };
        // An empty parameter says as little as a missing one.
        let filter = one("filter")?.filter(|text| !text.trim().is_empty());
        let (sort_by, sort_order) = (one("sortBy")?, one("sortOrder")?);
        let (attributes, excluded) = (one("attributes")?, one("excludedAttributes")?);
        let names = kinds.iter().map(|kind| kind.name());
        let order = [filter, sort_by, sort_order].map(Option::unwrap_or_default);
        let fingerprint = Fingerprint::of(names.chain(order));
        let mut parts = Vec::with_capacity(kinds.len());
        let mut refused = None;
        for kind in kinds {
            let asked = filter.map(|text| Filter::parse(text, *kind, notes)).transpose();
            let sorted = Sort::read(sort_by, sort_order, *kind);
            let projection = Projection::read(attributes, excluded, *kind, notes)?;
            match asked.and_then(|filter| Ok((filter, sorted?))) {
                Ok((filter, sort)) => {
                    parts.push(Arc::new(TypeQuery { kind: *kind, filter, sort, projection }));
                }
                Err(error) => refused = refused.or(Some(error)),
            }
        }
        match refused {
            Some(error) if parts.is_empty() => Err(error),
            _ => Ok(Self { parts, page: CursorPage::read(pairs, fingerprint)?, fingerprint }),
        }
    }
}
