//! `/teams/{slug}/settings/members`.

use super::{Wording, group_path, provision, send};
use crate::{
    app::TestApp,
    db::{Db, on_both_engines},
};
use domain::{DAY, HOUR, role::Role};

const PAGE: &str = "/teams/acme/settings/members";

on_both_engines! {
    async fn members(db: Db) {
        let mut wording = Wording::of("members");
        let app = TestApp::new(db).await;
        let mut ada = app.ada().await;
        wording.full("alone", &ada.get(PAGE).await);
        wording.state("nothing found", &ada.get(&format!("{PAGE}?q=nobody&status=active")).await);

        let invite = format!("{PAGE}/invite");
        for (state, email, role) in [
            ("invite: no email", "", "developer"),
            ("invite: not an email", "nobody", "developer"),
            ("invite: not a role", "new@acme.test", "owner"),
            ("invite: a member", "ada@acme.test", "developer"),
            ("invite: the link", "new@acme.test", "developer"),
            ("invite: invited before", "new@acme.test", "developer"),
        ] {
            wording.state(state, &ada.post(&invite, &[("email", email), ("as", role)]).await);
        }
        app.world.pass(8 * DAY);
        let mut ada = app.ada().await;
        wording.base("an invite that expired", &ada.get(PAGE).await);
        let invited = app.id("new@acme.test").await;
        wording.state("the invite is revoked", &send(&mut ada, &format!("{PAGE}/{invited}/cancel-invite"), &[]).await);

        let (admin, developer) = (app.member(Role::Admin).await, app.member(Role::Developer).await);
        let (admin_id, developer_id) = (app.id(&admin).await, app.id(&developer).await);
        send(&mut ada, &format!("{PAGE}/{developer_id}/deactivate"), &[]).await;
        app.world.pass(HOUR / 6);
        wording.base("with a deactivated member", &ada.get(PAGE).await);
        send(&mut ada, &format!("{PAGE}/{developer_id}/reactivate"), &[]).await;

        let roles = format!("{PAGE}/roles");
        let (owner, admin_id, developer_id) = (app.world.ada.as_str(), admin_id.as_str(), developer_id.as_str());
        let give = [("member", developer_id), ("role", "billing"), ("do", "give")];
        let take = [("member", admin_id), ("role", "admin"), ("do", "take")];
        let last = [("member", owner), ("role", "super_admin"), ("do", "take")];
        wording.base("with three members", &ada.get(PAGE).await);
        wording.state("roles: no member", &send(&mut ada, &roles, &[("role", "billing"), ("do", "give")]).await);
        wording.state("roles: a member who is gone", &send(&mut ada, &roles, &[("member", "gone"), ("role", "billing"), ("do", "give")]).await);
        wording.state("roles: assign", &send(&mut ada, &roles, &give).await);
        wording.state("roles: remove", &send(&mut ada, &roles, &take).await);
        wording.state("roles: refused before", &send(&mut ada, &roles, &last).await);
        wording.state("roles: refused", &send(&mut ada, &roles, &[last.as_slice(), &[("sure", "yes")]].concat()).await);
        wording.state("roles: changed", &send(&mut ada, &roles, &[give.as_slice(), &[("sure", "yes")]].concat()).await);
        wording.state("roles: unchanged", &send(&mut ada, &roles, &[give.as_slice(), &[("sure", "yes")]].concat()).await);

        let (mut admin, mut developer) = (app.signed_in(&admin).await, app.signed_in(&developer).await);
        wording.state("an Admin", &admin.get(PAGE).await);
        wording.state("an Admin assigns Super Admin", &send(&mut admin, &roles, &[("member", developer_id), ("role", "super_admin"), ("do", "give")]).await);
        wording.state("an Admin invites a Super Admin", &admin.post(&invite, &[("email", "boss@acme.test"), ("as", "super_admin")]).await);
        wording.state("a Developer", &developer.get(PAGE).await);

        app.world.operator().scim_turn_on("acme").await.unwrap();
        let key = app.key("Okta").await;
        provision(&app, &key).await;
        let it = group_path(&app, "IT").await;
        let id = it.rsplit('/').next().unwrap();
        app.world.ada().group_map("acme", id, Some(Role::Admin)).await.unwrap();
        app.world.db.sql("UPDATE members SET break_glass = 1 WHERE email = 'admin@acme.test'").await;
        wording.base("with members of the identity provider", &ada.get(PAGE).await);
        wording.state("of a group", &ada.get(&format!("{PAGE}?group={id}")).await);
        wording.state("of a group that is gone", &ada.get(&format!("{PAGE}?group=gone")).await);
        app.world.db.sql("UPDATE members SET status = 'deleted' WHERE email = 'alan@acme.test'").await;
        wording.state("invite: removed by the identity provider", &ada.post(&invite, &[("email", "alan@acme.test"), ("as", "developer")]).await);
        app.world.db.sql("UPDATE members SET email = 'g@acme.test', email_key = 'g@acme.test' WHERE email = 'grace@acme.test'").await;
        wording.state("invite: a userName in use", &ada.post(&invite, &[("email", "grace@acme.test"), ("as", "developer")]).await);
        wording.check();
    }
}
