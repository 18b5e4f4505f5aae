//! SQLite's query plans, for tests that verify the indexes of statements.

use crate::{Store, db::statement::sql_owned};

/// Explains statements.
pub(crate) struct Plans {
    store: Store,
    _folder: tempfile::TempDir,
}

/// Plans for a database with the schema and without rows. There are no statistics, as for a new team.
pub(crate) async fn of_a_new_database() -> Plans {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::connect(&format!("sqlite://{}", folder.path().join("x.db").display())).await.unwrap();
    store.migrate().await.unwrap();
    Plans { store, _folder: folder }
}

impl Plans {
    /// The plan, one step per line.
    pub(crate) async fn of(&self, statement: &str) -> String {
        self.steps(statement).await.join("\n")
    }

    /// Checks that the statement reads the table `table` only by an index, and at least once by `index`.
    pub(crate) async fn check(&self, statement: &str, table: &str, index: &str) {
        let steps = self.steps(statement).await;
        let plan = steps.join("\n");
        assert!(!steps.iter().any(|step| step.starts_with(&format!("SCAN {table}"))), "{statement}\n{plan}");
        let reads = steps.iter().filter(|step| step.starts_with(&format!("SEARCH {table} ")));
        let of_the_team = reads.filter(|step| step.ends_with("(team_id=?)") || step.ends_with("(team_id=? AND id>?)"));
        let whole = of_the_team.filter(|step| !step.contains("members_inactive")).count();
        assert_eq!(whole, 0, "it goes through the whole team: {statement}\n{plan}");
        assert!(plan.contains(index), "not by {index}: {statement}\n{plan}");
    }

    async fn steps(&self, statement: &str) -> Vec<String> {
        // The plan must not depend on the values.
        let explain = (0..30).fold(sql_owned(format!("EXPLAIN QUERY PLAN {statement}")), |text, _| text.opt_text(None));
        let rows = explain.all(&self.store.reader).await.unwrap();
        rows.iter().map(|row| row.text("detail").unwrap()).collect()
    }
}
