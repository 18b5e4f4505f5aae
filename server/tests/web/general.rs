//! The General page: name, address, break-glass, and the actions that stop access.

use crate::{
    app::{Answer, Browser, PASSWORD, TestApp},
    db::{Db, on_both_engines},
    parts::last_change,
};
use app::{error::AppError, model::GeneralNotice};
use axum::http::StatusCode;
use domain::{
    Conflict, Error, MINUTE,
    activity::Change,
    member::MemberDenial,
    role::Role,
    team::{TeamChange, TeamDenial},
    validation::field_error::{Field, FieldError},
};

const PAGE: &str = "/teams/acme/settings/general";

async fn send(browser: &mut Browser, form: &str, fields: &[(&str, &str)]) -> Answer {
    browser.post(&format!("{PAGE}/{form}"), fields).await
}

on_both_engines! {
    async fn all_members_see_the_team_and_only_admins_change_it(db: Db) {
        let app = TestApp::on(db).await;
        app.world.db.sql("UPDATE members SET break_glass = 1").await;
        for role in [Role::Developer, Role::Billing] {
            let mut browser = app.signed_in(&app.member(role).await).await;
            let page = browser.get(PAGE).await;
            assert_eq!(page.status, StatusCode::OK);
            let why = page.part("general-blocked").unwrap();
            assert!(why.starts_with(&TeamDenial::Role.to_string()) && why.contains("Ada Lovelace"), "{why}");
            assert!(page.body.contains("<noscript><p class=\"hint utc-note\">"), "{}", page.body);
            assert!(!page.body.contains("show-modal") && !page.body.contains("<dialog") && !page.shows("ada@acme.test"));
            for form in ["name", "slug", "mark", "unmark", "sign-out", "revoke-keys"] {
                let rejection = send(&mut browser, form, &[("name", "X"), ("slug", "x"), ("confirmation", "Acme")]).await;
                assert_eq!(rejection.status, StatusCode::FORBIDDEN, "{form}");
                assert!(rejection.refuses(Error::Forbidden), "{form}: {:?}", rejection.alert());
            }
        }
        let mut admin = app.signed_in(&app.member(Role::Admin).await).await;
        let page = admin.get(PAGE).await;
        for (part, words) in [
            ("break-glass-reason", TeamDenial::BreakGlass.to_string()),
            ("everyone-reason", TeamDenial::Everyone.to_string()),
            ("break-glass-member", "Ada Lovelace ada@acme.test".to_owned()),
            ("plan-contact", "sales@rollcall.test".to_owned()),
        ] {
            assert!(page.part(part).is_some_and(|text| text.contains(&words)), "{part}: {:?}", page.part(part));
        }
        for (form, denial) in [("mark", TeamDenial::BreakGlass), ("unmark", TeamDenial::BreakGlass), ("sign-out", TeamDenial::Everyone)] {
            let rejection = send(&mut admin, form, &[("member", app.world.ada.as_str()), ("confirmation", "Acme")]).await;
            assert_eq!(rejection.status, StatusCode::FORBIDDEN, "{form}");
            assert!(rejection.refuses(denial), "{form}: {:?}", rejection.alert());
        }
    }

    async fn a_team_can_be_renamed(db: Db) {
        let app = TestApp::new(db).await;
        let mut ada = app.ada().await;
        let response = send(&mut ada, "name", &[("name", " Acme & <Sons> ")]).await;
        assert_eq!(response.summary(), format!("303 {PAGE}?done=renamed"));
        let page = ada.get(response.header("location")).await;
        assert_eq!(page.done(), Some(GeneralNotice::Renamed.words(None)));
        assert!(page.title().contains("Acme &amp; &lt;Sons&gt;"), "{}", page.title());
        assert_eq!(last_change(&app).await, Change::Team(TeamChange::TeamRenamed { from: "Acme".into(), to: "Acme & <Sons>".into() }));
        let entries = app.world.log().await.len();
        send(&mut ada, "name", &[("name", "Acme & <Sons>")]).await;
        for (bad, problem) in [
            ("", FieldError::Missing("a name".into())),
            ("a\0", FieldError::InvisibleCharacters),
            (&*"x".repeat(10_000), FieldError::TooLong { max: 64, actual: 10_000 }),
        ] {
            let rejection = send(&mut ada, "name", &[("name", bad)]).await;
            assert_eq!(rejection.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(rejection.is_invalid(Field::Name, problem), "{:?}", rejection.field_error("name"));
        }
        assert_eq!(app.world.log().await.len(), entries);
    }

    async fn changing_the_slug_signs_no_one_out(db: Db) {
        let app = TestApp::on(db).await;
        app.team("globex", "Globex", "grace@globex.test").await;
        let mut bob = app.signed_in(&app.member(Role::Developer).await).await;
        let mut ada = app.ada().await;
        let (taken, invalid) = (AppError::from(Error::from(Conflict::SlugTaken)).to_string(), FieldError::NotASlug.to_string());
        for (slug, confirmation, status, field, problem) in [
            ("new-acme", "acme", 422, "confirmation", &FieldError::NotConfirmed("Acme".into()).to_string()),
            ("globex", "Acme", 409, "slug", &taken),
            ("New Acme", "Acme", 422, "slug", &invalid),
            ("a/b", "Acme", 422, "slug", &invalid),
            ("x'--%", "Acme", 422, "slug", &invalid),
            (&*"a".repeat(10_000), "Acme", 422, "slug", &invalid),
        ] {
            let rejection = send(&mut ada, "slug", &[("slug", slug), ("confirmation", confirmation)]).await;
            assert_eq!(rejection.status.as_u16(), status, "{slug}");
            assert_eq!(rejection.field_error(field).as_ref(), Some(problem), "{slug}");
            assert_eq!(rejection.dialog().as_deref(), Some("slug"));
            assert_eq!(rejection.value("confirmation").as_deref(), Some(confirmation), "the submitted values stay");
        }
        let response = send(&mut ada, "slug", &[("slug", " new-acme "), ("confirmation", "Acme")]).await;
        assert_eq!(response.summary(), "303 /teams/new-acme/settings/general?done=moved");
        assert_eq!(ada.get(response.header("location")).await.done(), Some(GeneralNotice::Moved.words(None)));
        assert_eq!((ada.get(PAGE).await.status, bob.get(PAGE).await.status), (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND));
        assert_eq!(bob.get("/teams/new-acme/account").await.status, StatusCode::OK);
        assert_eq!(last_change(&app).await, Change::Team(TeamChange::TeamMoved { from: "acme".into(), to: "new-acme".into() }));
        assert_eq!(app.browser().post("/teams/new-acme/sign-in", &[("email", "ada@acme.test"), ("password", PASSWORD)]).await.summary(), "303 /teams/new-acme");
    }

    async fn members_can_be_marked_and_unmarked_as_break_glass(db: Db) {
        let app = TestApp::new(db).await;
        let (admin, developer) = (app.member(Role::Admin).await, app.member(Role::Developer).await);
        let mut ada = app.ada().await;
        let none = ada.get(PAGE).await;
        assert!(none.part("no-break-glass").is_some() && none.part("break-glass-member").is_none());
        let admin = app.id(&admin).await;
        let response = send(&mut ada, "mark", &[("member", &admin)]).await;
        assert_eq!(response.summary(), format!("303 {PAGE}?done=marked"));
        let page = ada.get(response.header("location")).await;
        assert_eq!(page.done(), Some(GeneralNotice::Marked.words(Some("Admin"))));
        assert!(page.part("no-break-glass").is_none() && page.part("break-glass-member").is_some_and(|row| row.contains("Admin admin@acme.test")));
        assert_eq!(last_change(&app).await, Change::Team(TeamChange::BreakGlassMarked { name: "Admin".into() }));
        let removed = ada.post(&format!("/teams/acme/settings/members/{admin}/remove"), &[]).await;
        assert_eq!(removed.status, StatusCode::FORBIDDEN);
        assert!(removed.alert().is_some_and(|why| why.contains(&MemberDenial::BreakGlass.to_string())), "{:?}", removed.alert());
        let rejection = send(&mut ada, "mark", &[("member", &app.id(&developer).await)]).await;
        assert_eq!(rejection.status, StatusCode::FORBIDDEN);
        assert!(rejection.refuses(TeamDenial::NotAnAdmin), "{:?}", rejection.alert());
        assert!(page.part("break-glass-warning").is_none());
        app.world.db.sql(&format!("UPDATE members SET password_hash = NULL WHERE id = '{admin}'")).await;
        assert!(ada.get(PAGE).await.part("break-glass-warning").is_some());
        let entries = app.world.log().await.len();
        send(&mut ada, "mark", &[("member", &admin)]).await;
        assert_eq!(app.world.log().await.len(), entries, "twice is once");
        let response = send(&mut ada, "unmark", &[("member", &admin)]).await;
        assert_eq!(response.summary(), format!("303 {PAGE}?done=unmarked"));
        let page = ada.get(response.header("location")).await;
        assert_eq!(page.done(), Some(GeneralNotice::Unmarked.words(Some("Admin"))));
        assert_eq!(last_change(&app).await, Change::Team(TeamChange::BreakGlassUnmarked { name: "Admin".into() }));
        app.team("globex", "Globex", "grace@globex.test").await;
        let elsewhere = app.id("grace@globex.test").await;
        for missing in [elsewhere.as_str(), "nobody", "'", "%", "a\0b"] {
            assert_eq!(send(&mut ada, "mark", &[("member", missing)]).await.status, StatusCode::NOT_FOUND, "{missing}");
        }
        let none = send(&mut ada, "mark", &[("member", "")]).await;
        assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(none.field_error("member"), Some(FieldError::NotAnOption.to_string()));
    }

    async fn signing_everyone_out_affects_only_this_team(db: Db) {
        let app = TestApp::new(db).await;
        app.team("globex", "Globex", "grace@globex.test").await;
        let mut bob = app.signed_in(&app.member(Role::Developer).await).await;
        let (mut ada, mut grace) = (app.ada().await, app.signed_in("grace@globex.test").await);
        let rejection = send(&mut ada, "sign-out", &[("confirmation", "Globex")]).await;
        assert_eq!(rejection.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(rejection.is_invalid(Field::Confirmation, FieldError::NotConfirmed("Acme".into())));
        assert_eq!(rejection.dialog().as_deref(), Some("sign-out"));
        let response = send(&mut ada, "sign-out", &[("confirmation", "Acme")]).await;
        assert!(response.summary().starts_with("303 /sign-in?next=%2Fteams%2Facme%2Fsettings%2Fgeneral"), "{}", response.summary());
        assert_eq!((ada.get(PAGE).await.status, bob.get(PAGE).await.status), (StatusCode::SEE_OTHER, StatusCode::SEE_OTHER));
        assert_eq!(grace.get("/teams/globex/account").await.status, StatusCode::OK);
        assert!(matches!(last_change(&app).await, Change::Team(TeamChange::EveryoneSignedOut { .. })));
        let next = ada.get(response.header("location")).await.value("next").unwrap();
        let back = ada.post("/sign-in", &[("email", "ada@acme.test"), ("password", PASSWORD), ("next", &next)]).await;
        assert_eq!(ada.get(back.header("location")).await.done(), Some(GeneralNotice::EveryoneSignedOut.words(None)));
    }

    async fn all_keys_can_be_revoked_at_once(db: Db) {
        let app = TestApp::on(db).await;
        app.team("globex", "Globex", "grace@globex.test").await;
        let keys = [app.world.key("Okta").await.record, app.world.key("CI").await.record];
        let mut admin = app.signed_in(&app.member(Role::Admin).await).await;
        assert!(admin.get(PAGE).await.part("keys-reason").is_some_and(|keys| keys.starts_with("2 ")));
        assert_eq!(send(&mut admin, "revoke-keys", &[]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        let response = send(&mut admin, "revoke-keys", &[("confirmation", "Acme")]).await;
        assert_eq!(response.summary(), format!("303 {PAGE}?done=keys-revoked"));
        for key in &keys {
            assert!(app.world.key_record(key).await.revoked_at.is_some());
        }
        let revoked = app.world.log().await.iter().filter(|entry| entry.change.name() == "key_revoked").count();
        assert_eq!(revoked, 2);
        let page = admin.get(response.header("location")).await;
        assert_eq!(page.done(), Some(GeneralNotice::KeysRevoked.words(None)));
        assert!(!page.body.contains("id=\"revoke-keys\""), "{}", page.text());
        assert_eq!(send(&mut admin, "revoke-keys", &[("confirmation", "Acme")]).await.summary(), format!("303 {PAGE}?done=keys-revoked"));
    }

    async fn changes_need_verification_and_the_form_returns_after_it(db: Db) {
        let app = TestApp::new(db).await;
        let mut ada = app.ada().await;
        app.world.pass(16 * MINUTE);
        let redirect = send(&mut ada, "slug", &[("slug", "new"), ("confirmation", "Acme")]).await;
        let next = ada.get(redirect.header("location")).await.value("next").unwrap();
        assert_eq!(next, format!("{PAGE}?dialog=slug&slug=new"));
        let page = ada.get(&next).await;
        assert!(page.body.contains("id=\"slug\" open"));
        assert_eq!((page.value("slug").as_deref(), page.value("confirmation").as_deref()), (Some("new"), Some("")));
        for form in ["name", "mark", "unmark", "sign-out", "revoke-keys"] {
            assert!(send(&mut ada, form, &[("member", "x")]).await.summary().starts_with("303 /teams/acme/verify?next="), "{form}");
        }
    }
}
