//! Pages of a list: which part of a result is requested, and the resources on it.

use super::query::TypeQuery;
use crate::scim_api::{
    error::ApiError, page_budget::PageBudget, resource_reader::ResourceReader, resource_view::ResourceView,
    sort_position::SortPosition,
};
use std::sync::Arc;
use store::ScimResource;

/// The requested part of a list.
pub(super) struct PageWindow {
    /// The count of matches before the page.
    pub(super) skip: u64,
    /// Where the previous page ended.
    pub(super) after: Option<PageEnd>,
    pub(super) count: u64,
}

/// The end of a page: in an unsorted list, the index of a part and an id.
pub(super) enum PageEnd {
    Id(usize, String),
    Key(SortPosition),
}

/// One page of a result.
pub(super) struct ListPage {
    pub(super) total: u64,
    /// Each with the index of its part.
    pub(super) resources: Vec<(usize, ResourceView)>,
    /// The page's end as text, if more matches follow.
    pub(super) next: Option<String>,
}

/// Whether the response contains the groups of Users, or the members of Groups.
pub(super) fn wants_relations(part: &TypeQuery) -> bool {
    part.projection.wants(relation(part))
}

fn relation(part: &TypeQuery) -> &'static str {
    match part.kind {
        scim::ResourceType::User => "groups",
        scim::ResourceType::Group => "members",
    }
}

/// Adds the values from other tables to the first rows, as many as the page budget allows.
pub(super) async fn complete(
    reader: &ResourceReader<'_>,
    parts: &[Arc<TypeQuery>],
    rows: Vec<(usize, ScimResource)>,
    page_budget: &mut PageBudget,
) -> Result<Vec<(usize, ResourceView)>, ApiError> {
    let mut resources = Vec::with_capacity(rows.len());
    let mut batch: Vec<ScimResource> = Vec::new();
    let mut rows = rows.into_iter().peekable();
    while let Some((number, row)) = rows.next() {
        batch.push(row);
        // Adjacent rows of one part are completed together.
        if rows.peek().is_none_or(|(next, _)| *next != number) {
            let relations = parts.get(number).is_some_and(|part| wants_relations(part));
            let batch_size = batch.len();
            let filled = reader.add_relations(std::mem::take(&mut batch), relations, page_budget, None).await?;
            let is_short = filled.len() < batch_size;
            resources.extend(filled.into_iter().map(|resource| (number, resource)));
            if is_short {
                return Ok(resources);
            }
        }
    }
    Ok(resources)
}
