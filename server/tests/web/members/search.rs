//! Search and filters of the list.

use super::{get, group, many};
use crate::{
    app::TestApp,
    db::{Db, on_both_engines},
};
use axum::http::StatusCode;
use domain::role::Role;

on_both_engines! {
    async fn search_and_filters_are_in_the_address(db: Db) {
        let app = many(db).await;
        app.member(Role::Admin).await;
        let mut ada = app.ada().await;
        let search = get(&mut ada, "?q=MEMBER+1&status=active&source=&role=developer&sort=name").await;
        assert!(search.shows("39 members") && search.shows("Member 119") && !search.shows("Ada Lovelace ada@acme.test"), "{}", search.text());
        assert_eq!(search.value("q").as_deref(), Some("MEMBER 1"));
        assert!(search.body.contains("<option value=\"developer\" selected"), "{}", search.body);
        assert!(search.body.contains("/export?q=MEMBER%201&amp;status=active&amp;role=developer\""));
        let wide = get(&mut ada, "?q=m").await;
        let next = wide.href("Next page");
        assert!(next.contains("q=m&page=2&after="), "{next}");
        assert!(ada.get(&next).await.shows("51–100 of 12"));
        let none = get(&mut ada, "?q=nobody+at+all").await;
        assert_eq!((none.parts("member").len(), none.state("empty").as_deref()), (0, Some("no-match")), "{}", none.text());
        assert!(none.body.contains("href=\"/teams/acme/settings/members\""));
        assert_eq!(none.status, StatusCode::OK);
        let admins = get(&mut ada, "?role=admin").await;
        assert!(admins.shows("1 member") && admins.shows("admin@acme.test"));
    }

    async fn unusual_search_texts_match_no_member(db: Db) {
        let app = TestApp::new(db).await;
        let mut ada = app.ada().await;
        for search in ["%22%27%3B--", "%25%25%25", "%5C%5C", "_", "%00", "%ff", "%3Cscript%3E", "%F0%9F%98%80"] {
            let answer = get(&mut ada, &format!("?q={search}")).await;
            assert_eq!(answer.status, StatusCode::OK, "{search}");
            assert_eq!(answer.state("empty").as_deref(), Some("no-match"), "{search}: {}", answer.text());
            assert!(!answer.body.contains("<script>"), "{search}");
        }
        let long = get(&mut ada, &format!("?q={}", "a".repeat(10_000))).await;
        assert_eq!((long.status, long.value("q").unwrap().len()), (StatusCode::OK, 255));
    }

    /// A large team is searched in memory. The results are the same, and so are their pages.
    async fn a_large_team_is_searched_in_memory(db: Db) {
        let app = TestApp::new(db).await;
        app.world.bulk(5_500).await;
        let mut ada = app.ada().await;
        let queries = ["?q=K+0000", "?q=bulk+001", "?q=bulk+001&sort=newest&page=2", "?q=001+bulk&status=active", "?q=001&role=admin", "?role=admin&sort=-email", "?status=invited", "?q=nobody", "?q=%00"];
        let mut before = Vec::new();
        for query in queries {
            before.push(get(&mut ada, query).await.text());
        }
        while !app.state.store.member_index_read(&app.world.team).await.unwrap() {
            tokio::task::yield_now().await;
        }
        for (query, before) in queries.iter().zip(before) {
            assert_eq!(get(&mut ada, query).await.text(), before, "{query}");
        }
        let first = get(&mut ada, "?q=bulk+001&source=directory").await;
        assert!(first.shows("1–50 of 116") && first.shows("Bulk 00138"), "{}", first.text());
        assert!(ada.get(&first.href("Next page")).await.shows("51–100 of 116"));
        for sort in ["name", "-newest", "status"] {
            let many = get(&mut ada, &format!("?q=k+0&status=active&sort={sort}&page=100")).await;
            assert!(many.shows("4,951–5,000 of 5,500"), "{sort}: {}", many.text());
        }
        app.add("acme", "Bulk 00000 again", "again@acme.test", Role::Developer).await;
        assert!(get(&mut ada, "?q=bulk+00000").await.shows("Bulk 00000 again"));
    }

    async fn words_match_in_any_order(db: Db) {
        let app = TestApp::new(db).await;
        app.add("acme", "Aaliyah Abbott", "a.abbott@acme.test", Role::Developer).await;
        let mut ada = app.ada().await;
        for results in ["abbott+aaliyah", "++ABBOTT+acme.test+aal", "a.abb+aaliyah"] {
            assert!(get(&mut ada, &format!("?q={results}")).await.shows("1 member"), "{results}");
        }
        for search in ["abbott+lovelace", "abbott+%25", "%25+_"] {
            assert!(get(&mut ada, &format!("?q={search}")).await.part("empty").is_some(), "{search}");
        }
    }

    async fn the_browser_does_not_fill_in_filters(db: Db) {
        let app = TestApp::new(db).await;
        let bob = app.member(Role::Developer).await;
        group(&app, &bob, "IT", "billing").await;
        app.world.db.sql("UPDATE teams SET group_count = 1").await;
        let mut ada = app.ada().await;
        for page in ["members", "groups", "groups/g"] {
            let body = ada.get(&format!("/teams/acme/settings/{page}")).await.body;
            let forms: Vec<&str> = body.split("<form ").skip(1).filter_map(|form| form.split('>').next()).collect();
            let filters: Vec<_> = forms.into_iter().filter(|form| form.contains("method=\"get\"")).collect();
            assert!(!filters.is_empty(), "{page}");
            assert!(filters.iter().all(|form| form.contains("autocomplete=\"off\"")), "{page}: {filters:?}");
        }
    }
}
