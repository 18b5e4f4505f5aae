//! Hints for the query planners. Each names what it is for; the plan tests hold the statements to it.

/// The same value, which no index on the column answers. Without statistics a planner takes an index on `status` for one that leads to
/// few rows, although nearly all members are active.
macro_rules! unindexed {
    ($column:literal) => {
        concat!($column, " || ''")
    };
}
pub(crate) use unindexed;

/// A join whose tables SQLite reads in the order in which they are written: first the few ids, then the members. PostgreSQL may choose.
pub(crate) const JOIN_IN_ORDER: &str = " CROSS JOIN ";

/// A limit that cuts nothing off. SQLite keeps the order of a subquery that has one, and so takes the index of that order and not
/// whichever it can read from end to end.
pub(crate) const ORDERED: &str = "LIMIT 9223372036854775807";
