//! The list of members: pages, order and lines.

use super::{LIST, get, group, many, page_of};
use crate::{
    app::{Answer, TestApp},
    db::{Db, on_both_engines},
};
use axum::http::StatusCode;
use domain::role::Role;

on_both_engines! {
    async fn a_page_links_to_its_neighbours_from_any_start(db: Db) {
        let app = many(db).await;
        let mut ada = app.ada().await;
        let first = get(&mut ada, "").await;
        assert!(first.shows("1–50 of 121"), "{}", first.text());
        let second = ada.get(&first.href("Next page")).await;
        assert!(second.shows("51–100 of 121") && second.shows("Member 049") && second.shows("Member 098"));
        let third = ada.get(&second.href("Next page")).await;
        assert!(third.shows("101–121 of 121") && third.shows("Member 119"), "{}", third.text());
        assert!(!third.shows("Member 098"));
        let back = ada.get(&third.href("Previous page")).await;
        assert_eq!(back.text(), second.text());
        assert!(ada.get(&back.href("Previous page")).await.shows("1–50 of 121"));
        let newest = get(&mut ada, "?sort=newest").await;
        assert!(newest.shows("Member 119") && !newest.shows("Member 000"));
        assert!(ada.get(&newest.href("Next page")).await.shows("Member 069"));
        let page_after_removed = get(&mut ada, "?page=2&after=nobody").await;
        assert!(page_after_removed.shows("51–100 of 121"), "a page that begins at a removed member");
    }

    async fn a_large_list_has_more_than_the_counted_members(db: Db) {
        let app = TestApp::new(db).await;
        app.world.bulk(1_100).await;
        let mut ada = app.ada().await;
        let first = get(&mut ada, "?source=directory").await;
        assert!(first.shows("1,100 members") && first.shows("1–50 of 1,100"), "a small team is counted: {}", first.text());
        app.world.db.sql("UPDATE teams SET member_count = 6000 WHERE slug = 'acme'").await;
        let first = get(&mut ada, "?source=directory").await;
        assert!(first.shows("1,000 members") && first.shows("1–50 of more") && !first.shows("1,100"), "{}", first.text());
        let mut page = get(&mut ada, "?source=directory&page=20").await;
        for range in ["951–1,000", "1,001–1,050", "1,051–1,100"] {
            assert!(page.shows(range), "{range}: {}", page.text());
            if range != "1,051–1,100" {
                page = ada.get(&page.href("Next page")).await;
            }
        }
        assert!(!page.body.contains("Page 23"), "nothing comes after the last");
        for (number, range) in [("21", "1,001–1,050 of 1,100"), ("22", "1,051–1,100 of 1,100"), ("900", "1,051–1,100 of 1,100")] {
            let form = get(&mut ada, &format!("?source=directory&page={number}")).await;
            assert!(form.shows(range), "{number}: {}", form.text());
        }
        app.world.db.sql("UPDATE teams SET member_count = 1101 WHERE slug = 'acme'").await;
        let last = get(&mut ada, "?page=23").await;
        assert!(last.shows("1,101–1,101 of 1,101") && last.shows("Bulk 01099"), "{}", last.text());
        assert!(get(&mut ada, "?page=22").await.shows("1,051–1,100 of 1,101"));
    }

    async fn a_column_can_be_sorted_in_both_directions_over_all_pages(db: Db) {
        let app = many(db).await;
        app.member(Role::Billing).await;
        app.world.db.sql("UPDATE members SET status = 'deactivated' WHERE email = 'm007@acme.test'; \
                          UPDATE members SET last_sign_in_at = 5000 WHERE email = 'm009@acme.test'").await;
        let mut ada = app.ada().await;
        for (sort, aria, first) in [
            ("name", "ascending", "Ada Lovelace"),
            ("-name", "descending", "Member 119"),
            ("role", "descending", "Ada Lovelace"),
            ("-role", "ascending", "Member 119"),
            ("status", "ascending", "Ada Lovelace"),
            ("-status", "descending", "Member 007"),
            ("last-sign-in", "descending", "Ada Lovelace"),
            ("-last-sign-in", "ascending", "Member 119"),
            ("email", "", "Ada Lovelace"),
            ("-email", "", "Member 119"),
            ("newest", "", "Billing"),
            ("-newest", "", "Ada Lovelace"),
        ] {
            let mut page = get(&mut ada, &format!("?sort={sort}")).await;
            let sorted = page.body.matches(" aria-sort=").count();
            assert_eq!(sorted, usize::from(!aria.is_empty()), "{sort}");
            assert!(aria.is_empty() || page.body.contains(&format!(" aria-sort=\"{aria}\"")), "{sort}");
            let mut names = names(&page);
            assert_eq!(names[0], first, "{sort}");
            for _ in 0..2 {
                page = ada.get(&page.href("Next page")).await;
                names.extend(self::names(&page));
            }
            let count = names.len();
            names.sort();
            names.dedup();
            assert_eq!((count, names.len()), (122, 122), "{sort}: each member once");
            let back = ada.get(&page.href("Previous page")).await;
            assert_eq!(self::names(&back).len(), 50, "{sort}");
        }
        let list = get(&mut ada, "?q=m&sort=role").await;
        assert!(list.body.contains(&format!("href=\"{LIST}?q=m&amp;sort=-role\"")), "{}", list.body);
    }

    async fn a_line_has_the_facts_of_its_member(db: Db) {
        let app = TestApp::on(db).await;
        for (name, email) in [("Chiara", "c@acme.test"), ("Daniel", "d@acme.test"), ("Emi", "e@acme.test")] {
            app.add("acme", name, email, Role::Developer).await;
        }
        let (team, chiara) = (app.world.team.to_string(), app.id("c@acme.test").await);
        for (id, name) in [("g1", "Design"), ("g2", "Engineering"), ("g3", "Support")] {
            app.world.db.sql(&format!(
                "INSERT INTO groups (id, team_id, display_name, display_name_key, member_count, created_at, updated_at) \
                 VALUES ('{id}', '{team}', '{name}', '{name}', 1, 1, 1); \
                 INSERT INTO group_members (team_id, group_id, member_id) SELECT team_id, '{id}', id FROM members WHERE id = '{chiara}'"
            )).await;
        }
        let mut ada = app.ada().await;
        let daniel = app.id("d@acme.test").await;
        assert_eq!(ada.post(&format!("{LIST}/{daniel}/deactivate"), &[]).await.status, StatusCode::SEE_OTHER);
        assert_eq!(ada.post(&format!("{LIST}/invite"), &[("email", "late@x.test"), ("as", "billing")]).await.status, StatusCode::OK);
        app.world.db.sql("UPDATE invites SET expires_at = 1; UPDATE members SET source = 'directory', break_glass = 1 WHERE email = 'e@acme.test'").await;
        let list = get(&mut ada, "").await;
        for words in [
            "Design, Engineering +1",
            "Ada Lovelace ada@acme.test Super Admin None Added manually",
            "Deactivated by Ada Lovelace, just now",
            "Invite expired",
            "Emi e@acme.test Break-glass",
        ] {
            assert!(list.shows(words), "{words}: {}", list.text());
        }
        let lead = list.part("lead").unwrap();
        assert!(lead.starts_with("Okta ") && lead.contains("1 of 5"), "{lead}");
        let reason = |id: &str| list.part(&format!("member.{id}.why"));
        let emi = app.id("e@acme.test").await;
        assert!(reason(&emi).is_some_and(|reason| reason.contains("Okta")), "{:?}", reason(&emi));
        assert!(reason(app.world.ada.as_str()).is_some(), "oneself");
        assert_eq!(reason(&chiara), None);
        assert!(list.body.contains("aria-label=\"Actions for Chiara\"") && list.body.contains(&format!("{chiara}?dialog=remove\"")));
        assert!(list.body.contains("?dialog=resend-invite\"") && list.body.contains(&format!("{daniel}?dialog=reactivate\"")));
    }

    async fn manual_roles_and_roles_of_groups_are_distinct(db: Db) {
        let app = TestApp::new(db).await;
        let bob = app.member(Role::Billing).await;
        group(&app, &bob, "IT", "admin").await;
        app.world.db.sql(&format!("UPDATE members SET group_roles = 32 WHERE email = '{bob}'")).await;
        let mut ada = app.ada().await;
        let list = get(&mut ada, "").await;
        assert!(list.shows("Admin from IT also Billing IT Added manually"), "{}", list.text());
        let page = ada.get(&page_of(&app, &bob).await).await;
        assert!(page.part("role-group").is_some_and(|role| role.starts_with("Admin ") && role.ends_with(" IT")), "{}", page.text());
        assert!(page.part("role-manual").is_some_and(|role| role.starts_with("Billing ")), "{}", page.text());
        assert!(page.shows("IT assigns Admin"));
    }
}

/// The names of the members on a page, in its order.
fn names(page: &Answer) -> Vec<String> {
    let labels = page.body.split("aria-label=\"Actions for ").skip(1);
    labels.filter_map(|label| label.split('"').next()).map(str::to_owned).collect()
}
