//! Sign-in and sign-out.

use crate::{
    app::{Answer, PASSWORD, TestApp},
    db::{Db, on_both_engines},
};
use app::error::AppError;
use domain::{
    role::Role,
    validation::field_error::{Field, FieldError},
};
use server::password_hashing::{Hashing, Sender};
use std::time::Duration;

/// The response without the parts that always differ.
fn bytes(answer: &Answer, email: &str) -> String {
    let nonce = answer.header("content-security-policy").split_once("'nonce-").unwrap().1;
    let nonce = nonce.split_once('\'').unwrap().0;
    let headers = format!("{:?}", answer.headers);
    let text = format!("{}\n{headers}\n{}", answer.status, answer.body);
    text.replace(nonce, "NONCE").replace(answer.header("x-request-id"), "ID").replace(email, "EMAIL")
}

on_both_engines! {
    async fn email_and_password_sign_in_to_the_team(db: Db) {
        let app = TestApp::new(db).await;
        let mut browser = app.browser();
        assert_eq!(browser.sign_in("ada@acme.test", PASSWORD).await.summary(), "303 /teams/acme");
        assert_eq!(browser.get("/teams/acme").await.summary(), "303 /teams/acme/settings/authentication");
        let page = browser.get("/teams/acme/settings/authentication").await;
        assert!(page.shows("Ada Lovelace Super Admin") && page.shows("Members 1"), "{}", page.text());
    }

    async fn letter_case_and_spaces_around_the_email_are_ignored(db: Db) {
        let app = TestApp::new(db).await;
        assert_eq!(app.browser().sign_in("  ADA@Acme.Test ", PASSWORD).await.summary(), "303 /teams/acme");
        assert_eq!(app.browser().sign_in("ada@acme.test", &format!("{PASSWORD} ")).await.summary(), "401");
    }

    async fn known_and_unknown_people_get_identical_responses(db: Db) {
        let app = TestApp::new(db).await;
        app.add("acme", "No Password", "bob@acme.test", Role::Developer).await;
        app.world.db.sql("UPDATE members SET password_hash = NULL WHERE email = 'bob@acme.test'").await;
        let mut answers = Vec::new();
        for email in ["ada@acme.test", "eve@acme.test", "bob@acme.test"] {
            let answer = app.browser().sign_in(email, "not the right one").await;
            assert_eq!(answer.status.as_u16(), 401);
            assert_eq!(answer.sign_in_problem().as_deref(), Some("wrong"));
            answers.push(bytes(&answer, email));
        }
        assert_eq!(answers[0], answers[1]);
        assert_eq!(answers[0], answers[2]);
    }

    async fn the_form_returns_without_the_password(db: Db) {
        let app = TestApp::new(db).await;
        let answer = app.browser().sign_in("ada@acme.test", "s3cret-that-is-wrong").await;
        assert_eq!(answer.value("email").as_deref(), Some("ada@acme.test"));
        assert!(!answer.body.contains("s3cret-that-is-wrong"));
        assert!(!answer.headers.contains_key("set-cookie"));
    }

    async fn empty_fields_have_an_error(db: Db) {
        let app = TestApp::new(db).await;
        let answer = app.browser().sign_in("ada", "").await;
        assert_eq!(answer.status.as_u16(), 422);
        assert!(answer.is_invalid(Field::Email, FieldError::NotAnEmail), "{:?}", answer.field_error("email"));
        let missing = FieldError::Missing("your password".into());
        assert!(answer.is_invalid(Field::Password, missing), "{:?}", answer.field_error("password"));
    }

    async fn a_password_of_several_teams_signs_in_to_all_of_them(db: Db) {
        let app = TestApp::new(db).await;
        app.team("globex", "Globex", "ada@acme.test").await;
        app.team("initech", "Initech", "ada@acme.test").await;
        app.world.db.sql("UPDATE members SET password_hash = NULL WHERE team_id = \
            (SELECT id FROM teams WHERE slug = 'initech')").await;
        let mut browser = app.browser();
        assert_eq!(browser.sign_in("ada@acme.test", PASSWORD).await.summary(), "303 /");
        let chooser = browser.get("/").await;
        assert_eq!(chooser.title(), "Your teams");
        assert!(chooser.body.contains("/teams/acme\"") && chooser.body.contains("/teams/globex\""));
        assert_eq!(browser.get("/teams/initech").await.status.as_u16(), 404);
    }

    async fn members_without_a_password_are_not_compared(db: Db) {
        let app = TestApp::new(db).await;
        app.world.bulk(2_600).await;
        app.world.db.sql("UPDATE members SET email = 'ada@acme.test', email_key = 'ada@acme.test' WHERE source = 'directory'").await;
        assert_eq!(app.world.store().credentials_by_email("ada@acme.test", None).await.unwrap().len(), 1);
        assert_eq!(app.browser().sign_in("ada@acme.test", PASSWORD).await.summary(), "303 /teams/acme");
    }

    async fn a_person_in_too_many_teams_chooses_the_team_first(db: Db) {
        let app = TestApp::new(db).await;
        for number in 1..9 {
            app.team(&format!("team-{number}"), &format!("Team {number}"), "ada@acme.test").await;
        }
        let mut browser = app.browser();
        let answer = browser.sign_in("ada@acme.test", PASSWORD).await;
        assert_eq!(answer.status.as_u16(), 409);
        assert_eq!(answer.sign_in_problem().as_deref(), Some("many-teams"));
        assert!(answer.body.contains("/teams/acme/sign-in\"") && answer.body.contains("/teams/team-7/sign-in\""));
        assert!(!answer.body.contains("/teams/team-8/sign-in"), "only the compared teams");
        assert!(answer.shows("/teams/your-team/sign-in"), "{}", answer.text());
        assert_eq!(answer.value("email").as_deref(), Some("ada@acme.test"));
        assert!(!answer.headers.contains_key("set-cookie"));
        let form = [("email", "ada@acme.test"), ("password", PASSWORD)];
        assert_eq!(browser.post("/teams/team-8/sign-in", &form).await.summary(), "303 /teams/team-8");
        // The submitted team is compared first.
        let next = "/teams/team-8/settings/general";
        let form = [("email", "ada@acme.test"), ("password", PASSWORD), ("next", next)];
        let mut browser = app.browser();
        assert_eq!(browser.post("/sign-in", &form).await.summary(), format!("303 {next}"));
        assert_eq!(browser.get(next).await.status.as_u16(), 200);
        assert_eq!(browser.get("/teams/acme").await.status.as_u16(), 404);
    }

    async fn an_email_of_many_teams_gets_the_same_response_as_an_unknown_one(db: Db) {
        let app = TestApp::new(db).await;
        for number in 1..14 {
            app.team(&format!("team-{number}"), &format!("Team {number}"), "ada@acme.test").await;
        }
        let known_response = app.browser().sign_in("ada@acme.test", "not the right one").await;
        let unknown = app.browser().sign_in("eve@acme.test", "not the right one").await;
        assert!(known_response.shows("/teams/your-team/sign-in"), "{}", known_response.text());
        assert_eq!(bytes(&known_response, "ada@acme.test"), bytes(&unknown, "eve@acme.test"));
    }

    async fn a_full_queue_rejects_without_counting_a_failure(db: Db) {
        let app = TestApp::new(db).await.another(Hashing::new(1, Duration::from_millis(20)));
        let invited = app.ada().await.post("/teams/acme/settings/members/invite", &[("email", "new@acme.test"), ("as", "developer")]).await;
        let link = format!("/invite/{}", &invited.body.split_once("/invite/").unwrap().1[..64]);
        let slots = app.state.hashing().close().await;
        for _ in 0..30 {
            let answer = app.browser().sign_in("ada@acme.test", PASSWORD).await;
            assert_eq!((answer.status.as_u16(), answer.header("retry-after")), (503, "1"));
            assert_eq!(answer.sign_in_problem().as_deref(), Some("busy"));
            assert_eq!(answer.value("email").as_deref(), Some("ada@acme.test"));
            assert!(!answer.body.contains(PASSWORD));
        }
        let form = [("name", "New Person"), ("password", "a password of fifteen")];
        let answer = app.browser().post(&link, &form).await;
        assert_eq!((answer.status.as_u16(), answer.header("retry-after")), (503, "1"));
        assert_eq!(answer.value("name").as_deref(), Some("New Person"));
        assert_eq!(answer.alert(), Some(AppError::HashingBusy(1).to_string()));
        drop(slots);
        assert_eq!(app.browser().sign_in("ada@acme.test", PASSWORD).await.summary(), "303 /teams/acme");
        assert_eq!(app.browser().post(&link, &form).await.summary(), "303 /teams/acme");
    }

    async fn sign_ins_of_one_address_are_hashed_one_at_a_time(db: Db) {
        let app = TestApp::new(db).await.another(Hashing::new(4, Duration::from_secs(60)));
        let turn = app.state.hashing().turn(Sender::Address([192, 0, 2, 7].into())).await.unwrap();
        let mut waits = app.browser();
        let waits = tokio::spawn(async move { waits.sign_in("ada@acme.test", PASSWORD).await.summary() });
        let mut other = app.browser();
        other.address = ([192, 0, 2, 8], 40_000).into();
        assert_eq!(other.sign_in("ada@acme.test", PASSWORD).await.summary(), "303 /teams/acme");
        assert!(!waits.is_finished());
        drop(turn);
        assert_eq!(waits.await.unwrap(), "303 /teams/acme");
    }

    async fn passwords_of_disconnected_clients_are_not_hashed(db: Db) {
        let app = TestApp::new(db).await.another(Hashing::new(1, Duration::from_secs(60)));
        let slots = app.state.hashing().close().await;
        let mut disconnected = app.browser();
        let disconnected = tokio::spawn(async move { disconnected.sign_in("ada@acme.test", "wrong").await.summary() });
        while app.state.hashing().waiting_count() == 0 {
            tokio::task::yield_now().await;
        }
        disconnected.abort();
        assert!(disconnected.await.is_err());
        assert_eq!(app.state.hashing().waiting_count(), 0);
        drop(slots);
        assert_eq!(app.world.db.text("SELECT CAST(COUNT(*) AS TEXT) FROM throttle").await.as_deref(), Some("0"));
    }

    async fn the_sign_in_page_of_a_team_is_only_for_that_team(db: Db) {
        let app = TestApp::new(db).await;
        app.team("globex", "Globex", "ada@acme.test").await;
        let mut browser = app.browser();
        let form = [("email", "ada@acme.test"), ("password", PASSWORD)];
        assert_eq!(browser.post("/teams/globex/sign-in", &form).await.summary(), "303 /teams/globex");
        assert_eq!(browser.get("/teams/acme").await.status.as_u16(), 404);
        assert_eq!(app.browser().post("/teams/nowhere/sign-in", &form).await.summary(), "401");
    }

    async fn the_form_of_a_missing_team_looks_like_any_other(db: Db) {
        let app = TestApp::new(db).await;
        app.team("globex", "Globex", "grace@globex.test").await;
        let known_response = app.browser().get("/teams/globex/sign-in").await;
        let unknown = app.browser().get("/teams/nowhere/sign-in").await;
        assert_eq!(known_response.text().replace("Globex", "nowhere"), unknown.text());
        assert_eq!((known_response.title(), unknown.title()), ("Sign in · Globex", "Sign in · nowhere"));
    }

    async fn a_second_sign_in_adds_its_team_to_the_switcher(db: Db) {
        let app = TestApp::new(db).await;
        app.team("globex", "Globex", "grace@globex.test").await;
        let mut browser = app.ada().await;
        assert_eq!(browser.sign_in("grace@globex.test", PASSWORD).await.summary(), "303 /teams/globex");
        for (slug, name) in [("acme", "Ada Lovelace"), ("globex", "Grace Hopper")] {
            let page = browser.get(&format!("/teams/{slug}/settings/authentication")).await;
            assert!(page.shows(&format!("{name} Super Admin")), "{}", page.text());
            assert_eq!(page.teams().len(), 2);
        }
    }

    async fn signing_out_ends_the_session_for_every_holder_of_its_id(db: Db) {
        let app = TestApp::new(db).await;
        let mut browser = app.ada().await;
        let mut thief = browser.clone();
        let answer = browser.post("/sign-out", &[]).await;
        assert_eq!(answer.summary(), "303 /sign-in");
        assert_eq!(answer.header("set-cookie"), "__Host-rollcall=; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=0");
        assert_eq!(browser.session(), None);
        assert_eq!(thief.get("/teams/acme/settings/general").await.status.as_u16(), 303);
        assert_eq!(browser.post("/sign-out", &[]).await.summary(), "303 /sign-in");
    }
}
