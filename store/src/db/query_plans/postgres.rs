//! PostgreSQL's plans, in the words of SQLite's.

use sqlx::{AnyConnection, AssertSqlSafe, Connection as _, Row as _, migrate::MigrateDatabase as _};
use tokio::sync::{Mutex, OnceCell};

/// Rows for PostgreSQL alone, because it chooses among indexes by their cost: in an empty table each costs the same.
const ROWS: &str = include_str!("rows.sql");

/// A table of a few pages is cheaper to read whole than by any index, so a sequential scan counts as very expensive: one that is left
/// in a plan has no index that could take its place.
const SETTINGS: &str = "SET enable_seqscan = off; SET jit = off";

/// PostgreSQL plans a prepared statement for its values five times, and then decides whether it plans without knowing them.
const EXECUTIONS: usize = 6;

/// The value of each text but the first: the id of a member in the middle of the team.
const TEXT: &str = "00005000";

pub(super) struct PostgresExplain {
    connection: Mutex<AnyConnection>,
    text: &'static str,
}

impl PostgresExplain {
    pub(super) async fn new(has_statistics: bool) -> Self {
        static URLS: [OnceCell<String>; 2] = [const { OnceCell::const_new() }; 2];
        let [without, with] = &URLS;
        let url = if has_statistics { with } else { without };
        let url = url.get_or_init(|| database(has_statistics)).await;
        let mut connection = AnyConnection::connect(url).await.unwrap();
        sqlx::raw_sql(SETTINGS).execute(&mut connection).await.unwrap();
        Self { connection: Mutex::new(connection), text: TEXT }
    }

    /// Another value for each text but the first.
    pub(super) fn with_text(self, text: &'static str) -> Self {
        Self { text, ..self }
    }

    /// The plan that PostgreSQL keeps for a statement, also in its own words. Each number is 50.
    pub(super) async fn steps(&self, statement: &str) -> (String, String) {
        const TYPES: &str = "SELECT array_to_string(parameter_types::text[], ',') FROM pg_prepared_statements";
        let connection = &mut *self.connection.lock().await;
        let prepare = AssertSqlSafe(format!("PREPARE explained AS {statement}"));
        sqlx::raw_sql(prepare).execute(&mut *connection).await.unwrap();
        let types: String = sqlx::raw_sql(TYPES).fetch_one(&mut *connection).await.unwrap().get(0);
        let values = types.split_terminator(',').enumerate().map(|(number, kind)| match (number, kind) {
            (0, "text") => "'t'".to_owned(),
            (_, "text") => format!("'{}'", self.text),
            _ => "50".to_owned(),
        });
        let values = values.collect::<Vec<_>>().join(", ");
        let explain = format!("EXPLAIN (COSTS OFF) EXECUTE explained ({values});");
        let explain = AssertSqlSafe(explain.replace(" ()", "").repeat(EXECUTIONS));
        let rows = sqlx::raw_sql(explain).fetch_all(&mut *connection).await.unwrap();
        sqlx::raw_sql("DEALLOCATE explained").execute(connection).await.unwrap();
        let lines: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
        let first = lines.iter().rposition(|line| !line.starts_with(' ')).unwrap_or(0);
        let lines = lines.get(first..).unwrap_or_default();
        (steps(lines).join("\n"), lines.join("\n"))
    }
}

/// A migrated database with rows. It stays: `scripts/with-postgres` throws its server away.
async fn database(has_statistics: bool) -> String {
    let Ok(server) = std::env::var("ROLLCALL_TEST_POSTGRES_URL") else {
        panic!("there is no PostgreSQL to test with: run `make test`, or put scripts/with-postgres before the command");
    };
    let (server, _maintenance) = server.rsplit_once('/').unwrap();
    let url = format!("{server}/rollcall_plans_{}_{has_statistics}", std::process::id());
    sqlx::any::install_default_drivers();
    sqlx::Any::create_database(&url).await.unwrap();
    let store = crate::Store::connect(&url).await.unwrap();
    store.migrate().await.unwrap();
    store.close().await;
    let mut connection = AnyConnection::connect(&url).await.unwrap();
    sqlx::raw_sql(ROWS).execute(&mut connection).await.unwrap();
    if has_statistics {
        // The visibility map too, without which an index-only scan costs as much as any other.
        sqlx::raw_sql("VACUUM ANALYZE").execute(&mut connection).await.unwrap();
    }
    connection.close().await.unwrap();
    url
}

/// Translates the output of EXPLAIN.
fn steps(lines: &[String]) -> Vec<String> {
    let mut steps: Vec<String> = Vec::new();
    // The table of the bitmap heap scan whose indexes come next.
    let mut table = "";
    for line in lines {
        let line = line.trim_start().trim_start_matches("->").trim_start();
        let node = line.split_once("  (").map_or(line, |(node, _)| node);
        if let Some(condition) = line.strip_prefix("Index Cond: ") {
            if let Some(last) = steps.last_mut() {
                last.push_str(&format!(" ({})", columns(condition).join(" AND ")));
            }
        } else if let Some(name) = node.strip_prefix("Bitmap Heap Scan on ") {
            table = alias(name);
        } else if let Some(index) = node.strip_prefix("Bitmap Index Scan on ") {
            steps.push(format!("SEARCH {table} USING INDEX {index}"));
        } else if let Some((kind, rest)) = node.split_once(" using ") {
            let (index, name) = rest.split_once(" on ").unwrap();
            let covering = if kind.starts_with("Index Only Scan") { "COVERING " } else { "" };
            steps.push(format!("SEARCH {} USING {covering}INDEX {index}", alias(name)));
        } else if let Some(name) = node.strip_prefix("Seq Scan on ") {
            steps.push(format!("SCAN {}", alias(name)));
        } else if node == "Sort" || node == "Incremental Sort" {
            steps.push("USE TEMP B-TREE FOR ORDER BY".to_owned());
        }
    }
    // Without a condition an index is read from end to end.
    for step in steps.iter_mut().filter(|step| step.starts_with("SEARCH") && !step.ends_with(')')) {
        *step = step.replacen("SEARCH", "SCAN", 1);
    }
    steps
}

/// What the statement calls a table: `m` of `members m`, and of `members m_1` where it calls several tables so.
fn alias(name: &str) -> &str {
    let alias = name.rsplit_once(' ').map_or(name, |(_, alias)| alias);
    let is_number = |text: &str| text.chars().all(|sign| sign.is_ascii_digit());
    alias.rsplit_once('_').filter(|(_, number)| is_number(number)).map_or(alias, |(alias, _)| alias)
}

/// The conditions that an index answers: `team_id=?` and `id>?` of `((team_id = $1) AND (id > $2))`.
fn columns(condition: &str) -> Vec<String> {
    let condition = condition.strip_prefix("((").and_then(|rest| rest.strip_suffix("))")).unwrap_or(condition);
    let column = |condition: &str| {
        let condition = condition.trim_start_matches('(');
        let (column, operator) = ["=", ">=", "<=", ">", "<"]
            .into_iter()
            .filter_map(|operator| {
                let (column, _) = condition.split_once(&format!(" {operator} "))?;
                Some((column, operator.trim_end_matches(|sign| operator.len() == 2 && sign == '=')))
            })
            .min_by_key(|(column, _)| column.len())?;
        let column =
            if column.chars().all(|sign| sign.is_ascii_lowercase() || sign == '_') { column } else { "<expr>" };
        Some(format!("{column}{operator}?"))
    };
    let mut columns: Vec<String> = Vec::new();
    for condition in condition.split(") AND (").filter_map(column) {
        let name = condition.trim_end_matches(['=', '<', '>', '?']);
        // SQLite names the lower end of a range first, and each end once.
        let place = columns
            .iter()
            .position(|other| other.starts_with(name) && condition.ends_with(">?") && other.ends_with("<?"));
        if !columns.contains(&condition) {
            columns.insert(place.unwrap_or(columns.len()), condition);
        }
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plans_are_translated() {
        let explained = "Limit\n  ->  Sort\n        Sort Key: m.id\n        ->  Nested Loop\n              \
             ->  Bitmap Heap Scan on members m\n                    Recheck Cond: (team_id = $1)\n                    \
             ->  Bitmap Index Scan on members_email\n                          \
             Index Cond: ((team_id = $1) AND (email_key = $2))\n              \
             ->  Index Only Scan Backward using members_by_id on members m_1\n                    \
             Index Cond: ((team_id = $1) AND (id <= m.id))\n              \
             ->  Index Scan using groups_by_name on groups g\n                    \
             Index Cond: ((team_id = $1) AND (substr(display_name_key, 1, 512) = $3))\n              \
             ->  Index Scan using members_pkey on members\n                    \
             Index Cond: ((team_id = $1) AND (id = ANY (ARRAY[$2, $3])))\n              \
             ->  Index Only Scan using sign_ins_session on sign_ins s\n              ->  Seq Scan on teams t";
        let lines: Vec<String> = explained.lines().map(str::to_owned).collect();
        assert_eq!(
            steps(&lines),
            [
                "USE TEMP B-TREE FOR ORDER BY",
                "SEARCH m USING INDEX members_email (team_id=? AND email_key=?)",
                "SEARCH m USING COVERING INDEX members_by_id (team_id=? AND id<?)",
                "SEARCH g USING INDEX groups_by_name (team_id=? AND <expr>=?)",
                "SEARCH members USING INDEX members_pkey (team_id=? AND id=?)",
                "SCAN s USING COVERING INDEX sign_ins_session",
                "SCAN t"
            ]
        );
    }
}
