//! `/teams/{slug}/settings/activity`.

use super::{Wording, provision, request};
use crate::{
    app::TestApp,
    db::{Db, on_both_engines},
};
use axum::http::Method;
use domain::{HOUR, MINUTE};
use serde_json::{Value, json};

const PAGE: &str = "/teams/acme/settings/activity";

on_both_engines! {
    async fn activity(db: Db) {
        let mut wording = Wording::of("activity");
        let app = TestApp::on(db).await;
        app.world.pass(MINUTE);
        let mut ada = app.ada().await;
        wording.full("changes", &ada.get(PAGE).await);
        wording.full("nothing found", &ada.get(&format!("{PAGE}?member=nobody")).await);
        wording.state("of an unknown key", &ada.get(&format!("{PAGE}?actor=key:x")).await);
        app.world.pass(MINUTE);
        let key = app.key("Okta").await;
        provision(&app, &key).await;
        let grace = format!("/Users/{}", app.id("grace@acme.test").await);
        wording.full("created by the identity provider", &ada.get(&format!("{PAGE}?actor=providers")).await);
        app.world.pass(HOUR / 3);
        for (state, method, path, body) in [
            ("a read", Method::GET, grace.clone(), Value::Null),
            ("no such member", Method::GET, "/Users/nobody".to_owned(), Value::Null),
            ("an unknown endpoint", Method::POST, "/Nothing".to_owned(), json!({"userName": "bob", "password": "secret"})),
            ("a filter that isn't valid", Method::GET, "/Users?filter=nope%20zz%20%22x%22".to_owned(), Value::Null),
            ("a userName in use", Method::POST, "/Users".to_owned(), json!({"userName": "grace@acme.test"})),
            ("a change", Method::PATCH, grace.clone(), json!({"Operations": [{"op": "replace", "path": "title", "value": "Admiral"}]})),
            ("an unsupported method", Method::PUT, "/Users".to_owned(), json!({})),
        ] {
            app.world.pass(2 * MINUTE);
            let mark = app.world.now();
            request(&app, &key, method, &path, &body).await;
            app.world.pass(1);
            let newest = app.world.db.text(&format!("SELECT MAX(id) FROM scim_requests WHERE at >= {mark}")).await;
            let id = newest.unwrap().replace('-', "");
            let mut ada = app.ada().await;
            wording.full(state, &ada.get(&format!("{PAGE}?request=req_{id}")).await);
        }
        // Not recorded, because the request and the change that it was refused would be listed in any order.
        app.world.pass(2 * MINUTE);
        app.scim(&key, Method::DELETE, &format!("/Users/{}", app.world.ada), "").await;
        let protected = format!("{PAGE}?member=ada@acme.test&result=failures");
        wording.full("a protected member", &app.ada().await.get(&protected).await);
        wording.check();
    }
}
