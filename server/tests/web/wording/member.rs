//! `/teams/{slug}/settings/members/{id}`.

use super::{Wording, group_path, provision, send};
use crate::{
    app::TestApp,
    db::{Db, on_both_engines},
    sso_method::link,
};
use domain::role::Role;

async fn page_of(app: &TestApp, email: &str) -> String {
    format!("/teams/acme/settings/members/{}", app.id(email).await)
}

on_both_engines! {
    async fn member(db: Db) {
        let mut wording = Wording::of("member");
        let app = TestApp::new(db).await;
        let bob = app.member(Role::Developer).await;
        let path = page_of(&app, &bob).await;
        let mut ada = app.ada().await;
        wording.full("added manually", &ada.get(&path).await);
        for dialog in ["roles", "sign-out", "deactivate", "remove"] {
            wording.state(&format!("dialog: {dialog}"), &ada.get(&format!("{path}?dialog={dialog}")).await);
        }
        link(&app, &bob, "00u1").await;
        wording.state("linked", &ada.get(&path).await);
        wording.state("dialog: unlink", &ada.get(&format!("{path}?dialog=unlink")).await);
        let okta = app.okta().await;
        wording.state("the link is removed", &send(&mut ada, &format!("{path}/unlink"), &[("id", &okta)]).await);
        wording.state("the link was removed before", &send(&mut ada, &format!("{path}/unlink"), &[("id", &okta)]).await);
        wording.state("no role", &ada.post(&format!("{path}/roles"), &[("role", "owner")]).await);
        for (state, action, form) in [
            ("the same roles", "roles", vec![("role", "developer")]),
            ("not signed in", "sign-out", vec![]),
            ("already active", "reactivate", vec![]),
            ("no invite to renew", "resend-invite", vec![]),
            ("roles changed", "roles", vec![("role", "billing")]),
        ] {
            wording.state(state, &send(&mut ada, &format!("{path}/{action}"), &form).await);
        }
        app.signed_in(&bob).await;
        wording.base("signed in", &ada.get(&path).await);
        wording.state("signed out", &send(&mut ada, &format!("{path}/sign-out"), &[]).await);
        wording.base("deactivated", &send(&mut ada, &format!("{path}/deactivate"), &[]).await);
        wording.state("already deactivated", &send(&mut ada, &format!("{path}/deactivate"), &[]).await);
        wording.state("reactivated", &send(&mut ada, &format!("{path}/reactivate"), &[]).await);

        let admin = app.member(Role::Admin).await;
        let mut browser = app.signed_in(&admin).await;
        wording.base("the last Super Admin", &ada.get(&page_of(&app, "ada@acme.test").await).await);
        wording.state("the last Super Admin: role", &ada.post(&format!("{}/roles", page_of(&app, "ada@acme.test").await), &[("role", "admin")]).await);
        wording.base("the last Super Admin, read by an Admin", &browser.get(&page_of(&app, "ada@acme.test").await).await);
        wording.state("a Super Admin, signed out by an Admin", &browser.post(&format!("{}/sign-out", page_of(&app, "ada@acme.test").await), &[]).await);
        app.add("acme", "Zoe", "zoe@acme.test", Role::SuperAdmin).await;
        wording.base("a Super Admin, read by an Admin", &browser.get(&page_of(&app, "zoe@acme.test").await).await);
        wording.base("oneself", &browser.get(&page_of(&app, &admin).await).await);
        wording.state("oneself: remove", &browser.post(&format!("{}/remove", page_of(&app, &admin).await), &[]).await);
        app.world.db.sql("UPDATE members SET break_glass = 1 WHERE email = 'zoe@acme.test'").await;
        wording.base("break-glass", &ada.get(&page_of(&app, "zoe@acme.test").await).await);
        wording.state("break-glass: remove", &ada.post(&format!("{}/remove", page_of(&app, "zoe@acme.test").await), &[]).await);

        app.world.ada().invite_create("acme", "sam@acme.test", Role::SuperAdmin).await.unwrap();
        let sam = page_of(&app, "sam@acme.test").await;
        wording.base("invited", &ada.get(&sam).await);
        wording.state("invited, read by an Admin", &browser.get(&sam).await);
        wording.state("invited: deactivate", &ada.post(&format!("{sam}/deactivate"), &[]).await);
        for dialog in ["resend-invite", "cancel-invite"] {
            wording.state(&format!("dialog: {dialog}"), &ada.get(&format!("{sam}?dialog={dialog}")).await);
        }
        wording.state("a new link", &ada.post(&format!("{sam}/resend-invite"), &[]).await);

        app.world.operator().scim_turn_on("acme").await.unwrap();
        let key = app.key("Okta").await;
        provision(&app, &key).await;
        let group = group_path(&app, "IT").await;
        app.world.ada().group_map("acme", group.rsplit('/').next().unwrap(), Some(Role::Admin)).await.unwrap();
        let grace = page_of(&app, "grace@acme.test").await;
        wording.base("managed by the identity provider", &ada.get(&grace).await);
        wording.state("managed by the identity provider: deactivate", &ada.post(&format!("{grace}/deactivate"), &[]).await);
        let path = page_of(&app, &admin).await;
        wording.base("an Admin whom no identity provider manages", &ada.get(&path).await);
        wording.state("dialog: allow-adoption", &ada.get(&format!("{path}?dialog=allow-adoption")).await);
        wording.state("confirmed", &send(&mut ada, &format!("{path}/allow-adoption"), &[]).await);
        wording.state("already confirmed", &send(&mut ada, &format!("{path}/allow-adoption"), &[]).await);
        let bob = page_of(&app, &bob).await;
        wording.state("a member who needs no confirmation", &ada.post(&format!("{bob}/allow-adoption"), &[]).await);
        wording.check();
    }
}
