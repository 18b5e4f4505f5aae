//! The statements of a member list: a page, and the number of matches.

use crate::member_list::{ExpectedSize, MemberFilter, PageStart, row::list_columns};
use crate::member_sort::{SortKeys, sort_keys};
use domain::sort::{MemberOrder, MemberSort};

/// The statement of [`crate::Store::members_list`]: `$1` the team, `$2` the search's pattern, `$3` the group, `$4` the size, `$5`
/// the place.
pub(crate) fn page(filter: &MemberFilter, amount: ExpectedSize, order: MemberOrder, place: &PageStart) -> String {
    let narrow = filter.narrow().filter(|_| amount == ExpectedSize::Few || filter.is_in_small_group());
    // With many matches, the statement scans a sorted index row by row, which fills a page soon. With few matches, it
    // uses the filter's own index or the index of all columns, and then sorts.
    let is_sorted = narrow.is_some() || amount == ExpectedSize::Few;
    let SortKeys { indexed, unindexed } = sort_keys(order.by);
    // A search reads the index by name, where few are found in that order already.
    let is_in_order = !is_sorted || narrow.is_none() && order.by == MemberSort::Name;
    let keys = if is_in_order { indexed } else { unindexed };
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
        // SQLite uses an index of an expression only with this comparison.
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

/// The statement of [`crate::Store::members_count`]: `$1` the team, `$2` the search's pattern, `$3` the group, `$4` the
/// limit.
pub(crate) fn count(filter: &MemberFilter) -> String {
    let narrow = filter.narrow();
    let mut text = "SELECT COUNT(*) AS members FROM (".to_owned();
    match narrow {
        // The ids are the complete result, so the members' rows need not be read.
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
        InGroup, MemberSource, MemberStatus,
        db::query_plans::{self, StatementPlan},
        member_sort::index_of,
    };
    use domain::{id::MemberId, role::Role};

    fn places() -> [PageStart; 4] {
        let id = || MemberId::new("m");
        [PageStart::Start(0), PageStart::End(0), PageStart::After(id()), PageStart::Before(id())]
    }

    fn of(status: Option<MemberStatus>, source: Option<MemberSource>, role: Option<Role>) -> MemberFilter {
        MemberFilter { status, source, role, ..MemberFilter::default() }
    }

    /// Every kind of filter except the one by group.
    fn filters() -> Vec<MemberFilter> {
        vec![
            MemberFilter::default(),
            MemberFilter { search: "ada".into(), ..MemberFilter::default() },
            MemberFilter { search: "ada love".into(), ..MemberFilter::default() },
            of(Some(MemberStatus::Active), None, None),
            of(None, Some(MemberSource::Directory), None),
            of(Some(MemberStatus::Invited), Some(MemberSource::Invited), None),
            of(None, None, Some(Role::Admin)),
            of(None, None, Some(Role::Billing)),
            of(None, None, Some(Role::Developer)),
        ]
    }

    /// Every order with the index that follows it.
    fn orders() -> impl Iterator<Item = (MemberOrder, String)> {
        MemberOrder::ALL.into_iter().map(|order| (order, index_of(order.by)))
    }

    /// With many matches, a page is read from its position in an index, and only the page is sorted, however many
    /// members a team has.
    #[tokio::test]
    async fn a_page_of_many_starts_at_its_position_in_an_index() {
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
                        assert!(plan.contains(index.as_str()), "{filter:?} {sort:?} {place:?}\n{plan}");
                        assert!(plan.matches("USE TEMP B-TREE").count() <= 1, "{filter:?} {sort:?} {place:?}\n{plan}");
                        if matches!(place, PageStart::After(_) | PageStart::Before(_)) {
                            let begins = plan.lines().find(|line| line.contains(&index)).unwrap_or_default();
                            assert!(begins.contains('>') || begins.contains('<'), "{sort:?} {place:?}\n{plan}");
                        }
                    }
                }
            }
        }
    }

    /// Few matches are found by the index that contains only such members, if there is one.
    #[tokio::test]
    async fn few_are_found_without_a_scan_of_all() {
        let plans = query_plans::of_a_new_database().await.with_text("%ada%");
        for (filter, index) in [
            (of(None, None, Some(Role::Admin)), "members_admins"),
            (of(None, None, Some(Role::SuperAdmin)), "members_admins"),
            (of(Some(MemberStatus::Active), None, Some(Role::Billing)), "members_above_developer"),
            (of(Some(MemberStatus::Invited), None, None), "members_by_state (team_id=? AND status=?"),
            (of(None, Some(MemberSource::Manual), None), "members_by_state (team_id=? AND status=? AND source=?"),
            (
                of(Some(MemberStatus::Active), Some(MemberSource::Invited), None),
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

    /// A search reads only members, and not their documents.
    #[tokio::test]
    async fn a_search_reads_no_documents() {
        let plans = query_plans::of_a_new_database().await.with_text("%ada%");
        let some = |search: &str| MemberFilter { search: search.into(), ..MemberFilter::default() };
        for filter in [
            some("ada"),
            MemberFilter { source: Some(MemberSource::Directory), ..some("ada") },
            MemberFilter { status: Some(MemberStatus::Active), ..some("ada") },
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

    /// A small group is read as a whole, a large one by a scan of the member list. Neither reads members of other
    /// teams.
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
                    assert!(plan.contains(index.as_str()), "{sort:?} {place:?}\n{plan}");
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
            let by_id = |step: &str| step.starts_with("SEARCH m ") && step.ends_with("(team_id=? AND id=?)");
            assert!(plan.lines().any(by_id), "{plan}");
        }
    }
}
