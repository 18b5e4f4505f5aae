//! Lists in an order (RFC 7644, section 3.4.2.3). Everything is gone through for its place in the order, of which only
//! those up to the page's end are kept; then the page is read.
//!
//! A cursor says after which key and id the next page begins, not after which number: nobody is left out, and nobody
//! comes twice, where people are added or deleted between two pages.

use super::query::TypeQuery;
use crate::scim_api::{
    error::ApiError,
    list::{ListPage, PageEnd, PageWindow, complete, wants_relations},
    query_plan::QueryPlan,
    resource_reader::ResourceReader,
};
use crate::scim_api::{
    filter_scan::{self, FilterMatch, FilterScan},
    page_budget::PageBudget,
};
use scim::{ScimError, sort::SortKey};
use std::{collections::BinaryHeap, sync::Arc};

/// The most bytes of keys that are kept: of a page by number, all keys before it are.
const MOST_KEYS: usize = 24 * 1024 * 1024;
/// What a place takes beside its texts.
const PLACE: usize = 120;

/// A place in the order.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct SortPosition {
    key: SortKey,
    /// The part of the query that the resource belongs to.
    part: usize,
    id: Box<str>,
}

impl SortPosition {
    /// Reads what [`SortPosition::encode`] wrote for a query in the same order.
    pub(super) fn parse(place: &str, parts: &[Arc<TypeQuery>]) -> Result<Self, ScimError> {
        let read = || {
            let (part, rest) = place.split_once(':')?;
            let (id, key) = rest.split_once(':')?;
            // All parts are in the same order.
            let sort = parts.iter().find_map(|part| part.sort.as_ref())?;
            Some(Self { key: sort.parse_key(key)?, part: part.parse().ok()?, id: id.into() })
        };
        read().ok_or_else(|| {
            ScimError::expired_cursor(
                "cursor was issued by a different version of this server. Start again from the first page",
            )
        })
    }

    /// As a cursor has it.
    fn encode(&self) -> String {
        format!("{}:{}:{}", self.part, self.id, self.key.encode())
    }

    /// About how many bytes of memory it takes.
    fn weight(&self) -> usize {
        PLACE + self.key.len() + self.id.len()
    }
}

/// The first places of a list.
struct First {
    most: usize,
    places: BinaryHeap<SortPosition>,
    bytes: usize,
}

impl First {
    /// Keeps the place if it is one of the first.
    fn add(&mut self, place: SortPosition) -> Result<(), ScimError> {
        if self.most == 0 || (self.places.len() >= self.most && self.places.peek().is_some_and(|last| *last <= place)) {
            return Ok(());
        }
        self.bytes += place.weight();
        self.places.push(place);
        if self.places.len() > self.most
            && let Some(last) = self.places.pop()
        {
            self.bytes -= last.weight();
        }
        if self.bytes > MOST_KEYS {
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
    asked: &[QueryPlan],
    window: &PageWindow,
    room: &mut PageBudget,
) -> Result<ListPage, ApiError> {
    let end = window.skip.saturating_add(window.count);
    let most = if window.count == 0 { 0 } else { usize::try_from(end).unwrap_or(usize::MAX) };
    let mut first = First { most, places: BinaryHeap::new(), bytes: 0 };
    let (mut total, mut reachable) = (0_u64, 0_u64);
    let mut turn = None;
    for (number, (part, asked)) in parts.iter().zip(asked).enumerate() {
        let mut add = |matches: Vec<FilterMatch>| -> Result<(), ApiError> {
            for FilterMatch { found, key } in matches {
                total += 1;
                let Some(key) = key else { continue };
                let place = SortPosition { key, part: number, id: (&*found.id()?).into() };
                if matches!(&window.after, Some(PageEnd::Key(after)) if place <= *after) {
                    continue;
                }
                reachable += 1;
                first.add(place)?;
            }
            Ok(())
        };
        if let Some(matches) = filter_scan::few(reader, part, asked).await? {
            add(matches)?;
            continue;
        }
        if turn.is_none() {
            turn = Some(reader.budget().read().await?);
        }
        let Some(reading) = &turn else { continue };
        let mut pass = FilterScan::new(reader, part, asked, reading);
        while let Some(matches) = pass.next().await? {
            add(matches)?;
        }
    }
    // The turn goes back before anything else is read.
    drop(turn);
    let places = first.places.into_sorted_vec();
    let skip = usize::try_from(window.skip).unwrap_or(usize::MAX);
    let places = places.get(skip..).unwrap_or_default();
    let mut kept = Vec::new();
    let mut bytes = 0;
    // How many of the places are behind the page's end.
    let mut examined = 0;
    for SortPosition { part: number, id, .. } in places {
        if bytes > crate::scim_api::page_budget::PAGE {
            break;
        }
        examined += 1;
        let Some(part) = parts.get(*number) else { continue };
        // Who was deleted since then is left out.
        if let Some(row) = reader.one(part.kind, id).await? {
            bytes += row.weight(wants_relations(part));
            if bytes > room.unasked() && !room.is_whole() {
                room.ask().await?;
            }
            kept.push((*number, row));
        }
    }
    let wanted = kept.len();
    let items = complete(reader, parts, kept, room).await?;
    if items.len() < wanted {
        let last = items.last().map(|(_, item)| item.id());
        examined = places.iter().position(|place| Some(&*place.id) == last).map_or(examined, |at| at + 1);
    }
    let more = window.count > 0 && window.skip.saturating_add(examined as u64) < reachable;
    let next = examined.checked_sub(1).and_then(|last| places.get(last)).filter(|_| more).map(SortPosition::encode);
    Ok(ListPage { total, items, next })
}
