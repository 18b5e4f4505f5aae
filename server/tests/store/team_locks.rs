//! Changes of one team do not use all connections.

use crate::{
    db::{Db, on_both_engines},
    world::{World, person},
};
use domain::Error;
use domain::{key::Expiry, plan::Plan, role::Role};
use sqlx::{AssertSqlSafe, Connection as _};

on_both_engines! {
    /// Forty simultaneous changes are executed one after the other.
    async fn many_simultaneous_changes_of_one_team_all_succeed(db: Db) {
        let world = World::on(db).await;
        let tasks: Vec<_> = (0..40)
            .map(|_| {
                let world = world.clone();
                tokio::spawn(async move { world.ada().key_generate("acme", "Okta", Expiry::Never).await })
            })
            .collect();
        let mut created = 0;
        for task in tasks {
            match task.await.unwrap() {
                Ok(_) => created += 1,
                Err(failure) => assert!(matches!(failure, Error::Invalid(_)), "{failure:?}"),
            }
        }
        assert_eq!(created, 1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_locked_team_does_not_block_other_teams() {
    let db = Db::postgres().await;
    let world = World::on(db.clone()).await;
    let other = person("Grace", "grace@globex.test", Role::SuperAdmin);
    let globex = world.operator().team_create("globex", "Globex", Plan::Free, other).await.unwrap();
    let mut holder = sqlx::AnyConnection::connect(&db.url).await.unwrap();
    let hold = format!("BEGIN; UPDATE teams SET revision = revision WHERE id = '{}'", world.team);
    sqlx::raw_sql(AssertSqlSafe(hold)).execute(&mut holder).await.unwrap();
    let changes: Vec<_> = (0..40)
        .map(|index| {
            let world = world.clone();
            tokio::spawn(async move { world.ada().key_generate("acme", &format!("k{index}"), Expiry::Never).await })
        })
        .collect();
    // By now or soon, those with a connection wait for the row.
    for round in 0..20 {
        world.store().team_by_slug("globex").await.unwrap().unwrap();
        world.store().session_create(&format!("hash{round}"), world.now()).await.unwrap();
        let plan = if round % 2 == 0 { Plan::Basic } else { Plan::Free };
        world.operator().team_set_plan(&globex.slug, plan).await.unwrap();
    }
    for change in changes {
        assert_eq!(change.await.unwrap().map(|_| ()).unwrap_err(), Error::Unavailable);
    }
    sqlx::raw_sql("ROLLBACK").execute(&mut holder).await.unwrap();
    holder.close().await.unwrap();
    world.key("after").await;
    crate::db::run(db, async |_| ()).await;
}
