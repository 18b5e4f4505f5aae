//! `/teams/{slug}/account`.

use super::{Wording, send};
use crate::{
    app::{PASSWORD, TestApp},
    db::{Db, on_both_engines},
};
use domain::{MINUTE, role::Role};

const PAGE: &str = "/teams/acme/account";
const NEW: &str = "seven copper kettles sing";

on_both_engines! {
    async fn account(db: Db) {
        let mut wording = Wording::of("account");
        let app = TestApp::new(db).await;
        let bob = app.member(Role::Developer).await;
        app.add("acme", "Grace Hopper", "grace@acme.test", Role::Billing).await;
        let mut browser = app.signed_in(&bob).await;
        wording.full("a Developer", &browser.get(PAGE).await);
        let mut other = app.signed_in(&bob).await;
        wording.state("with another session", &browser.get(PAGE).await);
        let sign_out = format!("{PAGE}/sign-out");
        wording.state("the other sessions are ended", &send(&mut browser, &sign_out, &[("session", "others")]).await);
        wording.state("there is no other session", &send(&mut browser, &sign_out, &[("session", "others")]).await);
        wording.state("the session has ended", &send(&mut browser, &sign_out, &[("session", "gone")]).await);
        other.sign_in(&bob, PASSWORD).await;
        let page = browser.get(PAGE).await;
        let mark = page.body.split("name=\"session\" value=\"").nth(2).unwrap().split('"').next().unwrap();
        wording.state("one session is ended", &send(&mut browser, &sign_out, &[("session", mark)]).await);

        for (state, path, field, value) in [
            ("no name", "name", "name", " "),
            ("a name with invisible characters", "name", "name", "a\0b"),
            ("a name that is too long", "name", "name", &*"x".repeat(65)),
            ("the same name", "name", "name", "Developer"),
            ("no email", "email", "email", ""),
            ("not an email", "email", "email", "nobody"),
            ("an email in use", "email", "email", "grace@acme.test"),
            ("the same email", "email", "email", &bob),
            ("a new email", "email", "email", "robert@acme.test"),
            ("a new name", "name", "name", "Bob"),
        ] {
            wording.state(state, &send(&mut browser, &format!("{PAGE}/{path}"), &[(field, value)]).await);
        }

        wording.base("after both changes", &browser.get(PAGE).await);
        let change = format!("{PAGE}/password");
        for (state, current, new) in [
            ("no passwords", "", ""),
            ("a short password", PASSWORD, "short"),
            ("a common password", PASSWORD, "passwordpassword"),
            ("a personal password", PASSWORD, "robert@acme.test"),
            ("a wrong password", "wrong", NEW),
            ("a new password", PASSWORD, NEW),
        ] {
            let form = [("current_password", current), ("password", new)];
            wording.state(state, &send(&mut browser, &change, &form).await);
        }
        for _ in 0..5 {
            browser.post(&change, &[("current_password", "wrong"), ("password", NEW)]).await;
        }
        wording.state("too many wrong passwords", &send(&mut browser, &change, &[("current_password", "wrong"), ("password", NEW)]).await);

        app.world.pass(16 * MINUTE);
        let verify = browser.post(&format!("{PAGE}/leave"), &[]).await;
        let next = browser.get(verify.header("location")).await.value("next").unwrap();
        wording.state("leaving, after the proof", &browser.get(&next).await);
        app.world.db.sql("UPDATE members SET break_glass = 1 WHERE display_name = 'Bob'").await;
        app.world.pass(-16 * MINUTE);
        wording.state("a break-glass member", &send(&mut browser, &format!("{PAGE}/leave"), &[]).await);
        app.world.db.sql("UPDATE members SET break_glass = 0, password_hash = NULL WHERE display_name = 'Bob'").await;
        wording.base("without a password", &browser.get(PAGE).await);
        let mut ada = app.ada().await;
        wording.base("a Super Admin", &ada.get(PAGE).await);
        wording.state("the last Super Admin leaves", &send(&mut ada, &format!("{PAGE}/leave"), &[]).await);

        app.world.operator().scim_turn_on("acme").await.unwrap();
        wording.base("SCIM provisioning is on", &browser.get(PAGE).await);
        for form in ["email", "password", "leave"] {
            let fields = [("email", "new@acme.test"), ("current_password", NEW), ("password", PASSWORD)];
            wording.state(&format!("SCIM provisioning is on: {form}"), &send(&mut browser, &format!("{PAGE}/{form}"), &fields).await);
        }
        wording.base("SCIM provisioning is on, the last Super Admin", &ada.get(PAGE).await);
        app.add("acme", "Zoe", "zoe@acme.test", Role::SuperAdmin).await;
        wording.state("SCIM provisioning is on, one of two Super Admins", &ada.get(PAGE).await);
        app.world.db.sql("UPDATE members SET break_glass = 1 WHERE email = 'ada@acme.test'").await;
        wording.state("SCIM provisioning is on, a break-glass member", &ada.get(PAGE).await);
        app.world.db.sql("UPDATE members SET source = 'directory', user_name = 'b.bob' WHERE display_name = 'Bob'").await;
        wording.base("managed by the identity provider", &browser.get(PAGE).await);
        wording.state("managed by the identity provider: name", &send(&mut browser, &format!("{PAGE}/name"), &[("name", "Rob")]).await);
        wording.check();
    }
}
