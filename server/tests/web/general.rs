//! The General page: name, address, break-glass, and what stops everything.

use crate::{
    app::{Answer, Browser, PASSWORD, TestApp},
    db::{Db, on_both_engines},
};
use axum::http::StatusCode;
use domain::{MINUTE, role::Role};

const PAGE: &str = "/teams/acme/settings/general";

async fn send(browser: &mut Browser, form: &str, fields: &[(&str, &str)]) -> Answer {
    browser.post(&format!("{PAGE}/{form}"), fields).await
}

on_both_engines! {
    async fn everybody_sees_the_team_and_only_admins_change_it(db: Db) {
        let app = TestApp::on(db).await;
        app.world.db.sql("UPDATE members SET break_glass = 1").await;
        for role in [Role::Developer, Role::Billing] {
            let mut browser = app.signed_in(&app.member(role).await).await;
            let page = browser.get(PAGE).await;
            assert_eq!(page.status, StatusCode::OK);
            assert!(page.says("Only Admins and Super Admins can change the team. Ask Ada Lovelace") && page.says("Enterprise"), "{}", page.text());
            assert!(page.body.contains("<noscript><p class=\"hint utc\">Times in UTC</p></noscript>"), "{}", page.body);
            assert!(!page.body.contains("show-modal") && !page.body.contains("<dialog") && !page.says("ada@acme.test"));
            for form in ["name", "slug", "mark", "unmark", "sign-out", "revoke-keys"] {
                let refused = send(&mut browser, form, &[("name", "X"), ("slug", "x"), ("confirmation", "Acme")]).await;
                assert_eq!(refused.status, StatusCode::FORBIDDEN, "{form}");
                assert!(refused.says("Only Admins and Super Admins"), "{form}");
            }
        }
        let mut admin = app.signed_in(&app.member(Role::Admin).await).await;
        let page = admin.get(PAGE).await;
        for says in ["Only a Super Admin can add or remove break-glass members.", "Only a Super Admin can sign everyone out", "ada@acme.test", "To change the plan, contact sales@rollcall.test"] {
            assert!(page.says(says), "{says}: {}", page.text());
        }
        for form in ["mark", "unmark", "sign-out"] {
            let refused = send(&mut admin, form, &[("member", app.world.ada.as_str()), ("confirmation", "Acme")]).await;
            assert_eq!(refused.status, StatusCode::FORBIDDEN, "{form}");
            assert!(refused.says("Only a Super Admin"), "{form}: {}", refused.text());
        }
    }

    async fn a_team_is_renamed(db: Db) {
        let app = TestApp::new(db).await;
        let mut ada = app.ada().await;
        let done = send(&mut ada, "name", &[("name", " Acme & <Sons> ")]).await;
        assert_eq!(done.said(), format!("303 {PAGE}?done=renamed"));
        let page = ada.get(done.header("location")).await;
        assert!(page.says("Team name changed.") && page.title().contains("Acme &amp; &lt;Sons&gt;"), "{}", page.title());
        assert_eq!(app.world.last_entry().await, "renamed the team from Acme to Acme & <Sons>");
        let entries = app.world.log().await.len();
        send(&mut ada, "name", &[("name", "Acme & <Sons>")]).await;
        for (bad, says) in [("", "Enter a name."), ("a\0", "invisible"), (&*"x".repeat(10_000), "64 characters or fewer")] {
            let refused = send(&mut ada, "name", &[("name", bad)]).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(refused.says(says), "{says}");
        }
        assert_eq!(app.world.log().await.len(), entries);
    }

    async fn a_team_moves_and_nobody_is_signed_out(db: Db) {
        let app = TestApp::on(db).await;
        app.team("globex", "Globex", "grace@globex.test").await;
        let mut bob = app.signed_in(&app.member(Role::Developer).await).await;
        let mut ada = app.ada().await;
        for (slug, confirmation, status, says) in [
            ("new-acme", "acme", 422, "That doesn't match. Type “Acme” to confirm."),
            ("globex", "Acme", 409, "This URL is taken. Choose a different one."),
            ("New Acme", "Acme", 422, "Use 1–48 lowercase letters"),
            ("a/b", "Acme", 422, "Use 1–48"),
            ("x'--%", "Acme", 422, "Use 1–48"),
            (&*"a".repeat(10_000), "Acme", 422, "Use 1–48"),
        ] {
            let refused = send(&mut ada, "slug", &[("slug", slug), ("confirmation", confirmation)]).await;
            assert_eq!(refused.status.as_u16(), status, "{slug}");
            assert!(refused.says(says) && refused.body.contains("id=\"slug\" open"), "{says}: {}", refused.text());
            assert_eq!(refused.value("confirmation").as_deref(), Some(confirmation), "what was typed stays");
        }
        let done = send(&mut ada, "slug", &[("slug", " new-acme "), ("confirmation", "Acme")]).await;
        assert_eq!(done.said(), "303 /teams/new-acme/settings/general?done=moved");
        assert!(ada.get(done.header("location")).await.says("Team URL changed. The old URL no longer works."));
        assert_eq!((ada.get(PAGE).await.status, bob.get(PAGE).await.status), (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND));
        assert_eq!(bob.get("/teams/new-acme/account").await.status, StatusCode::OK);
        assert_eq!(app.world.last_entry().await, "changed the team URL from acme to new-acme");
        assert_eq!(app.browser().post("/teams/new-acme/sign-in", &[("email", "ada@acme.test"), ("password", PASSWORD)]).await.said(), "303 /teams/new-acme");
    }

    async fn break_glass_is_marked_and_unmarked(db: Db) {
        let app = TestApp::new(db).await;
        let (admin, developer) = (app.member(Role::Admin).await, app.member(Role::Developer).await);
        let mut ada = app.ada().await;
        assert!(ada.get(PAGE).await.says("No break-glass members yet."));
        let admin = app.id(&admin).await;
        let done = send(&mut ada, "mark", &[("member", &admin)]).await;
        assert_eq!(done.said(), format!("303 {PAGE}?done=marked"));
        let page = ada.get(done.header("location")).await;
        assert!(page.says("Admin is now a break-glass member. No one can deactivate, remove, or demote them.") && page.body.contains("Remove break-glass from Admin"), "{}", page.text());
        assert_eq!(app.world.last_entry().await, "added break-glass member Admin");
        let removed = ada.post(&format!("/teams/acme/settings/members/{admin}/remove"), &[]).await;
        assert_eq!(removed.status, StatusCode::FORBIDDEN);
        assert!(removed.says("A Super Admin can remove break-glass in Team settings > General"), "{}", removed.text());
        let refused = send(&mut ada, "mark", &[("member", &app.id(&developer).await)]).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        assert!(refused.says("Only an Admin or Super Admin can be break-glass"), "{}", refused.text());
        app.world.db.sql(&format!("UPDATE members SET password_hash = NULL WHERE id = '{admin}'")).await;
        assert!(ada.get(PAGE).await.says("No password, so this member can't sign in without single sign-on."));
        let entries = app.world.log().await.len();
        send(&mut ada, "mark", &[("member", &admin)]).await;
        assert_eq!(app.world.log().await.len(), entries, "twice is once");
        let done = send(&mut ada, "unmark", &[("member", &admin)]).await;
        assert_eq!(done.said(), format!("303 {PAGE}?done=unmarked"));
        let page = ada.get(done.header("location")).await;
        assert!(page.says("Admin is no longer a break-glass member."), "{}", page.text());
        assert_eq!(app.world.last_entry().await, "removed break-glass from Admin");
        app.team("globex", "Globex", "grace@globex.test").await;
        let elsewhere = app.id("grace@globex.test").await;
        for missing in [elsewhere.as_str(), "nobody", "'", "%", "a\0b"] {
            assert_eq!(send(&mut ada, "mark", &[("member", missing)]).await.status, StatusCode::NOT_FOUND, "{missing}");
        }
        let none = send(&mut ada, "mark", &[("member", "")]).await;
        assert_eq!((none.status, none.field_error("member")), (StatusCode::UNPROCESSABLE_ENTITY, Some("Choose one of the options.".to_owned())));
    }

    async fn everyone_is_signed_out_of_this_team_alone(db: Db) {
        let app = TestApp::new(db).await;
        app.team("globex", "Globex", "grace@globex.test").await;
        let mut bob = app.signed_in(&app.member(Role::Developer).await).await;
        let (mut ada, mut grace) = (app.ada().await, app.signed_in("grace@globex.test").await);
        let refused = send(&mut ada, "sign-out", &[("confirmation", "Globex")]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.says("That doesn't match. Type “Acme” to confirm.") && refused.body.contains("id=\"sign-out\" open"));
        let done = send(&mut ada, "sign-out", &[("confirmation", "Acme")]).await;
        assert!(done.said().starts_with("303 /sign-in?next=%2Fteams%2Facme%2Fsettings%2Fgeneral"), "{}", done.said());
        assert_eq!((ada.get(PAGE).await.status, bob.get(PAGE).await.status), (StatusCode::SEE_OTHER, StatusCode::SEE_OTHER));
        assert_eq!(grace.get("/teams/globex/account").await.status, StatusCode::OK);
        assert_eq!(app.world.last_entry().await, "signed out everyone");
        let next = ada.get(done.header("location")).await.value("next").unwrap();
        let back = ada.post("/sign-in", &[("email", "ada@acme.test"), ("password", PASSWORD), ("next", &next)]).await;
        assert!(ada.get(back.header("location")).await.says("Everyone was signed out."));
    }

    async fn every_key_is_revoked(db: Db) {
        let app = TestApp::on(db).await;
        app.team("globex", "Globex", "grace@globex.test").await;
        let keys = [app.world.key("Okta").await.listed, app.world.key("CI").await.listed];
        let mut admin = app.signed_in(&app.member(Role::Admin).await).await;
        assert!(admin.get(PAGE).await.says("2 active keys."));
        assert_eq!(send(&mut admin, "revoke-keys", &[]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        let done = send(&mut admin, "revoke-keys", &[("confirmation", "Acme")]).await;
        assert_eq!(done.said(), format!("303 {PAGE}?done=keys-revoked"));
        for key in &keys {
            assert!(app.world.listed(key).await.revoked_at.is_some());
        }
        let revoked = app.world.log().await.iter().filter(|entry| entry.change.name() == "key_revoked").count();
        assert_eq!(revoked, 2);
        let page = admin.get(done.header("location")).await;
        assert!(page.says("No active keys.") && !page.body.contains("id=\"revoke-keys\""), "{}", page.text());
        assert_eq!(send(&mut admin, "revoke-keys", &[("confirmation", "Acme")]).await.said(), format!("303 {PAGE}?done=keys-revoked"));
    }

    async fn changes_want_a_proof_and_come_back_after_it(db: Db) {
        let app = TestApp::new(db).await;
        let mut ada = app.ada().await;
        app.world.pass(16 * MINUTE);
        let asked = send(&mut ada, "slug", &[("slug", "new"), ("confirmation", "Acme")]).await;
        let next = ada.get(asked.header("location")).await.value("next").unwrap();
        assert_eq!(next, format!("{PAGE}?dialog=slug&slug=new"));
        let page = ada.get(&next).await;
        assert!(page.body.contains("id=\"slug\" open"));
        assert_eq!((page.value("slug").as_deref(), page.value("confirmation").as_deref()), (Some("new"), Some("")));
        for form in ["name", "mark", "unmark", "sign-out", "revoke-keys"] {
            assert!(send(&mut ada, form, &[("member", "x")]).await.said().starts_with("303 /teams/acme/verify?next="), "{form}");
        }
    }
}
