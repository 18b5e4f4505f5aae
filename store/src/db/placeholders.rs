//! Placeholders of statements: lists of values, and the rows that have one of some ids.

use crate::{Engine, db::statement::Statement};
use std::fmt::Write as _;

/// Writes `$first, …`, `count` of them.
pub(crate) fn placeholders(text: &mut String, first: usize, count: usize) {
    for number in first..first + count {
        // Writing to a text cannot fail.
        let _ = write!(text, "{}${number}", if number == first { "" } else { ", " });
    }
}

/// A condition: the row's key is one of `count`, which begin with the same values. `shared` holds the columns that they share, with the
/// values' placeholders; the ids of the last column are the values from `$first` on.
///
/// SQLite looks into the index once for each id of a list. PostgreSQL compares a list of placeholders one by one with each row that it
/// finds by the other columns, and takes those for few without statistics. So it gets whole keys, whose other columns it does not take
/// for constants: it looks them up in the index or in a hash table. docs/decisions/id-lists.md has the figures.
pub(crate) fn one_of(engine: Engine, shared: &[(&str, &str)], id: &str, first: usize, count: usize) -> String {
    let mut text = String::with_capacity(count * 16);
    match engine {
        Engine::Sqlite => {
            shared.iter().for_each(|(column, value)| text.extend([column, " = ", value, " AND "]));
            text.extend([id, " IN ("]);
            placeholders(&mut text, first, count);
        }
        Engine::Postgres => {
            text.push('(');
            shared.iter().for_each(|(column, _)| text.extend([column, ", "]));
            text.extend([id, ") IN (VALUES "]);
            for number in first..first + count {
                text.push_str(if number == first { "(" } else { ", (" });
                shared.iter().for_each(|(_, value)| text.extend([value, ", "]));
                let _ = write!(text, "${number})");
            }
        }
    }
    text.push(')');
    text
}

/// The count of placeholders for a list of this many values. It is one of few numbers, so that statements stay prepared.
pub(crate) fn slots(values: usize) -> usize {
    [1, 8, 51, 200, 1_000].into_iter().find(|slots| values <= *slots).unwrap_or(values)
}

/// Binds values to `slots` placeholders; what is left over gets the last value once more.
pub(crate) fn bind_ids<'a>(mut statement: Statement, ids: impl Iterator<Item = &'a str>, slots: usize) -> Statement {
    let (mut bound, mut last) = (0, "");
    for id in ids.take(slots) {
        statement = statement.text(id);
        (bound, last) = (bound + 1, id);
    }
    for _ in bound..slots {
        statement = statement.text(last);
    }
    statement
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_written_for_each_engine() {
        let of = |engine| one_of(engine, &[("m.team_id", "$1"), ("m.group_id", "$2")], "m.member_id", 4, 2);
        assert_eq!(of(Engine::Sqlite), "m.team_id = $1 AND m.group_id = $2 AND m.member_id IN ($4, $5)");
        assert_eq!(of(Engine::Postgres), "(m.team_id, m.group_id, m.member_id) IN (VALUES ($1, $2, $4), ($1, $2, $5))");
    }
}
