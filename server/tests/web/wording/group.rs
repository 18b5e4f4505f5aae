//! `/teams/{slug}/settings/groups/{id}`.

use super::{Wording, group_path, provision, request, send};
use crate::{
    app::TestApp,
    db::{Db, on_both_engines},
};
use axum::http::Method;
use domain::role::Role;
use serde_json::json;

on_both_engines! {
    async fn group(db: Db) {
        let mut wording = Wording::of("group");
        let app = TestApp::on(db).await;
        let key = app.key("Okta").await;
        provision(&app, &key).await;
        request(&app, &key, Method::POST, "/Groups", &json!({"displayName": "Empty"})).await;
        let (it, empty) = (group_path(&app, "IT").await, group_path(&app, "Empty").await);
        let role = format!("{it}/role");
        let mut ada = app.ada().await;
        let mut admin = app.signed_in(&app.member(Role::Admin).await).await;
        wording.full("with members", &ada.get(&it).await);
        wording.state("nothing found", &ada.get(&format!("{it}?q=nothing")).await);
        wording.state("empty", &ada.get(&empty).await);
        for to in ["admin", "billing", "developer", "super_admin", "none"] {
            wording.state(&format!("preview: {to}"), &ada.get(&format!("{it}?role={to}")).await);
        }
        wording.state("not a role", &ada.post(&role, &[("role", "owner")]).await);
        wording.state("Super Admin", &ada.post(&role, &[("role", "super_admin")]).await);
        wording.base("saved", &send(&mut ada, &role, &[("role", "admin")]).await);
        wording.state("unchanged", &send(&mut ada, &role, &[("role", "admin")]).await);
        wording.state("preview of the same role", &ada.get(&format!("{it}?role=admin")).await);
        wording.state("preview of another role", &ada.get(&format!("{it}?role=billing")).await);
        wording.state("preview of no role", &ada.get(&format!("{it}?role=none")).await);
        wording.state("saved: another role", &send(&mut ada, &role, &[("role", "billing")]).await);
        wording.state("saved: no role", &send(&mut ada, &role, &[("role", "none")]).await);
        app.world.db.sql("UPDATE members SET roles = 130 WHERE email = 'grace@acme.test'").await;
        wording.base("with a Super Admin", &ada.get(&it).await);
        wording.state("preview by an Admin", &admin.get(&format!("{it}?role=admin")).await);
        wording.state("saved by an Admin", &admin.post(&role, &[("role", "admin")]).await);
        app.world.operator().scim_turn_off("acme", "Acme").await.unwrap();
        wording.state("SCIM provisioning is off", &ada.get(&it).await);
        wording.check();
    }
}
