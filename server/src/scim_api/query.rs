//! List queries (RFC 7644, section 3.4.2).

use scim::{
    Filter, Normalizations, ResourceType, ScimError,
    cursor::{CursorPage, Fingerprint},
    projection::Projection,
    sort::Sort,
};
use std::sync::Arc;

/// The part of a query for one resource type.
#[derive(Debug)]
pub(super) struct TypeQuery {
    pub(super) kind: ResourceType,
    pub(super) filter: Option<Filter>,
    pub(super) sort: Option<Sort>,
    pub(super) projection: Projection,
}

/// A query. An endpoint of a resource type has one part, the root has two.
#[derive(Debug)]
pub(super) struct Query {
    pub(super) parts: Vec<Arc<TypeQuery>>,
    pub(super) page: CursorPage,
    /// Binds cursors to this query.
    pub(super) fingerprint: Fingerprint,
}

impl Query {
    /// Reads a query for these resource types. A filter or order that is valid for some of them only returns only those.
    ///
    /// # Errors
    /// `invalidFilter`, `invalidValue`, `invalidCursor` ...; a repeated parameter.
    pub(super) fn read<'a>(
        kinds: &[ResourceType],
        pairs: impl Iterator<Item = (&'a str, &'a str)> + Clone,
        notes: &mut Normalizations,
    ) -> Result<Self, ScimError> {
        let one = |wanted_name: &'static str| {
            let mut values =
                pairs.clone().filter(|(name, _)| name.eq_ignore_ascii_case(wanted_name)).map(|(_, value)| value);
            let first = values.next();
            match values.next() {
                None => Ok(first),
                Some(_) => Err(ScimError::invalid_value(format!("{wanted_name} appears twice"))),
            }
        };
        // An empty filter is treated as a missing one.
        let filter = one("filter")?.filter(|text| !text.trim().is_empty());
        let (sort_by, sort_order) = (one("sortBy")?, one("sortOrder")?);
        let (attributes, excluded) = (one("attributes")?, one("excludedAttributes")?);
        let names = kinds.iter().map(|kind| kind.name());
        let order = [filter, sort_by, sort_order].map(Option::unwrap_or_default);
        let fingerprint = Fingerprint::of(names.chain(order));
        let mut parts = Vec::with_capacity(kinds.len());
        let mut first_error = None;
        for kind in kinds {
            let parsed = filter.map(|text| Filter::parse(text, *kind, notes)).transpose();
            let sorted = Sort::read(sort_by, sort_order, *kind);
            let projection = Projection::read(attributes, excluded, *kind, notes)?;
            match parsed.and_then(|filter| Ok((filter, sorted?))) {
                Ok((filter, sort)) => {
                    parts.push(Arc::new(TypeQuery { kind: *kind, filter, sort, projection }));
                }
                Err(error) => first_error = first_error.or(Some(error)),
            }
        }
        match first_error {
            Some(error) if parts.is_empty() => Err(error),
            _ => Ok(Self { parts, page: CursorPage::read(pairs, fingerprint)?, fingerprint }),
        }
    }
}
