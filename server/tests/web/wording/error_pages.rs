//! What cannot be shown, and why: in the frame of a team, and alone.

use super::Wording;
use crate::{
    app::{PAGE, TestApp},
    db::{Db, on_both_engines},
};
use axum::{
    body::Body,
    http::{Method, header},
};
use domain::role::Role;

on_both_engines! {
    async fn error_pages(db: Db) {
        let mut wording = Wording::of("error_pages");
        let app = TestApp::new(db).await;
        let mut ada = app.ada().await;
        wording.full("not found", &app.browser().get("/nowhere").await);
        wording.full("not found, in a team", &ada.get("/teams/acme/settings/nothing").await);
        wording.full("no such member", &ada.get("/teams/acme/settings/members/nobody").await);
        wording.full("no such group", &ada.get("/teams/acme/settings/groups/nothing").await);
        wording.full("a wrong method", &app.browser().get("/sign-out").await);
        wording.full("unreadable", &ada.post("/api/scim/turn-on", &[]).await);
        wording.full("too large", &ada.send(ada.form("/sign-in").header(header::ACCEPT, PAGE), Body::from(vec![b'a'; 100_000])).await);
        let encoded = ada.form("/sign-in").header(header::CONTENT_ENCODING, "gzip").header(header::ACCEPT, PAGE);
        wording.full("encoded", &ada.send(encoded, Body::from("email=ada")).await);
        let other_site = ada.request(Method::POST, "/sign-out").header("sec-fetch-site", "cross-site").header(header::ACCEPT, PAGE);
        wording.full("from another site", &ada.send(other_site, Body::empty()).await);
        let exports = [
            ada.fetch(ada.request(Method::GET, "/teams/acme/settings/members/export")).await,
            ada.fetch(ada.request(Method::GET, "/teams/acme/settings/members/export")).await,
        ];
        wording.full("too many exports", &ada.get("/teams/acme/settings/members/export").await);
        drop(exports);
        let mut developer = app.signed_in(&app.member(Role::Developer).await).await;
        app.add("acme", "Grace Hopper", "grace@acme.test", Role::Admin).await;
        wording.full("Authentication, a Developer", &developer.get("/teams/acme/settings/authentication").await);
        wording.full("Activity, a Developer", &developer.get("/teams/acme/settings/activity").await);
        wording.full("a member, a Developer", &developer.get(&format!("/teams/acme/settings/members/{}", app.world.ada)).await);
        app.world.store().close().await;
        wording.full("without a database", &ada.get("/teams/acme/settings/members").await);
        wording.check();
    }
}
