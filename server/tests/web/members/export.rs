//! The export of the list.

use super::{LIST, get, many};
use crate::{
    app::TestApp,
    db::{Db, on_both_engines},
};
use app::error::AppError;
use axum::{
    body::Body,
    http::{Method, StatusCode},
};
use domain::role::Role;
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;

on_both_engines! {
    async fn the_export_has_the_members_of_the_list(db: Db) {
        let app = many(db).await;
        app.add("acme", "=HYPERLINK(\"http://evil.test\"), \"x\"", "evil@acme.test", Role::Billing).await;
        let mut ada = app.ada().await;
        let csv = get(&mut ada, "/export").await;
        assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8; header=present");
        assert_eq!(csv.header("content-disposition"), "attachment; filename=\"acme-members.csv\"");
        let lines: Vec<&str> = csv.body.split_terminator("\r\n").collect();
        assert_eq!(lines.len(), 123);
        assert_eq!(lines[0], "\u{feff}Name,Email,User name,Roles,Roles from groups,Source,Status,Last sign-in,Groups,ID");
        let evil = "\"'=HYPERLINK(\"\"http://evil.test\"\"), \"\"x\"\"\",evil@acme.test,evil@acme.test,Billing,,Added manually,Active,,,";
        assert!(lines.iter().any(|line| line.starts_with(evil)), "{}", csv.body);
        let some = get(&mut ada, "/export?q=member+00&sort=newest").await;
        let names: Vec<&str> = some.body.lines().skip(1).map(|line| line.split(',').next().unwrap()).collect();
        assert_eq!(names.len(), 11);
        assert_eq!((names[0], names[10]), ("Member 100", "Member 000"));
    }

    async fn a_team_can_run_two_exports_at_a_time(db: Db) {
        let app = TestApp::new(db).await;
        app.team("globex", "Globex", "grace@globex.test").await;
        let mut ada = app.ada().await;
        let mut grace = app.signed_in("grace@globex.test").await;
        let members = format!("{LIST}/export");
        let activity = "/teams/acme/settings/activity/export";
        let bodies = [
            ada.fetch(ada.request(Method::GET, &members)).await.into_body(),
            ada.fetch(ada.request(Method::GET, activity)).await.into_body(),
        ];
        for path in [&members, activity] {
            let rejection = ada.get(path).await;
            assert_eq!(rejection.status.as_u16(), 429, "{path}");
            assert!(rejection.fails(AppError::TooManyExports(2)), "{}", rejection.body);
        }
        assert_eq!(grace.get("/teams/globex/settings/activity/export").await.status, StatusCode::OK);
        drop(bodies);
        for path in [&members, activity, &members] {
            assert_eq!(ada.get(path).await.status, StatusCode::OK, "{path}");
        }
        assert_eq!(app.state.exports().count(&app.world.team), 0);
    }

    async fn the_server_recovers_from_interrupted_exports(db: Db) {
        let app = TestApp::new(db).await;
        app.world.bulk(1_200).await;
        let mut ada = app.ada().await;
        for _ in 0..30 {
            let request = ada.request(Method::GET, &format!("{LIST}/export")).body(Body::empty()).unwrap();
            let mut body = app.router.clone().oneshot(request).await.unwrap().into_body();
            let part = body.frame().await.unwrap().unwrap().into_data().unwrap();
            assert!(part.starts_with("\u{feff}Name,Email".as_bytes()));
            drop(body);
        }
        assert_eq!(get(&mut ada, "").await.status, StatusCode::OK);
        let full_export = get(&mut ada, "/export").await;
        assert_eq!(full_export.body.lines().count(), 1_202);
    }
}
