//! The search index of one team at one revision, and the queries on it.

use crate::{
    MemberFilter,
    member_list::words,
    member_sort::{MemberFacets, RankedMember},
};
use domain::{UnixMs, id::MemberId};
use memchr::memmem::Finder;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// Upper bound of the groups whose members the index keeps, as one bit for each member of the team.
const GROUPS: usize = 64;

/// The index of a team. Members are numbered by name, from 0.
#[derive(Debug, Default)]
pub(crate) struct MemberIndex {
    /// Name, address and userName of every member, each followed by a NUL, which none of them contains.
    text: String,
    /// The end of each member's text.
    ends: Vec<u32>,
    ids: Vec<MemberId>,
    facets: Vec<MemberFacets>,
    /// The members' numbers in the order of their ids, which is the order of creation.
    by_id: Vec<u32>,
    /// The position of each member in that order.
    positions_by_id: Vec<u32>,
    /// The position of each member in the order of addresses, or userNames of members without one.
    positions_by_email: Vec<u32>,
    groups: Mutex<HashMap<String, Arc<MemberSet>>>,
    signed_in: Mutex<SignIns>,
}

/// The members' last sign-ins. They are updated independently of the index, because a sign-in does not change the
/// team's revision.
#[derive(Debug, Default)]
pub(crate) struct SignIns {
    /// By the members' numbers. 0 is never, as for members beyond the end of the list.
    at: Vec<UnixMs>,
    /// The latest of all.
    pub(crate) newest: UnixMs,
}

impl SignIns {
    pub(crate) fn of(&self, number: u32) -> UnixMs {
        self.at.get(number as usize).copied().unwrap_or_default()
    }
}

/// Some of the members, a bit for each.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct MemberSet(Vec<u64>);

impl MemberSet {
    fn add(&mut self, number: u32) {
        let (word, bit) = (number as usize / 64, number % 64);
        if self.0.len() <= word {
            self.0.resize(word + 1, 0);
        }
        if let Some(word) = self.0.get_mut(word) {
            *word |= 1 << bit;
        }
    }

    fn contains(&self, number: u32) -> bool {
        self.0.get(number as usize / 64).is_some_and(|word| word >> (number % 64) & 1 == 1)
    }
}

impl MemberIndex {
    /// Adds a member, who comes after the others by name.
    pub(crate) fn push(&mut self, id: MemberId, facets: MemberFacets, texts: [&str; 3]) {
        for text in texts {
            self.text.push_str(text);
            self.text.push('\0');
        }
        self.ends.push(number(self.text.len()));
        self.ids.push(id);
        self.facets.push(facets);
    }

    /// The index, after all members were added.
    pub(crate) fn finish(mut self) -> Self {
        let mut order: Vec<u32> = (0..number(self.ids.len())).collect();
        order.sort_unstable_by(|one, other| {
            self.email(*one).cmp(self.email(*other)).then(self.id(*one).cmp(&self.id(*other)))
        });
        self.positions_by_email = positions(&order);
        order.sort_unstable_by(|one, other| self.id(*one).cmp(&self.id(*other)));
        self.positions_by_id = positions(&order);
        self.by_id = order;
        self
    }

    /// The numbers of the members whose texts contain each word of the search and who match the rest of the filter, in
    /// order. `group`: the members of the filter's group.
    pub(crate) fn find(&self, filter: &MemberFilter, group: Option<&MemberSet>) -> Vec<u32> {
        // The longest word is contained in the fewest texts.
        let mut words: Vec<&str> = words(&filter.search).collect();
        words.sort_by_key(|word| std::cmp::Reverse(word.len()));
        if filter.search.contains('\0') {
            return Vec::new();
        }
        let words: Vec<_> = words.into_iter().map(Finder::new).collect();
        let (mut matches, mut start) = (Vec::new(), 0);
        for (number, (end, facets)) in (0..).zip(self.ends.iter().zip(&self.facets)) {
            if group.is_none_or(|group| group.contains(number)) && fits(*facets, filter) {
                let text = self.text.as_bytes().get(start as usize..*end as usize).unwrap_or_default();
                if words.iter().all(|word| word.find(text).is_some()) {
                    matches.push(number);
                }
            }
            start = *end;
        }
        matches
    }

    /// The members of a group, if the index has them.
    pub(crate) fn group(&self, id: &str) -> Option<Arc<MemberSet>> {
        self.groups().get(id).cloned()
    }

    /// Keeps the members of a group.
    pub(crate) fn keep_group(&self, id: &str, members: impl Iterator<Item = MemberId>) -> Arc<MemberSet> {
        let mut set = MemberSet::default();
        members.filter_map(|id| self.number(&id)).for_each(|number| set.add(number));
        let set = Arc::new(set);
        let mut groups = self.groups();
        if groups.len() >= GROUPS {
            groups.clear();
        }
        groups.insert(id.to_owned(), Arc::clone(&set));
        set
    }

    /// Records the sign-ins of members. The latest one stays, whatever their order.
    pub(crate) fn sign_in(&self, members: impl Iterator<Item = (MemberId, UnixMs)>) {
        let mut signed_in = self.signed_in();
        signed_in.at.resize(self.ids.len(), 0);
        for (id, at) in members {
            signed_in.newest = signed_in.newest.max(at);
            if let Some(last) = self.number(&id).and_then(|number| signed_in.at.get_mut(number as usize)) {
                *last = at.max(*last);
            }
        }
    }

    pub(crate) fn signed_in(&self) -> MutexGuard<'_, SignIns> {
        self.signed_in.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn groups(&self) -> MutexGuard<'_, HashMap<String, Arc<MemberSet>>> {
        self.groups.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The number of the member with this id.
    pub(crate) fn number(&self, id: &MemberId) -> Option<u32> {
        let position = self.by_id.binary_search_by(|number| self.id(*number).cmp(&Some(id))).ok()?;
        self.by_id.get(position).copied()
    }

    pub(crate) fn id(&self, number: u32) -> Option<&MemberId> {
        self.ids.get(number as usize)
    }

    /// The member with this number, for sorting.
    pub(crate) fn ranked(&self, number: u32, signed_in: &SignIns) -> Option<RankedMember> {
        Some(RankedMember {
            facets: *self.facets.get(number as usize)?,
            position_by_id: *self.positions_by_id.get(number as usize)?,
            position_by_email: *self.positions_by_email.get(number as usize)?,
            last_sign_in_at: signed_in.of(number),
        })
    }

    /// The address, or the userName of a member without one.
    fn email(&self, number: u32) -> &str {
        let end_of =
            |number: Option<u32>| number.and_then(|number| self.ends.get(number as usize)).copied().unwrap_or_default();
        let text = self.text.get(end_of(number.checked_sub(1)) as usize..end_of(Some(number)) as usize);
        let mut texts = text.unwrap_or_default().split('\0').skip(1);
        let email = texts.next().unwrap_or_default();
        if email.is_empty() { texts.next().unwrap_or_default() } else { email }
    }
}

fn fits(facets: MemberFacets, filter: &MemberFilter) -> bool {
    filter.status.is_none_or(|status| status == facets.status)
        && filter.source.is_none_or(|source| source == facets.source)
        && filter.role.is_none_or(|role| facets.roles.contains(role))
}

/// The position of each number in an order.
fn positions(order: &[u32]) -> Vec<u32> {
    let mut positions = vec![0; order.len()];
    for (position, at) in (0..).zip(order) {
        if let Some(of) = positions.get_mut(*at as usize) {
            *of = position;
        }
    }
    positions
}

/// A team has fewer than four thousand million members, and characters in their names.
fn number(of: usize) -> u32 {
    u32::try_from(of).unwrap_or(u32::MAX)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::{MemberSource, MemberStatus};
    use domain::role::Role;

    /// An index with this many members. Every second is invited, and every fifth is an Admin.
    pub(in crate::member_search) fn index(count: usize) -> MemberIndex {
        let mut index = MemberIndex::default();
        for n in 0..count {
            let (name, email) = (format!("member {n:05}"), format!("m{n:05}@acme.test"));
            let status = if n % 2 == 0 { MemberStatus::Active } else { MemberStatus::Invited };
            let role = if n == 4 { Role::Admin } else { Role::Developer };
            let facets = MemberFacets::of(status, MemberSource::Directory, role.into());
            index.push(MemberId::new(n.to_string()), facets, [&name, &email, if n == 7 { "emp-77" } else { &email }]);
        }
        index.finish()
    }

    pub(in crate::member_search) fn like(search: &str) -> MemberFilter {
        MemberFilter { search: search.into(), ..MemberFilter::default() }
    }

    fn found(index: &MemberIndex, filter: &MemberFilter, group: Option<&MemberSet>) -> String {
        let found = index.find(filter, group).into_iter().filter_map(|number| index.id(number));
        found.map(MemberId::as_str).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_text_is_found_at_any_position() {
        let index = index(300);
        for (search, expected) in [
            ("member 00299", "299"),
            ("m00000@acme.test", "0"),
            ("emp-77", "7"),
            ("0010", "10 100 101 102 103 104 105 106 107 108 109"),
            ("emp 0007 member", "7"),
            ("emp 00299", ""),
            ("nobody", ""),
            ("member 00001m00001", ""),
            ("\0", ""),
            ("test\0member", ""),
        ] {
            assert_eq!(found(&index, &like(search), None), expected, "{search:?}");
        }
    }

    #[test]
    fn filters_run_in_memory() {
        let index = index(12);
        let few = |filter| found(&index, &filter, None);
        assert_eq!(few(MemberFilter { status: Some(MemberStatus::Invited), ..like("member 0000") }), "1 3 5 7 9");
        assert_eq!(few(MemberFilter { role: Some(Role::Admin), ..like("member") }), "4");
        assert_eq!(few(MemberFilter { source: Some(MemberSource::Manual), ..like("member") }), "");
    }

    #[test]
    fn the_members_of_groups_are_cached() {
        let index = index(200);
        assert_eq!(index.group("g"), None);
        let members = ["3", "nobody", "130", "131", "199"].map(MemberId::new);
        let group = index.keep_group("g", members.into_iter());
        assert_eq!(index.group("g").as_ref(), Some(&group));
        assert_eq!(found(&index, &like("member"), Some(&group)), "3 130 131 199");
        assert_eq!(found(&index, &like("0013"), Some(&group)), "130 131");
        assert_eq!(found(&index, &like("member"), Some(&MemberSet::default())), "");
        for n in 0..GROUPS {
            index.keep_group(&n.to_string(), std::iter::empty());
        }
        assert!(index.groups().len() <= GROUPS);
    }

    #[test]
    fn the_latest_sign_in_counts() {
        let index = index(12);
        let recorded = || (0..13).map(|number| index.signed_in().of(number)).filter(|at| *at > 0).collect::<Vec<_>>();
        assert_eq!((recorded(), index.signed_in().newest), (vec![], 0));
        index.sign_in([("2", 5), ("11", 9), ("nobody", 7)].map(|(id, at)| (MemberId::new(id), at)).into_iter());
        index.sign_in([("2", 8), ("11", 3)].map(|(id, at)| (MemberId::new(id), at)).into_iter());
        assert_eq!((recorded(), index.signed_in().newest), (vec![8, 9], 9));
    }

    #[test]
    fn members_are_found_by_their_ids() {
        let index = index(120);
        for n in [0, 9, 10, 99, 119] {
            assert_eq!(index.number(&MemberId::new(n.to_string())), Some(n));
        }
        assert_eq!(index.number(&MemberId::new("nobody")), None);
        assert_eq!((index.email(0), index.email(119)), ("m00000@acme.test", "m00119@acme.test"));
    }
}
