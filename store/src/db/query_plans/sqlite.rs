//! SQLite's plans.

use crate::{Store, db::statement::sql_owned};

pub(super) struct SqliteExplain {
    store: Store,
    _folder: tempfile::TempDir,
}

impl SqliteExplain {
    pub(super) async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::connect(&format!("sqlite://{}", folder.path().join("x.db").display())).await.unwrap();
        store.migrate().await.unwrap();
        Self { store, _folder: folder }
    }

    pub(super) async fn steps(&self, statement: &str) -> String {
        // A plan is made without knowing the values.
        let explain =
            (0..1_010).fold(sql_owned(format!("EXPLAIN QUERY PLAN {statement}")), |text, _| text.opt_text(None));
        let rows = explain.all(&self.store.reader).await.unwrap();
        let steps = rows.iter().map(|row| by_primary_key(&row.text("detail").unwrap()));
        steps.collect::<Vec<_>>().join("\n")
    }
}

/// Names the index of a primary key as PostgreSQL does: `members_pkey` for `sqlite_autoindex_members_1`. Other unique indexes have
/// names of their own.
fn by_primary_key(step: &str) -> String {
    let Some((before, rest)) = step.split_once("sqlite_autoindex_") else { return step.to_owned() };
    let Some((table, after)) = rest.split_once("_1 ") else { return step.to_owned() };
    format!("{before}{table}_pkey {after}")
}
