//! Inviting people, and accepting an invite by its link.

use crate::{
    app::{Answer, Browser, PASSWORD, TestApp},
    db::{Db, on_both_engines},
    parts::last_change,
};
use app::model::MemberNotice;
use axum::http::{Method, StatusCode};
use domain::{
    Conflict, DAY, Denial, MINUTE,
    activity::Change,
    member::MemberDenial,
    role::{Role, Roles},
    validation::field_error::{Field, FieldError},
};

const LIST: &str = "/teams/acme/settings/members";
const NEW: &str = "seven copper kettles sing";

async fn invite(browser: &mut Browser, email: &str, role: &str) -> Answer {
    browser.post(&format!("{LIST}/invite"), &[("email", email), ("as", role)]).await
}

/// The path of the link in a response.
fn link(answer: &Answer) -> String {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let (_, rest) =
        answer.body.split_once("https://rollcall.test/invite/").unwrap_or_else(|| panic!("{}", answer.text()));
    format!("/invite/{}", &rest[..64])
}

async fn join(app: &TestApp, link: &str, name: &str, password: &str) -> Answer {
    app.browser().post(link, &[("name", name), ("password", password)]).await
}

async fn column(app: &TestApp, column: &str, email: &str) -> String {
    app.world.db.text(&format!("SELECT CAST({column} AS TEXT) FROM members WHERE email = '{email}'")).await.unwrap()
}

async fn open_invites(app: &TestApp) -> String {
    app.world.db.text("SELECT CAST(COUNT(*) AS TEXT) FROM invites").await.unwrap()
}

/// Why someone who is in the team is not invited.
fn exists(app: &TestApp, invited: bool, by_email: bool) -> Conflict {
    Conflict::MemberExists { id: app.world.ada.clone(), name: String::new(), invited, by_email }
}

/// The member's row, and the newest entries of the log.
async fn status(app: &TestApp, email: &str) -> String {
    column(app, "status", email).await
}

on_both_engines! {
    async fn denied_invites_are_logged_and_a_used_user_name_has_its_own_error(db: Db) {
        let app = TestApp::new(db).await;
        let admin = app.member(Role::Admin).await;
        let mut admin = app.signed_in(&admin).await;
        let rejection = invite(&mut admin, "boss@acme.test", "super_admin").await;
        assert_eq!(rejection.status, StatusCode::FORBIDDEN);
        assert!(matches!(last_change(&app).await, Change::MemberProtected { name, .. } if name == "boss@acme.test"));
        let ada = app.id("ada@acme.test").await;
        let marked = admin.post("/teams/acme/settings/general/mark", &[("member", &ada)]).await;
        assert_eq!(marked.status, StatusCode::FORBIDDEN);
        assert!(matches!(last_change(&app).await, Change::MemberProtected { name, .. } if name == "Ada Lovelace"));
        app.add("acme", "Eve", "eve@acme.test", Role::Developer).await;
        app.world.db.sql("UPDATE members SET email = 'e@acme.test', email_key = 'e@acme.test' WHERE display_name = 'Eve'").await;
        let conflict = invite(&mut admin, "eve@acme.test", "developer").await;
        assert_eq!(conflict.status, StatusCode::CONFLICT);
        assert!(conflict.refuses(exists(&app, false, false)), "{:?}", conflict.alert());
    }

    async fn a_demotion_revokes_the_invites_that_the_sender_may_no_longer_send(db: Db) {
        let app = TestApp::new(db).await;
        app.add("acme", "Sam", "sam@acme.test", Role::SuperAdmin).await;
        let (mut ada, mut sam) = (app.ada().await, app.signed_in("sam@acme.test").await);
        let as_super = link(&invite(&mut sam, "one@acme.test", "super_admin").await);
        let as_developer = link(&invite(&mut sam, "two@acme.test", "developer").await);
        let of_ada = link(&invite(&mut ada, "three@acme.test", "super_admin").await);
        let path = format!("{LIST}/{}", app.id("sam@acme.test").await);
        // Demoted to Admin: he may still invite Developers.
        ada.post(&format!("{path}/roles"), &[("role", "admin")]).await;
        assert_eq!(app.browser().get(&as_super).await.status, StatusCode::NOT_FOUND);
        assert_eq!(app.browser().get(&as_developer).await.status, StatusCode::OK);
        assert_eq!(last_change(&app).await, Change::InviteEnded { name: "one@acme.test".into(), sender: "Sam".into() });
        assert_eq!(status(&app, "one@acme.test").await, "deleted");
        ada.post(&format!("{path}/deactivate"), &[]).await;
        assert_eq!(app.browser().get(&as_developer).await.status, StatusCode::NOT_FOUND);
        assert_eq!(app.browser().get(&of_ada).await.status, StatusCode::OK);
        assert_eq!(open_invites(&app).await, "1");
    }

    async fn removing_or_deactivating_the_sender_revokes_their_invites(db: Db) {
        let app = TestApp::on(db).await;
        let key = app.key("Okta").await;
        for (n, way) in ["remove", "leave", "scim"].into_iter().enumerate() {
            let (email, invited) = (format!("sam{n}@acme.test"), format!("new{n}@acme.test"));
            app.add("acme", "Sam", &email, Role::SuperAdmin).await;
            let id = app.id(&email).await;
            let link = link(&invite(&mut app.signed_in(&email).await, &invited, "super_admin").await);
            match way {
                "remove" => {
                    app.ada().await.post(&format!("{LIST}/{id}/remove"), &[]).await;
                }
                "leave" => {
                    app.world.ada().scim_turn_off("acme", "Acme").await.unwrap();
                    app.signed_in(&email).await.post("/teams/acme/account/leave", &[]).await;
                    app.world.ada().scim_turn_on("acme").await.unwrap();
                }
                _ => {
                    let body = r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"replace","value":{"active":false}}]}"#;
                    let answer = app.scim(&key, Method::PATCH, &format!("/Users/{id}"), body).await;
                    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
                }
            }
            assert_eq!(app.browser().get(&link).await.status, StatusCode::NOT_FOUND, "{way}");
            assert_eq!(status(&app, &invited).await, "deleted", "{way}");
            let expected = Change::InviteEnded { name: invited, sender: "Sam".into() };
            assert!(app.world.log().await.iter().any(|entry| entry.change == expected), "{way}");
        }
    }

    async fn losing_the_role_of_a_group_revokes_the_invites_of_the_sender(db: Db) {
        let app = TestApp::on(db).await;
        let key = app.key("Okta").await;
        app.add("acme", "Sam", "sam@acme.test", Role::Developer).await;
        let id = app.id("sam@acme.test").await;
        let body = format!(r#"{{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"displayName":"IT","members":[{{"value":"{id}"}}]}}"#);
        app.scim(&key, Method::POST, "/Groups", &body).await;
        let group = app.world.db.text("SELECT id FROM groups").await.unwrap();
        app.world.ada().group_map("acme", &group, Some(Role::Admin)).await.unwrap();
        let mut sam = app.signed_in("sam@acme.test").await;
        let one = link(&invite(&mut sam, "one@acme.test", "admin").await);
        app.world.ada().group_map("acme", &group, None).await.unwrap();
        assert_eq!(app.browser().get(&one).await.status, StatusCode::NOT_FOUND);
        app.world.ada().group_map("acme", &group, Some(Role::Admin)).await.unwrap();
        let two = link(&invite(&mut sam, "two@acme.test", "developer").await);
        assert_eq!(app.scim(&key, Method::DELETE, &format!("/Groups/{group}"), "").await.status, StatusCode::NO_CONTENT);
        assert_eq!(app.browser().get(&two).await.status, StatusCode::NOT_FOUND);
        assert_eq!(open_invites(&app).await, "0");
    }

    async fn an_invited_person_can_join(db: Db) {
        let app = TestApp::new(db).await;
        let mut ada = app.ada().await;
        let response = invite(&mut ada, " New+1@acme.test ", "billing").await;
        let link = link(&response);
        assert_eq!((response.header("cache-control"), response.body.matches(&link).count()), ("no-store", 1));
        assert!(!response.body.contains("id=\"page\"") && response.parts("member").len() == 2, "{}", response.text());
        let token = link.strip_prefix("/invite/").unwrap();
        for path in [LIST, &format!("{LIST}/{}", column(&app, "id", "New+1@acme.test").await), "/teams/acme/settings/activity"] {
            assert!(!ada.get(path).await.body.contains(token), "{path}");
        }
        assert_ne!(app.world.db.text("SELECT token_hash FROM invites").await.as_deref(), Some(token));
        assert!(matches!(last_change(&app).await, Change::MemberInvited { name, role: Role::Billing, .. } if name == "New+1@acme.test"));
        assert_eq!((column(&app, "status", "New+1@acme.test").await, column(&app, "source", "New+1@acme.test").await), ("invited".into(), "invited".into()));
        assert!(ada.get(LIST).await.shows("Billing None Invited Invited Never"), "{}", ada.get(LIST).await.text());
        assert_eq!(app.browser().sign_in("New+1@acme.test", PASSWORD).await.summary(), "401");

        let mut browser = app.browser();
        let page = browser.get(&link).await;
        assert_eq!((page.status, page.header("referrer-policy"), page.header("cache-control")), (StatusCode::OK, "no-referrer", "no-store"));
        for words in ["Join Acme", "Ada Lovelace", "New+1@acme.test"] {
            assert!(page.shows(words), "{}", page.text());
        }
        assert!(!page.body.contains(token), "the form has its own address");
        for (name, password, field, problem) in [
            ("", NEW, Field::Name, FieldError::Missing("your name".into())),
            ("a\0b", NEW, Field::Name, FieldError::InvisibleCharacters),
            ("Grace", "short", Field::Password, FieldError::PasswordTooShort(15)),
            ("Grace", "new+1@ACME.test", Field::Password, FieldError::PasswordPersonal),
            ("Grace Brewster Hopper", "grace brewster hopper", Field::Password, FieldError::PasswordPersonal),
        ] {
            let rejection = browser.post(&link, &[("name", name), ("password", password)]).await;
            assert_eq!(rejection.status, StatusCode::UNPROCESSABLE_ENTITY, "{problem}");
            assert_eq!(rejection.field_error(field.name()), Some(problem.to_string()));
            assert!(!rejection.body.contains(NEW), "{}", rejection.text());
        }
        let joined = browser.post(&link, &[("name", "Grace <Hopper>"), ("password", NEW)]).await;
        assert_eq!((joined.summary(), joined.header("referrer-policy")), ("303 /teams/acme".into(), "no-referrer"));
        assert!(browser.get("/teams/acme/account").await.shows("Grace <Hopper>"));
        assert!(matches!(last_change(&app).await, Change::InviteAccepted { .. }));
        assert_eq!((column(&app, "status", "New+1@acme.test").await, column(&app, "roles", "New+1@acme.test").await), ("active".into(), Roles::of(Role::Billing).bits().to_string()));
        assert_eq!(app.browser().sign_in("new+1@acme.test", NEW).await.summary(), "303 /teams/acme");
        assert_eq!(open_invites(&app).await, "0");
        assert_eq!(join(&app, &link, "Eve", NEW).await.status, StatusCode::NOT_FOUND, "a link works once");
    }

    async fn invalid_links_have_identical_responses(db: Db) {
        let app = TestApp::new(db).await;
        let mut ada = app.ada().await;
        let used = link(&invite(&mut ada, "used@acme.test", "developer").await);
        join(&app, &used, "Used", NEW).await;
        let resent = link(&invite(&mut ada, "resent@acme.test", "developer").await);
        let path = format!("{LIST}/{}", column(&app, "id", "resent@acme.test").await);
        let newer = link(&ada.post(&format!("{path}/resend-invite"), &[]).await);
        let cancelled = link(&invite(&mut ada, "cancelled@acme.test", "developer").await);
        let id = column(&app, "id", "cancelled@acme.test").await;
        let response = ada.post(&format!("{LIST}/{id}/cancel-invite"), &[]).await;
        assert_eq!(response.summary(), format!("303 {LIST}?done=invite-cancelled"));
        let page = ada.get(response.header("location")).await;
        assert_eq!(page.done(), Some(MemberNotice::InviteCancelled.words(None)));
        assert!(!page.shows("cancelled@acme.test"), "{}", page.text());
        assert_eq!(last_change(&app).await, Change::InviteCancelled { name: "cancelled@acme.test".into() });
        assert_eq!(app.browser().get(&newer).await.status, StatusCode::OK);
        let unknown = format!("/invite/{}", "0".repeat(64));
        let mut bodies = Vec::new();
        for invalid_link in [&used, &resent, &cancelled, &unknown, "/invite/%25", "/invite/%00", "/invite/'"] {
            let answer = app.browser().get(invalid_link).await;
            assert_eq!((answer.status, answer.header("referrer-policy")), (StatusCode::NOT_FOUND, "no-referrer"), "{invalid_link}");
            assert!(answer.part("invite-gone").is_some(), "{invalid_link}");
            bodies.push(answer.text());
            assert_eq!(join(&app, invalid_link, "Eve", NEW).await.status, StatusCode::NOT_FOUND, "{invalid_link}");
        }
        assert!(bodies.iter().all(|body| *body == bodies[0]));
        app.world.pass(7 * DAY);
        assert_eq!(app.browser().get(&newer).await.text(), bodies[0], "expired");
        assert_eq!(join(&app, &newer, "Eve", NEW).await.status, StatusCode::NOT_FOUND);
        assert_eq!(app.ada().await.get(&path).await.state("invite").as_deref(), Some("expired"));
    }

    async fn guesses_of_links_are_throttled(db: Db) {
        let app = TestApp::new(db).await;
        let real = link(&invite(&mut app.ada().await, "new@acme.test", "developer").await);
        let mut browser = app.browser();
        for _ in 0..25 {
            assert_eq!(browser.get(&real).await.status, StatusCode::OK, "looking at a real one costs nothing");
        }
        for _ in 0..20 {
            assert_eq!(browser.get(&format!("/invite/{}", "0".repeat(64))).await.status, StatusCode::NOT_FOUND);
        }
        let answer = browser.get(&real).await;
        assert_eq!((answer.status, answer.header("retry-after")), (StatusCode::TOO_MANY_REQUESTS, "60"));
        browser.address = ([192, 0, 2, 9], 40_000).into();
        assert_eq!(browser.get(&real).await.status, StatusCode::OK);
    }

    async fn an_existing_member_cannot_be_invited(db: Db) {
        let app = TestApp::new(db).await;
        let bob = app.member(Role::Developer).await;
        let mut ada = app.ada().await;
        let rejection = invite(&mut ada, "DEVELOPER@acme.test", "admin").await;
        assert_eq!(rejection.status, StatusCode::CONFLICT);
        let id = column(&app, "id", &bob).await;
        assert!(rejection.refuses(exists(&app, false, true)), "{:?}", rejection.alert());
        assert!(rejection.body.contains(&format!("href=\"{LIST}/{id}\"")) && rejection.body.contains("id=\"invite\" open"));
        assert_eq!(rejection.value("email").as_deref(), Some("DEVELOPER@acme.test"));
        assert!(rejection.body.contains("value=\"admin\" selected"));
        invite(&mut ada, "new@acme.test", "developer").await;
        let repeat = invite(&mut ada, "new@acme.test", "developer").await;
        assert_eq!(repeat.status, StatusCode::CONFLICT);
        assert!(repeat.refuses(exists(&app, true, true)), "{:?}", repeat.alert());
        let resent = ada.post(&format!("{LIST}/{id}/resend-invite"), &[]).await;
        assert_eq!(resent.status, StatusCode::CONFLICT);
        assert!(resent.refuses(Conflict::InviteAccepted), "{:?}", resent.alert());
        app.team("globex", "Globex", "grace@globex.test").await;
        link(&invite(&mut ada, "grace@globex.test", "developer").await);
    }

    async fn invalid_input_creates_no_invite(db: Db) {
        let app = TestApp::new(db).await;
        let mut ada = app.ada().await;
        let entries = app.world.log().await.len();
        for (email, role, field, problem) in [
            ("", "developer", "email", FieldError::Missing("an email".into())),
            ("nobody", "developer", "email", FieldError::NotAnEmail),
            ("a\0@x.test", "developer", "email", FieldError::NotAnEmail),
            ("x@x.test", "owner", "as", FieldError::NotAnOption),
            ("x@x.test", "", "as", FieldError::NotAnOption),
            (&*format!("{}@x.test", "a".repeat(10_000)), "developer", "email", FieldError::NotAnEmail),
        ] {
            let rejection = invite(&mut ada, email, role).await;
            assert_eq!(rejection.status, StatusCode::UNPROCESSABLE_ENTITY, "{email}");
            assert_eq!(rejection.field_error(field), Some(problem.to_string()), "{}", rejection.text());
        }
        assert_eq!(app.world.log().await.len(), entries);
    }

    async fn an_admin_cannot_invite_super_admins_or_change_their_invites(db: Db) {
        let app = TestApp::new(db).await;
        let mut admin = app.signed_in(&app.member(Role::Admin).await).await;
        let rejection = invite(&mut admin, "new@acme.test", "super_admin").await;
        assert_eq!(rejection.status, StatusCode::FORBIDDEN);
        assert!(rejection.refuses(Denial::Invite(MemberDenial::Grant)), "{:?}", rejection.alert());
        assert!(admin.get(LIST).await.body.contains("value=\"super_admin\" disabled"));
        link(&invite(&mut app.ada().await, "new@acme.test", "super_admin").await);
        let path = format!("{LIST}/{}", column(&app, "id", "new@acme.test").await);
        for action in ["resend-invite", "cancel-invite"] {
            assert_eq!(admin.post(&format!("{path}/{action}"), &[]).await.status, StatusCode::FORBIDDEN, "{action}");
        }
        let mut billing = app.signed_in(&app.member(Role::Billing).await).await;
        assert_eq!(invite(&mut billing, "x@acme.test", "developer").await.status, StatusCode::FORBIDDEN);
        let list = billing.get(LIST).await;
        assert!(!list.body.contains("commandfor=\"invite\"") && list.body.contains("aria-describedby=\"lead\""));
    }

    async fn an_invite_needs_verification_and_the_form_returns_after_it(db: Db) {
        let app = TestApp::new(db).await;
        let mut ada = app.ada().await;
        app.world.pass(16 * MINUTE);
        let redirect = invite(&mut ada, "new@acme.test", "billing").await;
        let next = ada.get(redirect.header("location")).await.value("next").unwrap();
        assert_eq!(next, format!("{LIST}?dialog=invite&email=new%40acme.test&as=billing"));
        let page = ada.get(&next).await;
        assert!(page.body.contains("id=\"invite\" open") && page.body.contains("value=\"billing\" selected"));
        assert_eq!(page.value("email").as_deref(), Some("new@acme.test"));
    }

    async fn a_former_member_returns_with_the_same_id_and_no_former_role(db: Db) {
        let app = TestApp::new(db).await;
        let bob = app.member(Role::Admin).await;
        let id = column(&app, "id", &bob).await;
        let mut ada = app.ada().await;
        ada.post(&format!("{LIST}/{id}/remove"), &[]).await;
        let link = link(&invite(&mut ada, &bob, "developer").await);
        assert_eq!((column(&app, "id", &bob).await, column(&app, "roles", &bob).await), (id, Roles::of(Role::Developer).bits().to_string()));
        assert_eq!(app.browser().sign_in(&bob, PASSWORD).await.summary(), "401");
        join(&app, &link, "Bob", NEW).await;
        assert_eq!(app.browser().sign_in(&bob, PASSWORD).await.summary(), "401", "the old password is forgotten");
        app.browser().sign_in(&bob, NEW).await;
        assert_eq!(ada.get(LIST).await.parts("member").len(), 2);
    }

    async fn only_the_directory_restores_members_that_it_removed(db: Db) {
        let app = TestApp::on(db).await;
        let bob = app.member(Role::Developer).await;
        app.world.db.sql(&format!("UPDATE members SET source = 'directory', status = 'deleted' WHERE email = '{bob}'")).await;
        let mut ada = app.ada().await;
        let rejection = invite(&mut ada, &bob, "developer").await;
        assert_eq!(rejection.status, StatusCode::CONFLICT);
        assert!(rejection.refuses(Conflict::RemovedByProvider), "{:?}", rejection.alert());
        assert!(ada.get(LIST).await.part("invite-provider").is_some_and(|note| note.contains("Okta")));
        link(&invite(&mut ada, "guest@partner.test", "developer").await);
        app.world.ada().scim_turn_off("acme", "Acme").await.unwrap();
        link(&invite(&mut ada, &bob, "developer").await);
    }

    async fn the_page_of_an_invited_member_has_the_sender_and_the_expiry(db: Db) {
        let app = TestApp::new(db).await;
        let mut ada = app.ada().await;
        link(&invite(&mut ada, "new@acme.test", "developer").await);
        let path = format!("{LIST}/{}", column(&app, "id", "new@acme.test").await);
        let page = ada.get(&path).await;
        let pending = page.part("invite").unwrap();
        assert_eq!(page.state("invite").as_deref(), Some("open"));
        assert!(pending.contains("Ada Lovelace") && pending.contains("8 Jun 2026"), "{pending}");
        assert!(!page.body.contains("data-dialog=\"remove\"") && page.body.contains("commandfor=\"cancel-invite\""));
        let other = ada.get(&format!("{LIST}/{}", column(&app, "id", "ada@acme.test").await)).await;
        assert!(!other.body.contains("resend-invite"));
        app.team("globex", "Globex", "grace@globex.test").await;
        let mut grace = app.signed_in("grace@globex.test").await;
        for action in ["resend-invite", "cancel-invite"] {
            assert_eq!(grace.post(&format!("{}/{action}", path.replace("acme", "globex")), &[]).await.status, StatusCode::NOT_FOUND);
        }
        assert_eq!(open_invites(&app).await, "1");
    }

    async fn a_link_that_is_used_twice_at_the_same_time_works_once(db: Db) {
        let app = TestApp::new(db).await;
        let link = link(&invite(&mut app.ada().await, "new@acme.test", "developer").await);
        let tries: Vec<_> = ["One", "Two", "Three"].map(|name| {
            let (app, link) = (app.clone(), link.clone());
            tokio::spawn(async move { join(&app, &link, name, NEW).await.status.as_u16() })
        }).into();
        let mut statuses = Vec::new();
        for one in tries {
            statuses.push(one.await.unwrap());
        }
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 404, 404]);
        let joined = app.world.log().await.iter().filter(|entry| entry.change.name() == "invite_accepted").count();
        assert_eq!(joined, 1);
    }

    async fn accepting_an_invite_switches_to_the_new_member(db: Db) {
        let app = TestApp::new(db).await;
        let mut ada = app.ada().await;
        let link = link(&invite(&mut ada, "new@acme.test", "developer").await);
        assert_eq!(ada.post(&link, &[("name", "New"), ("password", NEW)]).await.summary(), "303 /teams/acme");
        assert!(ada.get("/teams/acme/account").await.shows("new@acme.test"));
    }
}
