//! Hints for the query planners. The name of each is its purpose, and the plan tests verify its effect.

/// The same value, but no index on the column applies to it. Without statistics, a planner expects few rows from an
/// index on `status`, although nearly all members are active.
macro_rules! unindexed {
    ($column:literal) => {
        concat!($column, " || ''")
    };
}
pub(crate) use unindexed;

/// A join that SQLite executes in the written order: first the few ids, then the members. PostgreSQL chooses the order
/// itself.
pub(crate) const JOIN_IN_ORDER: &str = " CROSS JOIN ";

/// A limit without effect. SQLite keeps the order of a subquery that has one, so it uses the index of that order and
/// not another that it could scan.
pub(crate) const ORDERED: &str = "LIMIT 9223372036854775807";
