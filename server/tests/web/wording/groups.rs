//! `/teams/{slug}/settings/groups`.

use super::{Wording, provision};
use crate::{
    app::TestApp,
    db::{Db, on_both_engines},
};
use domain::role::Role;

const PAGE: &str = "/teams/acme/settings/groups";

on_both_engines! {
    async fn groups(db: Db) {
        let mut wording = Wording::of("groups");
        let app = TestApp::new(db).await;
        let (mut ada, mut developer) = (app.ada().await, app.signed_in(&app.member(Role::Developer).await).await);
        wording.full("empty", &ada.get(PAGE).await);
        wording.state("empty, a Developer", &developer.get(PAGE).await);
        app.world.operator().scim_turn_on("acme").await.unwrap();
        wording.state("empty, SCIM provisioning is on", &ada.get(PAGE).await);
        let key = app.key("Okta").await;
        provision(&app, &key).await;
        let it = app.world.store().team_by_slug("acme").await.unwrap().unwrap();
        assert_eq!(it.group_count, 1);
        wording.base("with a group", &ada.get(PAGE).await);
        wording.state("a Developer", &developer.get(PAGE).await);
        wording.state("nothing found", &ada.get(&format!("{PAGE}?q=nothing")).await);
        let id = app.world.db.text("SELECT id FROM groups").await.unwrap();
        app.world.ada().group_map("acme", &id, Some(Role::Admin)).await.unwrap();
        wording.state("with a role", &ada.get(PAGE).await);
        wording.check();
    }
}
