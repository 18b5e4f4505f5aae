//! What is looked for among members and groups, as far as an index answers it.

use crate::db::statement::Statement;
use std::fmt::Write as _;

/// A condition on the members or the groups of one team. Each kind has its own attributes ([`SearchAttribute`]).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// Everything.
    All,
    /// Nothing.
    Nothing,
    /// The attribute has this value.
    Is(SearchAttribute, String),
    /// `active` has this value.
    Active(bool),
    /// `active` has another value than this, or none.
    NotActive(bool),
    /// `active` has a value: no client removed it.
    ActivePresent,
    /// Changed in this span: from, and before (milliseconds since the Unix epoch).
    Modified(i64, i64),
    /// All of them.
    And(Vec<Condition>),
    /// Any of them.
    Or(Vec<Condition>),
}

/// What can be looked for by its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SearchAttribute {
    /// `id`, of both kinds.
    Id,
    /// `userName`, folded.
    UserName,
    /// `externalId`, of both kinds, as it was sent.
    ExternalId,
    /// `displayName`, of both kinds, folded.
    DisplayName,
    /// Any email address of a member, folded. Finds too much: also members whose address is their userName only.
    Email,
    /// The id of a group that a member is in.
    Group,
    /// The id of a member that a group has.
    Member,
}

/// The members of team `$1` whose `active` a client removed.
const WITHOUT_ACTIVE: &str = "(SELECT a.id FROM members a WHERE a.team_id = $1 AND a.active_present = 0)";

impl Condition {
    /// Whether one row at most can meet it: it names what is unique.
    pub(crate) fn finds_one(&self) -> bool {
        match self {
            Condition::Nothing | Condition::Is(SearchAttribute::Id | SearchAttribute::UserName, _) => true,
            Condition::And(all) => all.iter().any(Condition::finds_one),
            _ => false,
        }
    }

    /// Whether a page of what meets it is read by touching few rows, told without asking.
    pub fn is_brief(&self, offset: i64, limit: i64) -> bool {
        let near = limit <= 200 && offset <= 1_000;
        near && (*self == Condition::All || self.finds_one())
    }

    /// Whether it names what few members have, as a rule: counting them reads few rows.
    pub fn is_narrow(&self) -> bool {
        match self {
            Condition::Is(SearchAttribute::ExternalId | SearchAttribute::Email, _) => true,
            Condition::And(all) => all.iter().any(Condition::is_narrow),
            _ => self.finds_one(),
        }
    }

    /// Appends the condition to a statement about the table `m` (members) or `g` (groups), whose first value is the team's
    /// id and whose next one has the number `next`; returns the number after that.
    pub(crate) fn write(&self, table: char, sql: &mut String, next: usize) -> usize {
        let t = table;
        // Writing to a text cannot fail.
        let _ = match self {
            Condition::All => write!(sql, "1 = 1"),
            Condition::Nothing => write!(sql, "1 = 0"),
            // No row holds a NUL character, and PostgreSQL refuses even to look for one.
            Condition::Is(_, value) if value.contains('\0') => write!(sql, "1 = 0"),
            // Those without `active` are few, and have an index of their own: so the rows of all others need not be read.
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
                    // A group's name can be longer than a row of an index: the index holds the first characters of it.
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
            // A union of what each part finds by its own index: asked for the rows in the order of their ids, SQLite would
            // rather go through all of them than look into several indexes.
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

    /// Does no one meet it who is deleted? Then a statement need not ask that as well, and there is one index less for the
    /// database to choose wrongly.
    pub(crate) fn excludes_deleted(&self) -> bool {
        match self {
            Condition::Active(active) => !active,
            Condition::And(all) => all.iter().any(Condition::excludes_deleted),
            _ => false,
        }
    }

    /// Binds the values, in the order in which [`Condition::write`] numbered them.
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
