//! The result of a search in memory, and its pages.

use crate::PageStart;
use crate::member_search::member_index::MemberIndex;
use domain::{id::MemberId, sort::MemberOrder};
use std::{cmp::Reverse, ops::Range, sync::Arc};

/// The matches of a search.
#[derive(Clone, Debug)]
pub struct SearchResult {
    index: Arc<MemberIndex>,
    /// The members' numbers.
    matches: Vec<u32>,
}

/// The sort key of a member. A lower key comes first. No two keys are equal.
type Key = (u64, u32);

impl SearchResult {
    pub(crate) fn new(index: Arc<MemberIndex>, matches: Vec<u32>) -> Self {
        Self { index, matches }
    }

    /// The number of matches.
    pub fn count(&self) -> i64 {
        i64::try_from(self.matches.len()).unwrap_or(i64::MAX)
    }

    pub(crate) fn index(&self) -> &MemberIndex {
        &self.index
    }

    /// The members of one page, in the list's order.
    pub(crate) fn page(&self, order: MemberOrder, place: &PageStart, size: i64) -> Vec<MemberId> {
        let index = self.index();
        let signed_in = index.signed_in();
        let rank = |number| index.ranked(number, &signed_in).map_or(0, |member| member.rank(order.by));
        let key = |number: u32| (rank(number), number);
        let keys: Vec<Key> = self.matches.iter().map(|number| key(*number)).collect();
        let of = |id: &MemberId| index.number(id).map(key);
        let numbers = match order.reversed {
            false => page(keys, |key| key, place, of, size),
            true => page(keys, Reverse, place, of, size),
        };
        numbers.into_iter().filter_map(|(_, number)| index.id(number).cloned()).collect()
    }
}

/// The keys of one page, sorted. The other keys are not sorted.
fn page<K: Ord>(
    mut keys: Vec<Key>,
    by: impl Fn(Key) -> K + Copy,
    place: &PageStart,
    of: impl Fn(&MemberId) -> Option<Key>,
    size: i64,
) -> Vec<Key> {
    let size = usize::try_from(size.max(0)).unwrap_or(usize::MAX);
    let to_usize = |count: &i64| usize::try_from((*count).max(0)).unwrap_or(usize::MAX);
    // If the position's member does not exist, the page is empty.
    if let Some(id) = place.id() {
        let Some(at) = of(id).map(by) else { return Vec::new() };
        keys.retain(|key| if matches!(place, PageStart::After(_)) { by(*key) > at } else { by(*key) < at });
    }
    let all = keys.len();
    let range = match place {
        PageStart::Start(before) => to_usize(before)..to_usize(before).saturating_add(size),
        PageStart::After(_) => 0..size,
        PageStart::End(behind) => {
            let end = all.saturating_sub(to_usize(behind));
            end.saturating_sub(size)..end
        }
        PageStart::Before(_) => all.saturating_sub(size)..all,
    };
    slice(keys, by, range.start.min(all)..range.end.min(all))
}

/// The keys that would be in `range` if all were sorted.
fn slice<K: Ord>(mut keys: Vec<Key>, by: impl Fn(Key) -> K, range: Range<usize>) -> Vec<Key> {
    if range.end < keys.len() {
        keys.select_nth_unstable_by_key(range.end, |key| by(*key));
        keys.truncate(range.end);
    }
    if range.start > 0 && range.start < keys.len() {
        keys.select_nth_unstable_by_key(range.start, |key| by(*key));
    }
    let mut page = keys.split_off(range.start.min(keys.len()));
    page.sort_unstable_by_key(|key| by(*key));
    page
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        MemberSource, MemberStatus,
        member_search::member_index::tests::{index, like},
        member_sort::MemberFacets,
    };
    use domain::{
        role::{Role, Roles},
        sort::MemberSort,
    };

    /// By name: d, a, c, b, e.
    fn result() -> SearchResult {
        let mut index = MemberIndex::default();
        for (id, email, role, status) in [
            ("d", "3", Role::Developer, MemberStatus::Active),
            ("a", "", Role::Admin, MemberStatus::Invited),
            ("c", "5", Role::Developer, MemberStatus::Deactivated),
            ("b", "1", Role::SuperAdmin, MemberStatus::Active),
            ("e", "4", Role::Billing, MemberStatus::Deactivated),
        ] {
            index.push(
                MemberId::new(id),
                MemberFacets::of(status, MemberSource::Manual, role.into()),
                ["x", email, "2"],
            );
        }
        let index = index.finish();
        index.sign_in([("c", 7), ("e", 9)].map(|(id, at)| (MemberId::new(id), at)).into_iter());
        SearchResult::new(Arc::new(index), (0..5).collect())
    }

    fn page_text(result: &SearchResult, order: MemberOrder, place: &PageStart, size: i64) -> String {
        result.page(order, place, size).iter().map(MemberId::as_str).collect()
    }

    #[test]
    fn every_order_both_ways() {
        for (by, expected) in [
            (MemberSort::Name, "dacbe"),
            (MemberSort::Email, "badec"),
            (MemberSort::Role, "baedc"),
            (MemberSort::Status, "dbcea"),
            (MemberSort::LastSignIn, "ecdab"),
            (MemberSort::Newest, "edcba"),
        ] {
            assert_eq!(page_text(&result(), by.into(), &PageStart::Start(0), 9), expected, "{by:?}");
            let reversed = MemberOrder { by, reversed: true };
            let backwards: String = expected.chars().rev().collect();
            assert_eq!(page_text(&result(), reversed, &PageStart::Start(0), 9), backwards, "{by:?}");
        }
    }

    /// From every member and every number, in both directions, the pages are slices of the whole list.
    #[test]
    fn every_page_is_a_slice_of_the_list() {
        let result = result();
        for by in [MemberSort::Name, MemberSort::Email, MemberSort::Role, MemberSort::LastSignIn, MemberSort::Newest] {
            for order in [by.into(), MemberOrder { by, reversed: true }] {
                let all = page_text(&result, order, &PageStart::Start(0), 5);
                for (size, at) in (0..7).flat_map(|size| (0..7).map(move |at| (size, at))) {
                    let (size_of, from) = (size as i64, at as i64);
                    let piece = |from: usize, to: usize| all.get(from.min(5)..to.min(5)).unwrap_or_default();
                    let back = 5_usize.saturating_sub(at);
                    assert_eq!(page_text(&result, order, &PageStart::Start(from), size_of), piece(at, at + size));
                    assert_eq!(
                        page_text(&result, order, &PageStart::End(from), size_of),
                        piece(back.saturating_sub(size), back)
                    );
                    if let Some(id) = all.get(at..=at).map(MemberId::new) {
                        let after = PageStart::After(id.clone());
                        assert_eq!(page_text(&result, order, &after, size_of), piece(at + 1, at + 1 + size));
                        assert_eq!(
                            page_text(&result, order, &PageStart::Before(id), size_of),
                            piece(at.saturating_sub(size), at)
                        );
                    }
                }
            }
        }
        assert_eq!(page_text(&result, MemberSort::Name.into(), &PageStart::After(MemberId::new("gone")), 2), "");
        assert_eq!(page_text(&result, MemberSort::Name.into(), &PageStart::Start(-1), -1), "");
    }

    /// The position may be a member that the search does not match.
    #[test]
    fn a_page_can_start_after_a_member_without_a_match() {
        let index = Arc::new(index(40));
        let matches = index.find(&like("member 0002"), None);
        let result = SearchResult::new(index, matches);
        assert_eq!(result.count(), 11);
        let after = |id: &str| page_text(&result, MemberSort::Name.into(), &PageStart::After(MemberId::new(id)), 2);
        assert_eq!((after("3"), after("21"), after("35")), ("2021".into(), "2223".into(), String::new()));
    }

    #[test]
    fn several_roles_count_as_the_database_counts_them() {
        let mut index = MemberIndex::default();
        for (id, roles) in [("1", 34), ("2", 128), ("3", 32), ("4", 160)] {
            let facets = MemberFacets::of(MemberStatus::Active, MemberSource::Manual, Roles::from_bits(roles));
            index.push(MemberId::new(id), facets, ["x", "y", "z"]);
        }
        let result = SearchResult::new(Arc::new(index.finish()), (0..4).collect());
        assert_eq!(page_text(&result, MemberSort::Role.into(), &PageStart::Start(0), 9), "4213");
    }
}
