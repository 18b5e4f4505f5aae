//! Conditions on members and groups that an index can answer.

use crate::db::statement::Statement;
use std::fmt::Write as _;

/// A condition on the members or the groups of one team. Each resource type has its own attributes
/// ([`SearchAttribute`]).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// Every resource.
    All,
    /// No resource.
    Nothing,
    /// The attribute has this value.
    Is(SearchAttribute, String),
    /// `active` has this value.
    Active(bool),
    /// `active` has the other value, or none.
    NotActive(bool),
    /// `active` has a value, because no client removed it.
    ActivePresent,
    /// The last change is in this period: from, and before (milliseconds since the Unix epoch).
    Modified(i64, i64),
    /// All of these hold.
    And(Vec<Condition>),
    /// At least one of these holds.
    Or(Vec<Condition>),
}

/// An attribute that a condition can compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SearchAttribute {
    /// `id` of both resource types.
    Id,
    /// `userName`, folded.
    UserName,
    /// `externalId` of both resource types, as sent.
    ExternalId,
    /// `displayName` of both resource types, folded.
    DisplayName,
    /// Any email address of a member, folded. It matches too much: also members without an address whose userName is
    /// equal.
    Email,
    /// The id of one of a member's groups.
    Group,
    /// The id of one of a group's members.
    Member,
}

/// The members of team `$1` without `active`, because a client removed it.
const WITHOUT_ACTIVE: &str = "(SELECT a.id FROM members a WHERE a.team_id = $1 AND a.active_present = 0)";

impl Condition {
    /// Can at most one row match, because the condition names a unique value?
    pub(crate) fn finds_one(&self) -> bool {
        match self {
            Condition::Nothing | Condition::Is(SearchAttribute::Id | SearchAttribute::UserName, _) => true,
            Condition::And(all) => all.iter().any(Condition::finds_one),
            _ => false,
        }
    }

    /// Does a page of the matches touch only a few rows? The answer needs no query.
    pub fn is_point_query(&self, offset: i64, limit: i64) -> bool {
        let near = limit <= 200 && offset <= 1_000;
        near && (*self == Condition::All || self.finds_one())
    }

    /// Does the condition name a value that few members usually have, so that counting them is cheap?
    pub fn is_narrow(&self) -> bool {
        match self {
            Condition::Is(SearchAttribute::ExternalId | SearchAttribute::Email, _) => true,
            Condition::And(all) => all.iter().any(Condition::is_narrow),
            _ => self.finds_one(),
        }
    }

    /// Appends the condition to a statement about the table `m` (members) or `g` (groups). The statement's first value
    /// is the team's id. The condition's first value has the number `next`. Returns the number after its last value.
    pub(crate) fn write(&self, table: char, sql: &mut String, next: usize) -> usize {
        let t = table;
        // Writing to a text cannot fail.
        let _ = match self {
            Condition::All => write!(sql, "1 = 1"),
            Condition::Nothing => write!(sql, "1 = 0"),
            // No row holds a NUL character, and PostgreSQL refuses even to look for one.
            Condition::Is(_, value) if value.contains('\0') => write!(sql, "1 = 0"),
            // Members without `active` are few and have an index of their own, so the rows of all others need not be
            // read.
            Condition::Active(true) => write!(sql, "({t}.status <> 'deactivated' AND {t}.id NOT IN {WITHOUT_ACTIVE})"),
            Condition::Active(false) => write!(sql, "({t}.status = 'deactivated' AND {t}.id NOT IN {WITHOUT_ACTIVE})"),
            Condition::NotActive(true) => write!(sql, "({t}.status = 'deactivated' OR {t}.id IN {WITHOUT_ACTIVE})"),
            Condition::NotActive(false) => write!(sql, "({t}.status <> 'deactivated' OR {t}.id IN {WITHOUT_ACTIVE})"),
            Condition::ActivePresent => write!(sql, "{t}.id NOT IN {WITHOUT_ACTIVE}"),
            Condition::Modified(..) => {
                let _ = write!(sql, "{t}.updated_at >= ${next} AND {t}.updated_at < ${}", next + 1);
                return next + 2;
            }
            Condition::Is(attribute, _) => {
                let _ = match attribute {
                    SearchAttribute::Id => write!(sql, "{t}.id = ${next}"),
                    SearchAttribute::UserName => write!(sql, "{t}.user_name_key = ${next}"),
                    SearchAttribute::ExternalId => write!(sql, "{t}.external_id = ${next}"),
                    // A group's name can be longer than a row of an index allows, so the index has its first
                    // characters.
                    SearchAttribute::DisplayName if table == 'g' => write!(
                        sql,
                        "substr({t}.display_name_key, 1, 512) = substr(CAST(${next} AS TEXT), 1, 512) AND {t}.display_name_key = ${next}"
                    ),
                    SearchAttribute::DisplayName => write!(sql, "{t}.display_name_key = ${next}"),
                    SearchAttribute::Email => write!(
                        sql,
                        "{t}.id IN (SELECT id FROM members WHERE team_id = $1 AND email_key = ${next} \
                         UNION SELECT member_id FROM member_emails WHERE team_id = $1 AND email_key = ${next})"
                    ),
                    SearchAttribute::Group => {
                        write!(
                            sql,
                            "{t}.id IN (SELECT member_id FROM group_members WHERE team_id = $1 AND group_id = ${next})"
                        )
                    }
                    SearchAttribute::Member => {
                        write!(
                            sql,
                            "{t}.id IN (SELECT group_id FROM group_members WHERE team_id = $1 AND member_id = ${next})"
                        )
                    }
                };
                return next + 1;
            }
            Condition::And(all) if all.is_empty() => write!(sql, "1 = 1"),
            Condition::Or(all) if all.is_empty() => write!(sql, "1 = 0"),
            Condition::And(all) => {
                let mut number = next;
                for (index, one) in all.iter().enumerate() {
                    sql.push_str(if index == 0 { "(" } else { " AND " });
                    number = one.write(table, sql, number);
                }
                sql.push(')');
                return number;
            }
            // A union of the matches of each part, each by its own index. For a plain `OR` in the order of ids, SQLite
            // would scan all rows instead of several indexes.
            Condition::Or(all) => {
                let of = if table == 'g' { "groups" } else { "members" };
                let mut number = next;
                for (index, one) in all.iter().enumerate() {
                    let _ = match index {
                        0 => write!(sql, "{t}.id IN (SELECT {t}.id"),
                        _ => write!(sql, " UNION SELECT {t}.id"),
                    };
                    let _ = write!(sql, " FROM {of} {t} WHERE {t}.team_id = $1 AND ");
                    number = one.write(table, sql, number);
                }
                sql.push(')');
                return number;
            }
        };
        next
    }

    /// Does the condition exclude deleted members? Then a statement needs no separate condition for that, and the
    /// planner has one index less to choose wrongly.
    pub(crate) fn excludes_deleted(&self) -> bool {
        match self {
            Condition::Active(active) => !active,
            Condition::And(all) => all.iter().any(Condition::excludes_deleted),
            _ => false,
        }
    }

    /// Binds the values, in the order of the numbers of [`Condition::write`].
    pub(crate) fn bind(&self, statement: Statement) -> Statement {
        match self {
            Condition::All
            | Condition::Nothing
            | Condition::Active(_)
            | Condition::NotActive(_)
            | Condition::ActivePresent => statement,
            Condition::Is(_, value) if value.contains('\0') => statement,
            Condition::Is(_, value) => statement.text(value),
            Condition::Modified(from, before) => statement.number(*from).number(*before),
            Condition::And(all) | Condition::Or(all) => {
                all.iter().fold(statement, |statement, one| one.bind(statement))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_numbered_in_order() {
        let name = |name: &str| Condition::Is(SearchAttribute::UserName, name.into());
        let condition = Condition::And(vec![
            name("a"),
            Condition::Or(vec![Condition::Is(SearchAttribute::Email, "b".into()), Condition::Modified(1, 2)]),
            Condition::Active(true),
            Condition::Or(vec![]),
        ]);
        let mut sql = String::new();
        assert_eq!(condition.write('m', &mut sql, 2), 6);
        assert_eq!(
            sql,
            "(m.user_name_key = $2 AND m.id IN (SELECT m.id FROM members m WHERE m.team_id = $1 AND m.id IN \
             (SELECT id FROM members WHERE team_id = $1 AND email_key = $3 \
             UNION SELECT member_id FROM member_emails WHERE team_id = $1 AND email_key = $3) \
             UNION SELECT m.id FROM members m WHERE m.team_id = $1 AND m.updated_at >= $4 AND m.updated_at < $5) \
             AND (m.status <> 'deactivated' AND m.id NOT IN \
             (SELECT a.id FROM members a WHERE a.team_id = $1 AND a.active_present = 0)) AND 1 = 0)"
        );
    }
}
