//! The Members page, the page of one member, changes of members, and the export.

mod access;
mod detail;
mod export;
mod links;
mod list;
mod roles;
mod search;

use crate::{
    app::{Answer, Browser, TestApp},
    db::Db,
};

const LIST: &str = "/teams/acme/settings/members";

async fn page_of(app: &TestApp, email: &str) -> String {
    format!("{LIST}/{}", app.id(email).await)
}

async fn get(browser: &mut Browser, query: &str) -> Answer {
    browser.get(&format!("{LIST}{query}")).await
}

/// Acme with Ada and 120 other members.
async fn many(db: Db) -> TestApp {
    let app = TestApp::new(db).await;
    app.people(120).await;
    app
}

/// Adds the member to a new group that gives a role.
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
