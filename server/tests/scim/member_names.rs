//! Names of manually created members: with parts, as Okta's SPEC suite requires for the first User of a new team.

use crate::{
    api::Api,
    db::{Db, on_both_engines},
    world::person,
};
use domain::role::Role;
use serde_json::{Value, json};

on_both_engines! {
    async fn the_first_user_of_a_new_team_passes_the_suite_of_okta(db: Db) {
        let api = Api::new(db).await;
        let list = api.get("/Users?startIndex=1&count=2").await.json;
        let first = &list["Resources"][0];
        let text = |value: &Value| value.as_str().is_some_and(|text| !text.is_empty());
        assert!(text(&first["id"]) && text(&first["userName"]) && text(&first["emails"][0]["value"]), "{first}");
        assert!(text(&first["name"]["givenName"]) && text(&first["name"]["familyName"]) && first["active"] == true, "{first}");
        assert_eq!(first["name"], json!({"formatted": "Ada Lovelace", "givenName": "Ada", "familyName": "Lovelace"}));
    }

    async fn names_are_split_at_the_last_space_and_never_empty(db: Db) {
        let api = Api::new(db).await;
        for (name, given_name, family) in [("Tim Berners Lee", "Tim Berners", "Lee"), ("Cher", "Cher", "Cher")] {
            let email = format!("{}@acme.test", name.replace(' ', "."));
            let id = api.world.operator().member_add("acme", person(name, &email, Role::Developer)).await.unwrap();
            let user = api.get(&format!("/Users/{id}")).await.json;
            assert_eq!(user["name"], json!({"formatted": name, "givenName": given_name, "familyName": family}));
        }
        api.world.ada().invite_create("acme", "new.person@x.test", Role::Developer).await.unwrap();
        let invited = api.find("/Users", "userName eq \"new.person@x.test\"").await.json["Resources"][0].clone();
        assert_eq!((&invited["name"]["givenName"], &invited["name"]["familyName"]), (&json!("new.person"), &json!("new.person")));
        assert_eq!(api.find("/Users", "name.familyName eq \"lee\"").await.counts()[0], 1);
    }

    async fn renaming_a_member_updates_the_parts(db: Db) {
        let api = Api::new(db).await;
        api.world.ada().account_set_name("acme", "Augusta Ada King").await.unwrap();
        let user = api.get(&format!("/Users/{}", api.world.ada)).await.json;
        assert_eq!(user["name"], json!({"formatted": "Augusta Ada King", "givenName": "Augusta Ada", "familyName": "King"}));
        assert_eq!(user["displayName"], "Augusta Ada King");
    }

    async fn the_schema_describes_a_user_account(db: Db) {
        let api = Api::new(db).await;
        let schema = api.get("/Schemas/urn:ietf:params:scim:schemas:core:2.0:User").await.json;
        assert_eq!((&schema["name"], &schema["description"]), (&json!("User"), &json!("User Account")));
    }
}
