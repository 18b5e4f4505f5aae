//! How SQLite answers a statement: for tests that hold statements to their indexes.

use crate::{Store, db::statement::sql_owned};

/// Explains statements.
pub(crate) struct Plans {
    store: Store,
    _folder: tempfile::TempDir,
}

/// With the schema, and without rows: as for a team that grows from nothing, there are no statistics.
pub(crate) async fn of_a_new_database() -> Plans {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::connect(&format!("sqlite://{}", folder.path().join("x.db").display())).await.unwrap();
    store.migrate().await.unwrap();
    Plans { store, _folder: folder }
}

impl Plans {
    /// The plan, a step a line.
    pub(crate) async fn of(&self, statement: &str) -> String {
        self.steps(statement).await.join("\n")
    }

    /// Each time the statement reads the table that it calls `table`, it does so by an index, and one of those is `wanted`.
    pub(crate) async fn check(&self, statement: &str, table: &str, wanted: &str) {
        let steps = self.steps(statement).await;
        let plan = steps.join("\n");
        assert!(!steps.iter().any(|step| step.starts_with(&format!("SCAN {table}"))), "{statement}\n{plan}");
        let reads = steps.iter().filter(|step| step.starts_with(&format!("SEARCH {table} ")));
        let of_the_team = reads.filter(|step| step.ends_with("(team_id=?)") || step.ends_with("(team_id=? AND id>?)"));
        let whole = of_the_team.filter(|step| !step.contains("members_inactive")).count();
        assert_eq!(whole, 0, "it goes through the whole team: {statement}\n{plan}");
        assert!(plan.contains(wanted), "not by {wanted}: {statement}\n{plan}");
    }

    async fn steps(&self, statement: &str) -> Vec<String> {
        // A plan is made without knowing the values.
        let explain = (0..30).fold(sql_owned(format!("EXPLAIN QUERY PLAN {statement}")), |text, _| text.opt_text(None));
        let rows = explain.all(&self.store.reader).await.unwrap();
        rows.iter().map(|row| row.text("detail").unwrap()).collect()
    }
}
