//! `POST /Users`: new, restored and adopted members.

use crate::{
    api::{Api, BASE, ENTERPRISE, USER},
    db::{Db, on_both_engines},
    world::person,
};
use axum::http::{StatusCode, header};
use domain::role::Role;
use serde_json::{Value, json};

/// A User as Okta sends it, with attributes that clients cannot set.
fn grace() -> Value {
    json!({
        "schemas": [USER, ENTERPRISE],
        "id": "42",
        "meta": {"resourceType": "User", "version": "W/\"9\""},
        "userName": "Grace.Hopper@Acme.test",
        "externalId": "00uGrace",
        "name": {"givenName": "Grace", "familyName": "Hopper"},
        "emails": [{"primary": true, "value": "Grace.Hopper@Acme.test", "type": "work"}],
        "displayName": "Grace Hopper",
        "locale": "en-US",
        "groups": [{"value": "018f0000-0000-7000-8000-000000000000"}],
        "roles": [{"value": "super_admin", "primary": true}],
        "password": "1mz050nq",
        "active": true,
        "nobodyKnowsThis": {"a": [1]},
        ENTERPRISE: {"department": "Compilers"},
    })
}

fn named(user_name: &str) -> Value {
    json!({"schemas": [USER], "userName": user_name})
}

on_both_engines! {
    async fn a_new_user_is_created(db: Db) {
        let api = Api::new(db).await;
        let response = api.post("/Users", &grace()).await;
        assert_eq!(response.status, StatusCode::CREATED, "{}", response.body);
        let id = response.id();
        assert_eq!(response.header(header::LOCATION), format!("{BASE}/Users/{id}"));
        assert_eq!(response.tag(), "W/\"1\"");
        assert_eq!(
            response.json,
            json!({
                "schemas": [USER, ENTERPRISE],
                "id": id,
                "externalId": "00uGrace",
                "userName": "Grace.Hopper@Acme.test",
                "name": {"givenName": "Grace", "familyName": "Hopper"},
                "emails": [{"primary": true, "value": "Grace.Hopper@Acme.test", "type": "work"}],
                "displayName": "Grace Hopper",
                "locale": "en-US",
                "active": true,
                "roles": [{"value": "developer", "display": "Developer", "primary": true}],
                ENTERPRISE: {"department": "Compilers"},
                "meta": {
                    "resourceType": "User",
                    "created": "2026-06-01T00:00:00.000Z",
                    "lastModified": "2026-06-01T00:00:00.000Z",
                    "location": format!("{BASE}/Users/{id}"),
                    "version": "W/\"1\"",
                },
            })
        );
        assert_eq!(api.get(&format!("/Users/{id}")).await.json, response.json);
        assert_eq!(api.get("/Users").await.counts(), [2, 1, 2]);
        assert_eq!(api.provider_changes().await, ["created member Grace Hopper"]);
    }

    async fn passwords_are_not_stored(db: Db) {
        let api = Api::new(db).await;
        let response = api.post("/Users", &grace()).await;
        let id = response.id();
        assert!(!response.body.contains("1mz050nq"));
        assert_eq!(api.column("password_hash", &id).await, None);
        assert!(!api.column("document", &id).await.unwrap().contains("1mz050nq"));
        let password = json!([{"op": "replace", "path": "password", "value": "another-1mz050nq"}]);
        let patched = api.patch(&format!("/Users/{id}"), password).await;
        assert_eq!((patched.status, patched.tag()), (StatusCode::OK, "W/\"1\""), "nothing was changed");
        assert_eq!(api.column("password_hash", &id).await, None);
    }

    async fn a_user_name_is_the_only_required_attribute(db: Db) {
        let api = Api::new(db).await;
        let response = api.post("/Users", &json!({"userName": "a.b"})).await;
        assert_eq!(response.status, StatusCode::CREATED, "{}", response.body);
        assert_eq!(response.json.get("displayName"), None, "no value is invented");
        assert_eq!(response.json["active"], true);
        assert_eq!(api.column("email", &response.id()).await, None, "nothing to sign in with but SSO");
        let address = api.post("/Users", &json!({"userName": "c@acme.test"})).await;
        assert_eq!(api.column("email", &address.id()).await.as_deref(), Some("c@acme.test"));
    }

    async fn a_user_can_be_created_inactive(db: Db) {
        let api = Api::new(db).await;
        let response = api.post("/Users", &json!({"userName": "later", "active": false})).await;
        assert_eq!((response.status, &response.json["active"]), (StatusCode::CREATED, &json!(false)));
        assert_eq!(api.get(&format!("/Users/{}", response.id())).await.json, response.json);
        assert_eq!(api.find("/Users", "active eq false").await.each("userName"), ["later"]);
        assert_eq!(api.column("status", &response.id()).await.as_deref(), Some("deactivated"));
    }

    async fn user_names_are_unique_regardless_of_case(db: Db) {
        let api = Api::new(db).await;
        api.post("/Users", &grace()).await;
        for name in ["Grace.Hopper@Acme.test", "grace.hopper@acme.test", "GRACE.HOPPER@ACME.TEST"] {
            let repeat = api.post("/Users", &named(name)).await;
            assert_eq!(repeat.summary(), "409 uniqueness userName: already in use by another User in this team");
        }
        assert_eq!(api.post("/Users", &named("STRASSE")).await.status, StatusCode::CREATED);
        assert_eq!(api.post("/Users", &named("strasse")).await.status, StatusCode::CONFLICT);
        assert_eq!(api.get("/Users").await.counts()[0], 3);
        assert_eq!(api.provider_changes().await.len(), 2);
    }

    async fn user_names_can_repeat_in_another_team(db: Db) {
        let api = Api::new(db).await;
        let bob = person("Bob", "bob@other.test", Role::SuperAdmin);
        api.world.operator().team_create("other", "Other", domain::plan::Plan::Enterprise, bob).await.unwrap();
        let response = api.post("/Users", &named("bob@other.test")).await;
        assert_eq!(response.status, StatusCode::CREATED);
        assert_eq!(api.provider_changes().await, ["created member bob@other.test"]);
    }

    async fn a_deactivated_member_is_restored_with_its_id(db: Db) {
        let api = Api::new(db).await;
        let first = api.post("/Users", &grace()).await;
        let path = format!("/Users/{}", first.id());
        api.patch(&path, json!([{"op": "replace", "value": {"active": false}}])).await;
        api.world.pass(1_000);
        let back = api.post("/Users", &named("GRACE.hopper@acme.test")).await;
        assert_eq!(back.status, StatusCode::CREATED);
        assert_eq!((back.id(), back.tag()), (first.id(), "W/\"3\""));
        assert_eq!(back.header(header::LOCATION), format!("{BASE}{path}"));
        assert_eq!(back.json["userName"], "GRACE.hopper@acme.test");
        assert_eq!(back.json["active"], true);
        assert_eq!(back.json.get("externalId"), None, "attributes are those of the request");
        assert_eq!(back.json["meta"]["created"], first.json["meta"]["created"]);
        assert_eq!(back.json["meta"]["lastModified"], "2026-06-01T00:00:01.000Z");
        assert_eq!(api.get(&path).await.json, back.json);
        assert_eq!(api.provider_changes().await.last().unwrap(), "restored member GRACE.hopper@acme.test");
        assert_eq!(api.get("/Users").await.counts()[0], 2);
    }

    async fn a_deleted_member_is_restored_with_its_id(db: Db) {
        let api = Api::new(db).await;
        let first = api.post("/Users", &grace()).await;
        let path = format!("/Users/{}", first.id());
        assert_eq!(api.delete(&path).await.status, StatusCode::NO_CONTENT);
        assert_eq!(api.get("/Users").await.counts()[0], 1);
        let back = api.post("/Users", &grace()).await;
        assert_eq!((back.status, back.id()), (StatusCode::CREATED, first.id()));
        assert_eq!(api.get(&path).await.json, back.json);
        assert_eq!(api.get("/Users").await.counts()[0], 2);
    }

    async fn a_removed_member_is_matched_by_external_id(db: Db) {
        let api = Api::new(db).await;
        let first = api.post("/Users", &grace()).await.id();
        let user_named = |name: &str| json!({"userName": name, "externalId": "00uGrace"});
        let other = api.post("/Users", &user_named("other")).await;
        assert_eq!(other.status, StatusCode::CREATED);
        assert_ne!(other.id(), first, "while she is active, a User with her externalId is another person");
        let change = json!([{"op": "replace", "path": "externalId", "value": "00uOther"}]);
        api.patch(&format!("/Users/{}", other.id()), change).await;
        for is_removed in [true, false] {
            let path = format!("/Users/{first}");
            match is_removed {
                true => api.delete(&path).await,
                false => api.patch(&path, json!([{"op": "replace", "path": "active", "value": false}])).await,
            };
            let name = format!("grace.{is_removed}");
            let back = api.post("/Users", &user_named(&name)).await;
            assert_eq!((back.id(), &back.json["userName"]), (first.clone(), &json!(name)));
        }
        // Another member has the new name.
        api.delete(&format!("/Users/{first}")).await;
        assert_eq!(api.post("/Users", &user_named("OTHER")).await.status, StatusCode::CONFLICT);
    }

    async fn a_member_can_be_restored_inactive(db: Db) {
        let api = Api::new(db).await;
        let first = api.post("/Users", &grace()).await.id();
        api.delete(&format!("/Users/{first}")).await;
        let mut asleep = grace();
        asleep["active"] = json!(false);
        let back = api.post("/Users", &asleep).await;
        assert_eq!((back.id(), &back.json["active"]), (first, &json!(false)));
    }

    /// For the provider, nothing changes: the id, the roles and the password stay.
    async fn a_manually_added_member_is_adopted(db: Db) {
        let api = Api::new(db).await;
        let billing = api.world.member(Role::Billing).await.to_string();
        let developer = api.world.member(Role::Developer).await.to_string();
        for (id, body, role) in [
            (&billing, json!({"userName": "BILLING@acme.test", "displayName": "By name"}), "billing"),
            (
                &developer,
                json!({"userName": "d.eveloper", "displayName": "By mail", "emails": [{"value": "Developer@acme.test"}]}),
                "developer",
            ),
        ] {
            let adoption = api.post("/Users", &body).await;
            assert_eq!((adoption.status, &adoption.id()), (StatusCode::CREATED, id), "{}", adoption.body);
            assert_eq!(adoption.json["userName"], body["userName"]);
            assert_eq!(adoption.json["roles"][0]["value"], role);
            assert_eq!(adoption.tag(), "W/\"2\"");
            assert_eq!(api.column("password_hash", id).await.as_deref(), Some("$argon2id$"));
            assert_eq!(api.column("source", id).await.as_deref(), Some("directory"));
            assert_eq!(api.post("/Users", &body).await.status, StatusCode::CONFLICT, "it is the directory's now");
        }
        assert_eq!(api.provider_changes().await, ["adopted member By name", "adopted member By mail"]);
        assert_eq!(api.get("/Users").await.counts()[0], 3);
    }

    async fn an_invited_member_is_adopted(db: Db) {
        let api = Api::new(db).await;
        let id = api.world.member(Role::Developer).await.to_string();
        api.world.db.sql("UPDATE members SET status = 'invited', source = 'invited' WHERE roles < 128").await;
        assert_eq!(api.get(&format!("/Users/{id}")).await.json["active"], true, "for the provider");
        let adoption = api.post("/Users", &named("developer@acme.test")).await;
        assert_eq!((adoption.status, adoption.id()), (StatusCode::CREATED, id.clone()));
        assert_eq!(api.column("status", &id).await.as_deref(), Some("active"));
    }

    /// A managed member is never adopted by an email.
    async fn managed_members_are_not_adopted_again(db: Db) {
        let api = Api::new(db).await;
        let grace = api.post("/Users", &grace()).await;
        let other =
            api.post("/Users", &json!({"userName": "x", "emails": [{"value": "grace.hopper@acme.test"}]})).await;
        assert_eq!(other.status, StatusCode::CREATED);
        assert_ne!(other.id(), grace.id());
    }

    /// An Admin must not become a Super Admin by an email.
    async fn an_admins_key_cannot_adopt_a_super_admin(db: Db) {
        let api = Api::new(db).await;
        let admin = api.world.member(Role::Admin).await;
        let admins = api.key_of(&admin).await;
        let before = api.get(&format!("/Users/{}", api.world.ada)).await.body;
        for body in [
            named("ada@acme.test"),
            json!({"userName": "mine", "emails": [{"value": "ADA@acme.test", "primary": true}]}),
        ] {
            assert_eq!(
                admins.post("/Users", &body).await.summary(),
                "403 Only a Super Admin, or a SCIM API key created by one, can change a Super Admin"
            );
        }
        assert_eq!(api.get(&format!("/Users/{}", api.world.ada)).await.body, before);
        assert_eq!(api.provider_changes().await, ["was blocked from changing member Ada Lovelace"; 2]);
        let supers = api.post("/Users", &named("ada@acme.test")).await;
        assert_eq!((supers.status, supers.id().as_str()), (StatusCode::CREATED, api.world.ada.as_str()));
        assert_eq!(supers.json["roles"][0]["value"], "super_admin");
    }

    /// Restoring gives no role either: a removed member returns as a Developer.
    async fn an_admins_key_cannot_restore_a_super_admin(db: Db) {
        let api = Api::new(db).await;
        let bob = person("Bob", "bob@acme.test", Role::SuperAdmin);
        let bob = api.world.operator().member_add("acme", bob).await.unwrap();
        let admin = api.world.member(Role::Admin).await;
        let admins = api.key_of(&admin).await;
        api.delete(&format!("/Users/{bob}")).await;
        let back = admins.post("/Users", &named("bob@acme.test")).await;
        assert_eq!((back.status, back.id().as_str()), (StatusCode::CREATED, bob.as_str()));
        assert_eq!(back.json["roles"], json!([{"value": "developer", "display": "Developer", "primary": true}]));
    }

    async fn the_last_super_admin_is_not_adopted_inactive(db: Db) {
        let api = Api::new(db).await;
        let answer = api.post("/Users", &json!({"userName": "ada@acme.test", "active": false})).await;
        assert!(answer.summary().starts_with("403 This is the team's last active Super Admin"), "{}", answer.summary());
        assert_eq!(api.column("status", api.world.ada.as_str()).await.as_deref(), Some("active"));
        assert_eq!(api.column("source", api.world.ada.as_str()).await.as_deref(), Some("manual"));
    }

    async fn simultaneous_creations_of_one_name_create_one_user(db: Db) {
        let api = Api::new(db).await;
        let requests = (0..32).map(|number| {
            let api = api.clone();
            // Every second request has the name of the one before.
            tokio::spawn(async move { api.post("/Users", &named(&format!("user{}", number / 2))).await.status })
        });
        let mut statuses = Vec::new();
        for one in requests.collect::<Vec<_>>() {
            statuses.push(one.await.unwrap());
        }
        let created = statuses.iter().filter(|status| **status == StatusCode::CREATED).count();
        let conflicts = statuses.iter().filter(|status| **status == StatusCode::CONFLICT).count();
        assert_eq!((created, conflicts), (16, 16));
        assert_eq!(api.get("/Users").await.counts(), [17, 1, 17]);
        assert_eq!(api.provider_changes().await.len(), 16);
    }
}
