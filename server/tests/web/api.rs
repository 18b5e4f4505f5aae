//! The server functions, which the scripts of a page call.

use crate::{
    app::TestApp,
    db::{Db, on_both_engines},
    parts::last_change,
};
use app::{error::AppError, model::Authentication};
use domain::{Denial, Error};
use domain::{
    activity::Change,
    plan::Plan,
    provisioning::Reason,
    role::Role,
    team::TeamChange,
    validation::field_error::{Field, FieldError},
};

on_both_engines! {
    async fn every_change_responds_with_the_current_page(db: Db) {
        let app = TestApp::new(db).await;
        let (mut ada, okta) = (app.ada().await, app.okta().await);
        let on: Authentication = ada.api("/api/scim/turn-on", &[("team", "acme")]).await.json();
        assert!(on.scim_on);
        let form = [("team", "acme"), ("provider", "google"), ("protocol", "saml"), ("name", "Google"), ("later", "true")];
        let added: Authentication = ada.api("/api/sso/add", &form).await.json();
        assert_eq!(added.methods.len(), 2);
        let form = [("team", "acme"), ("id", okta.as_str()), ("enabled", "false")];
        let disabled: Authentication = ada.api("/api/sso/set-enabled", &form).await.json();
        assert!(!disabled.methods[0].enabled && disabled.scim_on);
        let off: Authentication = ada.api("/api/scim/turn-off", &[("team", "acme"), ("confirmation", "Acme")]).await.json();
        assert!(!off.scim_on);
    }

    async fn a_double_click_makes_one_change(db: Db) {
        let app = TestApp::new(db).await;
        let ada = app.ada().await;
        let clicks: Vec<_> = (0..4)
            .map(|_| {
                let mut ada = ada.clone();
                tokio::spawn(async move { ada.api("/api/scim/turn-on", &[("team", "acme")]).await })
            })
            .collect();
        for click in clicks {
            assert!(click.await.unwrap().json::<Authentication>().scim_on);
        }
        let turned = app.world.log().await.into_iter().filter(|entry| entry.change.name() == "scim_turned_on").count();
        assert_eq!(turned, 1);
    }

    async fn a_plan_that_was_lowered_meanwhile_is_reported_and_nothing_changes(db: Db) {
        let app = TestApp::new(db).await;
        let mut ada = app.ada().await;
        assert!(ada.get("/teams/acme/settings/authentication?dialog=turn-on").await.dialog().is_some());
        app.world.operator().team_set_plan("acme", Plan::Professional).await.unwrap();
        let answer = ada.api("/api/scim/turn-on", &[("team", "acme")]).await;
        let AppError::Domain(Error::Denied(Denial::Provisioning(denial))) = answer.json() else { panic!("{}", answer.body) };
        assert_eq!((answer.status.as_u16(), denial.reasons()), (403, &[Reason::Plan(Plan::Professional)][..]));
        assert!(!app.world.is_on().await);
        assert_eq!(last_change(&app).await, Change::Team(TeamChange::PlanChanged { from: Plan::Enterprise, to: Plan::Professional }));
    }

    async fn a_method_that_was_disabled_meanwhile_is_reported_and_nothing_changes(db: Db) {
        let app = TestApp::on(db).await;
        let mut ada = app.ada().await;
        let okta = app.world.method("Okta").await;
        app.world.operator().sso_set_enabled("acme", &okta, false, false).await.unwrap();
        let answer = ada.api("/teams/acme/settings/authentication/keys/generate", &[("name", "ci")]).await;
        let AppError::Domain(Error::Denied(Denial::Provisioning(denial))) = answer.json() else { panic!("{}", answer.body) };
        assert_eq!(denial.reasons(), [Reason::NoSsoMethod]);
        assert!(app.world.keys().await.is_empty());
    }

    async fn resources_of_another_team_are_not_found(db: Db) {
        let app = TestApp::on(db).await;
        app.team("globex", "Globex", "grace@globex.test").await;
        let (okta, key) = (app.okta().await, app.world.key("Okta").await.record.id.to_string());
        let mut grace = app.signed_in("grace@globex.test").await;
        for team in ["globex", "acme"] {
            for (path, id) in [
                ("/api/sso/edit", &okta),
                ("/api/sso/set-enabled", &okta),
                ("/api/sso/keep-only", &okta),
                ("/api/sso/delete", &okta),
                ("/api/keys/revoke", &key),
                ("/api/keys/set-overlap", &key),
            ] {
                let form = [("team", team), ("id", id.as_str()), ("enabled", "false"), ("overlap", "now")];
                let answer = grace.api(path, &form).await;
                assert_eq!((answer.status.as_u16(), answer.json::<AppError>()), (404, AppError::Domain(Error::NotFound)), "{team} {path}");
            }
        }
        assert!(app.world.methods().await[0].enabled);
        assert!(app.world.keys().await[0].revoked_at.is_none());
    }

    async fn each_invalid_field_has_its_error(db: Db) {
        let app = TestApp::new(db).await;
        let mut ada = app.ada().await;
        let form = [("team", "acme"), ("provider", "okta"), ("protocol", "oidc"), ("name", "okta"), ("issuer", "http://x.test")];
        let AppError::Domain(Error::Invalid(problems)) = ada.api("/api/sso/add", &form).await.json() else { panic!() };
        assert_eq!(problems.of(Field::Name), Some(&FieldError::MethodNameTaken));
        assert_eq!(problems.of(Field::Issuer), Some(&FieldError::NotHttps));
        assert_eq!(problems.of(Field::ClientId), Some(&FieldError::Missing("the client ID".into())));
    }

    async fn names_are_validated_as_on_every_form(db: Db) {
        let app = TestApp::on(db).await;
        let mut ada = app.ada().await;
        let long = "x".repeat(65);
        for name in ["", "   ", &long, "a\u{0}b", "a\u{202E}b", "a\nb"] {
            let answer = ada.api("/teams/acme/settings/authentication/keys/generate", &[("name", name)]).await;
            assert_eq!(answer.status.as_u16(), 422, "{name:?}");
        }
        for name in ["x", &long[..64], "\u{1F511} für Okta"] {
            let answer = ada.api("/teams/acme/settings/authentication/keys/generate", &[("name", name)]).await;
            assert_eq!(answer.status.as_u16(), 200, "{name:?}");
        }
    }

    async fn the_log_has_the_actor_and_the_address_of_a_change(db: Db) {
        let app = TestApp::new(db).await;
        let email = app.member(Role::Admin).await;
        app.signed_in(&email).await.api("/api/scim/turn-on", &[("team", "acme")]).await;
        let entry = app.world.log().await.remove(0);
        assert_eq!(entry.actor, domain::activity::ActivityActor::Member { name: "Admin".into() });
        assert_eq!(entry.address.as_deref(), Some("192.0.2.7"));
    }
}
