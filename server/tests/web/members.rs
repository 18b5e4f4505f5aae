//! The Members page, the page of one member, what is done there, and the export.

use crate::{
    app::{Answer, Browser, TestApp},
    db::{Db, on_both_engines},
};
use axum::{
    body::Body,
    http::{Method, StatusCode},
};
use domain::{MINUTE, role::Role};
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;

const LIST: &str = "/teams/acme/settings/members";

async fn page_of(app: &TestApp, email: &str) -> String {
    format!("{LIST}/{}", app.id(email).await)
}

async fn get(browser: &mut Browser, query: &str) -> Answer {
    browser.get(&format!("{LIST}{query}")).await
}

/// Acme with 120 people beside Ada.
async fn many(db: Db) -> TestApp {
    let app = TestApp::new(db).await;
    app.people(120).await;
    app
}

on_both_engines! {
    async fn who_cannot_change_members_does_not_learn_who_is_break_glass(db: Db) {
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
        assert!(get(&mut app.ada().await, "").await.says("Break-glass"));
    }

    async fn a_page_leads_to_its_neighbours_wherever_it_begins(db: Db) {
        let app = many(db).await;
        let mut ada = app.ada().await;
        let first = get(&mut ada, "").await;
        assert!(first.says("1–50 of 121"), "{}", first.text());
        let second = ada.get(&first.href("Next page")).await;
        assert!(second.says("51–100 of 121") && second.says("Member 049") && second.says("Member 098"));
        let third = ada.get(&second.href("Next page")).await;
        assert!(third.says("101–121 of 121") && third.says("Member 119"), "{}", third.text());
        assert!(!third.says("Member 098"));
        let back = ada.get(&third.href("Previous page")).await;
        assert_eq!(back.text(), second.text());
        assert!(ada.get(&back.href("Previous page")).await.says("1–50 of 121"));
        let newest = get(&mut ada, "?sort=newest").await;
        assert!(newest.says("Member 119") && !newest.says("Member 000"));
        assert!(ada.get(&newest.href("Next page")).await.says("Member 069"));
        let gone = get(&mut ada, "?page=2&after=nobody").await;
        assert!(gone.says("51–100 of 121"), "a page that began at somebody who is gone");
    }

    async fn a_search_and_filters_stand_in_the_address(db: Db) {
        let app = many(db).await;
        app.member(Role::Admin).await;
        let mut ada = app.ada().await;
        let found = get(&mut ada, "?q=MEMBER+1&status=active&source=&role=developer&sort=name").await;
        assert!(found.says("39 members") && found.says("Member 119") && !found.says("Select Ada Lovelace"), "{}", found.text());
        assert_eq!(found.value("q").as_deref(), Some("MEMBER 1"));
        assert!(found.body.contains("<option value=\"developer\" selected"), "{}", found.body);
        assert!(found.body.contains("/export?q=MEMBER%201&amp;status=active&amp;role=developer\""));
        let wide = get(&mut ada, "?q=m").await;
        let next = wide.href("Next page");
        assert!(next.contains("q=m&page=2&after="), "{next}");
        assert!(ada.get(&next).await.says("51–100 of 12"));
        let none = get(&mut ada, "?q=nobody+at+all").await;
        assert!(none.says("No members match") && none.says("show all members"), "{}", none.text());
        assert_eq!(none.status, StatusCode::OK);
        let admins = get(&mut ada, "?role=admin").await;
        assert!(admins.says("1 member") && admins.says("admin@acme.test"));
    }

    async fn strange_searches_do_no_harm(db: Db) {
        let app = TestApp::new(db).await;
        let mut ada = app.ada().await;
        for search in ["%22%27%3B--", "%25%25%25", "%5C%5C", "_", "%00", "%ff", "%3Cscript%3E", "%F0%9F%98%80"] {
            let answer = get(&mut ada, &format!("?q={search}")).await;
            assert_eq!(answer.status, StatusCode::OK, "{search}");
            assert!(answer.says("No members match"), "{search}: {}", answer.text());
            assert!(!answer.body.contains("<script>"), "{search}");
        }
        let long = get(&mut ada, &format!("?q={}", "a".repeat(10_000))).await;
        assert_eq!((long.status, long.value("q").unwrap().len()), (StatusCode::OK, 255));
    }

    async fn more_than_can_be_counted_is_said(db: Db) {
        let app = TestApp::new(db).await;
        app.world.bulk(1_100).await;
        let mut ada = app.ada().await;
        let first = get(&mut ada, "?source=directory").await;
        assert!(first.says("1,100 members") && first.says("1–50 of 1,100"), "a small team is counted: {}", first.text());
        app.world.db.sql("UPDATE teams SET member_count = 6000 WHERE slug = 'acme'").await;
        let first = get(&mut ada, "?source=directory").await;
        assert!(first.says("More than 1,000 members") && first.says("1–50 of more than 1,000"), "{}", first.text());
        let mut page = get(&mut ada, "?source=directory&page=20").await;
        for range in ["951–1,000", "1,001–1,050", "1,051–1,100"] {
            assert!(page.says(range), "{range}: {}", page.text());
            if range != "1,051–1,100" {
                page = ada.get(&page.href("Next page")).await;
            }
        }
        assert!(!page.body.contains("Page 23"), "nothing comes after the last");
        for (number, range) in [("21", "1,001–1,050 of 1,100"), ("22", "1,051–1,100 of 1,100"), ("900", "1,051–1,100 of 1,100")] {
            let typed = get(&mut ada, &format!("?source=directory&page={number}")).await;
            assert!(typed.says(range), "{number}: {}", typed.text());
        }
        app.world.db.sql("UPDATE teams SET member_count = 1101 WHERE slug = 'acme'").await;
        let last = get(&mut ada, "?page=23").await;
        assert!(last.says("1,101–1,101 of 1,101") && last.says("Bulk 01099"), "{}", last.text());
        assert!(get(&mut ada, "?page=22").await.says("1,051–1,100 of 1,101"));
    }

    /// A large team is searched in memory; what is found is the same, and pages go on.
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
        assert!(first.says("1–50 of 116") && first.says("Bulk 00138"), "{}", first.text());
        assert!(ada.get(&first.href("Next page")).await.says("51–100 of 116"));
        for sort in ["name", "-newest", "status"] {
            let many = get(&mut ada, &format!("?q=k+0&status=active&sort={sort}&page=100")).await;
            assert!(many.says("4,951–5,000 of 5,500"), "{sort}: {}", many.text());
        }
        app.add("acme", "Bulk 00000 again", "again@acme.test", Role::Developer).await;
        assert!(get(&mut ada, "?q=bulk+00000").await.says("Bulk 00000 again"));
    }

    async fn roles_by_hand_and_by_groups_are_apart(db: Db) {
        let app = TestApp::new(db).await;
        let bob = app.member(Role::Billing).await;
        group(&app, &bob, "IT", "admin").await;
        app.world.db.sql(&format!("UPDATE members SET group_roles = 32 WHERE email = '{bob}'")).await;
        let mut ada = app.ada().await;
        let list = get(&mut ada, "").await;
        assert!(list.says("Admin from IT also Billing IT Added manually"), "{}", list.text());
        let page = ada.get(&page_of(&app, &bob).await).await;
        assert!(page.says("Admin , from group IT") && page.says("Billing , assigned manually"), "{}", page.text());
        assert!(page.says("IT assigns Admin"));
    }

    async fn only_those_who_may_change_members_open_them(db: Db) {
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
        assert!(list.says("Only Admins and Super Admins can make changes."));
        assert_eq!(developer.get(&path).await.status, StatusCode::FORBIDDEN);
        app.team("globex", "Globex", "grace@globex.test").await;
        let mut grace = app.signed_in("grace@globex.test").await;
        let elsewhere = grace.get(&path.replace("acme", "globex")).await;
        let nowhere = grace.get("/teams/globex/settings/members/nobody").await;
        assert_eq!((elsewhere.status, elsewhere.text()), (StatusCode::NOT_FOUND, nowhere.text()));
    }

    async fn a_member_as_the_directory_sent_them(db: Db) {
        let app = TestApp::on(db).await;
        let bob = app.member(Role::Developer).await;
        app.world.db.sql(&format!(
            "UPDATE members SET source = 'directory', document = '{{\"userName\":\"bob\",\"title\":\"<i>Clerk</i>\",\
             \"emails\":[{{\"value\":\"bob@x.test\",\"type\":\"work\"}}]}}' WHERE email = '{bob}'"
        )).await;
        let path = page_of(&app, &bob).await;
        let mut ada = app.ada().await;
        let page = ada.get(&path).await;
        for says in [
            "Managed by Okta through SCIM",
            "Title <i>Clerk</i>",
            "Developer , default",
            "Email bob@x.test (work)",
            "Okta manages this member through SCIM. Deactivate or remove them there, and the change applies here.",
            "Not signed in anywhere",
            "Not in any groups.",
        ] {
            assert!(page.says(says), "{says}: {}", page.text());
        }
        for action in ["deactivate", "reactivate", "remove"] {
            let refused = ada.post(&format!("{path}/{action}"), &[]).await;
            assert_eq!(refused.status, StatusCode::CONFLICT, "{action}");
            assert!(refused.says("Your identity provider manages this member. Deactivate or remove them there."), "{action}");
        }
        app.signed_in(&bob).await;
        assert!(ada.get(&path).await.says("Signed in"));
        let out = ada.post(&format!("{path}/sign-out"), &[]).await;
        assert_eq!(out.said(), format!("303 {path}?done=signed-out"));
        let page = ada.get(out.header("location")).await;
        assert!(page.says("Signed out everywhere.") && page.says("Not signed in anywhere"), "{}", page.text());
    }

    async fn a_member_is_changed_step_by_step(db: Db) {
        let app = TestApp::new(db).await;
        let bob = app.member(Role::Developer).await;
        let path = page_of(&app, &bob).await;
        let mut ada = app.ada().await;
        let roles = ada.post(&format!("{path}/roles"), &[("role", "admin"), ("role", "billing")]).await;
        assert_eq!(roles.said(), format!("303 {path}?done=roles-changed"));
        assert!(ada.get(&path).await.says("Admin , assigned manually"));
        let none = ada.post(&format!("{path}/roles"), &[("role", "owner")]).await;
        assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(none.says("Select at least one role.") && none.body.contains("id=\"roles\" open"), "{}", none.body);
        let mut his = app.signed_in(&bob).await;
        assert_eq!(ada.post(&format!("{path}/deactivate"), &[]).await.said(), format!("303 {path}?done=deactivated"));
        assert_eq!(his.get("/").await.said(), "303 /sign-in");
        let page = ada.get(&format!("{path}?done=deactivated")).await;
        assert!(page.says("Developer was deactivated and signed out everywhere."), "{}", page.text());
        assert_eq!(ada.post(&format!("{path}/reactivate"), &[]).await.said(), format!("303 {path}?done=reactivated"));
        let page = ada.get(&format!("{path}?done=reactivated")).await;
        assert!(page.says("Developer was reactivated and can sign in again."), "{}", page.text());
        app.signed_in(&bob).await;
        let removed = ada.post(&format!("{path}/remove"), &[]).await;
        assert_eq!(removed.said(), format!("303 {LIST}?done=removed"), "no name in the address");
        let list = ada.get(removed.header("location")).await;
        assert!(list.says("Developer was removed and signed out everywhere."), "{}", list.text());
        assert!(!ada.get(removed.header("location")).await.says("was removed"), "it is said once");
        assert_eq!(ada.get(&path).await.status, StatusCode::NOT_FOUND);
    }

    async fn what_nobody_may_do_is_said(db: Db) {
        let app = TestApp::new(db).await;
        let admin = app.member(Role::Admin).await;
        let ada_path = page_of(&app, "ada@acme.test").await;
        let (mut ada, mut admin_browser) = (app.ada().await, app.signed_in(&admin).await);
        let last = ada.post(&format!("{ada_path}/roles"), &[("role", "developer")]).await;
        assert_eq!(last.status, StatusCode::FORBIDDEN);
        assert!(last.says("last active Super Admin"), "{}", last.text());
        let ceiling = admin_browser.post(&format!("{ada_path}/sign-out"), &[]).await;
        assert_eq!(ceiling.status, StatusCode::FORBIDDEN);
        assert!(ceiling.says("Only a Super Admin"));
        let own = page_of(&app, &admin).await;
        let own_page = admin_browser.get(&own).await;
        assert!(own_page.says("You can't deactivate or remove yourself. Ask another Admin or Super Admin."), "{}", own_page.text());
        assert_eq!(admin_browser.post(&format!("{own}/remove"), &[]).await.status, StatusCode::CONFLICT);
    }

    async fn what_was_chosen_comes_back_after_proving_who_it_is(db: Db) {
        let app = TestApp::new(db).await;
        let bob = app.member(Role::Developer).await;
        let (path, bob) = (page_of(&app, &bob).await, app.id(&bob).await);
        let mut ada = app.ada().await;
        app.world.pass(16 * MINUTE);
        let asked = ada.post(&format!("{path}/roles"), &[("role", "admin")]).await;
        assert!(asked.said().starts_with("303 /teams/acme/verify?next="), "{}", asked.said());
        let verify = ada.get(asked.header("location")).await;
        let next = verify.value("next").unwrap();
        assert_eq!(next, format!("{path}?dialog=roles&role=admin"));
        let back = ada.get(&next).await;
        assert!(back.body.contains("id=\"roles\" open") && back.body.contains("value=\"admin\" checked"), "{}", back.body);
        let several = [("member", bob.as_str()), ("role", "billing"), ("do", "give"), ("query", "q=dev")];
        let asked = ada.post(&format!("{LIST}/roles"), &several).await;
        let verify = ada.get(asked.header("location")).await;
        let back = ada.get(&verify.value("next").unwrap()).await;
        assert!(back.body.contains(&format!("value=\"{bob}\" checked")), "{}", back.body);
        assert!(back.body.contains("<option value=\"billing\" selected"));
    }

    async fn several_are_given_a_role_at_once(db: Db) {
        let app = TestApp::new(db).await;
        let (one, two) = (app.member(Role::Developer).await, app.member(Role::Billing).await);
        let (one, two) = (app.id(&one).await, app.id(&two).await);
        let mut ada = app.ada().await;
        let path = format!("{LIST}/roles");
        let mut form = vec![("member", one.as_str()), ("member", &two), ("role", "admin"), ("do", "give"), ("query", "status=active")];
        let asked = ada.post(&path, &form).await;
        let to = asked.header("location").to_owned();
        assert_eq!(to, format!("{LIST}?status=active&member={one}&member={two}&chosen=admin&dialog=several&do=give"));
        let ask = ada.get(&to).await;
        assert!(ask.says("Assign Admin to 2 members?") && ask.says("Developer : becomes Admin"), "{}", ask.text());
        assert!(!get(&mut ada, "?role=admin").await.says("2 members"), "nothing was changed yet");
        form.push(("sure", "yes"));
        let done = ada.post(&path, &form).await;
        assert_eq!(done.said(), format!("303 {LIST}?status=active&changed=2&chosen=admin&done=roles-changed"));
        let list = ada.get(done.header("location")).await;
        assert!(list.says("Roles changed for 2 members. They take effect right away.") && list.says("Admin also Billing"), "{}", list.text());
        assert!(list.body.contains("<option value=\"admin\" selected"), "the role stays chosen");
        let again = ada.post(&path, &form).await;
        let unchanged = "No changes. The selected members' roles were already set that way.";
        assert!(again.status == StatusCode::OK && again.notes(unchanged), "{}", again.text());
        form.pop();
        let asked = ada.post(&path, &form).await;
        let asked = ada.get(asked.header("location")).await;
        assert!(asked.notes(unchanged) && !asked.body.contains("id=\"several\""), "nothing to ask about: {}", asked.text());
        let own = app.id("ada@acme.test").await;
        let mut take = vec![("member", one.as_str()), ("member", &own), ("role", "super_admin"), ("do", "take")];
        let ask = ada.post(&path, &take).await;
        let ask = ada.get(ask.header("location")).await;
        assert!(ask.says("Some of these members can't be changed, so no one will be. Deselect them and try again."), "{}", ask.text());
        assert!(ask.says("Ada Lovelace : This is the team's last active Super Admin"), "{}", ask.text());
        assert!(!ask.body.contains("id=\"several\"") && ask.body.contains(&format!("value=\"{own}\" checked")), "to deselect them");
        take.push(("sure", "yes"));
        let refused = ada.post(&path, &take).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        assert!(refused.says("Ada Lovelace wasn't changed.") && refused.says("No one was changed."), "{}", refused.text());
        assert!(refused.body.contains(&format!("value=\"{one}\" checked")) && refused.body.contains("<option value=\"super_admin\" selected"));
        let nobody = ada.post(&path, &[("role", "admin"), ("do", "give")]).await;
        assert_eq!(nobody.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(nobody.says("Select at least one member."));
        for role in [&[][..], &[("role", "owner")]] {
            let unknown = ada.post(&path, &[&[("member", one.as_str()), ("do", "give")], role].concat()).await;
            assert_eq!(unknown.status, StatusCode::UNPROCESSABLE_ENTITY, "as in the browser");
            assert!(unknown.says("Choose one of the options.") && unknown.body.contains(&format!("value=\"{one}\" checked")));
        }
        assert_eq!(ada.post(&path, &[("member", &one), ("role", "admin")]).await.status, StatusCode::BAD_REQUEST);
        for role in ["admin", "billing"] {
            let gone = ada.post(&path, &[("member", "forged"), ("member", &one), ("role", role), ("do", "give")]).await;
            assert_eq!(gone.status, StatusCode::NOT_FOUND);
            assert!(gone.says("One of the selected members is no longer in the team, so no one was changed. The others are still selected."), "{}", gone.text());
            assert!(gone.body.contains(&format!("value=\"{one}\" checked")), "the others stay chosen");
        }
    }

    async fn who_falls_back_and_who_keeps_a_role_is_said_before(db: Db) {
        let app = TestApp::new(db).await;
        let falls = app.member(Role::Admin).await;
        app.add("acme", "Grace Hopper", "grace@acme.test", Role::Admin).await;
        group(&app, "grace@acme.test", "IT", "admin").await;
        app.world.db.sql("UPDATE members SET group_roles = 32 WHERE email = 'grace@acme.test'").await;
        let (falls, keeps) = (app.id(&falls).await, app.id("grace@acme.test").await);
        let billing = app.member(Role::Billing).await;
        let same = app.id(&billing).await;
        let mut ada = app.ada().await;
        let form = [("member", falls.as_str()), ("member", &keeps), ("member", &same), ("role", "admin"), ("do", "take")];
        let ask = ada.post(&format!("{LIST}/roles"), &form).await;
        let ask = ada.get(ask.header("location")).await;
        for says in [
            "Remove Admin from 2 members?",
            "Admin : is no longer Admin, and becomes Developer",
            "Grace Hopper : keeps Admin through the group IT",
            "Not assigned Admin manually: Billing",
        ] {
            assert!(ask.says(says), "{says}: {}", ask.text());
        }
    }

    async fn an_admin_makes_no_super_admins(db: Db) {
        let app = TestApp::new(db).await;
        let (admin, bob) = (app.member(Role::Admin).await, app.member(Role::Developer).await);
        let bob = app.id(&bob).await;
        let mut admin = app.signed_in(&admin).await;
        let list = get(&mut admin, "").await;
        assert!(list.body.contains("<option value=\"super_admin\" disabled"), "{}", list.body);
        assert!(list.says("Only a Super Admin can assign or remove Super Admin.") && list.says("Only a Super Admin can change a Super Admin."));
        let ask = admin.post(&format!("{LIST}/roles"), &[("member", &bob), ("role", "super_admin"), ("do", "give")]).await;
        let ask = admin.get(ask.header("location")).await;
        assert!(ask.says("Only a Super Admin, or a SCIM API key created by one, can make someone a Super Admin"), "{}", ask.text());
    }

    async fn a_column_is_sorted_both_ways_from_page_to_page(db: Db) {
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
            assert_eq!((count, names.len()), (122, 122), "{sort}: everybody once");
            let back = ada.get(&page.href("Previous page")).await;
            assert_eq!(self::names(&back).len(), 50, "{sort}");
        }
        let list = get(&mut ada, "?q=m&sort=role").await;
        assert!(list.body.contains(&format!("href=\"{LIST}?q=m&amp;sort=-role\"")), "{}", list.body);
    }

    async fn a_line_says_what_the_design_asks_for(db: Db) {
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
        for says in [
            "Okta manages 1 of 5 members. Change their details and groups there.",
            "Design, Engineering +1",
            "Ada Lovelace ada@acme.test Super Admin None Added manually",
            "Deactivated by Ada Lovelace, just now",
            "Invite expired",
            "Emi e@acme.test Break-glass",
            "Managed by Okta. Deactivate or remove them there.",
            "You can't do this to yourself. Ask another Admin.",
        ] {
            assert!(list.says(says), "{says}: {}", list.text());
        }
        assert!(list.body.contains("aria-label=\"Actions for Chiara\"") && list.body.contains(&format!("{chiara}?dialog=remove\"")));
        assert!(list.body.contains("?dialog=resend-invite\"") && list.body.contains(&format!("{daniel}?dialog=reactivate\"")));
    }

    async fn words_are_found_in_any_order(db: Db) {
        let app = TestApp::new(db).await;
        app.add("acme", "Aaliyah Abbott", "a.abbott@acme.test", Role::Developer).await;
        let mut ada = app.ada().await;
        for found in ["abbott+aaliyah", "++ABBOTT+acme.test+aal", "a.abb+aaliyah"] {
            assert!(get(&mut ada, &format!("?q={found}")).await.says("1 member"), "{found}");
        }
        for nobody in ["abbott+lovelace", "abbott+%25", "%25+_"] {
            assert!(get(&mut ada, &format!("?q={nobody}")).await.says("No members match"), "{nobody}");
        }
    }

    async fn filters_are_not_filled_in_by_the_browser(db: Db) {
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

    async fn the_export_is_what_the_list_shows(db: Db) {
        let app = many(db).await;
        app.add("acme", "=HYPERLINK(\"http://evil.test\"), \"x\"", "evil@acme.test", Role::Billing).await;
        let mut ada = app.ada().await;
        let all = get(&mut ada, "/export").await;
        assert_eq!(all.header("content-type"), "text/csv; charset=utf-8; header=present");
        assert_eq!(all.header("content-disposition"), "attachment; filename=\"acme-members.csv\"");
        let lines: Vec<&str> = all.body.split_terminator("\r\n").collect();
        assert_eq!(lines.len(), 123);
        assert_eq!(lines[0], "\u{feff}Name,Email,User name,Roles,Roles from groups,Source,Status,Last sign-in,Groups,ID");
        let evil = "\"'=HYPERLINK(\"\"http://evil.test\"\"), \"\"x\"\"\",evil@acme.test,evil@acme.test,Billing,,Added manually,Active,,,";
        assert!(lines.iter().any(|line| line.starts_with(evil)), "{}", all.body);
        let some = get(&mut ada, "/export?q=member+00&sort=newest").await;
        let names: Vec<&str> = some.body.lines().skip(1).map(|line| line.split(',').next().unwrap()).collect();
        assert_eq!(names.len(), 11);
        assert_eq!((names[0], names[10]), ("Member 100", "Member 000"));
    }

    async fn a_team_has_two_exports_at_a_time(db: Db) {
        let app = TestApp::new(db).await;
        app.team("globex", "Globex", "grace@globex.test").await;
        let mut ada = app.ada().await;
        let mut grace = app.signed_in("grace@globex.test").await;
        let members = format!("{LIST}/export");
        let activity = "/teams/acme/settings/activity/export";
        let unread = [
            ada.ask(ada.request(Method::GET, &members)).await.into_body(),
            ada.ask(ada.request(Method::GET, activity)).await.into_body(),
        ];
        for path in [&members, activity] {
            let refused = ada.get(path).await;
            assert_eq!((refused.status.as_u16(), refused.title()), (429, "Something went wrong"), "{path}");
            assert!(refused.says("A team can run two exports at a time. Try again when one of them ends."), "{}", refused.text());
        }
        assert_eq!(grace.get("/teams/globex/settings/activity/export").await.status, StatusCode::OK);
        drop(unread);
        for path in [&members, activity, &members] {
            assert_eq!(ada.get(path).await.status, StatusCode::OK, "{path}");
        }
        assert_eq!(app.state.exports().running(&app.world.team), 0);
    }

    async fn an_export_that_is_cut_off_leaves_the_server_well(db: Db) {
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
        let whole = get(&mut ada, "/export").await;
        assert_eq!(whole.body.lines().count(), 1_202);
    }
}

/// The names of the members on a page, as they stand there.
fn names(page: &Answer) -> Vec<String> {
    let labels = page.body.split("aria-label=\"Actions for ").skip(1);
    labels.filter_map(|label| label.split('"').next()).map(str::to_owned).collect()
}

/// Puts someone into a new group that gives a role.
async fn group(app: &TestApp, email: &str, name: &str, role: &str) {
    let (team, member) = (app.world.team.to_string(), app.id(email).await);
    app.world
        .db
        .sql(&format!(
            "INSERT INTO groups (id, team_id, display_name, display_name_key, role, member_count, created_at, updated_at) \
             VALUES ('g', '{team}', '{name}', '{name}', '{role}', 1, 1, 1); \
             INSERT INTO group_members (team_id, group_id, member_id) SELECT team_id, 'g', id FROM members WHERE id = '{member}'"
        ))
        .await;
}
