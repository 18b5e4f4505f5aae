//! Protected sign-in names of the last Super Admin and of break-glass members. The rest of a change is applied.

use crate::{
    api::Api,
    db::{Db, on_both_engines},
    world::person,
};
use axum::http::StatusCode;
use domain::{activity::Change, role::Role};
use serde_json::{Value, json};
use server::request_log;

const ADA: &str = "ada@acme.test";

fn replace(path: &str, value: Value) -> Value {
    json!([{"op": "replace", "path": path, "value": value}, {"op": "replace", "path": "title", "value": "Countess"}])
}

/// All ways to change a sign-in name.
fn attacks() -> Vec<Value> {
    let evil = || json!([{"value": "evil@x.test", "primary": true}]);
    vec![
        replace("emails", evil()),
        replace("emails", json!([])),
        replace("userName", json!("evil@x.test")),
        replace("userName", json!("nobody")),
        replace(&format!("emails[value eq \"{ADA}\"].value"), json!("evil@x.test")),
        json!([{"op": "add", "path": "emails", "value": evil()}, {"op": "add", "path": "title", "value": "Countess"}]),
        json!([{"op": "remove", "path": "emails"}, {"op": "replace", "path": "userName", "value": "x"},
            {"op": "add", "path": "title", "value": "Countess"}]),
        json!([{"op": "replace", "value": {"userName": "evil", "emails": evil(), "title": "Countess"}}]),
    ]
}

async fn check(api: &Api, id: &str, email: &str) {
    let now = api.get(&format!("/Users/{id}")).await.json;
    assert_eq!(
        (&now["userName"], &now["emails"][0]["value"], &now["title"]),
        (&json!(email), &json!(email), &json!("Countess"))
    );
    assert_eq!(now["emails"].as_array().unwrap().len(), 1);
    assert_eq!(api.column("email", id).await.as_deref(), Some(email));
    assert_eq!(api.column("user_name", id).await.as_deref(), Some(email));
}

on_both_engines! {
    async fn the_last_super_admin_keeps_its_sign_in_names(db: Db) {
        let api = Api::new(db).await;
        let ada = api.world.ada.to_string();
        for attack in attacks() {
            let answer = api.patch(&format!("/Users/{ada}"), attack.clone()).await;
            assert_eq!(answer.status, StatusCode::OK, "{attack}: {}", answer.body);
            assert_eq!((&answer.json["userName"], &answer.json["title"]), (&json!(ADA), &json!("Countess")), "{attack}");
            check(&api, &ada, ADA).await;
            api.patch(&format!("/Users/{ada}"), json!([{"op": "remove", "path": "title"}])).await;
        }
        let put = json!({"userName": "evil", "title": "Countess", "emails": [{"value": "evil@x.test"}]});
        assert_eq!(api.put(&format!("/Users/{ada}"), &put).await.status, StatusCode::OK);
        check(&api, &ada, ADA).await;
    }

    async fn break_glass_members_keep_their_sign_in_names(db: Db) {
        let api = Api::new(db).await;
        let response = api.post("/Users", &json!({"userName": ADA.replace("ada", "way.in"), "emails": [{"value": "way.in@acme.test"}]})).await;
        let id = response.id();
        api.world.db.sql(&format!("UPDATE members SET break_glass = 1 WHERE id = '{id}'")).await;
        for attack in attacks() {
            let attack: Value = serde_json::from_str(&attack.to_string().replace(ADA, "way.in@acme.test")).unwrap();
            assert_eq!(api.patch(&format!("/Users/{id}"), attack.clone()).await.status, StatusCode::OK, "{attack}");
            check(&api, &id, "way.in@acme.test").await;
        }
    }

    async fn the_log_names_the_kept_attributes_and_the_reason(db: Db) {
        let api = Api::new(db).await;
        let path = format!("/Users/{}", api.world.ada);
        api.patch(&path, replace("emails", json!([{"value": "evil@x.test"}]))).await;
        let facts = api.world.log().await.into_iter().find_map(|entry| match entry.change {
            Change::MemberSignInKept { name, attributes, why } => Some((name, attributes, why, entry.member)),
            _ => None,
        });
        let (name, attributes, why, member) = facts.unwrap();
        assert_eq!((name.as_str(), attributes, member), ("Ada Lovelace", vec!["emails".to_owned()], Some(api.world.ada.clone())));
        assert!(why.contains("the team's last active Super Admin signs in with it"), "{why}");
        // Alone, the change has no effect, but is still logged.
        let version = api.get(&path).await.tag().to_owned();
        let alone = json!([{"op": "replace", "path": "userName", "value": "evil"}]);
        let answer = api.patch(&path, alone).await;
        assert_eq!((answer.status, answer.tag()), (StatusCode::OK, version.as_str()));
        assert_eq!(api.provider_changes().await.last().unwrap(), "was blocked from changing the sign-in of member Ada Lovelace");
        request_log::run(api.state.recorder.clone(), api.state.store.clone(), async {}).await;
        let notes = "SELECT notes FROM scim_requests WHERE notes LIKE '%userName: unchanged because%' LIMIT 1";
        let notes = api.world.db.text(notes).await.unwrap();
        assert!(notes.contains("because the team's last active Super Admin signs in with it"), "{notes}");
        assert!(!notes.contains("evil"), "{notes}");
    }

    async fn adoption_keeps_sign_in_names(db: Db) {
        let api = Api::new(db).await;
        let body = json!({"userName": ADA, "displayName": "Ada", "emails": [{"value": "evil@x.test", "primary": true}]});
        let adopted = api.post("/Users", &body).await;
        assert_eq!((adopted.status, adopted.id()), (StatusCode::CREATED, api.world.ada.to_string()));
        assert_eq!((&adopted.json["emails"][0]["value"], &adopted.json["displayName"]), (&json!(ADA), &json!("Ada")));
        assert_eq!(api.column("email", api.world.ada.as_str()).await.as_deref(), Some(ADA));
    }

    /// The provider may change everything except the sign-in.
    async fn spelling_and_other_addresses_can_be_changed(db: Db) {
        let api = Api::new(db).await;
        let path = format!("/Users/{}", api.world.ada);
        let emails = json!([{"value": "Ada@Acme.test", "type": "work", "primary": true}, {"value": "home@x.test", "type": "home"}]);
        let put = json!({"userName": "ADA@acme.test", "emails": emails});
        let answer = api.put(&path, &put).await;
        assert_eq!((&answer.json["userName"], &answer.json["emails"]), (&put["userName"], &put["emails"]));
        assert!(!api.provider_changes().await.iter().any(|did| did.contains("sign-in")), "{:?}", api.provider_changes().await);
    }

    async fn an_admins_key_cannot_change_a_super_admin(db: Db) {
        let api = Api::new(db).await;
        let admin = api.world.member(Role::Admin).await;
        let admins = api.key_of(&admin).await;
        let alone = json!([{"op": "replace", "path": "userName", "value": "evil"}]);
        assert_eq!(admins.patch(&format!("/Users/{}", api.world.ada), alone).await.status, StatusCode::FORBIDDEN);
    }

    /// With a second Super Admin, no change locks the team out.
    async fn one_of_two_super_admins_is_not_protected(db: Db) {
        let api = Api::new(db).await;
        api.world.operator().member_add("acme", person("Bob", "bob@acme.test", Role::SuperAdmin)).await.unwrap();
        let answer = api.patch(&format!("/Users/{}", api.world.ada), replace("userName", json!("countess"))).await;
        assert_eq!(answer.json["userName"], "countess");
    }
}
