//! Invited members as identity providers see and change them. Every change ends the invite.

use crate::{
    api::Api,
    db::{Db, on_both_engines},
};
use axum::http::StatusCode;
use domain::role::Role;
use serde_json::{Value, json};

const EMAIL: &str = "new@acme.test";

/// Invites a person. Returns the id.
async fn invited(api: &Api) -> String {
    api.world.ada().invite_create("acme", EMAIL, Role::Billing).await.unwrap();
    api.world.db.text(&format!("SELECT id FROM members WHERE email = '{EMAIL}'")).await.unwrap()
}

async fn state(api: &Api, id: &str) -> (String, String) {
    let invites = api.world.db.text("SELECT CAST(COUNT(*) AS TEXT) FROM invites").await.unwrap();
    (api.column("status", id).await.unwrap(), invites)
}

fn active(active: bool) -> Value {
    json!([{"op": "replace", "value": {"active": active}}])
}

on_both_engines! {
    async fn an_invited_member_is_an_active_user(db: Db) {
        let api = Api::new(db).await;
        let id = invited(&api).await;
        let user = api.get(&format!("/Users/{id}")).await;
        assert_eq!((&user.json["active"], &user.json["userName"]), (&json!(true), &json!(EMAIL)));
        assert_eq!(api.find("/Users", &format!("userName eq \"{EMAIL}\" and active eq true")).await.counts(), [1, 1, 1]);
        assert_eq!(state(&api, &id).await, ("invited".into(), "1".into()));
    }

    async fn deactivation_ends_the_invite(db: Db) {
        let api = Api::new(db).await;
        let id = invited(&api).await;
        assert_eq!(api.patch(&format!("/Users/{id}"), active(false)).await.status, StatusCode::OK);
        assert_eq!(state(&api, &id).await, ("deactivated".into(), "0".into()));
        assert_eq!(api.patch(&format!("/Users/{id}"), active(true)).await.status, StatusCode::OK);
        assert_eq!(state(&api, &id).await, ("active".into(), "0".into()), "and it does not come back");
    }

    async fn deletion_ends_the_invite_and_only_the_directory_restores(db: Db) {
        let api = Api::new(db).await;
        let id = invited(&api).await;
        assert_eq!(api.delete(&format!("/Users/{id}")).await.status, StatusCode::NO_CONTENT);
        assert_eq!(state(&api, &id).await, ("deleted".into(), "0".into()));
        let rejection = api.world.ada().invite_create("acme", EMAIL, Role::Developer).await.unwrap_err();
        assert!(rejection.to_string().contains("removed by the identity provider"), "{rejection}");
        let back = api.post("/Users", &json!({"userName": EMAIL})).await;
        assert_eq!((back.status, back.id()), (StatusCode::CREATED, id.clone()));
        assert_eq!(state(&api, &id).await, ("active".into(), "0".into()));
        api.delete(&format!("/Users/{id}")).await;
        let rejection = api.world.ada().invite_create("acme", EMAIL, Role::Developer).await.unwrap_err();
        assert!(rejection.to_string().contains("removed by the identity provider"), "{rejection}");
    }

    async fn adoption_ends_the_invite_and_keeps_the_role(db: Db) {
        let api = Api::new(db).await;
        let id = invited(&api).await;
        let adoption = api.post("/Users", &json!({"userName": EMAIL, "displayName": "New"})).await;
        assert_eq!((adoption.status, adoption.id()), (StatusCode::CREATED, id.clone()));
        assert_eq!(state(&api, &id).await, ("active".into(), "0".into()));
        assert_eq!(api.world.db.text(&format!("SELECT CAST(roles AS TEXT) FROM members WHERE id = '{id}'")).await.as_deref(), Some("8"));
        assert!(api.provider_changes().await.contains(&"adopted member New".to_owned()));
    }

    async fn any_change_by_the_directory_adopts_the_member(db: Db) {
        let api = Api::new(db).await;
        let id = invited(&api).await;
        let title = json!([{"op": "add", "path": "title", "value": "Clerk"}]);
        assert_eq!(api.patch(&format!("/Users/{id}"), title).await.status, StatusCode::OK);
        assert_eq!(state(&api, &id).await, ("active".into(), "0".into()));
        assert!(!api.provider_changes().await.iter().any(|did| did.contains("reactivated")), "{:?}", api.provider_changes().await);
    }

    async fn an_admins_key_cannot_adopt_an_invited_super_admin(db: Db) {
        let api = Api::new(db).await;
        let admin = api.world.member(Role::Admin).await;
        let admins = api.key_of(&admin).await;
        api.world.ada().invite_create("acme", EMAIL, Role::SuperAdmin).await.unwrap();
        let id = api.world.db.text(&format!("SELECT id FROM members WHERE email = '{EMAIL}'")).await.unwrap();
        let rejection = admins.post("/Users", &json!({"userName": EMAIL})).await;
        assert_eq!(rejection.status, StatusCode::FORBIDDEN);
        assert_eq!(state(&api, &id).await, ("invited".into(), "1".into()));
    }
}
