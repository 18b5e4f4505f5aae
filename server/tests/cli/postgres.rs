//! The same commands on PostgreSQL.

use crate::{
    db::{self, Db},
    program::Program,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_commands_work_on_postgres() {
    db::run(Db::postgres().await, |db| async move {
        let program = Program::new().env("ROLLCALL_DATABASE_URL", &db.url);
        program.ok(&["demo"]);
        assert!(program.folder().join("rollcall.secret").exists());
        assert!(program.ok(&["key", "list", "--team", "live"]).contains("handing over"));
        program.ok(&["scim", "on", "--team", "acme"]);
        let key = program.ok(&["key", "generate", "--team", "acme", "--name", "ci"]);
        assert!(domain::key::parse(key.trim_end()).is_some());
        assert!(program.error_of(&["demo"]).contains("already has teams"));
    })
    .await;
}
