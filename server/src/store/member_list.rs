//! The team's members as its pages list them: searched, filtered, sorted, a page at a time.
//!
//! What is looked for is found on one index that holds every column in question, so that members' documents are not read;
//! a page begins at a member's name (or address) and not at a number, so that the last one costs as much as the first.

use super::{
    Source, Status, Store, StoreError,
    row::Row,
    run::{Statement, sql_of},
    users::{bind_ids, placeholders, slots},
};
use domain::{
    UnixMs,
    id::{MemberId, TeamId},
    role::{Role, Roles},
};

/// A member in the team's list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberRow {
    /// Which one.
    pub id: MemberId,
    /// The display name.
    pub name: String,
    /// The e-mail address, else the userName.
    pub email: String,
    /// The userName.
    pub user_name: String,
    /// The roles given by hand.
    pub own_roles: Roles,
    /// The roles given by groups, if there are any.
    pub group_roles: Option<Roles>,
    /// What the member is.
    pub status: Status,
    /// Where the member comes from.
    pub source: Source,
    /// When the member last signed in.
    pub last_sign_in_at: Option<UnixMs>,
    /// When the member was made.
    pub created_at: UnixMs,
}

impl MemberRow {
    /// The effective roles.
    pub fn roles(&self) -> Roles {
        self.group_roles.map_or(self.own_roles, |given| self.own_roles.union(given))
    }
}

/// Which members are wanted; all of it holds for each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MemberFilter {
    /// Folded; stands in the name, the e-mail address or the userName. Empty: anything.
    pub search: String,
    /// What the member is.
    pub status: Option<Status>,
    /// Where the member comes from.
    pub source: Option<Source>,
    /// A role that the member has, by hand or by a group.
    pub role: Option<Role>,
    /// A group that the member is in.
    pub group: Option<InGroup>,
    /// Those whom the search finds, where that is known: a thousand at most.
    pub found: Option<Vec<MemberId>>,
}

/// The members of a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InGroup {
    /// The group's id. It may be any: the members are always those of the team.
    pub id: String,
    /// How many members it has.
    pub members: i64,
}

impl InGroup {
    /// Up to so many members are read one by one, and sorted. A larger group is found along the list of all members, of
    /// whom then so many are in it that a page is full soon.
    const FEW: i64 = 2_000;

    fn is_small(&self) -> bool {
        self.members <= Self::FEW
    }
}

impl MemberFilter {
    /// All members of a group.
    pub fn of_group(group: InGroup) -> Self {
        Self { group: Some(group), ..Self::default() }
    }

    /// Are all members wanted?
    pub fn is_everybody(&self) -> bool {
        *self == Self::default()
    }

    /// Are they few, whatever is counted?
    fn is_small(&self) -> bool {
        self.found.is_some() || self.is_in_small_group()
    }

    fn is_in_small_group(&self) -> bool {
        self.group.as_ref().is_some_and(InGroup::is_small)
    }

    /// Where those who are wanted are found if they are few, without going through all members: the ids of some of them,
    /// from an index of their own. `first`: the number of the first value for [`MemberFilter::bind_found`].
    fn narrow(&self, first: usize) -> Option<String> {
        if let Some(found) = &self.found {
            let mut text = "SELECT id FROM members WHERE id IN (".to_owned();
            placeholders(&mut text, first, found_slots(found));
            text.push(')');
            return Some(text);
        }
        if self.is_in_small_group() {
            return Some("SELECT member_id AS id FROM group_members WHERE group_id = $3".to_owned());
        }
        let state = self.status.is_some() || self.source.is_some();
        let mut text = "SELECT id FROM members WHERE team_id = $1".to_owned();
        // With `|| ''` the index is that of the role.
        let (status, source) = match self.role {
            Some(Role::SuperAdmin | Role::Admin) => {
                text.push_str(" AND (roles >= 4 OR group_roles >= 4)");
                ("status || ''", "source || ''")
            }
            Some(Role::Billing) => ("status || ''", "source || ''"),
            // What is looked for may be far fewer than these.
            _ if !self.search.is_empty() || !state => return None,
            _ => ("status", "source"),
        };
        text.extend([" AND ", status, " <> 'deleted'"]);
        match (self.status, self.role) {
            (Some(wanted), _) => text.extend([" AND ", status, " = '", wanted.name(), "'"]),
            (None, None | Some(Role::Developer)) => {
                text.push_str(" AND status IN ('active', 'invited', 'deactivated')");
            }
            (None, _) => {}
        }
        if let Some(wanted) = self.source {
            text.extend([" AND ", source, " = '", wanted.name(), "'"]);
        }
        text.push_str(match self.role {
            None => "",
            Some(Role::SuperAdmin) => " AND ((roles | group_roles) & 8) <> 0",
            Some(Role::Admin) => " AND ((roles | group_roles) & 4) <> 0",
            Some(Role::Billing) => " AND ((roles | group_roles) & 2) <> 0",
            Some(Role::Developer) => " AND (((roles | group_roles) & 1) <> 0 OR (roles | group_roles) = 0)",
        });
        Some(text)
    }

    /// Appends the tables, and the condition on the one called `m`; the search's pattern is `$2`, the group `$3`. With
    /// `narrow`, its ids are looked at, else all members. `|| ''` keeps indexes out that look as if they led to few.
    fn write(&self, text: &mut String, narrow: Option<&str>) {
        match narrow {
            // SQLite reads the tables of a CROSS JOIN in this order.
            Some(ids) => {
                text.extend(["(", ids, ") AS d CROSS JOIN members m WHERE m.id = d.id AND m.team_id || '' = $1"])
            }
            None => text.push_str("members m WHERE m.team_id = $1"),
        }
        // PostgreSQL has to know every value's type.
        text.push_str(" AND CAST($2 AS TEXT) IS NOT NULL AND CAST($3 AS TEXT) IS NOT NULL AND m.status <> 'deleted'");
        if self.group.is_some() && (self.found.is_some() || !self.is_in_small_group()) {
            text.push_str(
                " AND EXISTS (SELECT 1 FROM group_members gm WHERE gm.group_id = $3 AND gm.member_id = m.id)",
            );
        }
        if !self.search.is_empty() && self.found.is_none() {
            text.push_str(
                " AND (m.display_name_key LIKE $2 ESCAPE '!' OR m.email_key LIKE $2 ESCAPE '!' \
                 OR m.user_name_key LIKE $2 ESCAPE '!')",
            );
        }
        if let Some(status) = self.status {
            text.extend([" AND m.status || '' = '", status.name(), "'"]);
        }
        if let Some(source) = self.source {
            text.extend([" AND m.source || '' = '", source.name(), "'"]);
        }
        text.push_str(match self.role {
            None => "",
            Some(Role::SuperAdmin) => " AND ((m.roles | m.group_roles) & 8) <> 0",
            Some(Role::Admin) => " AND ((m.roles | m.group_roles) & 4) <> 0",
            Some(Role::Billing) => " AND ((m.roles | m.group_roles) & 2) <> 0",
            Some(Role::Developer) => " AND (((m.roles | m.group_roles) & 1) <> 0 OR (m.roles | m.group_roles) = 0)",
        });
    }

    /// `$1` to `$3`. Every statement has all three, so that the numbers after them are the same.
    fn bind(&self, statement: Statement, team: &TeamId) -> Statement {
        let group = self.group.as_ref().map_or("", |group| group.id.as_str());
        statement.text(team.as_str()).text(&pattern(&self.search)).text(group)
    }

    /// The last values of a statement: those whom the search found.
    fn bind_found(&self, statement: Statement) -> Statement {
        match &self.found {
            Some(found) => bind_ids(statement, found.iter().map(MemberId::as_str), found_slots(found)),
            None => statement,
        }
    }
}

/// Few different statements.
fn found_slots(found: &[MemberId]) -> usize {
    match found.len() {
        count @ ..=200 => slots(count),
        count => count.max(1_000),
    }
}

/// The order of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MemberSort {
    /// By name.
    #[default]
    Name,
    /// By e-mail address, else userName.
    Email,
    /// The newest first.
    Newest,
}

/// How many of a team's members are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Amount {
    /// A thousand at most: all of them are found, and then sorted.
    Few,
    /// More: a page of them is full soon, wherever in the order it begins.
    Many,
}

/// Where a page begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// So many members after the start.
    Start(i64),
    /// It ends so many members before the end.
    End(i64),
    /// After this member.
    After(MemberId),
    /// It ends before this member.
    Before(MemberId),
}

impl Store {
    /// Up to `size` members, in order. `amount`: whether few are wanted, of however many, as far as that is known.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn members_list(
        &self,
        team: &TeamId,
        (filter, amount): (&MemberFilter, Amount),
        sort: MemberSort,
        place: &Place,
        size: i64,
    ) -> Result<Vec<MemberRow>, StoreError> {
        let statement = filter.bind(sql_of(page(filter, amount, sort, place)), team).number(size.max(0));
        let statement = match place {
            Place::Start(offset) | Place::End(offset) => statement.number((*offset).max(0)),
            Place::After(id) | Place::Before(id) => statement.text(id.as_str()),
        };
        let statement = filter.bind_found(statement);
        statement.all(&self.reader).await?.iter().map(read).collect()
    }

    /// How many members are wanted, counted up to `most`: to count all that are found would take as long as there are many.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn members_count(&self, team: &TeamId, filter: &MemberFilter, most: i64) -> Result<i64, StoreError> {
        let statement = filter.bind(sql_of(count(filter)), team).number(most.max(0));
        let row = filter.bind_found(statement).first(&self.reader).await?;
        row.map_or(Ok(0), |row| row.number("members"))
    }
}

/// The columns of [`MemberRow`], of a table that the statement calls `m`.
macro_rules! list_columns {
    () => {
        "m.id, m.display_name, COALESCE(m.email, m.user_name) AS email, m.user_name, m.roles, m.group_roles, m.status, \
         m.source, m.last_sign_in_at, m.created_at"
    };
}
pub(super) use list_columns;

pub(super) fn read(row: &Row) -> Result<MemberRow, StoreError> {
    let given = row.number("group_roles")?;
    Ok(MemberRow {
        id: MemberId::new(row.text("id")?),
        name: row.text("display_name")?,
        email: row.text("email")?,
        user_name: row.text("user_name")?,
        own_roles: Roles::from_bits(row.number("roles")?),
        group_roles: (given != 0).then(|| Roles::from_bits(given)),
        status: row.one_of("status", Status::parse)?,
        source: row.one_of("source", Source::parse)?,
        last_sign_in_at: row.maybe_number("last_sign_in_at")?,
        created_at: row.number("created_at")?,
    })
}

/// Anything around the text, in which nothing stands for anything else.
pub(super) fn pattern(search: &str) -> String {
    let mut pattern = String::with_capacity(search.len() + 2);
    pattern.push('%');
    for c in search.chars() {
        if matches!(c, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

/// The statement of [`Store::members_list`]: `$1` the team, `$2` the search's pattern, `$3` the group, `$4` the size, `$5`
/// the place.
fn page(filter: &MemberFilter, amount: Amount, sort: MemberSort, place: &Place) -> String {
    let narrow = filter.narrow(6).filter(|_| amount == Amount::Few || filter.is_small());
    // A sorted index is followed row by row, which finds a page of many soon. Few are found by an index of their own, or by
    // the one that holds all columns, and then sorted; `|| ''` keeps the other indexes out.
    let is_sorted = narrow.is_some() || amount == Amount::Few;
    let key = match (sort, is_sorted) {
        (MemberSort::Name, _) if narrow.is_some() => "m.display_name_key || ''",
        (MemberSort::Name, _) => "m.display_name_key",
        (MemberSort::Email, false) => "COALESCE(m.email_key, m.user_name_key)",
        (MemberSort::Email, true) => "COALESCE(m.email_key, m.user_name_key) || ''",
        (MemberSort::Newest, false) => "m.id",
        (MemberSort::Newest, true) => "m.id || ''",
    };
    let descending = sort == MemberSort::Newest;
    let backwards = matches!(place, Place::End(_) | Place::Before(_));
    let order = |down: bool| {
        let way = if down { "DESC" } else { "ASC" };
        match sort {
            MemberSort::Newest => [key, " ", way].concat(),
            _ => [key, " ", way, ", m.id ", way].concat(),
        }
    };
    let mut text = concat!("SELECT ", list_columns!(), " FROM members m WHERE m.id IN (SELECT m.id FROM ").to_owned();
    filter.write(&mut text, narrow.as_deref());
    if matches!(place, Place::After(_) | Place::Before(_)) {
        let than = if descending == backwards { " > " } else { " < " };
        let (left, right) = match sort {
            MemberSort::Newest => (key.to_owned(), key.to_owned()),
            _ => (["(", key, ", m.id)"].concat(), [key, ", m.id"].concat()),
        };
        text.extend([" AND ", &left, than, "(SELECT ", &right, " FROM members m WHERE m.id = $5 AND m.team_id = $1)"]);
    }
    text.extend([" ORDER BY ", &order(descending != backwards), " LIMIT $4"]);
    if matches!(place, Place::Start(_) | Place::End(_)) {
        text.push_str(" OFFSET $5");
    }
    text.extend([") ORDER BY ", &order(descending)]);
    text
}

/// The statement of [`Store::members_count`]: `$1` the team, `$2` the search's pattern, `$3` the group, `$4` the most.
fn count(filter: &MemberFilter) -> String {
    let narrow = filter.narrow(5);
    let mut text = "SELECT COUNT(*) AS members FROM (".to_owned();
    match narrow {
        // Then these are all that are wanted, and their rows need not be read.
        Some(ids) if filter.search.is_empty() && filter.found.is_none() && filter.group.is_none() => {
            text.push_str(&ids);
            text.push_str(" AND CAST($2 AS TEXT) IS NOT NULL AND CAST($3 AS TEXT) IS NOT NULL");
        }
        narrow => {
            text.push_str("SELECT m.id FROM ");
            filter.write(&mut text, narrow.as_deref());
        }
    }
    text.push_str(" LIMIT $4) AS found");
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::plans;

    fn places() -> [Place; 4] {
        let id = || MemberId::new("m");
        [Place::Start(0), Place::End(0), Place::After(id()), Place::Before(id())]
    }

    #[test]
    fn a_search_stands_for_nothing_but_itself() {
        for (search, wanted) in [("", "%%"), ("ada", "%ada%"), ("100%_!\\'", "%100!%!_!!\\'%")] {
            assert_eq!(pattern(search), wanted);
        }
    }

    fn of(status: Option<Status>, source: Option<Source>, role: Option<Role>) -> MemberFilter {
        MemberFilter { status, source, role, ..MemberFilter::default() }
    }

    /// Every kind of filter but that by group.
    fn filters() -> Vec<MemberFilter> {
        vec![
            MemberFilter::default(),
            MemberFilter { search: "ada".into(), ..MemberFilter::default() },
            of(Some(Status::Active), None, None),
            of(None, Some(Source::Directory), None),
            of(Some(Status::Invited), Some(Source::Invited), None),
            of(None, None, Some(Role::Admin)),
            of(None, None, Some(Role::Billing)),
            of(None, None, Some(Role::Developer)),
        ]
    }

    const SORTS: [(MemberSort, &str); 3] = [
        (MemberSort::Name, "members_by_name"),
        (MemberSort::Email, "members_by_email"),
        (MemberSort::Newest, "members_by_id"),
    ];

    /// However many members a team has, a page of many of them is found where it begins, and nothing but it is sorted.
    #[tokio::test]
    async fn a_page_of_many_begins_at_its_place_in_an_index() {
        let plans = plans::of_a_new_database().await;
        for filter in filters() {
            for (sort, index) in SORTS {
                for place in places() {
                    let plan = plans.of(&page(&filter, Amount::Many, sort, &place)).await;
                    assert!(plan.contains(index), "{filter:?} {sort:?} {place:?}\n{plan}");
                    assert!(!plan.contains("SCAN m"), "{filter:?} {sort:?} {place:?}\n{plan}");
                    assert!(plan.matches("USE TEMP B-TREE").count() <= 1, "{filter:?} {sort:?} {place:?}\n{plan}");
                }
            }
        }
    }

    /// Few are found by the index that holds only such members, where there is one.
    #[tokio::test]
    async fn few_are_found_without_going_through_all() {
        let plans = plans::of_a_new_database().await;
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
            let plan = plans.of(&count(&filter)).await;
            assert!(plan.contains(index) && !plan.contains("SEARCH m USING COVERING"), "{filter:?}\n{plan}");
            for (sort, _) in SORTS {
                for place in places() {
                    let plan = plans.of(&page(&filter, Amount::Few, sort, &place)).await;
                    assert!(plan.contains(index), "{filter:?} {sort:?} {place:?}\n{plan}");
                    assert!(!plan.contains("members_by_name"), "{filter:?} {sort:?} {place:?}\n{plan}");
                }
            }
        }
    }

    /// Who is looked for is found without reading members that are not.
    #[tokio::test]
    async fn a_search_reads_no_documents() {
        let plans = plans::of_a_new_database().await;
        let some = |search: &str| MemberFilter { search: search.into(), ..MemberFilter::default() };
        for filter in [
            some("ada"),
            MemberFilter { source: Some(Source::Directory), ..some("ada") },
            MemberFilter { status: Some(Status::Active), ..some("ada") },
        ] {
            for (sort, _) in SORTS {
                for place in places() {
                    let plan = plans.of(&page(&filter, Amount::Few, sort, &place)).await;
                    assert!(plan.contains("COVERING INDEX members_by_name"), "{sort:?} {place:?}\n{plan}");
                }
            }
            let plan = plans.of(&count(&filter)).await;
            assert!(plan.contains("COVERING INDEX members_by_name"), "{plan}");
        }
    }

    /// A small group is read whole, a large one along the list of all members; neither reads the others.
    #[tokio::test]
    async fn a_groups_members_are_found_from_the_smaller_side() {
        let plans = plans::of_a_new_database().await;
        let of = |members| MemberFilter::of_group(InGroup { id: "g".into(), members });
        for (sort, index) in SORTS {
            for place in places() {
                let plan = plans.of(&page(&of(100_000), Amount::Many, sort, &place)).await;
                assert!(plan.contains(index), "{sort:?} {place:?}\n{plan}");
                assert!(plan.contains("(group_id=? AND member_id=?)"), "{sort:?} {place:?}\n{plan}");
                assert!(!plan.contains("SCAN m") && !plan.contains("SCAN gm"), "{sort:?} {place:?}\n{plan}");
                assert!(plan.matches("USE TEMP B-TREE").count() <= 1, "{sort:?} {place:?}\n{plan}");
                for amount in [Amount::Few, Amount::Many] {
                    let plan = plans.of(&page(&of(30), amount, sort, &place)).await;
                    assert!(
                        plan.contains("USING COVERING INDEX sqlite_autoindex_group_members_1"),
                        "{place:?}\n{plan}"
                    );
                    assert!(!plan.contains("(team_id=?"), "{sort:?} {place:?}\n{plan}");
                }
            }
        }
        let plan = plans.of(&count(&of(30))).await;
        assert!(plan.contains("SEARCH m USING INDEX sqlite_autoindex_members_1 (id=?)"), "{plan}");
    }
}
