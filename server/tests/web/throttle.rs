//! Throttling of password guesses.

use crate::{
    app::{PASSWORD, TestApp, hash_of},
    db::{Db, on_both_engines},
};
use domain::{DAY, MINUTE, role::Role};
use server::password_hashing::Hashing;

on_both_engines! {
    async fn the_delay_doubles_from_the_fifth_failure_on(db: Db) {
        let app = TestApp::new(db).await;
        let mut browser = app.browser();
        for _ in 0..5 {
            assert_eq!(browser.sign_in("ada@acme.test", "wrong").await.summary(), "401");
        }
        for seconds in ["1", "2", "4"] {
            let answer = browser.sign_in("ada@acme.test", PASSWORD).await;
            assert_eq!((answer.status.as_u16(), answer.header("retry-after")), (429, seconds));
            app.world.pass(seconds.parse::<i64>().unwrap() * 1000);
            assert_eq!(browser.sign_in("ada@acme.test", "wrong").await.summary(), "401");
        }
        app.world.pass(15 * MINUTE);
        assert_eq!(browser.sign_in("ada@acme.test", PASSWORD).await.summary(), "303 /teams/acme");
    }

    async fn a_success_resets_the_count(db: Db) {
        let app = TestApp::new(db).await;
        for _ in 0..2 {
            for _ in 0..4 {
                assert_eq!(app.browser().sign_in("ada@acme.test", "wrong").await.summary(), "401");
            }
            assert_eq!(app.browser().sign_in("ada@acme.test", PASSWORD).await.summary(), "303 /teams/acme");
        }
    }

    async fn unknown_people_are_throttled_too(db: Db) {
        let app = TestApp::new(db).await;
        for _ in 0..5 {
            assert_eq!(app.browser().sign_in("eve@acme.test", "wrong").await.summary(), "401");
        }
        assert_eq!(app.browser().sign_in("eve@acme.test", "wrong").await.summary(), "429");
        assert_eq!(app.browser().sign_in("ada@acme.test", PASSWORD).await.summary(), "303 /teams/acme");
    }

    async fn the_count_survives_a_restart_and_expires_after_a_day(db: Db) {
        let app = TestApp::new(db).await;
        for _ in 0..5 {
            app.browser().sign_in("ada@acme.test", "wrong").await;
        }
        let restarted = TestApp { router: server::router(app.state.clone()), ..app.clone() };
        assert_eq!(restarted.browser().sign_in("ada@acme.test", PASSWORD).await.summary(), "429");
        app.world.pass(DAY + 1);
        for _ in 0..5 {
            assert_eq!(restarted.browser().sign_in("ada@acme.test", "wrong").await.summary(), "401");
        }
    }

    async fn simultaneous_guesses_cannot_all_pass(db: Db) {
        let app = TestApp::new(db).await;
        for _ in 0..4 {
            app.browser().sign_in("ada@acme.test", "wrong").await;
        }
        let guesses: Vec<_> = (0..10)
            .map(|_| {
                let mut browser = app.browser();
                tokio::spawn(async move { browser.sign_in("ada@acme.test", "wrong").await.status.as_u16() })
            })
            .collect();
        let mut compared = 0;
        for guess in guesses {
            compared += usize::from(guess.await.unwrap() == 401);
        }
        assert_eq!(compared, 1);
    }

    async fn one_address_has_20_failures_per_minute_for_all_people(db: Db) {
        let app = TestApp::new(db).await;
        let mut browser = app.browser();
        for person in 0..20 {
            let email = format!("p{person}@acme.test");
            // Another process on the same database counts the last one.
            let app = if person == 19 { app.another(Hashing::default()) } else { app.clone() };
            assert_eq!(app.browser().sign_in(&email, "wrong").await.summary(), "401");
        }
        for app in [&app, &app.another(Hashing::default())] {
            let answer = app.browser().sign_in("ada@acme.test", PASSWORD).await;
            assert_eq!((answer.status.as_u16(), answer.header("retry-after")), (429, "60"));
        }
        browser.address = ([192, 0, 2, 8], 40_000).into();
        assert_eq!(browser.sign_in("ada@acme.test", PASSWORD).await.summary(), "303 /teams/acme");
        app.world.pass(MINUTE);
        assert_eq!(app.browser().sign_in("ada@acme.test", PASSWORD).await.summary(), "303 /teams/acme");
    }

    async fn successful_sign_ins_do_not_count_for_the_address(db: Db) {
        let app = TestApp::new(db).await;
        for _ in 0..25 {
            assert_eq!(app.browser().sign_in("ada@acme.test", PASSWORD).await.summary(), "303 /teams/acme");
        }
    }

    async fn a_success_in_one_team_does_not_clear_failures_in_another(db: Db) {
        let app = TestApp::new(db).await;
        two_passwords(&app).await;
        for page in ["/sign-in", "/teams/acme/sign-in"] {
            for right in ["/sign-in", "/teams/globex/sign-in"] {
                app.world.db.sql("DELETE FROM throttle").await;
                let mut tries = 0;
                let blocked = loop {
                    let answer = app.browser().post(page, &form_with("a guess")).await;
                    tries += 1;
                    if answer.status.as_u16() == 429 || tries > 12 {
                        break answer;
                    }
                    assert_eq!(answer.summary(), "401");
                    if tries % 4 == 0 {
                        assert_eq!(app.browser().post(right, &form_with(OTHER)).await.summary(), "303 /teams/globex");
                    }
                };
                assert_eq!((blocked.status.as_u16(), tries), (429, 6), "{page} {right}");
            }
        }
    }

    async fn a_person_has_twenty_guesses_on_all_pages_together(db: Db) {
        let app = TestApp::new(db).await;
        two_passwords(&app).await;
        for number in 0..20_u8 {
            let mut browser = app.browser();
            browser.address = ([198, 51, 100, number / 4], 40_000).into();
            let page = format!("/teams/team-{}/sign-in", number / 4);
            assert_eq!(browser.post(&page, &form_with("a guess")).await.summary(), "401");
        }
        let answer = app.browser().post("/teams/acme/sign-in", &form_with(PASSWORD)).await;
        assert_eq!((answer.status.as_u16(), answer.header("retry-after")), (429, "1"));
    }

    async fn strangers_do_not_lock_out_a_browser_that_signed_in_before(db: Db) {
        let app = TestApp::new(db).await;
        let mut ada = app.ada().await;
        ada.post("/sign-out", &[]).await;
        assert!(ada.device().is_some());
        lock(&app, "/sign-in").await;
        assert_eq!(app.browser().sign_in("ada@acme.test", PASSWORD).await.summary(), "429", "another browser");
        assert_eq!(ada.sign_in("ada@acme.test", "wrong").await.summary(), "401");
        assert_eq!(ada.sign_in("ada@acme.test", PASSWORD).await.summary(), "303 /teams/acme");
    }

    async fn a_stolen_device_cookie_has_a_limited_number_of_guesses(db: Db) {
        let app = TestApp::new(db).await;
        let (name, value) = app.ada().await.device().unwrap();
        lock(&app, "/sign-in").await;
        let mut thief = app.browser();
        let mut compared = 0;
        for _ in 0..12 {
            thief.cookies.insert(name.clone(), value.clone());
            compared += usize::from(thief.sign_in("ada@acme.test", "a guess").await.status.as_u16() == 401);
        }
        assert_eq!(compared, 5);
    }

    async fn a_forged_device_cookie_is_ignored(db: Db) {
        let app = TestApp::new(db).await;
        let (name, value) = app.ada().await.device().unwrap();
        lock(&app, "/sign-in").await;
        let (content, signature) = value.rsplit_once('.').unwrap();
        let forged = if signature.starts_with('0') { "1" } else { "0" };
        for cookie in ["", "v1", &format!("{content}.{forged}{}", &signature[1..]), &format!("{content}0.{signature}"), &"x".repeat(5_000)] {
            let mut browser = app.browser();
            browser.cookies.insert(name.clone(), cookie.to_owned());
            assert_eq!(browser.sign_in("ada@acme.test", PASSWORD).await.summary(), "429", "{cookie}");
        }
        app.add("acme", "Bob", "bob@acme.test", Role::Developer).await;
        let mut bobs = app.signed_in("bob@acme.test").await;
        assert_eq!(bobs.sign_in("ada@acme.test", PASSWORD).await.summary(), "429", "a cookie of another account");
    }

    async fn a_browser_known_to_one_team_cannot_guess_for_another(db: Db) {
        let app = TestApp::new(db).await;
        two_passwords(&app).await;
        let mut browser = app.browser();
        assert_eq!(browser.post("/teams/globex/sign-in", &form_with(OTHER)).await.summary(), "303 /teams/globex");
        lock(&app, "/sign-in").await;
        lock(&app, "/teams/acme/sign-in").await;
        assert_eq!(browser.post("/teams/acme/sign-in", &form_with(PASSWORD)).await.summary(), "429");
        // On the page for all teams, only the team that knows the browser is compared.
        assert_eq!(browser.sign_in("ada@acme.test", PASSWORD).await.summary(), "401");
        assert_eq!(browser.sign_in("ada@acme.test", OTHER).await.summary(), "303 /teams/globex");
    }

    async fn the_device_cookie_is_hidden_from_scripts_and_other_sites(db: Db) {
        let app = TestApp::new(db).await;
        let answer = app.browser().sign_in("ada@acme.test", PASSWORD).await;
        let cookies: Vec<_> = answer.headers.get_all("set-cookie").iter().map(|one| one.to_str().unwrap()).collect();
        let device = cookies.iter().find(|cookie| cookie.starts_with("__Host-rollcall-device=")).unwrap();
        assert!(device.ends_with("; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=31536000"), "{device}");
        assert!(!device.contains('@') && !device.contains("acme"), "{device}");
    }
}

const OTHER: &str = "another password of ada";

fn form_with(password: &str) -> [(&'static str, &str); 2] {
    [("email", "ada@acme.test"), ("password", password)]
}

/// Makes Ada a member of Globex too, with another password.
async fn two_passwords(app: &TestApp) {
    app.team("globex", "Globex", "ada@acme.test").await;
    let hash = hash_of(OTHER).await;
    app.world
        .db
        .sql(&format!(
            "UPDATE members SET password_hash = '{hash}' WHERE team_id = (SELECT id FROM teams WHERE slug = 'globex')"
        ))
        .await;
}

/// Guesses Ada's password as a stranger until her account is closed on the page.
async fn lock(app: &TestApp, page: &str) {
    let mut stranger = app.browser();
    stranger.address = ([198, 51, 100, 9], 40_000).into();
    for _ in 0..9 {
        stranger.post(page, &form_with("a guess")).await;
    }
    assert_eq!(stranger.post(page, &form_with("a guess")).await.summary(), "429");
}
