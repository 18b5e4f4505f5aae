//! `/invite/{token}`.

use super::Wording;
use crate::{
    app::TestApp,
    db::{Db, on_both_engines},
};
use domain::role::Role;
use server::password_hashing::Hashing;
use std::time::Duration;

const NEW: &str = "seven copper kettles sing";

on_both_engines! {
    async fn invite(db: Db) {
        let mut wording = Wording::of("invite");
        let app = TestApp::new(db).await;
        let new = app.world.ada().invite_create("acme", "new@acme.test", Role::Billing).await.unwrap();
        let link = format!("/invite/{}", new.token.expose());
        let mut browser = app.browser();
        wording.full("at first", &browser.get(&link).await);
        for (state, name, password) in [
            ("empty", "", ""),
            ("a name with invisible characters", "a\0b", NEW),
            ("a short password", "Grace", "short"),
            ("a common password", "Grace", "passwordpassword"),
            ("a personal password", "Grace Brewster Hopper", "grace brewster hopper"),
        ] {
            wording.state(state, &browser.post(&link, &[("name", name), ("password", password)]).await);
        }
        let busy = app.another(Hashing::new(1, Duration::from_millis(20)));
        let closed = busy.state.hashing().close().await;
        wording.state("too many people", &busy.browser().post(&link, &[("name", "Grace"), ("password", NEW)]).await);
        drop(closed);
        let unknown = format!("/invite/{}", "0".repeat(64));
        wording.state("a link that doesn't work", &browser.get(&unknown).await);
        for _ in 0..20 {
            browser.get(&unknown).await;
        }
        wording.state("too many attempts", &browser.get(&unknown).await);
        wording.check();
    }
}
