//! `GET /sso/{method}/saml/finish`: the sign-in ends in the browser where it started, once, within 10 minutes.

use super::{
    provider::{MINUTE, SECOND, Saml, at, authn_statement, keys, newest},
    refusal::Watch,
};
use crate::{
    app::TestApp,
    db::{Db, on_both_engines},
};
use domain::{role::Role, sso::SsoFailure};
use server::password_hashing::Hashing;
use std::time::Duration;

on_both_engines! {
    async fn a_member_is_signed_in(db: Db) {
        let app = TestApp::new(db).await;
        let saml = Saml::add(&app).await;
        let mut browser = app.browser();
        let answer = saml.sign_in(&app, &mut browser, "ada@acme.test").await;
        assert_eq!(answer.summary(), "303 /teams/acme");
        assert!(browser.session().is_some());
        assert!(!browser.cookies.keys().any(|name| name.starts_with("__Host-rollcall-sso-")), "the sign-in has ended");
        assert_eq!(browser.get("/teams/acme/settings/general").await.status.as_u16(), 200);
        let log = app.world.log().await;
        let names: Vec<_> = log.iter().take(2).map(|entry| entry.change.name()).collect();
        assert_eq!(names, ["sso_signed_in", "sso_linked"]);
        assert!(log.iter().take(2).all(|entry| entry.member.as_ref() == Some(&app.world.ada)));
        // The second time, the account is known.
        assert_eq!(saml.sign_in(&app, &mut app.browser(), "ada@acme.test").await.summary(), "303 /teams/acme");
        assert_eq!(app.world.log().await.len(), log.len() + 1);
    }

    /// S55: a response to a request of another browser (login CSRF).
    async fn only_the_browser_that_started_may_finish(db: Db) {
        let app = TestApp::new(db).await;
        let saml = Saml::add(&app).await;
        let (mut own, mut other) = (app.browser(), app.browser());
        let request = saml.start(&app, &mut own).await;
        saml.start(&app, &mut other).await;
        let posted = saml.post(&app, &saml.response(&app, &request, "ada@acme.test").signed()).await;
        for mut browser in [app.browser(), other] {
            let watch = Watch::start(&app).await;
            let answer = browser.get(posted.header("location")).await;
            watch.refused(&app, &answer, 400, SsoFailure::OtherBrowser).await;
            assert_eq!(browser.session(), None);
        }
        assert_eq!(own.get(posted.header("location")).await.summary(), "303 /teams/acme");
    }

    /// The cookie is found by the request's ID, so the cookie of another request does not help.
    async fn a_cookie_under_the_name_of_another_request_is_ignored(db: Db) {
        let app = TestApp::new(db).await;
        let saml = Saml::add(&app).await;
        let (mut own, mut other) = (app.browser(), app.browser());
        let request = saml.start(&app, &mut own).await;
        saml.start(&app, &mut other).await;
        let value = other.cookies.values().next().unwrap().clone();
        let name = own.cookies.keys().next().unwrap().clone();
        other.cookies.insert(name, value);
        let posted = saml.post(&app, &saml.response(&app, &request, "ada@acme.test").signed()).await;
        let watch = Watch::start(&app).await;
        let answer = other.get(posted.header("location")).await;
        watch.refused(&app, &answer, 400, SsoFailure::OtherBrowser).await;
    }

    async fn a_sign_in_ends_after_ten_minutes(db: Db) {
        let app = TestApp::new(db).await;
        let saml = Saml::add(&app).await;
        for (pass, is_late) in [(10 * MINUTE, false), (10 * MINUTE + 1, true)] {
            let mut browser = app.browser();
            let request = saml.start(&app, &mut browser).await;
            app.world.pass(pass);
            let posted = saml.post(&app, &saml.response(&app, &request, "ada@acme.test").signed()).await;
            let watch = Watch::start(&app).await;
            let answer = browser.get(posted.header("location")).await;
            if is_late {
                watch.refused(&app, &answer, 400, SsoFailure::TooSlow).await;
            } else {
                assert_eq!(answer.summary(), "303 /teams/acme");
            }
        }
    }

    /// F10: after Back, the page of a finished sign-in leads a signed-in browser to the team, and any other to a new start.
    async fn a_response_signs_in_once(db: Db) {
        let app = TestApp::new(db).await;
        let saml = Saml::add(&app).await;
        let mut browser = app.browser();
        let request = saml.start(&app, &mut browser).await;
        let copy = browser.clone();
        let posted = saml.post(&app, &saml.response(&app, &request, "ada@acme.test").signed()).await;
        assert_eq!(browser.get(posted.header("location")).await.summary(), "303 /teams/acme");
        assert_eq!(browser.get(posted.header("location")).await.summary(), "303 /teams/acme", "signed in");
        let watch = Watch::start(&app).await;
        let answer = copy.clone().get(posted.header("location")).await;
        watch.refused(&app, &answer, 400, SsoFailure::Used).await;
        assert!(answer.shows("Start again"), "{}", answer.text());
    }

    async fn of_twenty_at_once_exactly_one_signs_in(db: Db) {
        let app = TestApp::new(db).await;
        let saml = Saml::add(&app).await;
        let mut browser = app.browser();
        let request = saml.start(&app, &mut browser).await;
        let posted = saml.post(&app, &saml.response(&app, &request, "ada@acme.test").signed()).await;
        let finish = posted.header("location").to_owned();
        let attempts = (0..20).map(|_| {
            let (mut browser, finish) = (browser.clone(), finish.clone());
            tokio::spawn(async move { browser.get(&finish).await })
        });
        let attempts: Vec<_> = attempts.collect();
        let mut signed_in = 0;
        for attempt in attempts {
            let answer = attempt.await.unwrap();
            if answer.summary() == "303 /teams/acme" {
                signed_in += 1;
            } else {
                assert_eq!(answer.status.as_u16(), 400, "{}", answer.text());
                assert!(answer.body.contains("data-code=\"used\""), "{}", answer.text());
            }
        }
        assert_eq!(signed_in, 1);
        assert_eq!(app.world.db.text("SELECT CAST(COUNT(*) AS TEXT) FROM sign_ins").await.as_deref(), Some("1"));
        assert_eq!(app.world.db.text("SELECT CAST(COUNT(*) AS TEXT) FROM sso_links").await.as_deref(), Some("1"));
    }

    /// S57: the same response again, in 20 connections, in another process, and the same assertion in another response.
    async fn an_assertion_is_accepted_once(db: Db) {
        let app = TestApp::new(db).await;
        let saml = Saml::add(&app).await;
        let mut browser = app.browser();
        let request = saml.start(&app, &mut browser).await;
        let response = saml.response(&app, &request, "ada@acme.test");
        let xml = response.signed();
        let attempts = (0..20).map(|_| {
            let (app, saml, xml) = (app.clone(), saml.clone(), xml.clone());
            tokio::spawn(async move { saml.post(&app, &xml).await.status.as_u16() })
        });
        let mut statuses = Vec::new();
        for attempt in attempts.collect::<Vec<_>>() {
            statuses.push(attempt.await.unwrap());
        }
        statuses.sort_unstable();
        assert_eq!((statuses[0], statuses[1], statuses[19]), (303, 400, 400));
        let restarted = app.another(Hashing::new(1, Duration::from_secs(1)));
        let in_another = xml.replace("ID=\"_r1\"", "ID=\"_r2\"");
        for (app, xml) in [(&app, &xml), (&restarted, &xml), (&app, &in_another)] {
            let watch = Watch::start(app).await;
            let answer = saml.post(app, xml).await;
            watch.refused(app, &answer, 400, SsoFailure::Used).await;
        }
        // Also after the sign-in, until the assertion's age refuses it.
        let finish = format!("{}{request}", saml.path("saml/finish?request="));
        assert_eq!(browser.get(&finish).await.summary(), "303 /teams/acme");
        for (pass, failure) in [(5 * MINUTE, SsoFailure::Used), (6 * MINUTE, SsoFailure::Clock)] {
            app.world.pass(pass);
            app.world.store().sso_responses_sweep(app.world.now()).await.unwrap();
            let watch = Watch::start(&app).await;
            let answer = saml.post(&app, &xml).await;
            watch.refused(&app, &answer, 400, failure).await;
        }
    }

    async fn a_request_has_one_response(db: Db) {
        let app = TestApp::new(db).await;
        let saml = Saml::add(&app).await;
        let request = saml.start(&app, &mut app.browser()).await;
        assert_eq!(saml.post(&app, &saml.response(&app, &request, "ada@acme.test").signed()).await.status.as_u16(), 303);
        let watch = Watch::start(&app).await;
        let answer = saml.post(&app, &saml.response(&app, &request, "ada@acme.test").signed()).await;
        watch.refused(&app, &answer, 400, SsoFailure::Used).await;
    }

    /// A response that was never posted, or that no longer waits.
    async fn without_a_response_there_is_nothing_to_finish(db: Db) {
        let app = TestApp::new(db).await;
        let saml = Saml::add(&app).await;
        let mut browser = app.browser();
        let request = saml.start(&app, &mut browser).await;
        let watch = Watch::start(&app).await;
        let answer = browser.get(&format!("{}{request}", saml.path("saml/finish?request="))).await;
        watch.refused(&app, &answer, 400, SsoFailure::TooSlow).await;
    }

    async fn a_method_that_was_disabled_meanwhile_signs_no_one_in(db: Db) {
        let app = TestApp::new(db).await;
        let saml = Saml::add(&app).await;
        let mut browser = app.browser();
        let request = saml.start(&app, &mut browser).await;
        let response = saml.response(&app, &request, "ada@acme.test").signed();
        let posted = saml.post(&app, &response).await;
        app.world.operator().sso_set_enabled("acme", &saml.method(), false, false).await.unwrap();
        let watch = Watch::start(&app).await;
        let answer = browser.get(posted.header("location")).await;
        watch.refused(&app, &answer, 404, SsoFailure::NotEnabled).await;
        let watch = Watch::start(&app).await;
        let answer = saml.post(&app, &saml.response(&app, &request, "ada@acme.test").signed()).await;
        watch.refused(&app, &answer, 404, SsoFailure::NotEnabled).await;
    }

    /// A request of one method, finished at another of the same team.
    async fn a_request_is_finished_at_its_own_method(db: Db) {
        let app = TestApp::new(db).await;
        let (one, two) = (Saml::add(&app).await, Saml::of(&app, "acme", "Two", keys::p256()).await);
        let mut browser = app.browser();
        let request = one.start(&app, &mut browser).await;
        let posted = two.post(&app, &two.response(&app, &request, "ada@acme.test").signed()).await;
        assert_eq!(posted.status.as_u16(), 303);
        let watch = Watch::start(&app).await;
        let answer = browser.get(posted.header("location")).await;
        watch.refused(&app, &answer, 400, SsoFailure::NotForUs).await;
    }

    async fn the_session_ends_when_the_provider_says(db: Db) {
        let app = TestApp::new(db).await;
        let saml = Saml::add(&app).await;
        let mut browser = app.browser();
        let request = saml.start(&app, &mut browser).await;
        let mut response = saml.response(&app, &request, "ada@acme.test");
        let end = app.world.now() + 5 * MINUTE;
        response.facts.authn_statement =
            authn_statement(&at(app.world.now()), &format!(" SessionNotOnOrAfter=\"{}\"", at(end)));
        assert_eq!(saml.answer(&app, &mut browser, &response).await.summary(), "303 /teams/acme");
        app.world.pass(5 * MINUTE - SECOND);
        assert_eq!(browser.get("/teams/acme/account").await.status.as_u16(), 200);
        app.world.pass(SECOND);
        assert_eq!(browser.get("/teams/acme/account").await.status.as_u16(), 303);
    }

    /// The person is told apart from the browser's earlier session: a session fixed before is worthless afterwards.
    async fn the_session_gets_a_new_id(db: Db) {
        let app = TestApp::new(db).await;
        let saml = Saml::add(&app).await;
        app.add("acme", "Bob", "bob@acme.test", Role::Developer).await;
        let mut browser = app.signed_in("bob@acme.test").await;
        let mut before = browser.clone();
        assert_eq!(saml.sign_in(&app, &mut browser, "ada@acme.test").await.summary(), "303 /teams/acme");
        assert_ne!(browser.session(), before.session());
        assert!(browser.get("/teams/acme/account").await.shows("Ada Lovelace"));
        assert_eq!(before.get("/teams/acme/account").await.status.as_u16(), 303);
    }

    /// F1 of step-up: the account must be the signed-in member's, and the authentication newer than the request.
    async fn a_step_up_confirms_the_signed_in_member_only(db: Db) {
        let app = TestApp::new(db).await;
        let saml = Saml::add(&app).await;
        app.add("acme", "Bob", "bob@acme.test", Role::Developer).await;
        let mut browser = app.ada().await;
        let request = saml.start_for(&app, &mut browser, "?purpose=step-up&next=/teams/acme/account").await;
        let posted = saml.post(&app, &saml.response(&app, &request, "bob@acme.test").signed()).await;
        let watch = Watch::start(&app).await;
        let answer = browser.get(posted.header("location")).await;
        watch.refused(&app, &answer, 403, SsoFailure::OtherAccount).await;
        for (age, is_fresh) in [(2 * MINUTE, false), (SECOND, true)] {
            let mut browser = app.ada().await;
            let request = saml.start_for(&app, &mut browser, "?purpose=step-up&next=/teams/acme/account").await;
            assert_eq!(newest(&app, &browser).purpose, server::sso::request::SsoPurpose::StepUp);
            let mut response = saml.response(&app, &request, "ada@acme.test");
            response.facts.authn_statement = authn_statement(&at(app.world.now() - age), "");
            let posted = saml.post(&app, &response.signed()).await;
            let watch = Watch::start(&app).await;
            let answer = browser.get(posted.header("location")).await;
            if is_fresh {
                assert_eq!(answer.summary(), "303 /teams/acme/account");
                assert!(app.world.log().await.iter().take(2).any(|entry| entry.change.name() == "sso_stepped_up"));
            } else {
                watch.refused(&app, &answer, 400, SsoFailure::Clock).await;
            }
        }
    }
}
