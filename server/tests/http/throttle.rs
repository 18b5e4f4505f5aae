//! Guessing passwords takes longer and longer.

use crate::{
    app::{PASSWORD, TestApp},
    db::{Db, on_both_engines},
};
use domain::{DAY, MINUTE};

on_both_engines! {
    async fn five_failures_close_the_account_for_a_second_then_two_then_four(db: Db) {
        let app = TestApp::new(db).await;
        let mut browser = app.browser();
        for _ in 0..5 {
            assert_eq!(browser.sign_in("ada@acme.test", "wrong").await.said(), "401");
        }
        for seconds in ["1", "2", "4"] {
            let answer = browser.sign_in("ada@acme.test", PASSWORD).await;
            assert_eq!((answer.status.as_u16(), answer.header("retry-after")), (429, seconds));
            app.world.pass(seconds.parse::<i64>().unwrap() * 1000);
            assert_eq!(browser.sign_in("ada@acme.test", "wrong").await.said(), "401");
        }
        app.world.pass(15 * MINUTE);
        assert_eq!(browser.sign_in("ada@acme.test", PASSWORD).await.said(), "303 /teams/acme");
    }

    async fn a_success_begins_the_count_anew(db: Db) {
        let app = TestApp::new(db).await;
        for _ in 0..2 {
            for _ in 0..4 {
                assert_eq!(app.browser().sign_in("ada@acme.test", "wrong").await.said(), "401");
            }
            assert_eq!(app.browser().sign_in("ada@acme.test", PASSWORD).await.said(), "303 /teams/acme");
        }
    }

    async fn people_who_do_not_exist_are_closed_all_the_same(db: Db) {
        let app = TestApp::new(db).await;
        for _ in 0..5 {
            assert_eq!(app.browser().sign_in("eve@acme.test", "wrong").await.said(), "401");
        }
        assert_eq!(app.browser().sign_in("eve@acme.test", "wrong").await.said(), "429");
        assert_eq!(app.browser().sign_in("ada@acme.test", PASSWORD).await.said(), "303 /teams/acme");
    }

    async fn the_count_survives_a_restart_and_a_day_forgets_it(db: Db) {
        let app = TestApp::new(db).await;
        for _ in 0..5 {
            app.browser().sign_in("ada@acme.test", "wrong").await;
        }
        let restarted = TestApp { router: server::router(app.state.clone()), ..app.clone() };
        assert_eq!(restarted.browser().sign_in("ada@acme.test", PASSWORD).await.said(), "429");
        app.world.pass(DAY + 1);
        for _ in 0..5 {
            assert_eq!(restarted.browser().sign_in("ada@acme.test", "wrong").await.said(), "401");
        }
    }

    async fn guesses_at_the_same_moment_cannot_all_pass(db: Db) {
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

    async fn one_address_gets_20_failures_a_minute_whoever_they_are_for(db: Db) {
        let app = TestApp::new(db).await;
        let mut browser = app.browser();
        let guesses: Vec<_> = (0..20)
            .map(|person| {
                let mut browser = browser.clone();
                tokio::spawn(async move { browser.sign_in(&format!("p{person}@acme.test"), "wrong").await.said() })
            })
            .collect();
        for guess in guesses {
            assert_eq!(guess.await.unwrap(), "401");
        }
        let answer = browser.sign_in("ada@acme.test", PASSWORD).await;
        assert_eq!((answer.status.as_u16(), answer.header("retry-after")), (429, "60"));
        browser.address = ([192, 0, 2, 8], 40_000).into();
        assert_eq!(browser.sign_in("ada@acme.test", PASSWORD).await.said(), "303 /teams/acme");
    }
}
