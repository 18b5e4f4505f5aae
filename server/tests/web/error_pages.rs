//! Error responses, in the kind that the request accepts.

use crate::{
    app::{JSON, TestApp},
    db::{Db, on_both_engines},
};
use app::error::AppError;
use axum::{
    body::Body,
    http::{Method, header},
};
use domain::Error;

on_both_engines! {
    async fn an_unknown_address_is_a_page(db: Db) {
        let app = TestApp::new(db).await;
        for path in ["/nowhere", "/teams", "/teams/acme/settings/nothing", "/pkg/nothing.js", "/sign-in/", "/.env"] {
            let answer = app.browser().get(path).await;
            assert_eq!((answer.status.as_u16(), answer.title()), (404, "Not found"), "{path}");
        }
    }

    async fn another_team_looks_like_one_that_does_not_exist(db: Db) {
        let app = TestApp::new(db).await;
        app.team("globex", "Globex", "grace@globex.test").await;
        let mut ada = app.ada().await;
        let other_team = ada.get("/teams/globex/settings/members").await;
        let nowhere = ada.get("/teams/nowhere/settings/members").await;
        assert_eq!((other_team.status.as_u16(), other_team.title()), (404, "Not found"));
        assert_eq!(other_team.text(), nowhere.text());
        assert!(!other_team.shows("Globex"));
    }

    async fn an_unknown_server_function_is_json(db: Db) {
        let app = TestApp::new(db).await;
        let answer = app.browser().api("/api/nothing", &[]).await;
        assert_eq!((answer.status.as_u16(), answer.json::<AppError>()), (404, AppError::Domain(Error::NotFound)));
        assert_eq!(answer.header("content-type"), "application/json");
        let answer = app.browser().api("/api/scim/turn-on", &[]).await;
        assert_eq!((answer.status.as_u16(), answer.json::<AppError>()), (400, AppError::Domain(Error::Malformed)));
    }

    async fn a_wrong_method_gets_a_page_and_the_allowed_methods(db: Db) {
        let app = TestApp::new(db).await;
        let answer = app.browser().get("/sign-out").await;
        assert_eq!(answer.status.as_u16(), 405);
        assert_eq!(answer.header("allow"), "POST");
        assert!(answer.fails(Error::Malformed), "{}", answer.body);
    }

    async fn an_invalid_query_is_ignored(db: Db) {
        let app = TestApp::new(db).await;
        let mut ada = app.ada().await;
        for query in ["?%", "?page=%00", "?page=99999999999999999999", "?page=-1", "?page=abc", "?%ff=%fe", "?&&=&="] {
            assert_eq!(ada.get(&format!("/teams/acme/settings/members{query}")).await.summary(), "200", "{query}");
        }
        for query in ["?before=%00", "?before=%F0%9F%98%80", "?before=';--", "?dialog=edit-method.%00", "?done=x"] {
            for page in ["activity", "authentication"] {
                assert_eq!(ada.get(&format!("/teams/acme/settings/{page}{query}")).await.summary(), "200", "{query}");
            }
        }
        for slug in ["%00", "%ff", "..%2f..", "%F0%9F%98%80", "a%20b"] {
            assert!(!ada.get(&format!("/teams/{slug}/settings/general")).await.status.is_server_error(), "{slug}");
        }
    }

    async fn without_its_database_every_page_has_an_error(db: Db) {
        let app = TestApp::new(db).await;
        let mut ada = app.ada().await;
        app.world.store().close().await;
        let answer = ada.get("/teams/acme/settings/authentication").await;
        assert_eq!((answer.status.as_u16(), answer.fails(Error::Unavailable)), (503, true));
        let answer = ada.api("/api/scim/turn-on", &[("team", "acme")]).await;
        assert_eq!((answer.status.as_u16(), answer.json::<AppError>()), (503, AppError::Domain(Error::Unavailable)));
        let answer = ada.post("/api/scim/turn-on", &[("team", "acme")]).await;
        assert_eq!((answer.status.as_u16(), answer.fails(Error::Unavailable)), (503, true));
        let answer = app.browser().sign_in("ada@acme.test", "x").await;
        assert_eq!((answer.status.as_u16(), answer.sign_in_problem().as_deref()), (503, Some("unavailable")));
    }

    async fn the_scim_api_has_its_own_errors(db: Db) {
        let app = TestApp::new(db).await;
        for (method, path) in [(Method::GET, "/scim/v2/nothing"), (Method::PUT, "/scim/v2/Schemas"), (Method::GET, "/scim/v2/")] {
            let mut browser = app.browser();
            let answer = browser.send(browser.request(method, path).header(header::ACCEPT, JSON), Body::empty()).await;
            assert_eq!(answer.header("content-type"), "application/scim+json", "{path}");
            assert!(answer.status.is_client_error());
        }
    }
}
