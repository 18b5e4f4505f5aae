//! The last use of a key.

use crate::{
    api::Api,
    db::{Db, on_both_engines},
};
use domain::{MINUTE, UnixMs};
use server::last_used;
use std::{future::ready, time::Duration};
use tokio::sync::oneshot;

/// What the page shows.
async fn shown(api: &Api) -> Option<UnixMs> {
    api.world.keys().await.remove(0).last_used_at
}

/// What the page shows once it shows something else.
async fn shown_after(api: &Api, before: Option<UnixMs>) -> Option<UnixMs> {
    tokio::time::timeout(Duration::from_secs(10), async {
        loop {
            match shown(api).await {
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
        let running = tokio::spawn(last_used::run(api.state.last_used.clone(), api.state.store.clone(), api.state.clock.clone(), async { _ = stopped.await }));
        let first = api.world.now();
        api.get("/Users").await;
        assert_eq!(shown_after(&api, None).await, Some(first));

        api.world.pass(MINUTE - 1);
        api.get("/Users").await;
        api.world.pass(1);
        assert_eq!(shown_after(&api, Some(first)).await, Some(first + MINUTE - 1));

        api.world.pass(1);
        api.get("/Users").await;
        stop.send(()).unwrap();
        running.await.unwrap();
        assert_eq!(shown(&api).await, Some(first + MINUTE + 1), "written down at the end");
    }

    /// A clock that was wrong is put right: the last use is now, at the latest.
    async fn last_use_is_never_in_the_future(db: Db) {
        let api = Api::new(db).await;
        let first = api.world.now();
        for (pass, last_use) in [(MINUTE, first + MINUTE), (-MINUTE, first)] {
            api.world.pass(pass);
            api.get("/Users").await;
            last_used::run(api.state.last_used.clone(), api.state.store.clone(), api.state.clock.clone(), ready(())).await;
            assert_eq!(shown(&api).await, Some(last_use));
        }
    }

    async fn only_authenticated_requests_count_as_use(db: Db) {
        let api = Api::new(db).await;
        api.get_with("/Users", "x").await;
        api.world.operator().scim_turn_off("acme", "").await.unwrap();
        api.get("/Users").await;
        last_used::run(api.state.last_used.clone(), api.state.store.clone(), api.state.clock.clone(), ready(())).await;
        assert_eq!(shown(&api).await, None);
    }
}
