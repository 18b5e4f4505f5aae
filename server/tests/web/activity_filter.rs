//! The log with filters, and its export.

use crate::{
    app::TestApp,
    db::{Db, on_both_engines},
};
use axum::http::Method;
use domain::{
    HOUR,
    activity::{ActivityActor, Entry},
    id::ActivityId,
    key::Expiry,
    role::Role,
    sso::{SsoChange, SsoFact, SsoFailure},
};
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use server::request_log;

/// A team in which people, the operator and two keys have made changes, some of which failed.
async fn busy(db: Db) -> TestApp {
    let app = TestApp::on(db).await;
    let mut keys = Vec::new();
    for name in ["Okta", "Entra"] {
        let response = app.world.ada().key_generate("acme", name, Expiry::Days365).await.unwrap();
        keys.push(response.key.expose().to_owned());
    }
    app.world.pass(2 * HOUR);
    let grace = json!({"userName": "grace@acme.test", "displayName": "Grace"});
    send(&app, Method::POST, "/Users", &keys[0], &grace).await;
    let off = json!({"Operations": [{"op": "replace", "value": {"active": false}}]});
    send(&app, Method::PATCH, &format!("/Users/{}", app.world.ada), &keys[0], &off).await;
    send(&app, Method::GET, "/Users/nobody", &keys[1], &Value::Null).await;
    send(&app, Method::GET, "/Users?count=1", &keys[1], &Value::Null).await;
    request_log::run(app.state.recorder.clone(), app.state.store.clone(), async {}).await;
    app
}

async fn send(app: &TestApp, method: Method, path: &str, key: &str, body: &Value) {
    app.scim(key, method, path, &body.to_string()).await;
}

/// The stable names of the exported lines, newest first.
async fn export(app: &TestApp, query: &str) -> Vec<String> {
    let answer = app.ada().await.get(&format!("/teams/acme/settings/activity/export{query}")).await;
    assert_eq!(answer.status.as_u16(), 200, "{}", answer.body);
    let lines = answer.body.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let name = |line: Value| line["change"]["what"].as_str().or(line["operation"].as_str()).unwrap().to_owned();
    // The reader's own sign-in and export are tested elsewhere.
    lines.map(name).filter(|name| !matches!(name.as_str(), "signed_in" | "activity_exported")).collect()
}

/// The id of a key.
async fn key_id(app: &TestApp, name: &str) -> String {
    app.world.keys().await.into_iter().find(|key| key.name == name).unwrap().id.to_string()
}

on_both_engines! {
    async fn the_log_is_filtered_by_actor_result_and_time(db: Db) {
        let app = busy(db).await;
        let names = export(&app, "").await;
        assert_eq!(names.len(), 12, "{names:?}");
        let entra = key_id(&app, "Entra").await;
        let okta = key_id(&app, "Okta").await;
        for (query, expected) in [
            ("?actor=providers", &["user_list", "user_get", "user_patch", "member_protected", "member_provisioned"][..]),
            (&format!("?actor=key:{entra}"), &["user_list", "user_get"]),
            (&format!("?actor=key:{okta}"), &["user_patch", "member_protected", "member_provisioned"]),
            (&format!("?actor=key:{okta}&result=changes"), &["member_provisioned"]),
            ("?actor=key:nobody", &[]),
            ("?actor=key:%25'%22", &[]),
            ("?actor=people&within=hour", &[]),
            ("?actor=person:Ada+Lovelace", &["key_generated", "key_generated"]),
            ("?actor=person:ada+lovelace", &[]),
            ("?actor=person:%00", &[]),
            ("?actor=rollcall", &[]),
            ("?result=failures", &["user_get", "user_patch", "member_protected"]),
            ("?result=failures&actor=person:Ada+Lovelace", &[]),
            ("?result=changes&within=hour", &["member_provisioned"]),
            ("?within=hour", &["user_list", "user_get", "user_patch", "member_protected", "member_provisioned"]),
        ] {
            let mut results = export(&app, query).await;
            let mut expected: Vec<String> = expected.iter().map(|&name| name.to_owned()).collect();
            // Within one millisecond, a request and its rejected change can have any order.
            results.sort();
            expected.sort();
            assert_eq!(results, expected, "{query}");
        }
        let people = export(&app, "?actor=people").await;
        let operator = export(&app, "?actor=operator").await;
        assert_eq!((people.len(), operator.len()), (7, 5), "{people:?}");
        assert_eq!(export(&app, "?actor=nonsense&result=x&within=y").await, names);
    }

    async fn the_page_keeps_the_filter(db: Db) {
        let app = busy(db).await;
        let mut ada = app.ada().await;
        let page = ada.get("/teams/acme/settings/activity?actor=person%3AAda+Lovelace&within=week").await;
        assert!(page.body.contains("<option value=\"person:Ada Lovelace\" selected"), "{}", page.body);
        assert!(page.body.contains("<option value=\"week\" selected"), "{}", page.body);
        assert!(page.body.contains("/activity/export?actor=person%3AAda"), "{}", page.body);
        assert_eq!(page.kinds(), ["signed_in", "key_generated", "key_generated"], "{}", page.text());
        assert!(page.body.contains("href=\"/teams/acme/settings/activity\""), "{}", page.body);
        let page = ada.get("/teams/acme/settings/activity?result=failures").await;
        let [protected] = &page.events("member_protected")[..] else { panic!("{:?}", page.kinds()) };
        let why = domain::member::MemberDenial::LastSuperAdmin.to_string();
        assert!(protected.contains("Ada Lovelace") && protected.contains(&why), "{protected}");
        let page = ada.get("/teams/acme/settings/activity?actor=person%3A%3Cb%3ENobody&result=changes").await;
        assert!(page.state("empty").as_deref() == Some("no-match") && !page.body.contains("<b>Nobody"), "{}", page.text());
        let page = ada.get("/teams/acme/settings/activity?actor=key%3Ax").await;
        assert!(page.body.contains("<option value=\"key:x\" selected"), "{}", page.text());
        let long = "x".repeat(10_000);
        assert_eq!(ada.get(&format!("/teams/acme/settings/activity?actor=person%3A{long}")).await.status.as_u16(), 200);
    }

    async fn a_failed_sso_sign_in_is_a_failure_and_is_found_by_its_code(db: Db) {
        let app = TestApp::on(db).await;
        let team = app.world.store().team_by_slug("acme").await.unwrap().unwrap().id;
        let okta = || "Okta".to_owned();
        let (reference, subject) = ("7Q2F-K81D".to_owned(), Some("00u1".to_owned()));
        let facts = vec![SsoFact { check: "aud".into(), expected: Some("client-1".into()), received: Some("<b>".into()) }];
        for (number, change) in [
            SsoChange::SsoSignedIn { method: okta() },
            SsoChange::SsoSteppedUp { method: okta() },
            SsoChange::SsoSignInFailed { method: okta(), failure: SsoFailure::NotForUs, reference, subject, facts },
        ]
        .into_iter()
        .enumerate()
        {
            app.world.pass(1_000);
            let entry = Entry {
                id: ActivityId::new(format!("019e0000-0000-7000-8000-00000000000{number}")),
                at: app.world.now(),
                actor: ActivityActor::System,
                address: None,
                request: None,
                member: None,
                change: change.into(),
            };
            app.world.store().activity_add(&team, &entry).await.unwrap();
        }
        assert_eq!(export(&app, "?result=failures").await, ["sso_sign_in_failed"]);
        assert_eq!(export(&app, "?result=succeeded&actor=rollcall").await, ["sso_stepped_up", "sso_signed_in"]);
        assert!(export(&app, "?result=changes&actor=rollcall").await.is_empty());
        let mut ada = app.ada().await;
        for code in ["not-for-us+7Q2F-K81D", "7q2f-k81d"] {
            let page = ada.get(&format!("/teams/acme/settings/activity?member={code}")).await;
            assert_eq!(page.kinds(), ["sso_sign_in_failed"], "{code}: {}", page.text());
            assert!(page.body.contains("data-tone=\"danger\"") && !page.body.contains("<b><b>"), "{}", page.body);
            assert!(page.body.contains("not-for-us 7Q2F-K81D") && page.body.contains("&lt;b&gt;"), "{}", page.body);
        }
    }

    async fn older_pages_keep_the_filter(db: Db) {
        let app = TestApp::on(db).await;
        for _ in 0..30 {
            app.world.ada().scim_turn_off("acme", "Acme").await.unwrap();
            app.world.ada().scim_turn_on("acme").await.unwrap();
        }
        let mut ada = app.ada().await;
        let page = ada.get("/teams/acme/settings/activity?actor=people&result=changes").await;
        assert_eq!(page.kinds().len(), 50, "{}", page.text());
        let start = page.body.find("/teams/acme/settings/activity?actor=people&amp;result=changes&amp;before=").unwrap();
        let link = page.body[start..].split('"').next().unwrap().replace("&amp;", "&");
        let older = ada.get(&link).await;
        assert_eq!(older.kinds().len(), 15, "{}", older.text());
        assert!(older.body.contains("href=\"/teams/acme/settings/activity?actor=people&amp;result=changes\""), "{}", older.body);
        assert_eq!(export(&app, "?actor=person:Ada+Lovelace").await.len(), 60);
    }

    async fn an_export_is_a_file_of_lines_without_secrets(db: Db) {
        let app = busy(db).await;
        let key = app.world.ada().key_generate("acme", "Third", Expiry::Never).await.unwrap();
        let answer = app.ada().await.get("/teams/acme/settings/activity/export").await;
        assert_eq!(answer.header("content-type"), "application/x-ndjson; charset=utf-8");
        assert_eq!(answer.header("content-disposition"), "attachment; filename=\"acme-activity.ndjson\"");
        assert_eq!(answer.header("cache-control"), "no-store");
        // The newest line is Ada's sign-in.
        let first: Value = serde_json::from_str(answer.body.lines().nth(1).unwrap()).unwrap();
        assert_eq!(first["kind"], "change");
        assert_eq!(first["actor"]["member"]["name"], "Ada Lovelace");
        assert_eq!(first["change"]["name"], "Third");
        assert!(!answer.body.contains(key.key.expose()) && !answer.body.contains(&key.key.expose()[21..]));
    }

    async fn an_export_has_many_parts_and_ends_with_its_reader(db: Db) {
        let app = TestApp::on(db).await;
        app.world.db.sql(
            "INSERT INTO activity (id, team_id, at, actor, address, kind, body, request_id) \
             WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 6000) \
             SELECT '019e0000-0000-7000-8000-' || substr('000000000000' || i, -12), team_id, at, actor, address, kind, \
             body, NULL FROM n, (SELECT * FROM activity LIMIT 1) AS one"
                .replace("substr('000000000000' || i, -12)", if app.world.db.is_sqlite() {
                    "substr('000000000000' || i, -12)"
                } else {
                    "lpad(i::text, 12, '0')"
                })
                .as_str(),
        )
        .await;
        let before = app.world.log().await.len();
        let ids = |body: &str| -> Vec<String> {
            body.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["id"].to_string()).collect()
        };
        let mut ada = app.ada().await;
        let full_export = ada.get("/teams/acme/settings/activity/export").await;
        let ids = ids(&full_export.body);
        assert!(ids.len() >= 6_000 && ids.len() >= before, "{}", ids.len());
        assert!(ids.iter().rev().is_sorted(), "each line once, the newest first");
        // A disconnected reader ends only its own export.
        for _ in 0..40 {
            let request = ada.request(Method::GET, "/teams/acme/settings/activity/export");
            let mut body = ada.fetch(request).await.into_body();
            assert!(body.frame().await.unwrap().is_ok());
            drop(body);
        }
        assert_eq!(ada.get("/teams/acme/settings/activity").await.status.as_u16(), 200);
    }

    async fn only_admins_can_export_the_log(db: Db) {
        let app = busy(db).await;
        let email = app.member(Role::Developer).await;
        let answer = app.signed_in(&email).await.get("/teams/acme/settings/activity/export").await;
        assert_eq!(answer.status.as_u16(), 403);
        assert!(!answer.body.contains("key_generated"), "{}", answer.body);
    }
}
