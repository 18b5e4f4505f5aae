//! The last use of a key.

use crate::{
    api::Api,
    db::{Db, on_both_engines},
};
use domain::{MINUTE, UnixMs};
use server::last_used;
use std::{future::ready, time::Duration};
use tokio::sync::oneshot;

/// The last use on the page.
async fn last_use(api: &Api) -> Option<UnixMs> {
    api.world.keys().await.remove(0).last_used_at
}

/// The last use on the page, once it differs from the previous one.
async fn last_use_after(api: &Api, before: Option<UnixMs>) -> Option<UnixMs> {
    tokio::time::timeout(Duration::from_secs(10), async {
        loop {
            match last_use(api).await {
                now if now != before => break now,
                _ => tokio::time::sleep(Duration::from_millis(20)).await,
            }
        }
    })
    .await
    .expect("it never moved")
}

on_both_engines! {
    async fn last_use_is_updated_while_the_server_runs(db: Db) {
        let api = Api::new(db).await;
        let (stop, stopped) = oneshot::channel::<()>();
        let task = tokio::spawn(last_used::run(api.state.last_used.clone(), api.state.store.clone(), api.state.clock.clone(), async { _ = stopped.await }));
        let first = api.world.now();
        api.get("/Users").await;
        assert_eq!(last_use_after(&api, None).await, Some(first));

        api.world.pass(MINUTE - 1);
        api.get("/Users").await;
        api.world.pass(1);
        assert_eq!(last_use_after(&api, Some(first)).await, Some(first + MINUTE - 1));

        api.world.pass(1);
        api.get("/Users").await;
        stop.send(()).unwrap();
        task.await.unwrap();
        assert_eq!(last_use(&api).await, Some(first + MINUTE + 1), "written down at the end");
    }

    /// After a wrong clock is corrected, the last use is not later than now.
    async fn last_use_is_never_in_the_future(db: Db) {
        let api = Api::new(db).await;
        let first = api.world.now();
        for (pass, expected) in [(MINUTE, first + MINUTE), (-MINUTE, first)] {
            api.world.pass(pass);
            api.get("/Users").await;
            last_used::run(api.state.last_used.clone(), api.state.store.clone(), api.state.clock.clone(), ready(())).await;
            assert_eq!(last_use(&api).await, Some(expected));
        }
    }

    async fn only_authenticated_requests_count_as_use(db: Db) {
        let api = Api::new(db).await;
        api.get_with("/Users", "x").await;
        api.world.operator().scim_turn_off("acme", "").await.unwrap();
        api.get("/Users").await;
        last_used::run(api.state.last_used.clone(), api.state.store.clone(), api.state.clock.clone(), ready(())).await;
        assert_eq!(last_use(&api).await, None);
    }
}
