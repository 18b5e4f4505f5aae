//! `/teams/{slug}/settings/authentication/guides`.

use super::{Wording, provision, request};
use crate::{
    app::TestApp,
    db::{Db, on_both_engines},
};
use axum::http::Method;
use serde_json::Value;

const GUIDES: &str = "/teams/acme/settings/authentication/guides";

on_both_engines! {
    async fn guides(db: Db) {
        let mut wording = Wording::of("guides");
        let app = TestApp::new(db.clone()).await;
        let mut ada = app.ada().await;
        wording.full("the choice", &ada.get(GUIDES).await);
        wording.full("Okta", &ada.get(&format!("{GUIDES}/okta")).await);
        for guide in ["entra", "onelogin", "jumpcloud", "ping", "other"] {
            wording.full(guide, &ada.get(&format!("{GUIDES}/{guide}")).await);
        }
        app.world.operator().scim_turn_on("acme").await.unwrap();
        wording.full("SCIM provisioning is on", &ada.get(&format!("{GUIDES}/okta")).await);
        let key = app.key("Production").await;
        wording.base("with a key", &ada.get(&format!("{GUIDES}/okta")).await);
        request(&app, &key, Method::GET, "/Users?count=1", &Value::Null).await;
        wording.base("after the first request", &ada.get(&format!("{GUIDES}/okta")).await);
        wording.full("after a request of another provider", &ada.get(&format!("{GUIDES}/entra")).await);
        provision(&app, &key).await;
        wording.state("after the first member", &ada.get(&format!("{GUIDES}/okta")).await);
        app.world.operator().scim_turn_off("acme", "Acme").await.unwrap();
        wording.state("SCIM provisioning is off again", &ada.get(&format!("{GUIDES}/okta")).await);
        wording.check();
    }
}
