//! The Groups page, the page of one group, the mapping of a group, and members by group.

use crate::{
    app::{Answer, Browser, TestApp},
    db::{Db, on_both_engines},
    parts::last_change,
};
use axum::http::StatusCode;
use domain::{
    Denial, MINUTE, Unchanged, activity::Change, group_role::MappingDenial, member::MemberDenial, role::Role,
};

const LIST: &str = "/teams/acme/settings/groups";
const MEMBERS: &str = "/teams/acme/settings/members";

/// Adds a group to a team.
async fn group(app: &TestApp, team: &str, id: &str, name: &str) {
    let (name, key) = (name.replace('\'', "''"), name.to_lowercase().replace('\'', "''"));
    app.world
        .db
        .sql(&format!(
            "INSERT INTO groups (id, team_id, display_name, display_name_key, external_id, created_at, updated_at) \
             SELECT '{id}', id, '{name}', '{key}', 'ext-{id}', 1, 2 FROM teams WHERE slug = '{team}'; \
             UPDATE teams SET group_count = group_count + 1 WHERE slug = '{team}'"
        ))
        .await;
}

/// Adds the members with these emails (an SQL pattern) to a group of their team.
async fn join(app: &TestApp, group: &str, emails: &str) {
    app.world
        .db
        .sql(&format!(
            "INSERT INTO group_members (team_id, group_id, member_id) SELECT team_id, '{group}', id FROM members WHERE email LIKE '{emails}' \
             AND team_id = (SELECT team_id FROM groups WHERE id = '{group}') ON CONFLICT DO NOTHING; \
             UPDATE groups SET member_count = (SELECT COUNT(*) FROM group_members WHERE group_id = '{group}') \
             WHERE id = '{group}'"
        ))
        .await;
}

/// Acme with Member 000 and so on: `m000@acme.test`.
async fn people(db: Db, count: usize) -> TestApp {
    let app = TestApp::on(db).await;
    app.people(count).await;
    app
}

/// Acme with three people in the group "IT".
async fn it(db: Db) -> TestApp {
    let app = people(db, 3).await;
    group(&app, "acme", "g-it", "IT").await;
    join(&app, "g-it", "m%").await;
    app
}

async fn get(browser: &mut Browser, query: &str) -> Answer {
    browser.get(&format!("{LIST}{query}")).await
}

async fn map(browser: &mut Browser, group: &str, role: &str) -> Answer {
    browser.post(&format!("{LIST}/{group}/role"), &[("role", role)]).await
}

/// The roles that groups give to the member with this email.
async fn group_roles(app: &TestApp, email: &str) -> String {
    let query = format!("SELECT CAST(group_roles AS TEXT) FROM members WHERE email = '{email}'");
    app.world.db.text(&query).await.unwrap()
}

/// What the newest change of a group's role was.
fn mapped(from: Option<Role>, to: Option<Role>, gained: u64, lost: u64) -> Change {
    Change::GroupMapped { name: "IT".into(), from, to, gained, lost }
}

on_both_engines! {
    async fn without_groups_the_page_explains_how_to_add_them(db: Db) {
        let app = TestApp::new(db).await;
        let developer = app.member(Role::Developer).await;
        let (mut ada, mut developer) = (app.ada().await, app.signed_in(&developer).await);
        let off = get(&mut ada, "").await;
        assert_eq!(off.state("empty").as_deref(), Some("scim-off"), "{}", off.text());
        assert!(off.body.contains("href=\"/teams/acme/settings/authentication\">Authentication"));
        app.world.operator().scim_turn_on("acme").await.unwrap();
        let on = get(&mut ada, "").await;
        assert_eq!(on.state("empty").as_deref(), Some("scim-on"), "{}", on.text());
        let theirs = get(&mut developer, "").await;
        assert_eq!(theirs.state("empty").as_deref(), Some("scim-on"), "{}", theirs.text());
        assert_eq!(theirs.parts("group").len(), 0);
    }

    async fn groups_can_be_searched_sorted_and_paged(db: Db) {
        let app = people(db, 2).await;
        for number in 0..120 {
            group(&app, "acme", &format!("g{number:03}"), &format!("Group {number:03}")).await;
        }
        group(&app, "acme", "z", "100 % 'Zebra' <b>").await;
        join(&app, "g077", "m%").await;
        join(&app, "g005", "m000%").await;
        app.team("globex", "Globex", "grace@globex.test").await;
        group(&app, "globex", "x", "Elsewhere").await;
        let mut ada = app.ada().await;
        let first = get(&mut ada, "").await;
        assert!(first.shows("1–50 of 121") && first.shows("100 % 'Zebra' <b>") && first.shows("Group 048"), "{}", first.text());
        assert!(!first.shows("Elsewhere") && !first.body.contains("<b>\""));
        let second = ada.get(&first.href("Next page")).await;
        assert!(second.shows("51–100 of 121") && second.shows("Group 049"));
        let last = get(&mut ada, "?page=99").await;
        assert!(last.shows("101–121 of 121") && last.shows("Group 119"), "{}", last.text());
        assert_eq!(ada.get(&last.href("Previous page")).await.text(), second.text());
        let large = get(&mut ada, "?sort=members").await;
        let (two, one) = (large.body.find("Group 077").unwrap(), large.body.find("Group 005").unwrap());
        assert!(two < one && one < large.body.find("Group 000").unwrap());
        assert!(get(&mut ada, "?sort=newest").await.body.find("Zebra") < get(&mut ada, "?sort=newest").await.body.find("Group 119"));
        let results = get(&mut ada, "?q=GROUP+01&sort=newest").await;
        assert!(results.shows("10 groups") && results.shows("Group 019") && !results.shows("Group 020"), "{}", results.text());
        assert_eq!(results.value("q").as_deref(), Some("GROUP 01"));
        let wide = get(&mut ada, "?q=group&sort=members").await;
        assert!(wide.href("Next page").ends_with("?q=group&sort=members&page=2"), "{}", wide.href("Next page"));
        for search in ["%22%3B--", "%25%25", "_", "%00", "%ff", "%5C", "%3Cscript%3E", "a''b"] {
            let none = get(&mut ada, &format!("?q={search}")).await;
            assert_eq!(none.status, StatusCode::OK, "{search}");
            assert_eq!(none.state("empty").as_deref(), Some("no-match"), "{search}: {}", none.text());
            assert!(none.body.contains(&format!("href=\"{LIST}\"")), "{search}");
        }
        assert!(get(&mut ada, "?q=%25").await.shows("1 group"));
        assert_eq!(get(&mut ada, &format!("?q={}", "a".repeat(10_000))).await.status, StatusCode::OK);
        assert_eq!(get(&mut ada, "?page=-1&sort=x").await.text(), first.text());
    }

    async fn only_admins_can_open_a_group(db: Db) {
        let app = it(db).await;
        let developer = app.member(Role::Developer).await;
        let mut developer = app.signed_in(&developer).await;
        let list = get(&mut developer, "").await;
        assert!(list.parts("group")[0].starts_with("IT 3 None SCIM") && !list.body.contains(&format!("{LIST}/g-it")), "{}", list.text());
        assert_ne!(list.part("lead"), get(&mut app.ada().await, "").await.part("lead"), "who may");
        let rejection = developer.get(&format!("{LIST}/g-it")).await;
        assert_eq!((rejection.status, rejection.title()), (StatusCode::FORBIDDEN, "Groups · Acme"));
        assert_eq!(map(&mut developer, "g-it", "developer").await.status, StatusCode::FORBIDDEN);
        app.team("globex", "Globex", "grace@globex.test").await;
        let mut grace = app.signed_in("grace@globex.test").await;
        let theirs = grace.get("/teams/globex/settings/groups/g-it").await;
        let nowhere = grace.get("/teams/globex/settings/groups/nothing").await;
        assert_eq!((theirs.status, theirs.text()), (StatusCode::NOT_FOUND, nowhere.text()));
        let role = [("role", "admin")];
        assert_eq!(grace.post("/teams/globex/settings/groups/g-it/role", &role).await.status, StatusCode::NOT_FOUND);
        assert_eq!(group_roles(&app, "m000@acme.test").await, "0");
        for strange in ["%00", "'%3B--", "..%2F..", &"g".repeat(10_000)] {
            assert_eq!(app.ada().await.get(&format!("{LIST}/{strange}")).await.status, StatusCode::NOT_FOUND);
        }
    }

    async fn a_group_shows_its_members(db: Db) {
        let app = people(db, 120).await;
        group(&app, "acme", "g", "All <i>").await;
        group(&app, "acme", "empty", "Empty").await;
        join(&app, "g", "m%").await;
        let mut ada = app.ada().await;
        let page = get(&mut ada, "/g").await;
        assert!(page.part("lead").is_some_and(|lead| lead.contains("Okta")), "{:?}", page.part("lead"));
        for words in ["All <i>", "External ID ext-g", "Members 120", "1–50 of 120"] {
            assert!(page.shows(words), "{words}: {}", page.text());
        }
        assert!(!page.shows("Ada Lovelace Super Admin Active") && page.body.contains(&format!("{MEMBERS}?group=g\"")));
        assert!(page.body.contains(&format!("href=\"{MEMBERS}/")));
        let second = ada.get(&page.href("Next page")).await;
        assert!(second.shows("51–100 of 120") && second.shows("Member 050") && second.shows("Member 099"), "{}", second.text());
        let third = ada.get(&second.href("Next page")).await;
        assert!(third.shows("101–120 of 120") && third.shows("Member 119"));
        assert_eq!(ada.get(&third.href("Previous page")).await.text(), second.text());
        assert!(get(&mut ada, "/g?page=3").await.shows("101–120 of 120"));
        let results = get(&mut ada, "/g?q=MEMBER+01").await;
        assert!(results.shows("12 members") && results.shows("1–12 of 12") && !results.shows("Member 020"), "{}", results.text());
        assert_eq!(get(&mut ada, "/g?q=%25'%22").await.state("empty").as_deref(), Some("no-match"));
        assert_eq!(get(&mut ada, "/empty").await.state("empty").as_deref(), Some("no-members"));
        app.world.operator().scim_turn_off("acme", "Acme").await.unwrap();
        let lead = get(&mut ada, "/g").await.part("lead").unwrap();
        assert!(!lead.contains("Okta"), "no one manages it now: {lead}");
    }

    async fn a_preview_lists_the_effect_and_changes_nothing(db: Db) {
        let app = people(db, 8).await;
        group(&app, "acme", "g", "IT").await;
        group(&app, "acme", "h", "Ops").await;
        join(&app, "g", "m%").await;
        join(&app, "g", "ada%").await;
        join(&app, "h", "m001%").await;
        app.world.db.sql("UPDATE members SET roles = 34 WHERE email = 'm000@acme.test'").await;
        let mut ada = app.ada().await;
        assert!(map(&mut ada, "h", "admin").await.summary().starts_with("303 "));
        let log = app.world.log().await.len();
        let preview = get(&mut ada, "/g?role=admin").await;
        assert!(preview.part("preview").is_some_and(|title| title.contains("Admin") && title.contains("IT")));
        let effect = |page: &Answer, kind: &str| page.part(&format!("effect-{kind}")).unwrap_or_default();
        let gain = effect(&preview, "gain");
        assert!(gain.starts_with("6 people") && gain.contains("Admin : Member 0") && gain.ends_with("1 more"), "{gain}");
        assert!(effect(&preview, "have").starts_with("2 people"), "{}", preview.text());
        assert!(effect(&preview, "above").starts_with("1 person"), "{}", preview.text());
        assert!(preview.part("mapping-save").is_some_and(|button| button.contains("Admin") && button.contains("6 people")));
        assert!(preview.body.contains("<option value=\"admin\" selected"), "{}", preview.body);
        assert_eq!(app.world.log().await.len(), log);
        assert_eq!(group_roles(&app, "m005@acme.test").await, "0");
        let same = get(&mut ada, "/h?role=admin").await;
        assert!(same.part("mapping-unchanged").is_some() && same.part("effect-gain").is_none() && !same.body.contains("id=\"preview\""), "{}", same.text());
        let none = get(&mut ada, "/h?role=none").await;
        let lose = effect(&none, "lose");
        assert!(lose.starts_with("1 person") && lose.ends_with("Admin : Member 001"), "{lose}");
        assert!(none.part("preview").is_some_and(|title| title.contains("Admin") && title.contains("Ops")));
        assert!(none.part("mapping-save").is_some_and(|button| button.contains("Admin") && button.contains("1 person")));
        let forged = get(&mut ada, "/g?role=super_admin").await;
        assert!(forged.part("mapping-reason").is_some_and(|why| why.starts_with(&MappingDenial::SuperAdmin.to_string())), "{}", forged.text());
        assert!(forged.body.contains("aria-disabled=\"true\" aria-describedby=\"mapping-reason\""));
        for strange in ["owner", "%00", "%22%3E", ""] {
            let page = get(&mut ada, &format!("/g?role={strange}")).await;
            assert!(page.status == StatusCode::OK && !page.body.contains("id=\"preview\""), "{strange}");
        }
    }

    async fn a_mapping_can_be_saved_changed_and_removed(db: Db) {
        let app = it(db).await;
        app.world.db.sql("UPDATE members SET roles = 34 WHERE email = 'm000@acme.test'").await;
        let mut ada = app.ada().await;
        let response = map(&mut ada, "g-it", "admin").await;
        assert!(response.summary().starts_with(&format!("303 {LIST}/g-it?done=")), "{}", response.summary());
        let page = ada.get(response.header("location")).await;
        assert!(page.done().is_some_and(|done| done.contains("2 people") && done.contains("Admin")), "{:?}", page.done());
        assert!(page.part("group-role").is_some_and(|role| role.contains("Admin")), "{}", page.text());
        assert_eq!(last_change(&app).await, mapped(None, Some(Role::Admin), 2, 0));
        assert!(get(&mut ada, "").await.parts("group")[0].starts_with("IT 3 Admin SCIM"));
        assert!(ada.get(MEMBERS).await.shows("Admin from IT"));
        let member = app.id("m001@acme.test").await;
        let member = ada.get(&format!("{MEMBERS}/{member}")).await;
        assert!(member.shows("Admin , from group IT") && member.body.contains(&format!("href=\"{LIST}/g-it\">IT")), "{}", member.text());
        assert_eq!(app.signed_in("m001@acme.test").await.get("/teams/acme/settings/activity").await.status, StatusCode::OK);

        let repeat = map(&mut ada, "g-it", "admin").await;
        let log = app.world.log().await.len();
        assert!(repeat.status == StatusCode::OK && repeat.is_unchanged(Unchanged::GroupRole), "{}", repeat.text());
        assert_eq!(app.world.log().await.len(), log, "no entry without a change");
        let other = map(&mut ada, "g-it", "billing").await;
        let page = ada.get(other.header("location")).await;
        assert!(page.done().is_some_and(|done| done.contains("3 people") && done.contains("2 people")), "{:?}", page.done());
        assert_eq!(last_change(&app).await, mapped(Some(Role::Admin), Some(Role::Billing), 3, 2));
        let removal = map(&mut ada, "g-it", "none").await;
        assert!(ada.get(removal.header("location")).await.done().is_some_and(|done| done.contains("3 people")));
        assert_eq!(last_change(&app).await, mapped(Some(Role::Billing), None, 0, 3));
        assert_eq!(group_roles(&app, "m001@acme.test").await, "0");
        let activity = ada.get("/teams/acme/settings/activity").await;
        let entries = activity.body.matches("data-kind=\"group_mapped\"").count();
        assert_eq!(entries, 3, "{}", activity.text());
        let elsewhere = get(&mut ada, "/g-it?done=00000000").await;
        assert!(elsewhere.status == StatusCode::OK && elsewhere.done().is_none());
    }

    async fn the_notice_has_the_actual_effect_and_not_that_of_the_preview(db: Db) {
        let app = it(db).await;
        let mut ada = app.ada().await;
        assert!(get(&mut ada, "/g-it?role=admin").await.part("effect-gain").unwrap().starts_with("3 people"));
        app.add("acme", "Late Comer", "m-late@acme.test", Role::Developer).await;
        join(&app, "g-it", "m-late%").await;
        let response = map(&mut ada, "g-it", "admin").await;
        assert!(ada.get(response.header("location")).await.done().unwrap().contains("4 people"));
    }

    async fn invalid_mappings_are_rejected(db: Db) {
        let app = it(db).await;
        let admin = app.member(Role::Admin).await;
        let (mut ada, mut admin) = (app.ada().await, app.signed_in(&admin).await);
        for browser in [&mut ada, &mut admin] {
            let forged = map(browser, "g-it", "super_admin").await;
            assert_eq!(forged.status, StatusCode::FORBIDDEN);
            let denial = Denial::Mapping { denial: MappingDenial::SuperAdmin, member: None };
            assert!(forged.refuses(denial), "{:?}", forged.alert());
        }
        for strange in ["owner", "", "\u{0}", "admin'"] {
            let rejection = map(&mut ada, "g-it", strange).await;
            assert_eq!(rejection.status, StatusCode::UNPROCESSABLE_ENTITY, "{strange:?}");
            assert!(rejection.alert().is_some_and(|why| why.contains("Billing")), "the choices: {:?}", rejection.alert());
        }
        assert_eq!(ada.post(&format!("{LIST}/g-it/role"), &[]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(map(&mut ada, "nothing", "admin").await.status, StatusCode::NOT_FOUND);
        assert_eq!(app.world.db.text("SELECT role FROM groups WHERE id = 'g-it'").await, None);

        let mapped = map(&mut admin, "g-it", "admin").await;
        assert_eq!(mapped.status, StatusCode::SEE_OTHER, "an Admin may");
        map(&mut admin, "g-it", "none").await;
        join(&app, "g-it", "ada%").await;
        let preview = admin.get(&format!("{LIST}/g-it?role=admin")).await;
        let denial = MappingDenial::Member(0, MemberDenial::MaxRole);
        let why = preview.part("mapping-reason").unwrap();
        assert!(why.starts_with(&denial.sentence(Some("Ada Lovelace"))) && preview.body.contains("aria-disabled=\"true\" aria-describedby=\"mapping-reason\""), "{}", preview.text());
        let rejection = map(&mut admin, "g-it", "admin").await;
        assert_eq!(rejection.status, StatusCode::FORBIDDEN);
        let denial = Denial::Mapping { denial, member: Some("Ada Lovelace".into()) };
        assert!(rejection.refuses(denial), "{:?}", rejection.alert());
        let entry = last_change(&app).await;
        assert!(matches!(&entry, Change::MemberProtected { name, .. } if name == "Ada Lovelace"), "{entry:?}");
        assert_eq!(group_roles(&app, "m001@acme.test").await, "0", "no member was changed");

        assert_eq!(map(&mut ada, "g-it", "admin").await.status, StatusCode::SEE_OTHER);
        app.world.db.sql("UPDATE members SET break_glass = 1 WHERE email = 'm002@acme.test'").await;
        let response = map(&mut ada, "g-it", "none").await;
        assert_eq!(response.status, StatusCode::FORBIDDEN);
        let denial = MappingDenial::Member(0, MemberDenial::BreakGlass);
        assert!(response.refuses(Denial::Mapping { denial, member: Some("Member 002".into()) }), "{:?}", response.alert());
        assert_eq!(group_roles(&app, "m001@acme.test").await, "32");
    }

    async fn a_mapping_needs_verification_and_returns_to_the_preview(db: Db) {
        let app = it(db).await;
        let mut ada = app.ada().await;
        app.world.pass(16 * MINUTE);
        let redirect = map(&mut ada, "g-it", "admin").await;
        assert!(redirect.summary().starts_with("303 /teams/acme/verify?next="), "{}", redirect.summary());
        let next = ada.get(redirect.header("location")).await.value("next").unwrap();
        assert_eq!(next, format!("{LIST}/g-it?role=admin"));
        assert!(ada.get(&next).await.part("effect-gain").unwrap().starts_with("3 people"));
        assert_eq!(group_roles(&app, "m000@acme.test").await, "0");
        let signed_out = app.browser().post(&format!("{LIST}/g-it/role"), &[("role", "admin")]).await;
        assert!(signed_out.summary().contains("sign-in?next=") && signed_out.summary().contains("role%3Dadmin"), "{}", signed_out.summary());
    }

    async fn members_can_be_filtered_by_group(db: Db) {
        let app = people(db, 60).await;
        group(&app, "acme", "g", "Data & <co>").await;
        join(&app, "g", "m0%").await;
        group(&app, "acme", "few", "Few").await;
        join(&app, "few", "m00%").await;
        app.team("globex", "Globex", "grace@globex.test").await;
        group(&app, "globex", "theirs", "Theirs").await;
        join(&app, "theirs", "grace%").await;
        let mut ada = app.ada().await;
        let list = ada.get(&format!("{MEMBERS}?group=few&sort=newest")).await;
        assert!(list.shows("10 members") && list.shows("1–10 of 10") && list.shows("Group: Few"), "{}", list.text());
        assert!(!list.shows("Ada Lovelace ada@acme.test") && list.body.contains("<option value=\"few\" selected"));
        assert!(list.body.find("Member 009") < list.body.find("Member 000"));
        assert!(list.body.contains(&format!("href=\"{MEMBERS}/export?group=few&amp;sort=newest\"")), "{}", list.body);
        assert_eq!(list.href("Remove group filter: Few"), format!("{MEMBERS}?sort=newest"));
        assert!(list.body.contains(&format!("href=\"{LIST}/few\">Few")));
        let first = ada.get(&format!("{MEMBERS}?group=g")).await;
        assert!(first.shows("60 members") && first.shows("Group: Data & <co>"));
        let next = first.href("Next page");
        assert!(next.contains("group=g&page=2&after="), "{next}");
        assert!(ada.get(&next).await.shows("51–60 of 60"));
        let combined = ada.get(&format!("{MEMBERS}?group=few&q=member+00&status=active&role=developer")).await;
        assert!(combined.shows("10 members"), "{}", combined.text());
        assert!(ada.get(&format!("{MEMBERS}?group=few&role=admin")).await.part("empty").is_some());
        let missing = ada.get(&format!("{MEMBERS}?group=nothing")).await;
        assert!(missing.part("empty").is_some() && missing.shows("(deleted)"), "{}", missing.text());
        let theirs = ada.get(&format!("{MEMBERS}?group=theirs")).await;
        assert_eq!(theirs.text(), missing.text(), "another team's group is like a missing one");
        for strange in ["%00", "'%3B--", "%25", &"g".repeat(10_000)] {
            let answer = ada.get(&format!("{MEMBERS}?group={strange}")).await;
            assert!(answer.status == StatusCode::OK && answer.part("empty").is_some(), "{strange}");
        }
        let export = ada.get(&format!("{MEMBERS}/export?group=few")).await;
        assert_eq!(export.body.lines().count(), 11);
        assert_eq!(ada.get(&format!("{MEMBERS}/export?group=theirs")).await.body.lines().count(), 1);
        let developer = app.signed_in("m001@acme.test").await.get(&format!("{MEMBERS}?group=few")).await;
        assert!(developer.shows("Group: Few") && !developer.body.contains(&format!("{LIST}/few")));
    }

    async fn a_large_group_is_listed_as_a_small_one(db: Db) {
        let app = people(db, 3).await;
        app.world.bulk(3_000).await;
        group(&app, "acme", "g", "Large").await;
        join(&app, "g", "u%").await;
        let mut ada = app.ada().await;
        for sort in ["name", "email", "newest"] {
            let first = ada.get(&format!("{MEMBERS}?group=g&sort={sort}")).await;
            assert!(first.shows("1–50 of 3,000"), "{sort}: {}", first.text());
            let second = ada.get(&first.href("Next page")).await;
            assert!(second.shows("51–100 of 3,000"), "{sort}");
            assert_eq!(ada.get(&second.href("Previous page")).await.text(), first.text(), "{sort}");
            let last = ada.get(&format!("{MEMBERS}?group=g&sort={sort}&page=60")).await;
            assert!(last.shows("2,951–3,000 of 3,000"), "{sort}: {}", last.text());
        }
        assert!(get(&mut ada, "/g?page=60").await.shows("Bulk 02999"));
        assert!(get(&mut ada, "/g?q=bulk+0299").await.shows("1–11 of 11"));
        assert!(get(&mut ada, "/g?role=billing").await.part("effect-gain").unwrap().starts_with("3,000 people"));
        let response = map(&mut ada, "g", "billing").await;
        assert!(ada.get(response.header("location")).await.done().unwrap().contains("3,000 people"));
        let wrong = "SELECT CAST(COUNT(*) AS TEXT) FROM members WHERE id LIKE 'b%' AND (group_roles <> 8 OR version <> 2 OR updated_at = 1)";
        assert_eq!(app.world.db.text(wrong).await.as_deref(), Some("0"));
    }
}
