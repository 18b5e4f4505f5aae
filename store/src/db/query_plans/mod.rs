//! How both engines read the tables for a statement: for tests that hold statements to their indexes.
//!
//! PostgreSQL's plans are translated to the words of SQLite's, so that one assertion is for both: `SEARCH m USING INDEX
//! members_email (team_id=? AND email_key=?)`, or `SCAN m` for a table that is read whole.

mod postgres;
mod sqlite;

use crate::Engine;
use std::ops::Deref;

/// Explains statements, on both engines.
pub(crate) struct Plans {
    sqlite: sqlite::SqliteExplain,
    postgres: postgres::PostgresExplain,
}

/// SQLite: with the schema, and without rows: as for a team that grows from nothing, there are no statistics. PostgreSQL: see there.
pub(crate) async fn of_a_new_database() -> Plans {
    Plans { sqlite: sqlite::SqliteExplain::new().await, postgres: postgres::PostgresExplain::new(true).await }
}

/// The same, but PostgreSQL knows the size of its tables and nothing of their content, as soon after many rows were added.
pub(crate) async fn without_statistics() -> Plans {
    Plans { sqlite: sqlite::SqliteExplain::new().await, postgres: postgres::PostgresExplain::new(false).await }
}

/// How an engine answers a statement, a step a line.
pub(crate) struct StatementPlan {
    engine: Engine,
    statement: String,
    steps: String,
    /// In the engine's own words.
    original: String,
}

impl StatementPlan {
    pub(crate) fn is_sqlite(&self) -> bool {
        self.engine == Engine::Sqlite
    }
}

impl Deref for StatementPlan {
    type Target = str;

    fn deref(&self) -> &str {
        &self.steps
    }
}

impl std::fmt::Display for StatementPlan {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}: {}\n{}", self.engine, self.statement, self.steps)
    }
}

impl Plans {
    /// With this value for each text but the team, where PostgreSQL's plan depends on it.
    pub(crate) fn with_text(self, text: &'static str) -> Self {
        Self { postgres: self.postgres.with_text(text), ..self }
    }

    /// The plan of each engine.
    pub(crate) async fn of(&self, statement: &str) -> [StatementPlan; 2] {
        self.of_each(|_| statement.to_owned()).await
    }

    /// The same for a statement that is written for the engine. Panics if PostgreSQL reads a table whole.
    pub(crate) async fn of_each(&self, statement: impl Fn(Engine) -> String) -> [StatementPlan; 2] {
        let statements = [statement(Engine::Sqlite), statement(Engine::Postgres)];
        let [sqlite, postgres] = &statements;
        let (sqlite, postgres) = (self.sqlite.steps(sqlite).await, self.postgres.steps(postgres).await);
        let [sqlite_text, postgres_text] = statements;
        let is_whole = |step: &str| step.starts_with("SCAN") && !step.contains("INDEX");
        assert!(!postgres.0.lines().any(is_whole), "a sequential scan: {postgres_text}\n{}", postgres.0);
        [
            StatementPlan { engine: Engine::Sqlite, statement: sqlite_text, original: sqlite.clone(), steps: sqlite },
            StatementPlan {
                engine: Engine::Postgres,
                statement: postgres_text,
                original: postgres.1,
                steps: postgres.0,
            },
        ]
    }

    /// Each time the statement reads the table that it calls `table`, it does so by an index, and one of those is `wanted`.
    pub(crate) async fn check(&self, statement: &str, table: &str, wanted: &str) {
        self.check_each(|_| statement.to_owned(), table, wanted).await;
    }

    /// The same for a statement that is written for the engine.
    pub(crate) async fn check_each(&self, statement: impl Fn(Engine) -> String, table: &str, wanted: &str) {
        for plan in self.of_each(statement).await {
            assert!(!plan.lines().any(|step| step.starts_with(&format!("SCAN {table}"))), "{plan}");
            let reads = plan.lines().filter(|step| step.starts_with(&format!("SEARCH {table} ")));
            let of_the_team =
                reads.filter(|step| step.ends_with("(team_id=?)") || step.ends_with("(team_id=? AND id>?)"));
            let whole = of_the_team.filter(|step| !step.contains("members_inactive")).count();
            assert_eq!(whole, 0, "it goes through the whole team: {plan}");
            assert!(plan.contains(wanted), "not by {wanted}: {plan}");
        }
    }

    /// The statement finds the rows of `table` by a list of keys, and compares no row with each key of the list. PostgreSQL may look
    /// rows up in a hash table of many keys.
    pub(crate) async fn check_listed(&self, statement: impl Fn(Engine, usize) -> String, table: &str) {
        for count in [8, 1_000] {
            for plan in self.of_each(|engine| statement(engine, count)).await {
                let is_by_key = |step: &str| step.starts_with(&format!("SEARCH {table} ")) && step.contains("id=?");
                let is_hashed = count > 8 && plan.original.contains("Hash");
                assert!(is_hashed || plan.lines().any(is_by_key), "{plan}");
                let compares = |line: &str| line.contains("Join Filter") || line.contains("= ANY (ARRAY");
                assert!(!plan.original.lines().any(compares), "{plan}\n{}", plan.original);
            }
        }
    }
}
