//! How much a team may store.

use crate::{
    api::{Api, USER},
    db::{Db, on_both_engines},
};
use app::failure::Failure;
use axum::http::StatusCode;
use domain::role::Role;
use serde_json::{Value, json};
use server::{
    provisioning::{Actor, NotInvited, Service},
    store::Quotas,
};

fn user(name: &str, title: &str) -> Value {
    json!({"schemas": [USER], "userName": name, "title": title})
}

/// What the team's row says, and what there is.
async fn stored(api: &Api) -> (i64, i64) {
    let number = async |query: &str| api.world.db.text(query).await.unwrap().parse::<i64>().unwrap();
    let documents = number("SELECT CAST(SUM(octet_length(document)) AS TEXT) FROM members").await;
    let memberships = number("SELECT CAST(COUNT(*) AS TEXT) FROM group_members").await;
    (number("SELECT CAST(stored_bytes AS TEXT) FROM teams").await, documents + 100 * memberships)
}

on_both_engines! {
    async fn members(db: Db) {
        let api = Api::with_quotas(db, Quotas { members: Some(3), ..Quotas::default() }).await;
        let (bob, carol) = (api.user("bob").await, api.user("carol").await);
        let refused = api.post("/Users", &user("dave", "")).await;
        assert_eq!(refused.said(), "403 This team has reached its limit of 3 members. The operator of this server can raise it");
        assert_eq!(api.find("/Users", "userName eq \"dave\"").await.counts()[0], 0);
        let patched = api.patch(&format!("/Users/{bob}"), json!([{"op": "replace", "path": "title", "value": "X"}])).await;
        assert_eq!(patched.status, StatusCode::OK, "who is there can be changed");
        assert_eq!(api.delete(&format!("/Users/{carol}")).await.status, StatusCode::NO_CONTENT);
        api.user("dave").await;
        assert_eq!(api.post("/Users", &user("carol", "")).await.status, StatusCode::FORBIDDEN, "nor does anybody come back");
        let store = api.world.store().clone().with_quotas(Quotas { members: Some(3), ..Quotas::default() });
        let service = Service::new(&store, &api.world.secrets, &api.world.clock, Actor::Operator);
        let invited = service.invite_make("acme", "eve@acme.test", Role::Developer).await.unwrap_err();
        assert!(matches!(&invited, NotInvited::Failed(Failure::Quota(why)) if why.contains("limit of 3 members")), "{invited:?}");
    }

    async fn groups(db: Db) {
        let api = Api::with_quotas(db, Quotas { groups: Some(1), ..Quotas::default() }).await;
        let first = api.group("First", &[]).await;
        let body = json!({"displayName": "Second"});
        assert!(api.post("/Groups", &body).await.said().starts_with("403 This team has reached its limit of 1 groups"));
        assert_eq!(api.delete(&format!("/Groups/{first}")).await.status, StatusCode::NO_CONTENT);
        assert_eq!(api.post("/Groups", &body).await.status, StatusCode::CREATED);
    }

    async fn bytes(db: Db) {
        let api = Api::with_quotas(db, Quotas { bytes: Some(1_500), ..Quotas::default() }).await;
        let bob = api.user("bob").await;
        let path = format!("/Users/{bob}");
        let title = |length: usize| json!([{"op": "replace", "path": "title", "value": "é".repeat(length)}]);
        assert_eq!(api.patch(&path, title(400)).await.status, StatusCode::OK);
        let refused = api.post("/Users", &user("carol", &"x".repeat(900))).await;
        assert!(refused.said().starts_with("403 This team has reached its limit of 1500 bytes of stored data"), "{}", refused.said());
        assert_eq!(api.patch(&path, title(900)).await.status, StatusCode::FORBIDDEN);
        assert_eq!(api.patch(&path, title(10)).await.status, StatusCode::OK, "what shrinks is possible");
        let members: Vec<_> = [api.user("u1").await, api.user("u2").await].into();
        let ids: Vec<&str> = members.iter().map(String::as_str).collect();
        let full = api.patch(&path, title(450)).await;
        assert_eq!(full.status, StatusCode::OK, "{}", full.body);
        let group = api.group("Empty", &[]).await;
        let values: Vec<_> = ids.iter().map(|id| json!({"value": id})).collect();
        let join = api.patch(&format!("/Groups/{group}"), json!([{"op": "add", "path": "members", "value": values}])).await;
        let (row, there) = stored(&api).await;
        assert_eq!(row, there);
        assert_eq!(join.status == StatusCode::NO_CONTENT, there > 1_300, "memberships count: {row} {}", join.body);
    }

    async fn the_row_counts_what_there_is(db: Db) {
        let api = Api::new(db).await;
        let (bob, carol) = (api.user("bob@acme.test").await, api.user("carol").await);
        let group = api.group("Staff", &[&bob, &carol]).await;
        let other = api.group("Other", &[&bob]).await;
        api.put(&format!("/Users/{bob}"), &user("bob2", "Engineer of the \u{1F680}")).await;
        api.delete(&format!("/Users/{carol}")).await;
        let (row, there) = stored(&api).await;
        assert_eq!(row, there);
        api.post("/Users", &user("carol", "back")).await;
        api.patch(&format!("/Groups/{group}"), json!([{"op": "remove", "path": "members"}])).await;
        api.delete(&format!("/Groups/{other}")).await;
        let invite = api.world.ada().invite_make("acme", "eve@acme.test", Role::Developer).await.unwrap();
        assert_eq!(invite.email, "eve@acme.test");
        let (row, there) = stored(&api).await;
        assert_eq!(row, there);
    }
}
