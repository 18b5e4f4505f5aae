//! Restored members are Developers without a password, however they were removed and restored.

use crate::{
    api::Api,
    db::{Db, on_both_engines},
    world::person,
};
use axum::http::StatusCode;
use domain::{
    activity::Change,
    id::MemberId,
    role::{Role, Roles},
};
use serde_json::json;

/// The ways to remove a member.
#[derive(Clone, Copy, Debug)]
enum Removal {
    Page,
    Delete,
    Leave,
}

/// Adds a member manually, with this role.
async fn add(api: &Api, name: &str, role: Role) -> MemberId {
    let email = format!("{name}@acme.test");
    api.world.operator().member_add("acme", person(name, &email, role)).await.unwrap()
}

async fn remove(api: &Api, how: Removal, id: &MemberId) {
    match how {
        Removal::Page => {
            api.world.ada().member_remove("acme", id).await.unwrap();
        }
        Removal::Delete => assert_eq!(api.delete(&format!("/Users/{id}")).await.status, StatusCode::NO_CONTENT),
        Removal::Leave => {
            // No member can leave while provisioning is on.
            api.world.operator().scim_turn_off("acme", "Acme").await.unwrap();
            api.world.by(id).account_leave("acme").await.unwrap();
            api.world.operator().scim_turn_on("acme").await.unwrap();
        }
    }
}

/// The manual roles, the break-glass mark, and the password's hash.
async fn rights(api: &Api, id: &MemberId) -> (String, String, Option<String>) {
    let column = async |name: &str| api.column(name, id.as_str()).await;
    (column("roles").await.unwrap(), column("break_glass").await.unwrap(), column("password_hash").await)
}

fn developer() -> (String, String, Option<String>) {
    ("2".into(), "0".into(), None)
}

/// The former roles in the last entry about a restored member.
async fn former_roles(api: &Api) -> Option<Roles> {
    match api.world.log().await.remove(0).change {
        Change::MemberDeleted { was, .. }
        | Change::MemberLeft { was, .. }
        | Change::MemberRestored { was, .. }
        | Change::MemberInvited { was, .. } => was,
        other => panic!("{other:?}"),
    }
}

on_both_engines! {
    async fn removal_removes_role_and_password(db: Db) {
        let api = Api::new(db).await;
        for (how, role) in [(Removal::Page, Role::SuperAdmin), (Removal::Delete, Role::Admin), (Removal::Leave, Role::SuperAdmin)] {
            let bob = add(&api, &format!("{how:?}"), role).await;
            assert_eq!(rights(&api, &bob).await.2.as_deref(), Some("$argon2id$"));
            remove(&api, how, &bob).await;
            assert_eq!(rights(&api, &bob).await, developer(), "{how:?}");
            match how {
                Removal::Leave => {}
                Removal::Page | Removal::Delete => assert_eq!(former_roles(&api).await, Some(role.into()), "{how:?}"),
            }
            let has_entry = api.world.log().await.into_iter().any(|entry| match entry.change {
                Change::MemberDeleted { was, .. } | Change::MemberLeft { was, .. } => was == Some(role.into()),
                _ => false,
            });
            assert!(has_entry, "{how:?}");
        }
    }

    async fn restored_members_are_developers(db: Db) {
        let api = Api::new(db).await;
        for how in [Removal::Page, Removal::Delete, Removal::Leave] {
            let bob = add(&api, &format!("{how:?}"), Role::SuperAdmin).await;
            remove(&api, how, &bob).await;
            let back = api.post("/Users", &json!({"userName": format!("{how:?}@acme.test")})).await;
            assert_eq!((back.status, back.id()), (StatusCode::CREATED, bob.to_string()), "{how:?}");
            assert_eq!(back.json["roles"][0]["value"], "developer", "{how:?}");
            assert_eq!(api.get(&format!("/Users/{bob}")).await.json, back.json);
            assert_eq!(rights(&api, &bob).await, developer(), "{how:?}");
            assert_eq!(former_roles(&api).await, Some(Role::SuperAdmin.into()), "the log has the former roles");
        }
    }

    async fn members_restored_by_external_id_are_developers(db: Db) {
        let api = Api::new(db).await;
        let response = api.post("/Users", &json!({"userName": "bob", "externalId": "x1"})).await;
        let bob = MemberId::new(response.id());
        api.world.ada().members_change_roles("acme", std::slice::from_ref(&bob), server::service::RoleEdit::Set(Role::Admin.into())).await.unwrap();
        api.delete(&format!("/Users/{bob}")).await;
        let back = api.post("/Users", &json!({"userName": "robert", "externalId": "x1"})).await;
        assert_eq!((back.id(), &back.json["roles"][0]["value"]), (bob.to_string(), &json!("developer")));
        assert_eq!(rights(&api, &bob).await, developer());
    }

    /// An email restores no member, because it may belong to another person.
    async fn an_email_address_restores_no_member(db: Db) {
        let api = Api::new(db).await;
        for (how, role) in [(Removal::Page, Role::SuperAdmin), (Removal::Delete, Role::Developer), (Removal::Leave, Role::Admin)] {
            let bob = add(&api, &format!("{how:?}"), role).await;
            remove(&api, how, &bob).await;
            let email = format!("{how:?}@acme.test");
            let other = api.post("/Users", &json!({"userName": format!("other.{how:?}"), "emails": [{"value": email}]})).await;
            assert_eq!((other.status, &other.json["roles"][0]["value"]), (StatusCode::CREATED, &json!("developer")));
            assert_ne!(other.id(), bob.as_str(), "{how:?}");
            assert_eq!(api.column("password_hash", &other.id()).await, None);
            assert_eq!(api.column("status", bob.as_str()).await.as_deref(), Some("deleted"));
        }
    }

    async fn an_invite_restores_no_role(db: Db) {
        let api = Api::new(db).await;
        let bob = add(&api, "bob", Role::SuperAdmin).await;
        remove(&api, Removal::Page, &bob).await;
        api.world.ada().invite_create("acme", "bob@acme.test", Role::Billing).await.unwrap();
        assert_eq!(rights(&api, &bob).await, ("8".into(), "0".into(), None));
        assert_eq!(former_roles(&api).await, Some(Role::SuperAdmin.into()));
        assert_eq!(api.column("removed_roles", bob.as_str()).await, None);
    }

    /// A canceled invite gives no role either.
    async fn a_canceled_invite_gives_no_role(db: Db) {
        let api = Api::new(db).await;
        api.world.ada().invite_create("acme", "bob@acme.test", Role::SuperAdmin).await.unwrap();
        let bob = MemberId::new(api.world.db.text("SELECT id FROM members WHERE user_name = 'bob@acme.test'").await.unwrap());
        api.world.ada().invite_cancel("acme", &bob).await.unwrap();
        assert_eq!(rights(&api, &bob).await, developer());
        let back = api.post("/Users", &json!({"userName": "bob@acme.test"})).await;
        assert_eq!((back.id(), &back.json["roles"][0]["value"]), (bob.to_string(), &json!("developer")));
    }

    /// Members who were removed by versions whose removal kept the roles.
    async fn tombstones_of_older_versions_restore_no_role(db: Db) {
        let api = Api::new(db).await;
        let bob = add(&api, "bob", Role::SuperAdmin).await;
        api.world.db.sql(&format!("UPDATE members SET status = 'deleted', break_glass = 1 WHERE id = '{bob}'")).await;
        let back = api.post("/Users", &json!({"userName": "bob@acme.test"})).await;
        assert_eq!((back.id(), &back.json["roles"][0]["value"]), (bob.to_string(), &json!("developer")));
        assert_eq!(rights(&api, &bob).await, developer());
    }

    /// Deactivation is not removal: everything is kept and returns.
    async fn deactivation_keeps_role_and_password(db: Db) {
        let api = Api::new(db).await;
        let bob = add(&api, "bob", Role::Billing).await;
        let path = format!("/Users/{bob}");
        let active = |on: bool| json!([{"op": "replace", "path": "active", "value": on}]);
        api.patch(&path, active(false)).await;
        api.patch(&path, active(true)).await;
        api.patch(&path, active(false)).await;
        assert_eq!(api.post("/Users", &json!({"userName": "bob@acme.test"})).await.id(), bob.as_str());
        assert_eq!(rights(&api, &bob).await, ("8".into(), "0".into(), Some("$argon2id$".into())));
    }
}
