//! Activity entries of changes by identity providers, in the same transaction.

use crate::{
    api::Api,
    db::{Db, on_both_engines},
};
use axum::http::StatusCode;
use domain::activity::{ActivityActor, AttributeChange, Change};
use serde_json::json;

fn difference(attribute: &str, was: Option<&str>, is: Option<&str>) -> AttributeChange {
    AttributeChange { attribute: attribute.into(), was: was.map(str::to_owned), is: is.map(str::to_owned) }
}

on_both_engines! {
    async fn each_change_has_its_entry(db: Db) {
        let api = Api::new(db).await;
        let before = api.world.log().await.len();
        let user = api.user("a").await;
        let path = format!("/Users/{user}");
        let replace = |name: &str, value: serde_json::Value| json!([{"op": "replace", "path": name, "value": value}]);
        api.patch(&path, replace("title", json!("x"))).await;
        api.patch(&path, json!([{"op": "replace", "value": {"title": "y", "active": false, "nickName": "n"}}])).await;
        api.patch(&path, replace("active", json!(true))).await;
        let group = api.group("G", &[&user]).await;
        let group = format!("/Groups/{group}");
        api.patch(&group, replace("displayName", json!("H"))).await;
        api.patch(&group, replace("externalId", json!("7"))).await;
        api.patch(&group, json!([{"op": "remove", "path": "members"}])).await;
        api.delete(&group).await;
        api.delete(&path).await;
        api.user("a").await;
        let mut log = api.world.log().await;
        log.reverse();
        let name = || "a".to_owned();
        let changes: Vec<Change> = log[before..].iter().map(|entry| entry.change.clone()).collect();
        assert_eq!(
            changes,
            [
                Change::MemberProvisioned { name: name() },
                Change::MemberUpdated {
                    name: name(),
                    changed: vec!["title".into()],
                    differences: vec![difference("title", None, Some("x"))],
                },
                Change::MemberUpdated {
                    name: name(),
                    changed: vec!["title".into(), "nickName".into()],
                    differences: vec![difference("title", Some("x"), Some("y")), difference("nickName", None, Some("n"))],
                },
                Change::MemberDeactivated { name: name(), sessions: 0 },
                Change::MemberReactivated { name: name() },
                Change::GroupCreated { name: "G".into(), members: 1 },
                Change::GroupUpdated { name: "H".into(), was: Some("G".into()) },
                Change::GroupUpdated { name: "H".into(), was: None },
                Change::GroupMembersChanged { name: "H".into(), added: 0, removed: 1, who: vec!["a".into()] },
                Change::GroupDeleted { name: "H".into(), members: 0 },
                Change::MemberDeleted { name: name(), sessions: 0, was: None },
                Change::MemberRestored { name: name(), was: None },
            ]
        );
        let key = api.world.keys().await.remove(0);
        for entry in &log[before..] {
            assert_eq!(entry.actor, ActivityActor::Provider { key_name: "Okta".into(), key_id: key.id.clone() });
            assert_eq!(entry.at, api.world.now());
            assert!(entry.request.is_some(), "each entry has its own request");
            let is_about_somebody = entry.change.name().starts_with("member_");
            assert_eq!(entry.member.as_ref().map(|id| id.as_str()), is_about_somebody.then_some(user.as_str()));
        }
    }

    async fn rejected_changes_have_no_entry(db: Db) {
        let api = Api::new(db).await;
        let before = api.world.log().await.len();
        api.post("/Users", &json!({})).await;
        api.get("/Users").await;
        api.delete("/Users/018f0000-0000-7000-8000-000000000000").await;
        api.post("/Groups", &json!({"displayName": "G", "members": ["x"]})).await;
        assert_eq!(api.world.log().await.len(), before);
    }

    /// An admin has to know that the directory requests a change that is not allowed.
    async fn changes_rejected_by_a_protection_have_an_entry(db: Db) {
        let api = Api::new(db).await;
        let ada = format!("/Users/{}", api.world.ada);
        assert_eq!(api.delete(&ada).await.status, StatusCode::FORBIDDEN);
        let entry = api.world.log().await.remove(0);
        let Change::MemberProtected { name, why } = entry.change else { panic!("{entry:?}") };
        assert_eq!(name, "Ada Lovelace");
        assert!(why.starts_with("This is the team's last active Super Admin"), "{why}");
        assert!(matches!(entry.actor, ActivityActor::Provider { .. }));
    }

    /// Also if the request wrote much before it was rejected.
    async fn an_entry_and_its_change_are_committed_together(db: Db) {
        let api = Api::new(db).await;
        let user = api.user("a").await;
        let group = api.group("G", &[&user]).await;
        api.world.db.sql("UPDATE groups SET role = 'admin'").await;
        api.world.db.sql(&format!("UPDATE members SET break_glass = 1 WHERE id = '{user}'")).await;
        let path = format!("/Groups/{group}");
        let ada = api.world.ada.as_str();
        let operations = json!([
            {"op": "add", "path": "members", "value": [{"value": ada}]},
            {"op": "remove", "path": "members", "value": [{"value": user}]},
        ]);
        assert_eq!(api.patch(&path, operations).await.status, StatusCode::FORBIDDEN);
        assert_eq!(api.get(&path).await.members(), [user]);
        assert_eq!(api.provider_changes().await[2..], ["was blocked from changing member a"]);
    }

    /// Concurrent changes share a transaction. Each has its entry and its response.
    async fn concurrent_changes_each_have_an_entry(db: Db) {
        let api = Api::new(db).await;
        let ada = format!("/Users/{}", api.world.ada);
        let group = format!("/Groups/{}", api.group("G", &[]).await);
        // Rejected after a write, so the other commands of the batch run again.
        let spoiled = json!([
            {"op": "add", "path": "members", "value": [{"value": api.world.ada.as_str()}]},
            {"op": "add", "path": "members", "value": [{"value": "x"}]},
        ]);
        let requests = (0..60).map(|number| {
            let (api, ada, group, spoiled) = (api.clone(), ada.clone(), group.clone(), spoiled.clone());
            tokio::spawn(async move {
                match number % 4 {
                    0 => api.post("/Users", &json!({"userName": format!("u{number}")})).await.status,
                    1 => api.post("/Groups", &json!({"displayName": "G", "members": ["x"]})).await.status,
                    2 => api.patch(&group, spoiled).await.status,
                    _ => api.delete(&ada).await.status,
                }
            })
        });
        let mut statuses = Vec::new();
        for one in requests.collect::<Vec<_>>() {
            statuses.push(one.await.unwrap().as_u16());
        }
        let expected: Vec<u16> = (0..60).map(|number| [201, 400, 400, 403][number % 4]).collect();
        assert_eq!(statuses, expected);
        let changes = api.provider_changes().await;
        assert_eq!(changes.iter().filter(|changes| changes.starts_with("created member")).count(), 15);
        assert_eq!(changes.iter().filter(|changes| changes.starts_with("was blocked")).count(), 15);
        assert_eq!((changes.len(), api.get("/Users").await.counts()[0]), (31, 16));
        assert_eq!(api.get(&group).await.members(), [""; 0]);
    }
}
