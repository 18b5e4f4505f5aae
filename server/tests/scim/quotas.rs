//! Quotas of a team.

use crate::{
    api::{Api, USER},
    db::{Db, on_both_engines},
};
use axum::http::StatusCode;
use domain::Error;
use domain::role::Role;
use serde_json::{Value, json};
use server::service::{Actor, Service};
use store::Quotas;

fn user(name: &str, title: &str) -> Value {
    json!({"schemas": [USER], "userName": name, "title": title})
}

/// The stored bytes of the team's row, and the actual ones.
async fn counters(api: &Api) -> (i64, i64) {
    let number = async |query: &str| api.world.db.text(query).await.unwrap().parse::<i64>().unwrap();
    let documents = number("SELECT CAST(SUM(octet_length(document)) AS TEXT) FROM members").await;
    let memberships = number("SELECT CAST(COUNT(*) AS TEXT) FROM group_members").await;
    (number("SELECT CAST(stored_bytes AS TEXT) FROM teams").await, documents + 100 * memberships)
}

on_both_engines! {
    async fn the_member_quota_is_enforced(db: Db) {
        let api = Api::with_quotas(db, Quotas { members: Some(3), ..Quotas::default() }).await;
        let (bob, carol) = (api.user("bob").await, api.user("carol").await);
        let rejection = api.post("/Users", &user("dave", "")).await;
        assert_eq!(rejection.summary(), "403 This team has reached its limit of 3 members. The operator of this server can raise it");
        assert_eq!(api.find("/Users", "userName eq \"dave\"").await.counts()[0], 0);
        let patched = api.patch(&format!("/Users/{bob}"), json!([{"op": "replace", "path": "title", "value": "X"}])).await;
        assert_eq!(patched.status, StatusCode::OK, "existing members can be changed");
        assert_eq!(api.delete(&format!("/Users/{carol}")).await.status, StatusCode::NO_CONTENT);
        api.user("dave").await;
        assert_eq!(api.post("/Users", &user("carol", "")).await.status, StatusCode::FORBIDDEN, "nor does anybody come back");
        let store = api.world.store().clone().with_quotas(Quotas { members: Some(3), ..Quotas::default() });
        let service = Service::new(&store, &api.world.secrets, &api.world.clock, Actor::Operator);
        let invited = service.invite_create("acme", "eve@acme.test", Role::Developer).await.unwrap_err();
        assert!(matches!(&invited, Error::Quota(why) if why.contains("limit of 3 members")), "{invited:?}");
    }

    async fn the_group_quota_is_enforced(db: Db) {
        let api = Api::with_quotas(db, Quotas { groups: Some(1), ..Quotas::default() }).await;
        let first = api.group("First", &[]).await;
        let body = json!({"displayName": "Second"});
        assert!(api.post("/Groups", &body).await.summary().starts_with("403 This team has reached its limit of 1 groups"));
        assert_eq!(api.delete(&format!("/Groups/{first}")).await.status, StatusCode::NO_CONTENT);
        assert_eq!(api.post("/Groups", &body).await.status, StatusCode::CREATED);
    }

    async fn the_byte_quota_is_enforced(db: Db) {
        let api = Api::with_quotas(db, Quotas { bytes: Some(800), ..Quotas::default() }).await;
        let bob = api.user("bob").await;
        let path = format!("/Users/{bob}");
        let set = |name: &str, length: usize| json!([{"op": "replace", "path": name, "value": "é".repeat(length)}]);
        assert_eq!(api.patch(&path, set("title", 200)).await.status, StatusCode::OK);
        let rejection = api.post("/Users", &user("carol", &"é".repeat(200))).await;
        assert!(rejection.summary().starts_with("403 This team has reached its limit of 800 bytes of stored data"), "{}", rejection.summary());
        assert_eq!(api.patch(&path, set("nickName", 200)).await.status, StatusCode::FORBIDDEN);
        assert_eq!(api.patch(&path, set("title", 10)).await.status, StatusCode::OK, "what shrinks is possible");
        let (stored, actual) = counters(&api).await;
        assert_eq!(stored, actual);
        // Memberships count: members join one by one until there is no room.
        let group = api.group("Staff", &[]).await;
        let mut ids = vec![bob];
        for name in ["u1", "u2", "u3", "u4", "u5", "u6"] {
            ids.push(api.user(name).await);
        }
        let mut rejections = 0;
        for id in &ids {
            let (before, _) = counters(&api).await;
            let add = json!([{"op": "add", "path": "members", "value": [{"value": id}]}]);
            let answer = api.patch(&format!("/Groups/{group}"), add).await;
            let expected = if before + 100 > 800 { StatusCode::FORBIDDEN } else { StatusCode::NO_CONTENT };
            assert_eq!(answer.status, expected, "{before} {}", answer.body);
            rejections += usize::from(expected == StatusCode::FORBIDDEN);
        }
        assert!(rejections > 0);
        let (stored, actual) = counters(&api).await;
        assert_eq!(stored, actual);
    }

    async fn counters_match_the_stored_rows(db: Db) {
        let api = Api::new(db).await;
        let (bob, carol) = (api.user("bob@acme.test").await, api.user("carol").await);
        let group = api.group("Staff", &[&bob, &carol]).await;
        let other = api.group("Other", &[&bob]).await;
        api.put(&format!("/Users/{bob}"), &user("bob2", "Engineer of the \u{1F680}")).await;
        api.delete(&format!("/Users/{carol}")).await;
        let (stored, actual) = counters(&api).await;
        assert_eq!(stored, actual);
        api.post("/Users", &user("carol", "back")).await;
        api.patch(&format!("/Groups/{group}"), json!([{"op": "remove", "path": "members"}])).await;
        api.delete(&format!("/Groups/{other}")).await;
        let invite = api.world.ada().invite_create("acme", "eve@acme.test", Role::Developer).await.unwrap();
        assert_eq!(invite.email, "eve@acme.test");
        let (stored, actual) = counters(&api).await;
        assert_eq!(stored, actual);
    }
}
