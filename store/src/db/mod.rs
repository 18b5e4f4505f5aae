//! The database engines: connections, statements, rows, transactions, migrations and SQLite's file.

pub(crate) mod checkpoint;
pub(crate) mod connect;
pub(crate) mod database_file;
pub(crate) mod database_time;
pub(crate) mod error;
pub(crate) mod file_mark;
pub(crate) mod integrity;
pub(crate) mod migrate;
pub(crate) mod placeholders;
pub(crate) mod planner;
#[cfg(test)]
pub(crate) mod query_plans;
pub(crate) mod reader;
pub(crate) mod retry;
pub(crate) mod row;
pub(crate) mod server_lock;
pub(crate) mod sqlite_reader;
pub(crate) mod statement;
pub(crate) mod transaction;
pub(crate) mod wal_index;
pub(crate) mod write_health;
pub(crate) mod write_monitor;
pub(crate) mod write_scheduler;
pub(crate) mod writer;
