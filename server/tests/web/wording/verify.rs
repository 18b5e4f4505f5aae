//! `/teams/{slug}/verify`.

use super::Wording;
use crate::{
    app::{PASSWORD, TestApp},
    db::{Db, on_both_engines},
};
use server::password_hashing::Hashing;
use std::time::Duration;

const PAGE: &str = "/teams/acme/verify";

on_both_engines! {
    async fn verify(db: Db) {
        let mut wording = Wording::of("verify");
        let app = TestApp::new(db).await;
        let mut ada = app.ada().await;
        wording.full("at first", &ada.get(PAGE).await);
        wording.state("empty", &ada.post(PAGE, &[("password", "")]).await);
        wording.state("a wrong password", &ada.post(PAGE, &[("password", "wrong")]).await);
        for _ in 0..4 {
            ada.post(PAGE, &[("password", "wrong")]).await;
        }
        wording.state("too many attempts", &ada.post(PAGE, &[("password", PASSWORD)]).await);
        let busy = app.another(Hashing::new(1, Duration::from_millis(20)));
        let mut ada = busy.ada().await;
        let closed = busy.state.hashing().close_known().await;
        wording.state("too many people", &ada.post(PAGE, &[("password", PASSWORD)]).await);
        drop(closed);
        wording.check();
    }
}
