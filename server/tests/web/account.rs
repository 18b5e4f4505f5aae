//! The account page: changes by members to themselves, and the limits of these changes.

use crate::{
    app::{Answer, Browser, PASSWORD, TestApp},
    db::{Db, on_both_engines},
    parts::last_change,
};
use ::app::{error::AppError, form_encoding, model::AccountNotice};
use axum::http::{StatusCode, header};
use domain::{
    Conflict, Denial, Error, MINUTE, Unchanged,
    activity::Change,
    member::self_service::{SelfServiceAction, SelfServiceDenial},
    role::Role,
    validation::field_error::{Field, FieldError},
};

const PAGE: &str = "/teams/acme/account";
const NEW: &str = "seven copper kettles sing";

async fn send(browser: &mut Browser, form: &str, fields: &[(&str, &str)]) -> Answer {
    browser.post(&format!("{PAGE}/{form}"), fields).await
}

/// The people whom a text names, in its order.
fn named(text: &str) -> Vec<&'static str> {
    let people = ["Ada Lovelace", "Zoe", "Aaron", "Abel", "Adam"].into_iter();
    let mut found: Vec<_> = people.filter_map(|name| text.find(name).map(|at| (at, name))).collect();
    found.sort_unstable();
    found.into_iter().map(|(_, name)| name).collect()
}

async fn field(app: &TestApp, column: &str, email: &str) -> String {
    app.world.db.text(&format!("SELECT {column} FROM members WHERE email = '{email}'")).await.unwrap()
}

on_both_engines! {
    async fn every_role_has_the_account_page_in_the_user_menu(db: Db) {
        let app = TestApp::new(db).await;
        for role in [Role::Developer, Role::Billing, Role::Admin] {
            let mut browser = app.signed_in(&app.member(role).await).await;
            let page = browser.get("/teams/acme/settings/members").await;
            assert!(page.body.contains(&format!("href=\"{PAGE}\"")), "{role}");
            let page = browser.get(PAGE).await;
            assert_eq!((page.status, page.title()), (StatusCode::OK, "Account · Acme"));
            assert_eq!(page.value("name").as_deref(), Some(role.label()));
            assert_eq!((page.parts("this-session").len(), page.parts("other-session").len()), (1, 0), "{}", page.text());
        }
    }

    async fn a_member_can_change_their_name(db: Db) {
        let app = TestApp::new(db).await;
        let mut ada = app.ada().await;
        let response = send(&mut ada, "name", &[("name", "  Augusta \"Ada\" <King> ")]).await;
        assert_eq!(response.summary(), format!("303 {PAGE}?done=name-changed"));
        let page = ada.get(response.header("location")).await;
        assert_eq!(page.done().as_deref(), Some(AccountNotice::NameChanged.words()));
        assert_eq!(page.value("name").as_deref(), Some("Augusta \"Ada\" <King>"));
        let changed = last_change(&app).await;
        assert!(matches!(&changed, Change::ProfileChanged { field, .. } if field == "name"), "{changed:?}");
        let document = field(&app, "document", "ada@acme.test").await;
        assert!(document.contains("\"displayName\":\"Augusta \\\"Ada\\\" <King>\""), "{document}");
        assert!(document.contains("\"formatted\":\"Augusta"), "{document}");
        let entries = app.world.log().await.len();
        send(&mut ada, "name", &[("name", "Augusta \"Ada\" <King>")]).await;
        assert_eq!(app.world.log().await.len(), entries, "the same name is no change");
        for (bad, problem) in [
            ("  ", FieldError::Missing("your name".into())),
            ("a\0b", FieldError::InvisibleCharacters),
            (&*"é".repeat(65), FieldError::TooLong { max: 64, actual: 65 }),
            (&*"x".repeat(10_000), FieldError::TooLong { max: 64, actual: 10_000 }),
        ] {
            let answer = send(&mut ada, "name", &[("name", bad)]).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(answer.is_invalid(Field::Name, problem), "{:?}", answer.field_error("name"));
        }
    }

    async fn a_changed_email_can_sign_in(db: Db) {
        let app = TestApp::new(db).await;
        let bob = app.member(Role::Developer).await;
        let mut browser = app.signed_in(&bob).await;
        for (bad, problem) in [
            ("nobody", FieldError::NotAnEmail),
            ("", FieldError::Missing("an email".into())),
            ("a%@x.test\0", FieldError::NotAnEmail),
        ] {
            let answer = send(&mut browser, "email", &[("email", bad)]).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{bad}");
            assert!(answer.is_invalid(Field::Email, problem), "{:?}", answer.field_error("email"));
        }
        let conflict = send(&mut browser, "email", &[("email", "ADA@acme.test")]).await;
        assert_eq!(conflict.status, StatusCode::CONFLICT);
        assert_eq!(conflict.field_error("email"), Some(AppError::from(Error::from(Conflict::EmailTaken)).to_string()));
        assert_eq!(conflict.value("email").as_deref(), Some("ADA@acme.test"));
        let response = send(&mut browser, "email", &[("email", "bob+1@acme.test")]).await;
        assert_eq!(response.summary(), format!("303 {PAGE}?done=email-changed"));
        assert_eq!(field(&app, "user_name", "bob+1@acme.test").await, "bob+1@acme.test");
        let changed = last_change(&app).await;
        assert!(matches!(&changed, Change::ProfileChanged { field, .. } if field == "email"), "{changed:?}");
        assert_eq!(app.browser().sign_in(&bob, PASSWORD).await.summary(), "401");
        app.signed_in("bob+1@acme.test").await;
        app.team("globex", "Globex", "grace@globex.test").await;
        assert_eq!(send(&mut browser, "email", &[("email", "grace@globex.test")]).await.summary().split('?').next(), Some(&*format!("303 {PAGE}")), "another team's address is free here");
    }

    async fn the_email_of_a_removed_member_can_be_used_again(db: Db) {
        let app = TestApp::new(db).await;
        let (bob, former) = (app.member(Role::Developer).await, app.member(Role::Billing).await);
        app.world.db.sql(&format!("UPDATE members SET status = 'deleted' WHERE email = '{former}'")).await;
        let mut browser = app.signed_in(&bob).await;
        assert_eq!(send(&mut browser, "email", &[("email", &former)]).await.summary(), format!("303 {PAGE}?done=email-changed"));
    }

    async fn changing_the_email_and_leaving_need_verification(db: Db) {
        let app = TestApp::new(db).await;
        let mut browser = app.signed_in(&app.member(Role::Developer).await).await;
        app.world.pass(16 * MINUTE);
        let redirect = send(&mut browser, "email", &[("email", "new@acme.test"), ("password", "hush")]).await;
        assert!(redirect.summary().starts_with("303 /teams/acme/verify?next=") && !redirect.summary().contains("hush"), "{}", redirect.summary());
        let next = browser.get(redirect.header("location")).await.value("next").unwrap();
        assert_eq!(next, format!("{PAGE}?dialog=email&email=new%40acme.test"));
        assert_eq!(browser.get(&next).await.value("email").as_deref(), Some("new@acme.test"));
        let redirect = send(&mut browser, "leave", &[]).await;
        let next = browser.get(redirect.header("location")).await.value("next").unwrap();
        let back = browser.post("/teams/acme/verify", &[("password", PASSWORD), ("next", &next)]).await;
        let page = browser.get(back.header("location")).await;
        assert!(page.body.contains("id=\"leave\" open"), "{}", page.body);
    }

    async fn changing_the_password_ends_the_other_sessions(db: Db) {
        let app = TestApp::new(db).await;
        let bob = app.member(Role::Developer).await;
        let (mut browser, mut other) = (app.signed_in(&bob).await, app.signed_in(&bob).await);
        let before = browser.session().unwrap().to_owned();
        for (current, new, field, problem) in [
            (PASSWORD, "short", Field::Password, FieldError::PasswordTooShort(15)),
            (PASSWORD, "", Field::Password, FieldError::Missing("a password".into())),
            (PASSWORD, "passwordpassword", Field::Password, FieldError::PasswordCommon),
            (PASSWORD, bob.as_str(), Field::Password, FieldError::PasswordPersonal),
            ("", NEW, Field::CurrentPassword, FieldError::Missing("your password".into())),
            ("wrong", NEW, Field::CurrentPassword, FieldError::WrongPassword),
        ] {
            let answer = send(&mut browser, "password", &[("current_password", current), ("password", new)]).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{new}");
            assert!(answer.is_invalid(field, problem), "{new}: {:?}", answer.field_error(field.name()));
            assert!(!answer.body.contains(NEW) && !answer.body.contains(PASSWORD));
        }
        let response = send(&mut browser, "password", &[("current_password", PASSWORD), ("password", NEW)]).await;
        assert_eq!(response.summary(), format!("303 {PAGE}?done=password-changed"));
        assert_ne!(browser.session().unwrap(), before, "a new id");
        assert_eq!(browser.get(PAGE).await.status, StatusCode::OK);
        assert_eq!(other.get(PAGE).await.summary(), "303 /sign-in?next=%2Fteams%2Facme%2Faccount");
        assert_eq!(app.browser().sign_in(&bob, PASSWORD).await.summary(), "401");
        assert_eq!(app.browser().sign_in(&bob, NEW).await.summary(), "303 /teams/acme");
        assert!(matches!(last_change(&app).await, Change::PasswordChanged { .. }));
        let log = serde_json::to_string(&app.world.log().await).unwrap();
        assert!(!log.contains(NEW) && !log.contains("argon2"), "{log}");
    }

    async fn guesses_of_the_current_password_are_throttled(db: Db) {
        let app = TestApp::new(db).await;
        let mut ada = app.ada().await;
        for _ in 0..5 {
            let answer = send(&mut ada, "password", &[("current_password", "wrong"), ("password", NEW)]).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        }
        let answer = send(&mut ada, "password", &[("current_password", PASSWORD), ("password", NEW)]).await;
        assert_eq!((answer.status, answer.header("retry-after")), (StatusCode::TOO_MANY_REQUESTS, "1"));
        assert_eq!(answer.alert(), Some(AppError::TooManyAttempts(1).to_string()));
    }

    async fn a_member_without_a_password_cannot_change_it(db: Db) {
        let app = TestApp::new(db).await;
        let mut ada = app.ada().await;
        app.world.db.sql("UPDATE members SET password_hash = NULL").await;
        assert!(ada.get(PAGE).await.part("password-reason").is_some());
        let answer = send(&mut ada, "password", &[("current_password", PASSWORD), ("password", NEW)]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    }

    async fn sessions_can_be_ended_one_by_one_and_all_at_once(db: Db) {
        let app = TestApp::new(db).await;
        app.team("globex", "Globex", "ada@acme.test").await;
        let bob = app.member(Role::Developer).await;
        let (mut current, mut two, mut three) = (app.signed_in(&bob).await, app.signed_in(&bob).await, app.signed_in(&bob).await);
        let mut adas = app.ada().await;
        let page = current.get(PAGE).await;
        let (this, others) = (page.parts("this-session"), page.parts("other-session"));
        assert_eq!((this.len(), others.len()), (1, 2), "{}", page.text());
        assert!(this[0].contains("192.0.2.7"), "{this:?}");
        let marks: Vec<&str> = page.body.split("name=\"session\" value=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
        assert_eq!((marks.len(), marks[0]), (3, "others"));
        let response = send(&mut current, "sign-out", &[("session", marks[1])]).await;
        assert_eq!(response.summary(), format!("303 {PAGE}?done=signed-out"));
        let statuses = [two.get(PAGE).await.status.as_u16(), three.get(PAGE).await.status.as_u16()];
        assert!(statuses == [200, 303] || statuses == [303, 200], "{statuses:?}");
        assert_eq!(last_change(&app).await, Change::SessionsEnded { sessions: 1 });
        assert_eq!(send(&mut current, "sign-out", &[("session", "others")]).await.summary(), format!("303 {PAGE}?done=others-signed-out"));
        assert_eq!((two.get(PAGE).await.status.as_u16(), three.get(PAGE).await.status.as_u16()), (303, 303));
        assert_eq!((current.get(PAGE).await.status.as_u16(), adas.get(PAGE).await.status.as_u16()), (200, 200));
        let entries = app.world.log().await.len();
        let mark = &*adas.get(PAGE).await.body.split("session-").nth(1).unwrap()[..16].to_owned();
        for nothing in [mark, "", "x' OR 1=1", "%", "a\0", marks[2]] {
            let answer = send(&mut current, "sign-out", &[("session", nothing)]).await;
            assert_eq!(answer.status, StatusCode::OK, "{nothing}");
            assert!(answer.is_unchanged(Unchanged::SessionEnded), "{}", answer.text());
        }
        let others = send(&mut current, "sign-out", &[("session", "others")]).await;
        assert_eq!(others.status, StatusCode::OK);
        assert!(others.is_unchanged(Unchanged::NoOtherSession), "{}", others.text());
        assert_eq!(app.world.log().await.len(), entries);
        assert_eq!(adas.get(PAGE).await.status.as_u16(), 200, "a member cannot end another member's session");
    }

    async fn advice_names_recent_admins_first_and_never_the_reader(db: Db) {
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
        let reason = bob.get(PAGE).await.part("email-reason").unwrap();
        assert_eq!(named(&reason), ["Ada Lovelace", "Zoe", "Aaron"], "{reason}");
        let forbidden = bob.get("/teams/acme/settings/authentication").await.text();
        assert_eq!(named(&forbidden)[..3], ["Ada Lovelace", "Zoe", "Aaron"], "{forbidden}");
        let own = zoe.get(PAGE).await;
        let (email, leave) = (own.part("email-reason").unwrap(), own.part("leave-reason").unwrap());
        assert_eq!(named(&email), [""; 0], "an Admin can lift it: {email}");
        assert_eq!(named(&leave), ["Ada Lovelace", "Aaron", "Abel"], "{leave}");
    }

    async fn a_session_has_its_browser_and_address(db: Db) {
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
            let sessions = [page.parts("this-session"), page.parts("other-session")].concat();
            for (label, agent) in agents {
                let is_it = |session: &&String| session.starts_with(label) && session.contains("192.0.2.7");
                assert_eq!(sessions.iter().filter(is_it).count(), 1, "{path} {label}: {sessions:?}");
                assert!(!page.body.contains(agent), "a label, not the header");
            }
            assert_eq!(page.parts("this-session").len(), 1, "{path}");
        }
    }

    async fn a_member_can_leave_the_team(db: Db) {
        let app = TestApp::new(db).await;
        let bob = app.member(Role::Developer).await;
        let (mut browser, mut other) = (app.signed_in(&bob).await, app.signed_in(&bob).await);
        let response = send(&mut browser, "leave", &[]).await;
        assert_eq!(response.summary(), "303 /sign-in?done=left");
        assert_eq!(browser.get(response.header("location")).await.sign_in_problem().as_deref(), Some("left"));
        assert_eq!((browser.get(PAGE).await.status.as_u16(), other.get(PAGE).await.status.as_u16()), (303, 303));
        assert_eq!(app.browser().sign_in(&bob, PASSWORD).await.summary(), "401");
        let entry = app.world.log().await.remove(0);
        assert_eq!(serde_json::to_value(&entry.change).unwrap(), serde_json::json!({"what": "member_left", "sessions": 2}));
        assert_eq!(field(&app, "status", &bob).await, "deleted");
        assert_eq!(app.ada().await.get("/teams/acme/settings/members").await.parts("member").len(), 1);
    }

    async fn leaving_leads_to_another_signed_in_team(db: Db) {
        let app = TestApp::new(db).await;
        app.team("globex", "Globex", "grace@globex.test").await;
        let mut browser = app.signed_in(&app.member(Role::Developer).await).await;
        browser.sign_in("grace@globex.test", PASSWORD).await;
        assert_eq!(send(&mut browser, "leave", &[]).await.summary(), "303 /");
        assert_eq!(browser.get("/").await.summary(), "303 /teams/globex");
    }

    async fn the_last_super_admin_and_break_glass_members_cannot_leave(db: Db) {
        let app = TestApp::new(db).await;
        let mut ada = app.ada().await;
        assert!(ada.get(PAGE).await.part("leave-reason").is_some());
        let rejection = send(&mut ada, "leave", &[]).await;
        assert_eq!(rejection.status, StatusCode::FORBIDDEN);
        assert!(rejection.refuses(Denial::SelfService(SelfServiceDenial::LastSuperAdmin)), "{:?}", rejection.alert());
        let entry = last_change(&app).await;
        assert!(matches!(&entry, Change::MemberProtected { name, .. } if name == "Ada Lovelace"), "{entry:?}");
        let bob = app.member(Role::Developer).await;
        app.world.db.sql(&format!("UPDATE members SET break_glass = 1 WHERE email = '{bob}'")).await;
        let mut browser = app.signed_in(&bob).await;
        let rejection = send(&mut browser, "leave", &[]).await;
        assert_eq!(rejection.status, StatusCode::FORBIDDEN);
        assert!(rejection.refuses(Denial::SelfService(SelfServiceDenial::BreakGlass)), "{:?}", rejection.alert());
        assert_eq!(browser.get(PAGE).await.status, StatusCode::OK);
    }

    async fn while_scim_is_on_most_changes_are_blocked_with_a_reason(db: Db) {
        let app = TestApp::on(db).await;
        let bob = app.member(Role::Developer).await;
        let mut browser = app.signed_in(&bob).await;
        let page = browser.get(PAGE).await;
        for (reason, action) in [
            ("email-reason", SelfServiceAction::Email),
            ("password-reason", SelfServiceAction::Password),
            ("leave-reason", SelfServiceAction::Leave),
        ] {
            let text = page.part(reason).unwrap_or_else(|| panic!("{reason}: {}", page.text()));
            assert!(text.starts_with(&SelfServiceDenial::ScimOn(action).to_string()), "{text}");
            assert_eq!(named(&text), ["Ada Lovelace"], "whom to ask: {text}");
        }
        assert_eq!(page.body.matches("aria-disabled=\"true\"").count(), 4, "email, password, leave, no other session");
        assert!(!page.body.contains("id=\"leave\""));
        app.add("acme", "Abel", "abel@acme.test", Role::Admin).await;
        let mut ada = app.ada().await;
        let alone = ada.get(PAGE).await.part("leave-reason").unwrap();
        assert_eq!(named(&alone), [""; 0], "no one can remove the last Super Admin: {alone}");
        app.add("acme", "Zoe", "zoe@acme.test", Role::SuperAdmin).await;
        let of_two = ada.get(PAGE).await.part("leave-reason").unwrap();
        assert_eq!(named(&of_two), ["Zoe"], "{of_two}");
        let before = app.world.log().await.len();
        for (form, action, fields) in [
            ("email", SelfServiceAction::Email, vec![("email", "x@acme.test")]),
            ("password", SelfServiceAction::Password, vec![("current_password", PASSWORD), ("password", NEW)]),
            ("leave", SelfServiceAction::Leave, vec![]),
        ] {
            let rejection = send(&mut browser, form, &fields).await;
            assert_eq!(rejection.status, StatusCode::FORBIDDEN, "{form}");
            assert!(rejection.refuses(Denial::SelfService(SelfServiceDenial::ScimOn(action))), "{form}: {:?}", rejection.alert());
        }
        assert_eq!(app.world.log().await.len(), before);
        assert_eq!(send(&mut browser, "name", &[("name", "Bob")]).await.summary(), format!("303 {PAGE}?done=name-changed"));
        app.world.db.sql(&format!("UPDATE members SET source = 'directory' WHERE email = '{bob}'")).await;
        let rejection = send(&mut browser, "name", &[("name", "Robert")]).await;
        assert_eq!(rejection.status, StatusCode::FORBIDDEN);
        assert!(rejection.refuses(Denial::SelfService(SelfServiceDenial::Managed)), "{:?}", rejection.alert());
        let page = browser.get(PAGE).await;
        let (name, leave) = (page.part("name-reason").unwrap(), page.part("leave-reason").unwrap());
        assert!(name.starts_with(&SelfServiceDenial::Managed.to_string()) && name.contains("Okta"), "{name}");
        assert!(leave.contains("Okta") && named(&leave).is_empty(), "{leave}");
        app.world.ada().scim_turn_off("acme", "Acme").await.unwrap();
        assert_eq!(send(&mut browser, "name", &[("name", "Robert")]).await.summary(), format!("303 {PAGE}?done=name-changed"));
        let response = send(&mut browser, "password", &[("current_password", PASSWORD), ("password", NEW)]).await;
        assert_eq!(response.summary(), format!("303 {PAGE}?done=password-changed"));
        assert_eq!(send(&mut browser, "leave", &[]).await.summary(), "303 /sign-in?done=left");
    }

    async fn the_last_two_super_admins_cannot_leave_at_the_same_time(db: Db) {
        let app = TestApp::new(db).await;
        app.add("acme", "Grace", "grace@acme.test", Role::SuperAdmin).await;
        let (mut ada, mut grace) = (app.ada().await, app.signed_in("grace@acme.test").await);
        let (one, two) = tokio::join!(send(&mut ada, "leave", &[]), send(&mut grace, "leave", &[]));
        let mut statuses = [one.status.as_u16(), two.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 403]);
    }
}
