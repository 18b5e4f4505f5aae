//! The log of one member: the filter, the member's page, and the differences of a change.

use crate::{
    app::TestApp,
    db::{Db, on_both_engines},
};
use axum::http::Method;
use domain::role::Role;
use serde_json::{Value, json};
use server::request_log;

async fn send(app: &TestApp, key: &str, method: Method, path: &str, body: &Value) -> Value {
    let answer = app.scim(key, method, path, &body.to_string()).await;
    serde_json::from_str(&answer.body).unwrap_or_default()
}

/// A team in which Grace was created, changed and read. Alan is another member.
async fn busy(db: Db) -> (TestApp, String) {
    let app = TestApp::on(db).await;
    let key = app.key("Okta").await;
    let mut ids = Vec::new();
    for (user, name) in [("grace@acme.test", "Grace Hopper"), ("alan@acme.test", "Alan Turing")] {
        app.world.pass(1_000);
        let response = send(
            &app,
            &key,
            Method::POST,
            "/Users",
            &json!({"userName": user, "displayName": name, "title": "Rear Admiral"}),
        )
        .await;
        ids.push(response["id"].as_str().unwrap().to_owned());
    }
    let grace = format!("/Users/{}", ids[0]);
    app.world.pass(1_000);
    let operations = json!({"Operations": [
        {"op": "replace", "path": "title", "value": "<b>Commodore</b>"},
        {"op": "add", "path": "name", "value": {"givenName": "Grace"}},
        {"op": "replace", "value": {"password": "CANARY"}},
    ]});
    send(&app, &key, Method::PATCH, &grace, &operations).await;
    app.world.pass(1_000);
    send(
        &app,
        &key,
        Method::PATCH,
        &grace,
        &json!({"Operations": [{"op": "replace", "path": "userName", "value": ""}]}),
    )
    .await;
    app.world.pass(1_000);
    send(&app, &key, Method::GET, &grace, &Value::Null).await;
    request_log::run(app.state.recorder.clone(), app.state.store.clone(), async {}).await;
    (app, ids.remove(0))
}

/// The stable names of the exported lines, newest first.
async fn export(app: &TestApp, query: &str) -> Vec<String> {
    let answer = app.ada().await.get(&format!("/teams/acme/settings/activity/export?{query}")).await;
    assert_eq!(answer.status.as_u16(), 200, "{}", answer.body);
    let lines = answer.body.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let name = |line: Value| line["change"]["what"].as_str().or(line["operation"].as_str()).unwrap().to_owned();
    // The reader's own sign-in and export are tested elsewhere.
    lines.map(name).filter(|name| !matches!(name.as_str(), "signed_in" | "activity_exported")).collect()
}

on_both_engines! {
    async fn a_member_is_found_by_id_name_or_email(db: Db) {
        let (app, grace) = busy(db).await;
        let names = ["user_get", "user_patch", "member_updated", "member_provisioned"];
        for search in [grace.as_str(), "grace%40acme.test", "GRACE@acme.test", "Grace+Hopper", "%20grace%20hopper%20"] {
            assert_eq!(export(&app, &format!("member={search}")).await, names, "{search}");
        }
        assert_eq!(export(&app, "member=grace@acme.test&result=failures").await, ["user_patch"]);
        assert_eq!(export(&app, "member=grace@acme.test&result=changes&actor=providers").await, ["member_updated", "member_provisioned"]);
        assert_eq!(export(&app, "member=grace@acme.test&actor=people").await, [""; 0]);
        assert_eq!(export(&app, "member=ada@acme.test").await, ["member_added"]);
        for nobody in ["nobody", "%25", "'", "%00", "_", &"x".repeat(10_000)] {
            assert_eq!(export(&app, &format!("member={nobody}")).await, [""; 0], "{nobody}");
        }
        let page = app.ada().await.get(&format!("/teams/acme/settings/activity?member={grace}")).await;
        assert_eq!(page.value("member").as_deref(), Some("grace@acme.test"), "people read no ids");
        assert_eq!(page.kinds(), names, "{}", page.text());
        let none = app.ada().await.get("/teams/acme/settings/activity?member=%3Cnobody%3E").await;
        assert!(none.state("empty").as_deref() == Some("no-match") && none.value("member").as_deref() == Some("<nobody>"), "{}", none.text());
    }

    async fn a_member_of_another_team_is_not_found(db: Db) {
        let (app, grace) = busy(db).await;
        app.team("globex", "Globex", "grace@globex.test").await;
        let mut other = app.signed_in("grace@globex.test").await;
        for search in [grace.as_str(), "grace@acme.test"] {
            let page = other.get(&format!("/teams/globex/settings/activity?member={search}")).await;
            assert!(page.kinds().is_empty(), "{}", page.text());
        }
    }

    async fn removed_members_are_found_by_their_entries(db: Db) {
        let (app, grace) = busy(db).await;
        app.world.operator().scim_turn_off("acme", "Acme").await.unwrap();
        app.world.pass(1_000);
        app.world.ada().member_remove("acme", &domain::id::MemberId::new(&grace)).await.unwrap();
        assert_eq!(export(&app, "member=grace@acme.test").await[0], "member_deleted");
        assert_eq!(export(&app, &format!("member={grace}")).await[0], "member_deleted");
    }

    async fn the_page_of_a_member_has_the_newest_lines(db: Db) {
        let (app, grace) = busy(db).await;
        let mut ada = app.ada().await;
        let path = format!("/teams/acme/settings/members/{grace}");
        let page = ada.get(&path).await;
        for kind in ["member_provisioned", "member_updated"] {
            let [event] = &page.events(kind)[..] else { panic!("{kind}: {:?}", page.kinds()) };
            assert!(event.contains("Okta via key Okta ") && event.contains("Grace Hopper"), "{event}");
        }
        assert!(page.shows("400 Bad Request"), "{}", page.text());
        assert!(!page.shows("Alan Turing"), "{}", page.text());
        assert!(page.body.contains(&format!("href=\"/teams/acme/settings/activity?member={grace}\"")), "{}", page.body);
        let own = ada.get(&format!("/teams/acme/settings/members/{}", app.world.ada)).await;
        assert!(own.events("member_added")[0].contains("Ada Lovelace"), "{}", own.text());
        let email = app.member(Role::Billing).await;
        app.world.db.sql(&format!("UPDATE activity SET member_id = NULL WHERE body LIKE '%{}%'", Role::Billing.label())).await;
        let id = app.id(&email).await;
        let fresh = ada.get(&format!("/teams/acme/settings/members/{id}")).await;
        assert!(fresh.kinds().is_empty() && fresh.part("empty").is_some(), "{}", fresh.text());
    }

    async fn manual_changes_are_found_by_member(db: Db) {
        let (app, grace) = busy(db).await;
        let id = domain::id::MemberId::new(&grace);
        app.world.pass(1_000);
        let change = server::service::RoleEdit::Give(Role::Billing);
        app.world.ada().members_change_roles("acme", std::slice::from_ref(&id), change).await.unwrap();
        assert_eq!(export(&app, &format!("member={grace}&actor=people")).await, ["member_roles_changed"]);
    }

    async fn a_change_has_the_old_and_the_new_values(db: Db) {
        let (app, _) = busy(db).await;
        let page = app.ada().await.get("/teams/acme/settings/activity?result=changes").await;
        assert!(page.shows("Title Rear Admiral <b>Commodore</b>"), "{}", page.text());
        assert!(page.shows("Given name Nothing Grace"), "{}", page.text());
        assert!(!page.body.contains("<b>Commodore") && !page.body.contains("CANARY"));
        let export = app.ada().await.get("/teams/acme/settings/activity/export").await;
        assert!(export.body.contains(r#""was":"Rear Admiral""#) && !export.body.contains("CANARY"), "{}", export.body);
    }
}
