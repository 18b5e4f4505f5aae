//! `/teams/{slug}/settings/authentication`.

use super::{Wording, request, send};
use crate::{
    app::TestApp,
    db::{Db, on_both_engines},
    world::oidc,
};
use axum::http::Method;
use domain::{DAY, HOUR, plan::Plan, role::Role};
use serde_json::{Value, json};

const PAGE: &str = "/teams/acme/settings/authentication";

on_both_engines! {
    async fn authentication(db: Db) {
        let mut wording = Wording::of("authentication");
        let app = TestApp::new(db).await;
        let mut ada = app.ada().await;
        wording.full("ready to turn on", &ada.get(PAGE).await);
        wording.state("dialog: turn-on", &ada.get(&format!("{PAGE}?dialog=turn-on")).await);
        wording.base("dialog: add-method", &ada.get(&format!("{PAGE}?dialog=add-method")).await);
        let team = ("team", "acme");
        let add = "/api/sso/add";
        for (state, form) in [
            ("method: empty", vec![team, ("provider", "okta"), ("protocol", "oidc"), ("name", "")]),
            ("method: invalid OpenID Connect", vec![team, ("provider", "okta"), ("protocol", "oidc"), ("name", "Okta"), ("issuer", "http://idp.test?x"), ("client_id", ""), ("client_secret", "")]),
            ("method: no SAML", vec![team, ("provider", "okta"), ("protocol", "saml"), ("name", "Second")]),
            ("method: invalid SAML", vec![team, ("provider", "okta"), ("protocol", "saml"), ("name", "Second"), ("entity_id", "x"), ("sign_in_url", "nope"), ("certificate", "nope")]),
            ("method: invalid metadata", vec![team, ("provider", "okta"), ("protocol", "saml"), ("name", "Second"), ("metadata", "<x/>")]),
        ] {
            wording.state(state, &send(&mut ada, add, &form).await);
        }
        wording.base("as before", &ada.get(PAGE).await);
        let okta = app.okta().await;
        wording.state("dialog: edit-method", &ada.get(&format!("{PAGE}?dialog=edit-method.{okta}")).await);
        wording.state("dialog: delete-method", &ada.get(&format!("{PAGE}?dialog=delete-method.{okta}")).await);
        app.world.operator().team_set_plan("acme", Plan::Free).await.unwrap();
        wording.base("the plan is too small", &ada.get(PAGE).await);
        wording.state("turned on with a plan that is too small", &send(&mut ada, "/api/scim/turn-on", &[team]).await);
        app.world.operator().team_set_plan("acme", Plan::Enterprise).await.unwrap();

        app.world.db.sql("UPDATE sso_methods SET enabled = 0").await;
        wording.base("no enabled SSO method", &ada.get(PAGE).await);
        app.world.db.sql("UPDATE sso_methods SET enabled = 1").await;
        let second = app.world.operator().sso_add("acme", oidc("Second"), false).await.unwrap();
        app.world.db.sql("UPDATE sso_methods SET enabled = 1").await;
        wording.base("two enabled SSO methods", &ada.get(PAGE).await);
        wording.state("dialog: keep-one", &ada.get(&format!("{PAGE}?dialog=keep-one")).await);
        wording.base("one SSO method is kept", &send(&mut ada, "/api/sso/keep-only", &[team, ("id", &okta)]).await);

        wording.base("turned on", &send(&mut ada, "/api/scim/turn-on", &[team]).await);
        wording.base("on", &ada.get(PAGE).await);
        let enable = [team, ("id", second.as_str()), ("enabled", "true")];
        wording.state("a second SSO method", &send(&mut ada, "/api/sso/set-enabled", &enable).await);
        wording.state("the SSO method is deleted", &send(&mut ada, "/api/sso/delete", &enable).await);
        wording.state("dialog: turn-off", &ada.get(&format!("{PAGE}?dialog=turn-off")).await);
        wording.state("turning off, not confirmed", &send(&mut ada, "/api/scim/turn-off", &[team, ("confirmation", "x")]).await);
        wording.base("dialog: generate-key", &ada.get(&format!("{PAGE}?dialog=generate-key")).await);
        let generate = format!("{PAGE}/keys/generate");
        wording.state("a key without a name", &ada.post(&generate, &[("name", ""), ("expiry", "90")]).await);
        wording.state("a key with an unknown expiry", &ada.post(&generate, &[("name", "x"), ("expiry", "1000")]).await);
        wording.state("a key, shown once", &ada.post(&generate, &[("name", "CI"), ("expiry", "never")]).await);
        let ci = app.world.keys().await.remove(0).id;
        app.world.operator().key_revoke("acme", &ci, "").await.unwrap();

        let key = app.key("Production").await;
        let id = app.world.keys().await.into_iter().find(|key| key.name == "Production").unwrap().id;
        wording.base("with a key", &ada.get(PAGE).await);
        wording.state("a key with the same name", &ada.post(&generate, &[("name", "Production"), ("expiry", "90")]).await);
        for dialog in ["roll-key", "revoke-key"] {
            wording.state(&format!("dialog: {dialog}"), &ada.get(&format!("{PAGE}?dialog={dialog}.{id}")).await);
        }
        wording.state("revoking, not confirmed", &send(&mut ada, "/api/keys/revoke", &[team, ("id", id.as_str()), ("confirmation", "x")]).await);

        request(&app, &key, Method::GET, "/Users?count=1", &Value::Null).await;
        app.world.pass(HOUR / 6);
        wording.base("connected", &ada.get(PAGE).await);
        request(&app, &key, Method::POST, "/Users", &json!({"userName": "grace@acme.test"})).await;
        request(&app, &key, Method::GET, "/Users/nobody", &Value::Null).await;
        app.world.pass(HOUR / 60);
        wording.state("a request that failed", &ada.get(PAGE).await);
        for _ in 0..3 {
            request(&app, "rc_scim_", Method::GET, "/Users", &Value::Null).await;
            request(&app, &key, Method::GET, "/Users/nobody", &Value::Null).await;
        }
        wording.state("failing", &ada.get(PAGE).await);
        app.world.operator().scim_turn_off("acme", "Acme").await.unwrap();
        for _ in 0..3 {
            request(&app, &key, Method::GET, "/Users", &Value::Null).await;
        }
        wording.state("turned off, with requests", &ada.get(PAGE).await);
        app.world.operator().scim_turn_on("acme").await.unwrap();

        let roll = format!("{PAGE}/keys/roll");
        wording.state("a rolled key, shown once", &ada.post(&roll, &[("id", id.as_str()), ("overlap", "24h")]).await);
        wording.base("with a rolled key", &ada.get(PAGE).await);
        wording.state("rolled twice", &ada.post(&roll, &[("id", id.as_str()), ("overlap", "24h")]).await);
        wording.state("dialog: set-overlap", &ada.get(&format!("{PAGE}?dialog=overlap.{id}")).await);
        wording.state("dialog: end-key", &ada.get(&format!("{PAGE}?dialog=end-key.{id}")).await);
        wording.state("the overlap is changed", &send(&mut ada, "/api/keys/set-overlap", &[team, ("id", id.as_str()), ("overlap", "7d")]).await);
        wording.state("the old key is ended", &send(&mut ada, "/api/keys/set-overlap", &[team, ("id", id.as_str()), ("overlap", "now")]).await);
        wording.state("the old key has ended", &send(&mut ada, "/api/keys/set-overlap", &[team, ("id", id.as_str()), ("overlap", "now")]).await);

        app.world.operator().team_set_plan("acme", Plan::Free).await.unwrap();
        wording.base("on, with a plan that is too small", &ada.get(PAGE).await);
        app.world.operator().team_set_plan("acme", Plan::Enterprise).await.unwrap();
        app.world.pass(4 * DAY);
        let mut admin = app.signed_in(&app.member(Role::Admin).await).await;
        wording.base("quiet, an Admin", &admin.get(PAGE).await);
        app.world.pass(336 * DAY);
        wording.state("keys that expire", &app.ada().await.get(PAGE).await);
        wording.state("turned off", &send(&mut app.ada().await, "/api/scim/turn-off", &[team, ("confirmation", "Acme")]).await);
        wording.check();
    }
}
