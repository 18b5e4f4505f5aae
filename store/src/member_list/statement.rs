//! The statements: a page of members, and how many there are.

use crate::member_list::{ExpectedSize, MemberFilter, PageStart, row::list_columns};
use crate::{db::planner::unindexed, roles::role_rank};
use domain::sort::{MemberOrder, MemberSort};

/// A text that comes the sooner, the later the last sign-in was. The same as in the index.
macro_rules! since_sign_in {
    ($table:literal) => {
        concat!("COALESCE(CAST(9999999999999 - ", $table, ".last_sign_in_at AS TEXT), 'x')")
    };
}
pub(crate) use since_sign_in;

/// The statement of [`crate::Store::members_list`]: `$1` the team, `$2` the search's pattern, `$3` the group, `$4` the size, `$5`
/// the place.
pub(crate) fn page(filter: &MemberFilter, amount: ExpectedSize, order: MemberOrder, place: &PageStart) -> String {
    let narrow = filter.narrow().filter(|_| amount == ExpectedSize::Few || filter.is_in_small_group());
    // A sorted index is followed row by row, which finds a page of many soon. Few are found by an index of their own, or by
    // the one that holds all columns, and then sorted.
    let is_sorted = narrow.is_some() || amount == ExpectedSize::Few;
    let keys: &[&str] = match (order.by, is_sorted) {
        (MemberSort::Name, _) if narrow.is_some() => &[unindexed!("m.display_name_key"), "m.id"],
        (MemberSort::Name, _) => &["m.display_name_key", "m.id"],
        (MemberSort::Email, false) => &["COALESCE(m.email_key, m.user_name_key)", "m.id"],
        (MemberSort::Email, true) => &[unindexed!("COALESCE(m.email_key, m.user_name_key)"), "m.id"],
        (MemberSort::Role, false) => &[concat!(role_rank!("m."), " || m.display_name_key"), "m.id"],
        (MemberSort::Role, true) => &[concat!(role_rank!("m."), " || ", unindexed!("m.display_name_key")), "m.id"],
        (MemberSort::Status, false) => &["m.status || m.display_name_key", "m.id"],
        (MemberSort::Status, true) => &[unindexed!("m.status || m.display_name_key"), "m.id"],
        (MemberSort::LastSignIn, false) => &[concat!(since_sign_in!("m"), " || m.display_name_key"), "m.id"],
        // It is read of those alone who are found: the index that finds them does not have it.
        (MemberSort::LastSignIn, true) => &[
            concat!(
                "(SELECT ",
                since_sign_in!("s"),
                " FROM members s WHERE s.team_id = m.team_id AND s.id = m.id) || m.display_name_key"
            ),
            "m.id",
        ],
        (MemberSort::Newest, false) => &["m.id"],
        (MemberSort::Newest, true) => &[unindexed!("m.id")],
    };
    let descending = (order.by == MemberSort::Newest) != order.reversed;
    let backwards = matches!(place, PageStart::End(_) | PageStart::Before(_));
    let sorted = |down: bool| {
        let way = if down { " DESC" } else { " ASC" };
        [&keys.join(&[way, ", "].concat()), way].concat()
    };
    let mut text =
        concat!("SELECT ", list_columns!(), " FROM members m WHERE m.team_id = $1 AND m.id IN (SELECT m.id FROM ")
            .to_owned();
    filter.write(&mut text, narrow.as_deref(), 6);
    if matches!(place, PageStart::After(_) | PageStart::Before(_)) {
        let than = if descending == backwards { " > " } else { " < " };
        let right = keys.join(", ");
        let left = if keys.len() == 1 { right.clone() } else { ["(", &right, ")"].concat() };
        let there = " FROM members m WHERE m.team_id = $1 AND m.id = $5)";
        text.extend([" AND ", &left, than, "(SELECT ", &right, there]);
        // SQLite finds the place in an index of an expression by this alone.
        if let ([first, _], false) = (keys, is_sorted) {
            text.extend([" AND ", *first, than.trim_end(), "= (SELECT ", *first, there]);
        }
    }
    text.extend([" ORDER BY ", &sorted(descending != backwards), " LIMIT $4"]);
    if matches!(place, PageStart::Start(_) | PageStart::End(_)) {
        text.push_str(" OFFSET $5");
    }
    text.extend([") ORDER BY ", &sorted(descending)]);
    text
}

/// The statement of [`crate::Store::members_count`]: `$1` the team, `$2` the search's pattern, `$3` the group, `$4` the most.
pub(crate) fn count(filter: &MemberFilter) -> String {
    let narrow = filter.narrow();
    let mut text = "SELECT COUNT(*) AS members FROM (".to_owned();
    match narrow {
        // Then these are all that are wanted, and their rows need not be read.
        Some(ids) if filter.search.is_empty() && filter.group.is_none() => {
            text.push_str(&ids);
            text.push_str(" AND CAST($2 AS TEXT) IS NOT NULL AND CAST($3 AS TEXT) IS NOT NULL");
        }
        narrow => {
            text.push_str("SELECT m.id FROM ");
            filter.write(&mut text, narrow.as_deref(), 5);
        }
    }
    text.push_str(" LIMIT $4) AS found");
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        InGroup, Source, Status,
        db::query_plans::{self, StatementPlan},
    };
    use domain::{id::MemberId, role::Role};

    fn places() -> [PageStart; 4] {
        let id = || MemberId::new("m");
        [PageStart::Start(0), PageStart::End(0), PageStart::After(id()), PageStart::Before(id())]
    }

    fn of(status: Option<Status>, source: Option<Source>, role: Option<Role>) -> MemberFilter {
        MemberFilter { status, source, role, ..MemberFilter::default() }
    }

    /// Every kind of filter but that by group.
    fn filters() -> Vec<MemberFilter> {
        vec![
            MemberFilter::default(),
            MemberFilter { search: "ada".into(), ..MemberFilter::default() },
            MemberFilter { search: "ada love".into(), ..MemberFilter::default() },
            of(Some(Status::Active), None, None),
            of(None, Some(Source::Directory), None),
            of(Some(Status::Invited), Some(Source::Invited), None),
            of(None, None, Some(Role::Admin)),
            of(None, None, Some(Role::Billing)),
            of(None, None, Some(Role::Developer)),
        ]
    }

    const SORTS: [(MemberSort, &str); 6] = [
        (MemberSort::Name, "members_by_name"),
        (MemberSort::Email, "members_by_email"),
        (MemberSort::Role, "members_by_role"),
        (MemberSort::Status, "members_by_status"),
        (MemberSort::LastSignIn, "members_by_last_sign_in"),
        (MemberSort::Newest, "members_by_id"),
    ];

    /// Every order, both ways, with the index that follows it.
    fn orders() -> impl Iterator<Item = (MemberOrder, &'static str)> {
        let both = |(by, index)| [false, true].map(|reversed| (MemberOrder { by, reversed }, index));
        SORTS.into_iter().flat_map(both)
    }

    /// However many members a team has, a page of many of them is found where it begins, and nothing but it is sorted.
    #[tokio::test]
    async fn a_page_of_many_begins_at_its_place_in_an_index() {
        let plans = query_plans::of_a_new_database().await.with_text("%name%");
        for filter in filters() {
            for (sort, index) in orders() {
                for place in places() {
                    for plan in plans.of(&page(&filter, ExpectedSize::Many, sort, &place)).await {
                        assert!(!plan.contains("SCAN m"), "{filter:?} {sort:?} {place:?}\n{plan}");
                        // The conditions hide the columns from PostgreSQL's statistics, so it expects few such members and sorts.
                        let is_filtered = filter.status.is_some() || filter.source.is_some() || filter.role.is_some();
                        if is_filtered && !plan.is_sqlite() {
                            continue;
                        }
                        assert!(plan.contains(index), "{filter:?} {sort:?} {place:?}\n{plan}");
                        assert!(plan.matches("USE TEMP B-TREE").count() <= 1, "{filter:?} {sort:?} {place:?}\n{plan}");
                        if matches!(place, PageStart::After(_) | PageStart::Before(_)) {
                            let begins = plan.lines().find(|line| line.contains(index)).unwrap_or_default();
                            assert!(begins.contains('>') || begins.contains('<'), "{sort:?} {place:?}\n{plan}");
                        }
                    }
                }
            }
        }
    }

    /// Few are found by the index that holds only such members, where there is one.
    #[tokio::test]
    async fn few_are_found_without_going_through_all() {
        let plans = query_plans::of_a_new_database().await.with_text("%ada%");
        for (filter, index) in [
            (of(None, None, Some(Role::Admin)), "members_admins"),
            (of(None, None, Some(Role::SuperAdmin)), "members_admins"),
            (of(Some(Status::Active), None, Some(Role::Billing)), "members_billing"),
            (of(Some(Status::Invited), None, None), "members_by_state (team_id=? AND status=?"),
            (of(None, Some(Source::Manual), None), "members_by_state (team_id=? AND status=? AND source=?"),
            (
                of(Some(Status::Active), Some(Source::Invited), None),
                "members_by_state (team_id=? AND status=? AND source=?",
            ),
        ] {
            // PostgreSQL takes a condition on the bits of roles for one that nearly all members meet.
            let is_misjudged = |plan: &StatementPlan| !plan.is_sqlite() && index == "members_billing";
            for plan in plans.of(&count(&filter)).await {
                assert!(plan.contains(index) && !plan.contains("SEARCH m USING COVERING"), "{filter:?}\n{plan}");
            }
            for (sort, _) in orders() {
                for place in places() {
                    for plan in plans.of(&page(&filter, ExpectedSize::Few, sort, &place)).await {
                        if is_misjudged(&plan) {
                            continue;
                        }
                        assert!(plan.contains(index), "{filter:?} {sort:?} {place:?}\n{plan}");
                        // In PostgreSQL it may be the other side of a hash join: one walk over an index.
                        assert!(
                            !plan.is_sqlite() || !plan.contains("members_by_name"),
                            "{filter:?} {sort:?} {place:?}\n{plan}"
                        );
                    }
                }
            }
        }
    }

    /// Who is looked for is found without reading members that are not.
    #[tokio::test]
    async fn a_search_reads_no_documents() {
        let plans = query_plans::of_a_new_database().await.with_text("%ada%");
        let some = |search: &str| MemberFilter { search: search.into(), ..MemberFilter::default() };
        for filter in [
            some("ada"),
            MemberFilter { source: Some(Source::Directory), ..some("ada") },
            MemberFilter { status: Some(Status::Active), ..some("ada") },
        ] {
            for (sort, _) in orders() {
                for place in places() {
                    for plan in plans.of(&page(&filter, ExpectedSize::Few, sort, &place)).await {
                        assert!(plan.contains("COVERING INDEX members_by_name"), "{sort:?} {place:?}\n{plan}");
                    }
                }
            }
            for plan in plans.of(&count(&filter)).await {
                assert!(plan.contains("COVERING INDEX members_by_name"), "{plan}");
            }
        }
    }

    /// A small group is read whole, a large one along the list of all members; neither reads the others.
    #[tokio::test]
    async fn a_groups_members_are_found_from_the_smaller_side() {
        let large = query_plans::of_a_new_database().await.with_text("g1");
        let small = query_plans::of_a_new_database().await.with_text("g7");
        let of = |members| MemberFilter::of_group(InGroup { id: "g".into(), members });
        for (sort, index) in orders() {
            for place in places() {
                for plan in large.of(&page(&of(100_000), ExpectedSize::Many, sort, &place)).await {
                    assert!(!plan.contains("SCAN m") && !plan.contains("SCAN gm"), "{sort:?} {place:?}\n{plan}");
                    if !plan.is_sqlite() {
                        // PostgreSQL keeps one plan for groups of every size, and so begins with the members of the group.
                        assert!(plan.contains("group_members_pkey (team_id=? AND group_id=?"), "{plan}");
                        continue;
                    }
                    assert!(plan.contains(index), "{sort:?} {place:?}\n{plan}");
                    assert!(plan.contains("(team_id=? AND group_id=? AND member_id=?)"), "{sort:?} {place:?}\n{plan}");
                    assert!(plan.matches("USE TEMP B-TREE").count() <= 1, "{sort:?} {place:?}\n{plan}");
                }
                for amount in [ExpectedSize::Few, ExpectedSize::Many] {
                    for plan in small.of(&page(&of(30), amount, sort, &place)).await {
                        assert!(plan.contains("USING COVERING INDEX group_members_pkey"), "{place:?}\n{plan}");
                        let goes_through_the_team = plan.lines().any(|step| step.ends_with("(team_id=?)"));
                        assert!(!goes_through_the_team, "{sort:?} {place:?}\n{plan}");
                    }
                }
            }
        }
        for plan in small.of(&count(&of(30))).await {
            assert!(
                plan.contains("members_pkey (team_id=? AND id=?)")
                    || plan.contains("members_by_id (team_id=? AND id=?)"),
                "{plan}"
            );
        }
    }
}
