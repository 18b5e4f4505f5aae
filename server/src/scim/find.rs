//! Answering a query. What an index answers is one statement; anything else is one pass over the rows, a part at a time,
//! of which only the page (or, sorted, its keys) is kept in memory.

use super::{
    collection::{Collection, Row},
    condition::{self, Asked},
    item::{Item, Shown},
    look_ahead::Ahead,
    query::{Part, Query},
};
use crate::store::{Attribute, Condition, ScimUser, StoreError};
use scim::{Filter, ListResponse, Paging, cursor::Page, resource::Write, sort::SortKey};

/// So many rows are read at once in a pass.
const AT_ONCE: u64 = 500;

/// Comes before every id.
const FIRST: &str = "";

/// Which resources are wanted.
struct Window {
    /// So many are passed over.
    skip: u64,
    /// Those after this place only: a part's number and an id.
    after: Option<(usize, String)>,
    count: u64,
}

/// What a query found: the page, and the place where it ends if there is more.
struct Found {
    total: u64,
    /// With the number of their part.
    items: Vec<(usize, Item)>,
    more: bool,
}

/// The page that the query asks for. `ahead`: what was read beside the key, which may be all of it.
pub(super) async fn list(
    collection: &Collection<'_>,
    query: &Query,
    ahead: Option<Ahead>,
) -> Result<impl Write + use<>, StoreError> {
    let asked: Vec<Asked> = query.parts.iter().map(|part| condition::of(part.filter.as_ref(), part.kind)).collect();
    let sorted = query.parts.iter().any(|part| part.sort.is_some());
    let window = window(&query.page, sorted);
    let skipped = window.skip;
    let known = match (asked.as_slice(), ahead) {
        ([Asked { condition: Condition::Is(Attribute::UserName, name), exact: true }], Some(ahead)) if !sorted => {
            ahead.with_user_name(name)
        }
        _ => None,
    };
    let found = if let Some(user) = known.filter(|_| window.after.is_none()) {
        only(collection, &query.parts, user, &window).await?
    } else if sorted {
        sort(collection, &query.parts, &asked, &window).await?
    } else if asked.iter().all(|asked| asked.exact) {
        look_up(collection, &query.parts, &asked, &window).await?
    } else {
        go_through(collection, &query.parts, &asked, &window).await?
    };
    let place = found.items.last().filter(|_| found.more).map(|(part, item)| match sorted {
        true => format!("#{}", skipped + found.items.len() as u64),
        false => format!("{part}:{}", item.id()),
    });
    let shown = found.items.into_iter().filter_map(|(part, item)| Some(show(query.parts.get(part)?, item))).collect();
    Ok(match query.page {
        Page::Index(paging) => ListResponse::page(paging, found.total, shown),
        Page::Cursor { .. } => {
            let next = place.map(|place| query.fingerprint.cursor(&place));
            ListResponse::cursor_page(found.total, shown, next, None)
        }
    })
}

/// As an answer holds it.
pub(super) fn show(part: &Part, item: Item) -> Shown {
    match part.projection.is_usual() {
        true => Shown::Whole(item),
        false => Shown::Part(part.projection.apply(item.to_map())),
    }
}

/// Are groups of members, or members of groups, part of the answer?
pub(super) fn wants_relations(part: &Part) -> bool {
    part.projection.wants(relation(part))
}

fn relation(part: &Part) -> &'static str {
    match part.kind {
        scim::Kind::User => "groups",
        scim::Kind::Group => "members",
    }
}

fn window(page: &Page, sorted: bool) -> Window {
    match page {
        Page::Index(paging) => Window { skip: Paging::offset(*paging), after: None, count: paging.count },
        Page::Cursor { after: None, count } => Window { skip: 0, after: None, count: *count },
        Page::Cursor { after: Some(place), count } if sorted => {
            let skip = place.strip_prefix('#').and_then(|number| number.parse().ok()).unwrap_or(0);
            Window { skip, after: None, count: *count }
        }
        Page::Cursor { after: Some(place), count } => {
            let (part, id) = place.split_once(':').unwrap_or(("0", place));
            Window { skip: 0, after: Some((part.parse().unwrap_or(0), id.to_owned())), count: *count }
        }
    }
}

/// There is one resource at most, and it was read already.
async fn only(
    collection: &Collection<'_>,
    parts: &[Part],
    user: Option<ScimUser>,
    window: &Window,
) -> Result<Found, StoreError> {
    let total = u64::from(user.is_some());
    let shown = user.filter(|_| window.skip == 0 && window.count > 0).map(|user| (0, Row::User(user)));
    Ok(Found { total, items: complete(collection, parts, shown.into_iter().collect()).await?, more: false })
}

/// The database answers it all.
async fn look_up(
    collection: &Collection<'_>,
    parts: &[Part],
    asked: &[Asked],
    window: &Window,
) -> Result<Found, StoreError> {
    let (mut total, mut items) = (0, Vec::new());
    let mut more = false;
    for (number, (part, Asked { condition, .. })) in parts.iter().zip(asked).enumerate() {
        let left = window.count - items.len() as u64;
        let rows = match &window.after {
            // By number: one statement says how many there are, and which.
            None => {
                let (found, rows) =
                    collection.page(part.kind, condition, window.skip.saturating_sub(total), left).await?;
                let shown = if window.skip >= total + found { Vec::new() } else { rows };
                total += found;
                shown
            }
            Some((at, id)) => {
                total += collection.page(part.kind, condition, 0, 0).await?.0;
                if number < *at || left == 0 {
                    more |= left == 0;
                    continue;
                }
                let after = if number == *at { id } else { FIRST };
                let mut rows = collection.after(part.kind, condition, after, left + 1).await?;
                more |= rows.len() as u64 > left;
                rows.truncate(usize::try_from(left).unwrap_or(usize::MAX));
                rows
            }
        };
        let completed = collection.complete(rows, wants_relations(part)).await?;
        items.extend(completed.into_iter().map(|item| (number, item)));
    }
    if window.after.is_none() {
        more = window.count > 0 && window.skip + (items.len() as u64) < total;
    }
    Ok(Found { total, items, more })
}

/// Everything that an index finds is held against the filter.
async fn go_through(
    collection: &Collection<'_>,
    parts: &[Part],
    asked: &[Asked],
    window: &Window,
) -> Result<Found, StoreError> {
    let (mut total, mut before, mut more) = (0_u64, 0_u64, false);
    let mut kept: Vec<(usize, Row)> = Vec::new();
    for (number, (part, asked)) in parts.iter().zip(asked).enumerate() {
        let mut pass = Pass::new(collection, part, asked);
        while let Some(rows) = pass.next().await? {
            for (row, _) in rows {
                total += 1;
                let early = match &window.after {
                    Some((at, id)) => (number, row.id()) <= (*at, id.as_str()),
                    None => before < window.skip,
                };
                if early {
                    before += 1;
                } else if (kept.len() as u64) < window.count {
                    kept.push((number, row));
                } else {
                    more = window.count > 0;
                }
            }
        }
    }
    Ok(Found { total, items: complete(collection, parts, kept).await?, more })
}

/// Everything is gone through for its place in the order; then the page is read.
async fn sort(
    collection: &Collection<'_>,
    parts: &[Part],
    asked: &[Asked],
    window: &Window,
) -> Result<Found, StoreError> {
    let mut keys: Vec<(SortKey, usize, Box<str>)> = Vec::new();
    for (number, (part, asked)) in parts.iter().zip(asked).enumerate() {
        let Some(sort) = &part.sort else { continue };
        let mut pass = Pass::new(collection, part, asked);
        while let Some(rows) = pass.next().await? {
            keys.extend(rows.into_iter().map(|(row, map)| (sort.key(&map), number, row.id().into())));
        }
    }
    keys.sort_unstable();
    let total = keys.len() as u64;
    let clamp = |number: u64| usize::try_from(number.min(total)).unwrap_or(keys.len());
    let (first, end) = (clamp(window.skip), clamp(window.skip.saturating_add(window.count)));
    let mut kept = Vec::new();
    for (_, number, id) in keys.get(first..end).unwrap_or_default() {
        let Some(part) = parts.get(*number) else { continue };
        // Who was deleted since then is left out.
        if let Some(row) = collection.one(part.kind, id).await? {
            kept.push((*number, row));
        }
    }
    let more = window.count > 0 && end < keys.len();
    Ok(Found { total, items: complete(collection, parts, kept).await?, more })
}

async fn complete(
    collection: &Collection<'_>,
    parts: &[Part],
    rows: Vec<(usize, Row)>,
) -> Result<Vec<(usize, Item)>, StoreError> {
    let mut items = Vec::with_capacity(rows.len());
    let mut numbers = rows.iter().map(|(number, _)| *number).collect::<Vec<_>>().into_iter();
    let mut run: Vec<Row> = Vec::new();
    let mut rows = rows.into_iter().peekable();
    while let Some((number, row)) = rows.next() {
        run.push(row);
        // Rows of one part that stand together are completed together.
        if rows.peek().is_none_or(|(next, _)| *next != number) {
            let relations = parts.get(number).is_some_and(wants_relations);
            let completed = collection.complete(std::mem::take(&mut run), relations).await?;
            items.extend(numbers.by_ref().zip(completed));
        }
    }
    Ok(items)
}

/// A pass over what an index finds: what meets the filter, a part at a time.
struct Pass<'a> {
    collection: &'a Collection<'a>,
    part: &'a Part,
    condition: &'a Condition,
    relations: bool,
    after: String,
    done: bool,
}

impl<'a> Pass<'a> {
    fn new(collection: &'a Collection<'a>, part: &'a Part, asked: &'a Asked) -> Self {
        let names = |filter: &Filter| filter.mentions(relation(part));
        let sorts = part.sort.is_some_and(|sort| sort.path.attribute.name == relation(part));
        let relations = part.filter.as_ref().is_some_and(names) || sorts;
        Self { collection, part, condition: &asked.condition, relations, after: FIRST.to_owned(), done: false }
    }

    async fn next(&mut self) -> Result<Option<Vec<(Row, serde_json::Map<String, serde_json::Value>)>>, StoreError> {
        if self.done {
            return Ok(None);
        }
        let rows = self.collection.after(self.part.kind, self.condition, &self.after, AT_ONCE).await?;
        self.done = (rows.len() as u64) < AT_ONCE;
        if let Some(last) = rows.last() {
            last.id().clone_into(&mut self.after);
        }
        let items = self.collection.complete(rows.clone(), self.relations).await?;
        let maps = items.iter().map(Item::to_map);
        let matches = |map: &serde_json::Map<_, _>| self.part.filter.as_ref().is_none_or(|filter| filter.matches(map));
        Ok(Some(rows.into_iter().zip(maps).filter(|(_, map)| matches(map)).collect()))
    }
}
