//! A page of those whom a search in memory found: cut out before the database is asked, which then reads that page alone.

use super::{MemberFilter, MemberOrder, MemberSort, Place};
use domain::id::MemberId;

impl MemberFilter {
    /// The same filter for the members of one page alone. None where the database has to put them into order, or to ask
    /// about their group; or where the place is not among them.
    pub(super) fn on_page(&self, order: MemberOrder, place: &Place, size: i64) -> Option<Self> {
        let mut ids: Vec<&MemberId> = self.found.as_ref().filter(|_| self.group.is_none())?.iter().collect();
        match order.by {
            MemberSort::Name => {}
            MemberSort::Newest => ids.sort_by(|one, other| other.as_str().cmp(one.as_str())),
            MemberSort::Email | MemberSort::Role | MemberSort::Status | MemberSort::LastSignIn => return None,
        }
        if order.reversed {
            ids.reverse();
        }
        let size = usize::try_from(size.max(0)).ok()?;
        let skipped = |count: &i64| usize::try_from((*count).max(0)).unwrap_or(usize::MAX).min(ids.len());
        let at = |id: &MemberId| ids.iter().position(|one| *one == id);
        let until = |from: usize| from.saturating_add(size).min(ids.len());
        let page = match place {
            Place::Start(before) => skipped(before)..until(skipped(before)),
            Place::End(behind) => {
                let end = ids.len().saturating_sub(skipped(behind));
                end.saturating_sub(size)..end
            }
            Place::After(id) => at(id)? + 1..until(at(id)? + 1),
            Place::Before(id) => at(id)?.saturating_sub(size)..at(id)?,
        };
        let found = ids.get(page)?.iter().map(|id| (*id).clone()).collect();
        let Self { status, source, role, .. } = *self;
        Some(Self { search: self.search.clone(), status, source, role, group: None, found: Some(found) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::InGroup;

    /// By name: d, a, c, b, e.
    fn filter() -> MemberFilter {
        let found = ["d", "a", "c", "b", "e"].map(MemberId::new).to_vec();
        MemberFilter { search: "x".into(), found: Some(found), ..MemberFilter::default() }
    }

    fn page(order: MemberOrder, place: Place, size: i64) -> Option<String> {
        let found = filter().on_page(order, &place, size)?.found?;
        Some(found.iter().map(MemberId::as_str).collect())
    }

    #[test]
    fn every_place_in_both_orders() {
        let id = || MemberId::new("c");
        let reversed = |by| MemberOrder { by, reversed: true };
        for (order, place, size, wanted) in [
            (MemberSort::Name.into(), Place::Start(0), 2, "da"),
            (MemberSort::Name.into(), Place::Start(4), 2, "e"),
            (MemberSort::Name.into(), Place::Start(9), 2, ""),
            (MemberSort::Name.into(), Place::End(0), 2, "be"),
            (MemberSort::Name.into(), Place::End(4), 2, "d"),
            (MemberSort::Name.into(), Place::After(id()), 2, "be"),
            (MemberSort::Name.into(), Place::Before(id()), 1, "a"),
            (MemberSort::Name.into(), Place::Before(id()), 9, "da"),
            (reversed(MemberSort::Name), Place::Start(0), 3, "ebc"),
            (reversed(MemberSort::Name), Place::After(id()), 9, "ad"),
            (MemberSort::Newest.into(), Place::Start(0), 5, "edcba"),
            (MemberSort::Newest.into(), Place::After(id()), 5, "ba"),
            (reversed(MemberSort::Newest), Place::Before(id()), 5, "ab"),
        ] {
            assert_eq!(page(order, place.clone(), size).as_deref(), Some(wanted), "{order:?} {place:?} {size}");
        }
    }

    #[test]
    fn the_database_is_asked_where_it_alone_knows() {
        assert_eq!(page(MemberSort::Email.into(), Place::Start(0), 2), None);
        assert_eq!(page(MemberSort::Name.into(), Place::After(MemberId::new("gone")), 2), None);
        let in_group = MemberFilter { group: Some(InGroup { id: "g".into(), members: 1 }), ..filter() };
        assert_eq!(in_group.on_page(MemberSort::Name.into(), &Place::Start(0), 2), None);
        assert_eq!(MemberFilter::default().on_page(MemberSort::Name.into(), &Place::Start(0), 2), None);
    }
}
