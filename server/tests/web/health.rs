//! Liveness and readiness.

use crate::{
    app::TestApp,
    db::{Db, on_both_engines},
};

on_both_engines! {
    async fn a_working_server_is_live_and_ready(db: Db) {
        let app = TestApp::new(db).await;
        assert_eq!(app.browser().get("/healthz").await.body, "ok\n");
        assert_eq!(app.browser().get("/readyz").await.body, "ready\n");
    }

    async fn without_its_tables_the_server_is_live_but_not_ready(db: Db) {
        let app = TestApp::new(db).await;
        app.world.db.sql("DROP TABLE _sqlx_migrations").await;
        assert_eq!(app.browser().get("/healthz").await.status.as_u16(), 200);
        assert_eq!(app.browser().get("/readyz").await.status.as_u16(), 503);
    }

    async fn without_its_database_the_server_is_live_but_not_ready(db: Db) {
        let app = TestApp::new(db).await;
        app.world.store().close().await;
        assert_eq!(app.browser().get("/healthz").await.status.as_u16(), 200);
        let answer = app.browser().get("/readyz").await;
        assert_eq!((answer.status.as_u16(), answer.header("retry-after")), (503, "5"));
    }
}

/// Pages can still be read, but changes are rejected.
#[tokio::test]
async fn without_a_writable_disk_the_server_is_live_but_not_ready() {
    let app = TestApp::new(Db::sqlite().await).await;
    let path = app.world.db.url.trim_start_matches("sqlite://").to_owned();
    let away = format!("{path}.away");
    std::fs::rename(&path, &away).unwrap();
    assert_eq!(app.browser().get("/healthz").await.status.as_u16(), 200);
    let answer = app.browser().get("/readyz").await;
    assert_eq!(answer.status.as_u16(), 503);
    std::fs::rename(&away, &path).unwrap();
    assert_eq!(app.browser().get("/readyz").await.body, "ready\n");
}
