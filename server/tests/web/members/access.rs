//! Access to the Members page and its data.

use super::{LIST, get, page_of};
use crate::{
    app::TestApp,
    db::{Db, on_both_engines},
};
use axum::http::StatusCode;
use domain::role::Role;

on_both_engines! {
    async fn only_admins_see_who_is_break_glass(db: Db) {
        let app = TestApp::new(db).await;
        app.world.db.sql("UPDATE members SET break_glass = 1").await;
        let id = app.id("ada@acme.test").await;
        for role in [Role::Developer, Role::Billing] {
            let email = app.member(role).await;
            let mut reader = app.signed_in(&email).await;
            let queries = ["", "?q=ada", "?q=break-glass", "?status=active", "?role=super_admin", "?sort=role", "?page=2"];
            let mut paths: Vec<String> = queries.iter().map(|query| format!("{LIST}{query}")).collect();
            paths.extend([format!("{LIST}/{id}"), format!("{LIST}/export"), "/teams/acme/settings/general".to_owned()]);
            for path in paths {
                let body = reader.get(&path).await.body.to_lowercase();
                let data = body.replace("only a super admin can decide who is break-glass", "");
                assert!(!data.contains("break-glass</span>") && !data.contains("\"break_glass\":true"), "{role} {path}: {body}");
            }
        }
        assert!(get(&mut app.ada().await, "").await.shows("Break-glass"));
    }

    async fn only_admins_can_open_the_page_of_a_member(db: Db) {
        let app = TestApp::new(db).await;
        let developer = app.member(Role::Developer).await;
        let path = page_of(&app, &developer).await;
        let mut developer = app.signed_in(&developer).await;
        let list = get(&mut developer, "").await;
        assert!(!list.body.contains(&path) && !list.body.contains("/export"));
        assert!(list.body.contains("aria-disabled=\"true\" aria-describedby=\"lead\" aria-label=\"Actions for Ada Lovelace\""));
        assert!(list.body.contains("role=\"link\" aria-disabled=\"true\" aria-describedby=\"lead\" class=\"btn\">Export CSV"), "{}", list.body);
        assert_eq!(list.body.matches("value=\"give\" disabled").count(), 1);
        assert_eq!(list.body.matches("type=\"checkbox\"").count(), list.body.matches(" disabled aria-describedby=\"lead\" autocomplete").count());
        assert_ne!(list.part("lead"), get(&mut app.ada().await, "").await.part("lead"), "who may");
        assert_eq!(developer.get(&path).await.status, StatusCode::FORBIDDEN);
        app.team("globex", "Globex", "grace@globex.test").await;
        let mut grace = app.signed_in("grace@globex.test").await;
        let elsewhere = grace.get(&path.replace("acme", "globex")).await;
        let nowhere = grace.get("/teams/globex/settings/members/nobody").await;
        assert_eq!((elsewhere.status, elsewhere.text()), (StatusCode::NOT_FOUND, nowhere.text()));
    }
}
