//! The frame of a team's pages.

use super::Wording;
use crate::{
    app::{PASSWORD, TestApp},
    db::{Db, on_both_engines},
};
use domain::role::Role;

const PAGE: &str = "/teams/acme/settings/general";

on_both_engines! {
    async fn shell(db: Db) {
        let mut wording = Wording::of("shell");
        let app = TestApp::new(db).await;
        app.team("globex", "Globex", "grace@globex.test").await;
        let mut ada = app.ada().await;
        wording.frame("a Super Admin", &ada.get(PAGE).await);
        ada.sign_in("grace@globex.test", PASSWORD).await;
        wording.frame("signed in to two teams", &ada.get(PAGE).await);
        for role in [Role::Admin, Role::Billing, Role::Developer] {
            let mut browser = app.signed_in(&app.member(role).await).await;
            wording.frame(role.label(), &browser.get(PAGE).await);
        }
        wording.check();
    }
}
