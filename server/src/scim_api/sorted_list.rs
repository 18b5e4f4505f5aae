//! Sorted lists (RFC 7644, section 3.4.2.3). The scan keeps only the positions up to the end of the page in memory. Then it
//! reads the page.

use super::query::TypeQuery;
use crate::scim_api::{
    error::ApiError,
    filter_scan::{FilterMatch, QueryScan},
    list_page::{ListPage, PageEnd, PageWindow, complete, wants_relations},
    page_budget::PageBudget,
    query_plan::QueryPlan,
    resource_reader::{ResourceReader, weight},
    sort_position::SortPosition,
};
use scim::ScimError;
use std::{collections::BinaryHeap, sync::Arc};

/// Upper bound of the bytes of keys in memory. A page by `startIndex` needs all keys before it.
const MAX_KEY_BYTES: usize = 24 * 1024 * 1024;
/// The first positions of a list.
struct FirstPositions {
    max: usize,
    positions: BinaryHeap<SortPosition>,
    bytes: usize,
}

impl FirstPositions {
    /// Keeps the position if it is one of the first.
    fn add(&mut self, position: SortPosition) -> Result<(), ScimError> {
        if self.max == 0
            || (self.positions.len() >= self.max && self.positions.peek().is_some_and(|last| *last <= position))
        {
            return Ok(());
        }
        self.bytes += position.size();
        self.positions.push(position);
        if self.positions.len() > self.max
            && let Some(last) = self.positions.pop()
        {
            self.bytes -= last.size();
        }
        if self.bytes > MAX_KEY_BYTES {
            return Err(ScimError::too_many(
                "startIndex is too large for a sorted list of this length. Go through it by cursor, or use a narrower filter",
            ));
        }
        Ok(())
    }
}

pub(super) async fn sort(
    reader: &ResourceReader<'_>,
    parts: &[Arc<TypeQuery>],
    plans: &[QueryPlan],
    window: &PageWindow,
    page_budget: &mut PageBudget,
) -> Result<ListPage, ApiError> {
    let end = window.skip.saturating_add(window.count);
    let max = if window.count == 0 { 0 } else { usize::try_from(end).unwrap_or(usize::MAX) };
    let mut first = FirstPositions { max, positions: BinaryHeap::new(), bytes: 0 };
    let (mut total, mut reachable) = (0_u64, 0_u64);
    let mut scan = QueryScan::new(reader, parts, plans);
    while let Some((number, matches)) = scan.next().await? {
        for FilterMatch { resource, key } in matches {
            total += 1;
            let Some(key) = key else { continue };
            let position = SortPosition { key, part: number, id: (&*resource.id()?).into() };
            if matches!(&window.after, Some(PageEnd::Key(after)) if position <= *after) {
                continue;
            }
            reachable += 1;
            first.add(position)?;
        }
    }
    // The read permit is released before anything else is read.
    drop(scan);
    let positions = first.positions.into_sorted_vec();
    let skip = usize::try_from(window.skip).unwrap_or(usize::MAX);
    let positions = positions.get(skip..).unwrap_or_default();
    let mut rows = Vec::new();
    let mut bytes = 0;
    // The count of positions up to the page's end.
    let mut examined = 0;
    for SortPosition { part: number, id, .. } in positions {
        if bytes > crate::scim_api::page_budget::PAGE {
            break;
        }
        examined += 1;
        let Some(part) = parts.get(*number) else { continue };
        // A resource that was deleted meanwhile is left out.
        if let Some(row) = reader.read_one(part.kind, id).await? {
            bytes += weight(&row, wants_relations(part));
            if bytes > page_budget.remaining() && !page_budget.is_whole() {
                page_budget.acquire().await?;
            }
            rows.push((*number, row));
        }
    }
    let row_count = rows.len();
    let resources = complete(reader, parts, rows, page_budget).await?;
    if resources.len() < row_count {
        let last = resources.last().map(|(_, resource)| resource.id());
        examined = positions.iter().position(|position| Some(&*position.id) == last).map_or(examined, |at| at + 1);
    }
    let more = window.count > 0 && window.skip.saturating_add(examined as u64) < reachable;
    let next = examined.checked_sub(1).and_then(|last| positions.get(last)).filter(|_| more).map(SortPosition::encode);
    Ok(ListPage { total, resources, next })
}
