//! `/sign-in`, and the choice between teams.

use super::{Wording, send};
use crate::{
    app::{PASSWORD, TestApp},
    db::{Db, on_both_engines},
};
use domain::{HOUR, role::Role};
use server::password_hashing::Hashing;
use std::time::Duration;

on_both_engines! {
    async fn sign_in(db: Db) {
        let mut wording = Wording::of("sign_in");
        let app = TestApp::new(db).await;
        let mut browser = app.browser();
        wording.full("at first", &browser.get("/sign-in").await);
        wording.state("of one team", &browser.get("/teams/acme/sign-in").await);
        wording.state("empty", &browser.sign_in("", "").await);
        wording.state("not an email", &browser.sign_in("nobody", "x").await);
        wording.state("a wrong password", &browser.sign_in("ada@acme.test", "wrong").await);
        let typed = [("email", "ada@acme.test"), ("password", "wrong")];
        wording.state("a wrong password, of one team", &browser.post("/teams/acme/sign-in", &typed).await);
        for _ in 0..4 {
            browser.sign_in("ada@acme.test", "wrong").await;
        }
        wording.state("too many attempts", &browser.sign_in("ada@acme.test", "wrong").await);

        let mut ada = app.signed_in(&app.member(Role::Billing).await).await;
        app.world.pass(HOUR);
        let ended = ada.post("/api/sso/add", &[("team", "acme"), ("name", "X")]).await;
        wording.state("the session ended", &ada.get(ended.header("location")).await);
        let mut ada = app.signed_in(&app.member(Role::Developer).await).await;
        wording.state("the team is left", &send(&mut ada, "/teams/acme/account/leave", &[]).await);

        let busy = app.another(Hashing::new(1, Duration::from_millis(20)));
        let closed = busy.state.hashing().close().await;
        wording.state("too many people", &busy.browser().sign_in("ada@acme.test", PASSWORD).await);
        drop(closed);

        for number in 1..9 {
            app.team(&format!("team-{number}"), &format!("Team {number}"), "ada@acme.test").await;
        }
        app.world.pass(HOUR);
        wording.state("in many teams", &app.browser().sign_in("ada@acme.test", PASSWORD).await);
        app.team("globex", "Globex", "grace@globex.test").await;
        let mut both = app.browser();
        for team in ["acme", "team-1"] {
            both.post(&format!("/teams/{team}/sign-in"), &[("email", "ada@acme.test"), ("password", PASSWORD)]).await;
        }
        wording.state("the choice between teams", &both.get("/").await);
        app.world.store().close().await;
        wording.state("without a database", &app.browser().sign_in("ada@acme.test", "x").await);
        wording.check();
    }
}
