//! The data of pages.

use crate::{
    app::TestApp,
    db::{Db, on_both_engines},
};
use domain::role::Role;

on_both_engines! {
    async fn the_start_page_redirects_to_sign_in_or_to_the_only_team(db: Db) {
        let app = TestApp::new(db).await;
        assert_eq!(app.browser().get("/").await.summary(), "303 /sign-in");
        assert_eq!(app.ada().await.get("/").await.summary(), "303 /teams/acme");
    }

    async fn a_team_redirects_to_the_page_that_suits_the_role(db: Db) {
        let app = TestApp::new(db).await;
        let developer = app.member(Role::Developer).await;
        assert_eq!(app.ada().await.get("/teams/acme").await.summary(), "303 /teams/acme/settings/authentication");
        let mut developer = app.signed_in(&developer).await;
        assert_eq!(developer.get("/teams/acme/settings").await.summary(), "303 /teams/acme/account");
    }

    async fn the_authentication_page_has_the_team_the_methods_and_the_keys(db: Db) {
        let app = TestApp::on(db).await;
        app.world.key("Okta").await;
        let answer = app.ada().await.get("/teams/acme/settings/authentication").await;
        assert!(answer.body.contains("aria-checked=\"true\"") && answer.shows("https://rollcall.test/scim/v2"));
        assert!(answer.shows("Okta rc_scim_…") && answer.shows("Acme Enterprise"), "{}", answer.text());
        assert!(answer.body.contains(&format!("data-now=\"{}\"", app.world.now())));
    }

    async fn a_forbidden_page_names_the_admins_who_can_help(db: Db) {
        let app = TestApp::new(db).await;
        app.add("acme", "Bob Admin", "bob@acme.test", Role::Admin).await;
        let developer = app.member(Role::Developer).await;
        let mut developer = app.signed_in(&developer).await;
        for page in ["authentication", "activity"] {
            let answer = developer.get(&format!("/teams/acme/settings/{page}")).await;
            assert_eq!(answer.title().to_lowercase(), format!("{page} · acme"));
            for (name, email) in [("Ada Lovelace", "ada@acme.test"), ("Bob Admin", "bob@acme.test")] {
                assert!(answer.shows(&format!("{name} {email}")), "{}", answer.text());
            }
        }
    }

    async fn members_are_listed_by_name_in_pages_of_50(db: Db) {
        let app = TestApp::new(db).await;
        for number in 0..50 {
            app.add("acme", &format!("Member {number:02}"), &format!("m{number}@acme.test"), Role::Developer).await;
        }
        let mut ada = app.ada().await;
        let (first, last) = ("1–50 of 51", "51–51 of 51");
        for (query, range) in [("", first), ("?page=2", last), ("?page=9", last), ("?page=0", first)] {
            let answer = ada.get(&format!("/teams/acme/settings/members{query}")).await;
            assert!(answer.shows(range), "{query} {}", answer.text());
            assert_eq!(answer.shows("Member 49 m49@acme.test"), range == last, "{query}");
        }
    }

    async fn activity_is_listed_newest_first_in_pages_of_50(db: Db) {
        let app = TestApp::new(db).await;
        for number in 0..60 {
            app.add("acme", &format!("Member {number:02}"), &format!("m{number}@acme.test"), Role::Developer).await;
        }
        let mut ada = app.ada().await;
        let newest = ada.get("/teams/acme/settings/activity").await;
        assert!(newest.kinds()[0] == "signed_in" && newest.shows("Member 59") && newest.shows("Member 11") && !newest.shows("Member 10"));
        let before = app.world.log().await[49].id.to_string();
        assert!(newest.body.contains(&format!("?before={before}")));
        let older = ada.get(&format!("/teams/acme/settings/activity?before={before}")).await;
        assert!(older.shows("Member 10") && !older.shows("Member 11"));
    }

    async fn all_members_can_open_groups_and_general(db: Db) {
        let app = TestApp::new(db).await;
        let developer = app.member(Role::Developer).await;
        let mut developer = app.signed_in(&developer).await;
        for (page, title) in [("groups", "Groups · Acme"), ("general", "General · Acme")] {
            let answer = developer.get(&format!("/teams/acme/settings/{page}")).await;
            assert_eq!((answer.status.as_u16(), answer.title()), (200, title));
        }
    }
}
