//! The clock of the database, where several servers share one.

/// PostgreSQL's time in milliseconds.
macro_rules! database_time {
    () => {
        "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)"
    };
}
pub(crate) use database_time;
