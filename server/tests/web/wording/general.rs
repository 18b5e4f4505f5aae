//! `/teams/{slug}/settings/general`.

use super::{Wording, send};
use crate::{
    app::TestApp,
    db::{Db, on_both_engines},
};
use domain::{MINUTE, role::Role};

const PAGE: &str = "/teams/acme/settings/general";

on_both_engines! {
    async fn general(db: Db) {
        let mut wording = Wording::of("general");
        let app = TestApp::new(db).await;
        app.team("globex", "Globex", "grace@globex.test").await;
        let (admin, developer) = (app.member(Role::Admin).await, app.member(Role::Developer).await);
        let mut ada = app.ada().await;
        wording.full("a Super Admin", &ada.get(PAGE).await);
        let long = "x".repeat(65);
        for (state, form, fields) in [
            ("no name", "name", vec![("name", "")]),
            ("a name with invisible characters", "name", vec![("name", "a\0")]),
            ("a name that is too long", "name", vec![("name", &*long)]),
            ("the same name", "name", vec![("name", "Acme")]),
            ("not a URL, not confirmed", "slug", vec![("slug", "New Acme"), ("confirmation", "")]),
            ("a wrong confirmation", "slug", vec![("slug", "new-acme"), ("confirmation", "acme")]),
            ("a URL in use", "slug", vec![("slug", "globex"), ("confirmation", "Acme")]),
            ("the same URL", "slug", vec![("slug", "acme"), ("confirmation", "Acme")]),
            ("signing everyone out, not confirmed", "sign-out", vec![("confirmation", "")]),
            ("no keys to revoke", "revoke-keys", vec![("confirmation", "Acme")]),
        ] {
            wording.state(state, &send(&mut ada, &format!("{PAGE}/{form}"), &fields).await);
        }
        let (mark, unmark) = (format!("{PAGE}/mark"), format!("{PAGE}/unmark"));
        let (admin_id, developer_id) = (app.id(&admin).await, app.id(&developer).await);
        wording.state("not an Admin", &send(&mut ada, &mark, &[("member", &developer_id)]).await);
        wording.state("not break-glass", &send(&mut ada, &unmark, &[("member", &admin_id)]).await);
        wording.state("a break-glass member is added", &send(&mut ada, &mark, &[("member", &admin_id)]).await);
        wording.state("already break-glass", &send(&mut ada, &mark, &[("member", &admin_id)]).await);
        app.world.db.sql(&format!("UPDATE members SET password_hash = NULL WHERE id = '{admin_id}'")).await;
        wording.state("a break-glass member without a password", &ada.get(PAGE).await);
        app.world.db.sql(&format!("UPDATE members SET status = 'deactivated' WHERE id = '{admin_id}'")).await;
        wording.state("a deactivated break-glass member", &ada.get(PAGE).await);
        app.world.db.sql(&format!("UPDATE members SET status = 'active' WHERE id = '{admin_id}'")).await;
        wording.state("break-glass is removed", &send(&mut ada, &unmark, &[("member", &admin_id)]).await);

        app.world.operator().scim_turn_on("acme").await.unwrap();
        app.key("Okta").await;
        app.key("CI").await;
        wording.base("with two keys", &ada.get(PAGE).await);
        wording.state("revoking the keys, not confirmed", &send(&mut ada, &format!("{PAGE}/revoke-keys"), &[("confirmation", "x")]).await);
        wording.state("the keys are revoked", &send(&mut ada, &format!("{PAGE}/revoke-keys"), &[("confirmation", "Acme")]).await);

        app.world.db.sql("UPDATE members SET break_glass = 1 WHERE email = 'ada@acme.test'").await;
        app.world.db.sql(&format!("UPDATE members SET password_hash = (SELECT password_hash FROM members WHERE email = 'ada@acme.test') WHERE id = '{admin_id}'")).await;
        let mut admin = app.signed_in(&admin).await;
        wording.base("an Admin", &admin.get(PAGE).await);
        for form in ["mark", "unmark", "sign-out"] {
            let fields = [("member", app.world.ada.as_str()), ("confirmation", "Acme")];
            wording.state(&format!("an Admin: {form}"), &send(&mut admin, &format!("{PAGE}/{form}"), &fields).await);
        }
        let mut developer = app.signed_in(&developer).await;
        wording.base("a Developer", &developer.get(PAGE).await);
        for form in ["name", "slug", "mark", "sign-out", "revoke-keys"] {
            let fields = [("name", "X"), ("slug", "x"), ("confirmation", "Acme"), ("member", app.world.ada.as_str())];
            wording.state(&format!("a Developer: {form}"), &send(&mut developer, &format!("{PAGE}/{form}"), &fields).await);
        }

        app.world.pass(16 * MINUTE);
        let verify = ada.post(&format!("{PAGE}/sign-out"), &[("confirmation", "Acme")]).await;
        let next = ada.get(verify.header("location")).await.value("next").unwrap();
        wording.state("signing everyone out, after the proof", &ada.get(&next).await);
        app.world.pass(-16 * MINUTE);
        wording.base("a Super Admin once more", &ada.get(PAGE).await);
        wording.base("the name is changed", &send(&mut ada, &format!("{PAGE}/name"), &[("name", "Acme Inc")]).await);
        wording.state("the URL is changed", &send(&mut ada, &format!("{PAGE}/slug"), &[("slug", "new"), ("confirmation", "Acme Inc")]).await);
        wording.check();
    }
}
