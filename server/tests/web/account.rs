//! The account page: what members change about themselves, and what they may not.

use crate::{
    app::{Answer, Browser, PASSWORD, TestApp},
    db::{Db, on_both_engines},
};
use ::app::form_encoding;
use axum::http::{StatusCode, header};
use domain::{MINUTE, role::Role};

const PAGE: &str = "/teams/acme/account";
const NEW: &str = "seven copper kettles sing";

async fn send(browser: &mut Browser, form: &str, fields: &[(&str, &str)]) -> Answer {
    browser.post(&format!("{PAGE}/{form}"), fields).await
}

async fn field(app: &TestApp, column: &str, email: &str) -> String {
    app.world.db.text(&format!("SELECT {column} FROM members WHERE email = '{email}'")).await.unwrap()
}

on_both_engines! {
    async fn every_role_has_one_in_the_user_menu(db: Db) {
        let app = TestApp::new(db).await;
        for role in [Role::Developer, Role::Billing, Role::Admin] {
            let mut browser = app.signed_in(&app.member(role).await).await;
            let page = browser.get("/teams/acme/settings/members").await;
            assert!(page.body.contains(&format!("href=\"{PAGE}\"")), "{role}");
            let page = browser.get(PAGE).await;
            assert_eq!((page.status, page.title()), (StatusCode::OK, "Account · Acme"));
            assert_eq!(page.value("name").as_deref(), Some(role.label()));
            assert!(page.says("This browser") && page.says("You're signed in to this team only in this browser."), "{}", page.text());
        }
    }

    async fn a_name_is_changed(db: Db) {
        let app = TestApp::new(db).await;
        let mut ada = app.ada().await;
        let done = send(&mut ada, "name", &[("name", "  Augusta \"Ada\" <King> ")]).await;
        assert_eq!(done.said(), format!("303 {PAGE}?done=name-changed"));
        let page = ada.get(done.header("location")).await;
        assert!(page.says("Name changed.") && page.says("Augusta \"Ada\" <King>"), "{}", page.text());
        assert_eq!(app.world.last_entry().await, "changed their own name");
        let document = field(&app, "document", "ada@acme.test").await;
        assert!(document.contains("\"displayName\":\"Augusta \\\"Ada\\\" <King>\""), "{document}");
        assert!(document.contains("\"formatted\":\"Augusta"), "{document}");
        let entries = app.world.log().await.len();
        send(&mut ada, "name", &[("name", "Augusta \"Ada\" <King>")]).await;
        assert_eq!(app.world.log().await.len(), entries, "the same name is no change");
        for (bad, says) in [("  ", "Enter your name."), ("a\0b", "invisible"), (&*"é".repeat(65), "64 characters or fewer"), (&*"x".repeat(10_000), "64 characters or fewer")] {
            let answer = send(&mut ada, "name", &[("name", bad)]).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(answer.says(says), "{says}: {}", answer.text());
        }
    }

    async fn an_address_is_changed_and_signs_in(db: Db) {
        let app = TestApp::new(db).await;
        let bob = app.member(Role::Developer).await;
        let mut browser = app.signed_in(&bob).await;
        for (bad, says) in [("nobody", "such as ada@example.com"), ("", "Enter an email."), ("a%@x.test\0", "such as")] {
            let answer = send(&mut browser, "email", &[("email", bad)]).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{bad}");
            assert!(answer.says(says), "{}", answer.text());
        }
        let taken = send(&mut browser, "email", &[("email", "ADA@acme.test")]).await;
        assert_eq!(taken.status, StatusCode::CONFLICT);
        assert!(taken.says("Another member of this team already uses this email. Use a different one."), "{}", taken.text());
        assert_eq!(taken.value("email").as_deref(), Some("ADA@acme.test"));
        let done = send(&mut browser, "email", &[("email", "bob+1@acme.test")]).await;
        assert_eq!(done.said(), format!("303 {PAGE}?done=email-changed"));
        assert_eq!(field(&app, "user_name", "bob+1@acme.test").await, "bob+1@acme.test");
        assert_eq!(app.world.last_entry().await, "changed their own email");
        assert_eq!(app.browser().sign_in(&bob, PASSWORD).await.said(), "401");
        app.signed_in("bob+1@acme.test").await;
        app.team("globex", "Globex", "grace@globex.test").await;
        assert_eq!(send(&mut browser, "email", &[("email", "grace@globex.test")]).await.said().split('?').next(), Some(&*format!("303 {PAGE}")), "another team's address is free here");
    }

    async fn an_address_of_somebody_gone_is_free(db: Db) {
        let app = TestApp::new(db).await;
        let (bob, gone) = (app.member(Role::Developer).await, app.member(Role::Billing).await);
        app.world.db.sql(&format!("UPDATE members SET status = 'deleted' WHERE email = '{gone}'")).await;
        let mut browser = app.signed_in(&bob).await;
        assert_eq!(send(&mut browser, "email", &[("email", &gone)]).await.said(), format!("303 {PAGE}?done=email-changed"));
    }

    async fn an_address_and_leaving_want_a_proof(db: Db) {
        let app = TestApp::new(db).await;
        let mut browser = app.signed_in(&app.member(Role::Developer).await).await;
        app.world.pass(16 * MINUTE);
        let asked = send(&mut browser, "email", &[("email", "new@acme.test"), ("password", "hush")]).await;
        assert!(asked.said().starts_with("303 /teams/acme/verify?next=") && !asked.said().contains("hush"), "{}", asked.said());
        let next = browser.get(asked.header("location")).await.value("next").unwrap();
        assert_eq!(next, format!("{PAGE}?dialog=email&email=new%40acme.test"));
        assert_eq!(browser.get(&next).await.value("email").as_deref(), Some("new@acme.test"));
        let asked = send(&mut browser, "leave", &[]).await;
        let next = browser.get(asked.header("location")).await.value("next").unwrap();
        let back = browser.post("/teams/acme/verify", &[("password", PASSWORD), ("next", &next)]).await;
        let page = browser.get(back.header("location")).await;
        assert!(page.body.contains("id=\"leave\" open"), "{}", page.body);
    }

    async fn a_password_is_changed_and_other_browsers_end(db: Db) {
        let app = TestApp::new(db).await;
        let bob = app.member(Role::Developer).await;
        let (mut browser, mut other) = (app.signed_in(&bob).await, app.signed_in(&bob).await);
        let before = browser.session().unwrap().to_owned();
        for (current, new, says) in [
            (PASSWORD, "short", "Use 15 characters or more."),
            (PASSWORD, "", "Enter a password."),
            (PASSWORD, "passwordpassword", "too common"),
            (PASSWORD, bob.as_str(), "your name or email"),
            ("", NEW, "Enter your password."),
            ("wrong", NEW, "Incorrect password."),
        ] {
            let answer = send(&mut browser, "password", &[("current_password", current), ("password", new)]).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{new}");
            assert!(answer.says(says), "{says}: {}", answer.text());
            assert!(!answer.body.contains(NEW) && !answer.body.contains(PASSWORD));
        }
        let done = send(&mut browser, "password", &[("current_password", PASSWORD), ("password", NEW)]).await;
        assert_eq!(done.said(), format!("303 {PAGE}?done=password-changed"));
        assert_ne!(browser.session().unwrap(), before, "a new id");
        assert_eq!(browser.get(PAGE).await.status, StatusCode::OK);
        assert_eq!(other.get(PAGE).await.said(), "303 /sign-in?next=%2Fteams%2Facme%2Faccount");
        assert_eq!(app.browser().sign_in(&bob, PASSWORD).await.said(), "401");
        assert_eq!(app.browser().sign_in(&bob, NEW).await.said(), "303 /teams/acme");
        assert_eq!(app.world.last_entry().await, "changed their own password");
        let log = serde_json::to_string(&app.world.log().await).unwrap();
        assert!(!log.contains(NEW) && !log.contains("argon2"), "{log}");
    }

    async fn guessing_the_current_password_is_slowed_down(db: Db) {
        let app = TestApp::new(db).await;
        let mut ada = app.ada().await;
        for _ in 0..5 {
            let answer = send(&mut ada, "password", &[("current_password", "wrong"), ("password", NEW)]).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        }
        let answer = send(&mut ada, "password", &[("current_password", PASSWORD), ("password", NEW)]).await;
        assert_eq!((answer.status, answer.header("retry-after")), (StatusCode::TOO_MANY_REQUESTS, "1"));
        assert!(answer.says("Too many attempts"), "{}", answer.text());
    }

    async fn who_has_no_password_has_none_to_change(db: Db) {
        let app = TestApp::new(db).await;
        let mut ada = app.ada().await;
        app.world.db.sql("UPDATE members SET password_hash = NULL").await;
        assert!(ada.get(PAGE).await.says("You don't have a password here. You sign in with single sign-on."));
        let answer = send(&mut ada, "password", &[("current_password", PASSWORD), ("password", NEW)]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    }

    async fn sessions_are_ended_one_by_one_and_all_at_once(db: Db) {
        let app = TestApp::new(db).await;
        app.team("globex", "Globex", "ada@acme.test").await;
        let bob = app.member(Role::Developer).await;
        let (mut here, mut two, mut three) = (app.signed_in(&bob).await, app.signed_in(&bob).await, app.signed_in(&bob).await);
        let mut adas = app.ada().await;
        let page = here.get(PAGE).await;
        assert_eq!(page.body.matches("Signed in ").count(), 3, "{}", page.text());
        assert_eq!(page.body.matches("This browser").count(), 1);
        assert!(page.says("Unknown browser , from 192.0.2.7"), "{}", page.text());
        let marks: Vec<&str> = page.body.split("name=\"session\" value=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
        assert_eq!((marks.len(), marks[0]), (3, "others"));
        let done = send(&mut here, "sign-out", &[("session", marks[1])]).await;
        assert_eq!(done.said(), format!("303 {PAGE}?done=signed-out"));
        let left = [two.get(PAGE).await.status.as_u16(), three.get(PAGE).await.status.as_u16()];
        assert!(left == [200, 303] || left == [303, 200], "{left:?}");
        assert_eq!(app.world.last_entry().await, "signed out their other sessions");
        assert_eq!(send(&mut here, "sign-out", &[("session", "others")]).await.said(), format!("303 {PAGE}?done=others-signed-out"));
        assert_eq!((two.get(PAGE).await.status.as_u16(), three.get(PAGE).await.status.as_u16()), (303, 303));
        assert_eq!((here.get(PAGE).await.status.as_u16(), adas.get(PAGE).await.status.as_u16()), (200, 200));
        let entries = app.world.log().await.len();
        let mark = &*adas.get(PAGE).await.body.split("session-").nth(1).unwrap()[..16].to_owned();
        for nothing in [mark, "", "x' OR 1=1", "%", "a\0", marks[2]] {
            let answer = send(&mut here, "sign-out", &[("session", nothing)]).await;
            assert_eq!(answer.status, StatusCode::OK, "{nothing}");
            assert!(answer.notes("That session has already ended."), "{}", answer.text());
        }
        let others = send(&mut here, "sign-out", &[("session", "others")]).await;
        assert_eq!(others.status, StatusCode::OK);
        assert!(others.notes("You aren't signed in anywhere else."), "{}", others.text());
        assert_eq!(app.world.log().await.len(), entries);
        assert_eq!(adas.get(PAGE).await.status.as_u16(), 200, "nobody ends another's session");
    }

    async fn whoever_really_signed_in_is_named_first_and_nobody_is_told_to_ask_themselves(db: Db) {
        let app = TestApp::on(db).await;
        for name in ["Aaron", "Abel", "Adam"] {
            app.add("acme", name, &format!("{name}@acme.test"), Role::Admin).await;
        }
        app.add("acme", "Zoe", "zoe@acme.test", Role::Admin).await;
        let bob = app.member(Role::Developer).await;
        let mut zoe = app.signed_in("zoe@acme.test").await;
        app.world.pass(1_000);
        app.ada().await;
        let mut bob = app.signed_in(&bob).await;
        let page = bob.get(PAGE).await;
        assert!(page.says("Ask Ada Lovelace, Zoe, or Aaron."), "{}", page.text());
        let forbidden = bob.get("/teams/acme/settings/authentication").await.text();
        let at = |name: &str| forbidden.find(name).unwrap_or_else(|| panic!("{name}: {forbidden}"));
        assert!(at("Ada Lovelace") < at("Zoe") && at("Zoe") < at("Aaron"), "{forbidden}");
        let own = zoe.get(PAGE).await;
        assert!(own.says("You can lift this by turning off SCIM provisioning in Authentication."), "{}", own.text());
        assert!(!own.says("Zoe, or") && own.says("Ask Ada Lovelace, Aaron, or Abel"), "{}", own.text());
    }

    async fn a_session_says_its_browser_and_address(db: Db) {
        let app = TestApp::new(db).await;
        let agents = [
            ("Firefox on Windows", "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:130.0) Gecko/20100101 Firefox/130.0"),
            ("Safari on iPhone", "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Safari/604.1"),
        ];
        let mut last = app.browser();
        for (_, agent) in agents {
            last = app.browser();
            let form = form_encoding::write(&[("email".into(), "ada@acme.test".into()), ("password".into(), PASSWORD.into())]);
            let request = last.form("/sign-in").header(header::USER_AGENT, agent);
            assert_eq!(last.send(request, form.into()).await.status, StatusCode::SEE_OTHER);
        }
        let member = format!("/teams/acme/settings/members/{}", app.id("ada@acme.test").await);
        for path in [PAGE, &member] {
            let page = last.get(path).await;
            for (label, agent) in agents {
                assert!(page.says(&format!("{label} , from 192.0.2.7")), "{path} {label}: {}", page.text());
                assert!(!page.body.contains(agent), "a label, not the header");
            }
            assert_eq!(page.body.matches("This browser").count(), 1, "{path}");
        }
    }

    async fn a_team_is_left(db: Db) {
        let app = TestApp::new(db).await;
        let bob = app.member(Role::Developer).await;
        let (mut browser, mut other) = (app.signed_in(&bob).await, app.signed_in(&bob).await);
        let left = send(&mut browser, "leave", &[]).await;
        assert_eq!(left.said(), "303 /sign-in?done=left");
        assert!(browser.get(left.header("location")).await.says("You've left the team and are signed out."));
        assert_eq!((browser.get(PAGE).await.status.as_u16(), other.get(PAGE).await.status.as_u16()), (303, 303));
        assert_eq!(app.browser().sign_in(&bob, PASSWORD).await.said(), "401");
        let entry = app.world.log().await.remove(0);
        assert_eq!(serde_json::to_value(&entry.change).unwrap(), serde_json::json!({"what": "member_left", "sessions": 2}));
        assert_eq!(field(&app, "status", &bob).await, "deleted");
        assert!(app.ada().await.get("/teams/acme/settings/members").await.says("1 member"));
    }

    async fn a_browser_with_another_team_goes_on_there(db: Db) {
        let app = TestApp::new(db).await;
        app.team("globex", "Globex", "grace@globex.test").await;
        let mut browser = app.signed_in(&app.member(Role::Developer).await).await;
        browser.sign_in("grace@globex.test", PASSWORD).await;
        assert_eq!(send(&mut browser, "leave", &[]).await.said(), "303 /");
        assert_eq!(browser.get("/").await.said(), "303 /teams/globex");
    }

    async fn the_last_super_admin_and_break_glass_stay(db: Db) {
        let app = TestApp::new(db).await;
        let mut ada = app.ada().await;
        assert!(ada.get(PAGE).await.says("You're the team's last active Super Admin."));
        let refused = send(&mut ada, "leave", &[]).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        assert!(refused.says("Make someone else a Super Admin before you leave."), "{}", refused.text());
        assert_eq!(app.world.last_entry().await, "was blocked from changing member Ada Lovelace");
        let bob = app.member(Role::Developer).await;
        app.world.db.sql(&format!("UPDATE members SET break_glass = 1 WHERE email = '{bob}'")).await;
        let mut browser = app.signed_in(&bob).await;
        let refused = send(&mut browser, "leave", &[]).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        assert!(refused.says("You're a break-glass member, so you can't leave."), "{}", refused.text());
        assert_eq!(browser.get(PAGE).await.status, StatusCode::OK);
    }

    async fn while_scim_is_on_little_can_be_changed_and_the_page_says_why(db: Db) {
        let app = TestApp::on(db).await;
        let bob = app.member(Role::Developer).await;
        let mut browser = app.signed_in(&bob).await;
        let page = browser.get(PAGE).await;
        for says in [
            "Emails can't be changed here while SCIM provisioning is on. No one can change it for you in Rollcall. Only turning off SCIM provisioning lifts this, and only an Admin or Super Admin can do that. Ask Ada Lovelace.",
            "Passwords can't be changed here while SCIM provisioning is on.",
            "Members can't leave the team while SCIM provisioning is on. An Admin or Super Admin can remove you. Ask Ada Lovelace.",
        ] {
            assert!(page.says(says), "{says}: {}", page.text());
        }
        assert_eq!(page.body.matches("aria-disabled=\"true\"").count(), 4, "email, password, leave, no other session");
        assert!(!page.body.contains("id=\"leave\""));
        let last = "You're the team's last active Super Admin, so no one can remove you either. Make someone else a Super Admin first.";
        app.member(Role::Admin).await;
        let mut ada = app.ada().await;
        assert!(ada.get(PAGE).await.says(last));
        app.member(Role::SuperAdmin).await;
        assert!(ada.get(PAGE).await.says("Another Super Admin can remove you. Ask Super Admin."));
        let before = app.world.log().await.len();
        for (form, fields) in [
            ("email", vec![("email", "x@acme.test")]),
            ("password", vec![("current_password", PASSWORD), ("password", NEW)]),
            ("leave", vec![]),
        ] {
            let refused = send(&mut browser, form, &fields).await;
            assert_eq!(refused.status, StatusCode::FORBIDDEN, "{form}");
            assert!(refused.says("while SCIM provisioning is on"), "{form}");
        }
        assert_eq!(app.world.log().await.len(), before);
        assert_eq!(send(&mut browser, "name", &[("name", "Bob")]).await.said(), format!("303 {PAGE}?done=name-changed"));
        app.world.db.sql(&format!("UPDATE members SET source = 'directory' WHERE email = '{bob}'")).await;
        let refused = send(&mut browser, "name", &[("name", "Robert")]).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        assert!(refused.says("Your identity provider manages your profile through SCIM"), "{}", refused.text());
        let page = browser.get(PAGE).await;
        assert!(page.says("Your identity provider manages your profile through SCIM. Change it in Okta."), "{}", page.text());
        assert!(page.says("To leave the team, ask to be removed in Okta."), "{}", page.text());
        app.world.ada().scim_turn_off("acme", "Acme").await.unwrap();
        assert_eq!(send(&mut browser, "name", &[("name", "Robert")]).await.said(), format!("303 {PAGE}?done=name-changed"));
        let changed = send(&mut browser, "password", &[("current_password", PASSWORD), ("password", NEW)]).await;
        assert_eq!(changed.said(), format!("303 {PAGE}?done=password-changed"));
        assert_eq!(send(&mut browser, "leave", &[]).await.said(), "303 /sign-in?done=left");
    }

    async fn of_the_last_two_super_admins_one_stays(db: Db) {
        let app = TestApp::new(db).await;
        app.add("acme", "Grace", "grace@acme.test", Role::SuperAdmin).await;
        let (mut ada, mut grace) = (app.ada().await, app.signed_in("grace@acme.test").await);
        let (one, two) = tokio::join!(send(&mut ada, "leave", &[]), send(&mut grace, "leave", &[]));
        let mut statuses = [one.status.as_u16(), two.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 403]);
    }
}
