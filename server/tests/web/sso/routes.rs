//! The routes of a real method, for each kind of visitor.

use super::provider::{Saml, cross_site, form};
use crate::{
    app::TestApp,
    db::{Db, on_both_engines},
    visitors,
};
use axum::{
    body::Body,
    http::{Method, header},
};

on_both_engines! {
    /// Only a visitor who is signed in to the method's team is led from a stale page of a sign-in to the team.
    async fn every_visitor_has_the_listed_statuses(db: Db) {
        let app = TestApp::on(db).await;
        let (saml, okta) = (Saml::add(&app).await, app.okta().await);
        let start = (saml.path("start"), "303", "303");
        let metadata = (saml.path("saml/metadata"), "200", "200");
        let other_metadata = (format!("/sso/{okta}/saml/metadata"), "404", "404");
        let callback = (format!("/sso/{okta}/oidc/callback"), "400", "303 /teams/acme");
        let finish = (saml.path("saml/finish?request=_unknown"), "400", "303 /teams/acme");
        let unasked = (saml.path("saml/finish"), "200", "200");
        for (visitor, name, browser) in &mut visitors(&app).await {
            let is_member = !matches!(visitor, crate::Visitor::SignedOut | crate::Visitor::Stranger);
            for (path, others, members) in [&start, &metadata, &other_metadata, &callback, &finish, &unasked] {
                let answer = browser.get(path).await;
                let expected = if is_member { members } else { others };
                assert!(answer.summary().starts_with(expected), "{path}, {name}: {}", answer.summary());
            }
        }
    }

    async fn the_assertion_consumer_service_is_the_only_post_that_another_site_may_send(db: Db) {
        let app = TestApp::new(db).await;
        let saml = Saml::add(&app).await;
        let posts = server::web::site_paths().into_iter().filter(|(method, _)| method == Method::POST);
        for (_, path) in posts {
            let mut browser = app.ada().await;
            let request = cross_site(&browser, &path.replace("{slug}", "acme"));
            assert_eq!(browser.send(request, Body::empty()).await.status.as_u16(), 403, "{path}");
        }
        assert_eq!(saml.post_form(&app, &[]).await.status.as_u16(), 400);
    }

    /// It reads no cookie, so a signed-in browser gets the same response, and no cookie.
    async fn the_assertion_consumer_service_ignores_and_sets_no_cookies(db: Db) {
        let app = TestApp::new(db).await;
        let saml = Saml::add(&app).await;
        let mut browser = app.ada().await;
        let request = saml.start(&app, &mut browser).await;
        let xml = saml.response(&app, &request, "ada@acme.test").signed();
        let posted = browser.send(cross_site(&browser, &saml.path("saml/acs")), Body::from(form(&xml))).await;
        assert_eq!(posted.summary(), format!("303 {}{request}", saml.path("saml/finish?request=")));
        let refused = browser.send(cross_site(&browser, &saml.path("saml/acs")), Body::from(form("<a/>"))).await;
        assert_eq!(refused.status.as_u16(), 400);
        for answer in [posted, refused] {
            assert!(!answer.headers.contains_key(header::SET_COOKIE));
        }
    }

    async fn the_assertion_consumer_service_only_accepts_post(db: Db) {
        let app = TestApp::new(db).await;
        let saml = Saml::add(&app).await;
        for method in [Method::GET, Method::PUT, Method::DELETE, Method::PATCH] {
            let mut browser = app.browser();
            let request = browser.request(method.clone(), &saml.path("saml/acs?SAMLResponse=PGEvPg%3D%3D"));
            assert_eq!(browser.send(request, Body::empty()).await.status.as_u16(), 405, "{method}");
        }
        assert_eq!(app.world.log().await.iter().filter(|entry| entry.change.name() == "sso_sign_in_failed").count(), 0);
    }

    async fn a_method_of_no_team_is_not_found(db: Db) {
        let app = TestApp::new(db).await;
        let saml = Saml::add(&app).await;
        app.team("globex", "Globex", "grace@globex.test").await;
        let removed = Saml::of(&app, "globex", "Removed", saml.signer).await;
        app.world.operator().sso_delete("globex", &removed.method()).await.unwrap();
        for path in ["start", "oidc/callback", "saml/finish", "saml/metadata"] {
            let answer = app.browser().get(&removed.path(path)).await;
            assert_eq!((answer.status.as_u16(), answer.title()), (404, "Not found"), "{path}");
        }
        assert_eq!(removed.post(&app, "<a/>").await.status.as_u16(), 404);
    }

    async fn the_metadata_names_our_addresses_and_has_no_dates(db: Db) {
        let app = TestApp::new(db).await;
        let saml = Saml::add(&app).await;
        let answer = app.browser().get(&saml.path("saml/metadata")).await;
        assert_eq!(answer.header("content-type"), "application/samlmetadata+xml");
        for part in [saml.entity_id(), saml.acs(), "WantAssertionsSigned=\"true\"".to_owned()] {
            assert!(answer.body.contains(&part), "{part}: {}", answer.body);
        }
        assert!(!answer.body.contains("validUntil") && !answer.body.contains("cacheDuration"));
    }
}
