//! `/Users` and `/Groups`.

use crate::{
    api::{Api, BASE},
    db::{Db, on_both_engines},
    world::person,
};
use axum::http::StatusCode;
use domain::{plan::Plan, role::Role};
use store::Condition;

on_both_engines! {
    async fn a_manual_member_is_a_user(db: Db) {
        let api = Api::new(db).await;
        let ada = api.world.ada.as_str();
        let user = api.get(&format!("/Users/{ada}")).await;
        assert_eq!(user.status, StatusCode::OK);
        assert_eq!(
            user.json,
            serde_json::json!({
                "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
                "id": ada,
                "userName": "ada@acme.test",
                "name": {"formatted": "Ada Lovelace", "givenName": "Ada", "familyName": "Lovelace"},
                "displayName": "Ada Lovelace",
                "active": true,
                "emails": [{"value": "ada@acme.test", "primary": true}],
                "roles": [{"value": "super_admin", "display": "Super Admin", "primary": true}],
                "meta": {
                    "resourceType": "User",
                    "created": "2026-06-01T00:00:00.000Z",
                    "lastModified": "2026-06-01T00:00:00.000Z",
                    "location": format!("{BASE}/Users/{ada}"),
                    "version": "W/\"1\"",
                },
            })
        );
        assert_eq!(api.get(&format!("/Users/{}", ada.to_uppercase())).await.json, user.json);
    }

    async fn a_member_of_the_directory_has_its_document(db: Db) {
        let api = Api::new(db).await;
        let id = api.world.member(Role::Developer).await;
        api.world.db.sql(&format!(
            r#"UPDATE members SET status = 'deactivated', group_roles = 32, external_id = '00u1', email = NULL, email_key = NULL,
             document = '{{"userName":"g","externalId":"00u1","name":{{"givenName":"Grace","familyName":"Hopper"}}}}'
             WHERE id = '{id}'"#
        ))
        .await;
        let user = api.get(&format!("/Users/{id}")).await.json;
        assert_eq!(user["active"], false);
        assert_eq!(user["externalId"], "00u1");
        assert_eq!(user["name"]["givenName"], "Grace");
        assert_eq!(user["name"]["familyName"], "Hopper");
        assert_eq!(user.get("emails"), None);
        assert_eq!(user["roles"][0]["value"], "admin");
        assert_eq!(user["roles"][1]["primary"], false);
    }

    async fn users_can_be_read_page_by_page(db: Db) {
        let api = Api::new(db).await;
        for role in [Role::Admin, Role::Billing, Role::Developer] {
            api.world.member(role).await;
        }
        let full_list = api.get("/Users").await;
        assert_eq!(full_list.counts(), [4, 1, 4]);
        let ids = full_list.each("id");
        for (query, counts, expected) in [
            ("startIndex=1&count=2", [4, 1, 2], &ids[..2]),
            ("startIndex=3&count=2", [4, 3, 2], &ids[2..]),
            ("startIndex=4&count=100", [4, 4, 1], &ids[3..]),
            ("startIndex=101&count=100", [4, 101, 0], &[]),
            ("startIndex=0&count=1", [4, 1, 1], &ids[..1]),
            ("startIndex=-5", [4, 1, 4], &ids[..]),
            ("count=0", [4, 1, 0], &[]),
            ("count=-1", [4, 1, 0], &[]),
            ("count=99999999999999999999", [4, 1, 4], &ids[..]),
            ("startIndex=99999999999999999999", [4, 9_007_199_254_740_991, 0], &[]),
            ("aadOptscim062020&STARTINDEX=2&Count=1", [4, 2, 1], &ids[1..2]),
        ] {
            let page = api.get(&format!("/Users?{query}")).await;
            assert_eq!((page.counts(), page.each("id").as_slice()), (counts, expected), "{query}");
        }
        assert_eq!(api.get("/Users/").await.json, full_list.json);
    }

    async fn invalid_queries_are_rejected(db: Db) {
        let api = Api::new(db).await;
        for path in ["/Users", "/Groups"] {
            for (query, summary) in [
                ("count=ten", "400 invalidValue count must be an integer"),
                ("count=", "400 invalidValue count must be an integer"),
                ("count=%00", "400 invalidValue count must be an integer"),
                ("startIndex=1.5", "400 invalidValue startIndex must be an integer"),
                ("startIndex=%FF%FE", "400 invalidValue startIndex must be an integer"),
                ("count=1&count=2", "400 invalidValue count appears twice"),
            ] {
                assert_eq!(api.get(&format!("{path}?{query}")).await.summary(), summary);
            }
        }
    }

    async fn deleted_members_are_not_found(db: Db) {
        let api = Api::new(db).await;
        let id = api.world.member(Role::Developer).await;
        api.world.db.sql(&format!("UPDATE members SET status = 'deleted' WHERE id = '{id}'")).await;
        assert_eq!(api.get(&format!("/Users/{id}")).await.summary(), format!("404 Resource {id} not found"));
        assert_eq!(api.get("/Users").await.each("id"), [api.world.ada.as_str()]);
    }

    async fn unknown_ids_are_not_found(db: Db) {
        let api = Api::new(db).await;
        for path in ["/Users", "/Groups"] {
            for id in ["018f0000-0000-7000-8000-000000000000", "42", "null", "a%20b", "%00", "a%2Fb", "urn:uuid:x"] {
                let answer = api.get(&format!("{path}/{id}")).await;
                assert_eq!(answer.status, StatusCode::NOT_FOUND, "{id}");
            }
            assert_eq!(api.get(&format!("{path}/%FF")).await.status, StatusCode::NOT_FOUND);
        }
    }

    async fn resources_of_other_teams_are_not_found(db: Db) {
        let api = Api::new(db).await;
        let bob = person("Bob", "bob@other.test", Role::SuperAdmin);
        let other = api.world.operator().team_create("other", "Other", Plan::Enterprise, bob).await.unwrap();
        let bob = api.world.store().scim_users(&other.id, &Condition::All, 0, 1).await.unwrap().1[0].id.clone();
        let group = "018f0000-0000-7000-8000-00000000000a";
        api.world.db.sql(&insert_group(group, other.id.as_str(), "Theirs")).await;
        let missing = "018f0000-0000-7000-8000-000000000000";
        for (path, id) in [("/Users", bob.as_str()), ("/Groups", group)] {
            let theirs = api.get(&format!("{path}/{id}")).await;
            let nobodys = api.get(&format!("{path}/{missing}")).await;
            assert_eq!(theirs.status, StatusCode::NOT_FOUND);
            assert_eq!(theirs.body.replace(id, missing), nobodys.body);
        }
        assert_eq!(api.get("/Users").await.each("id"), [api.world.ada.as_str()]);
        assert_eq!(api.get("/Groups").await.counts(), [0, 1, 0]);
    }

    async fn a_team_without_groups_has_an_empty_list(db: Db) {
        let api = Api::new(db).await;
        let groups = api.get("/Groups?startIndex=1&count=100").await;
        assert_eq!(
            groups.json,
            serde_json::json!({
                "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
                "totalResults": 0,
                "startIndex": 1,
                "itemsPerPage": 0,
                "Resources": [],
            })
        );
    }

    async fn a_group_has_its_members(db: Db) {
        let api = Api::new(db).await;
        let id = "018f0000-0000-7000-8000-00000000000a";
        let team = api.world.team.as_str();
        api.world.db.sql(&insert_group(id, team, "Analysts")).await;
        api.world.db.sql(&format!("UPDATE teams SET group_count = 1 WHERE id = '{team}'")).await;
        let list = api.get("/Groups").await;
        assert_eq!(list.counts(), [1, 1, 1]);
        let group = api.get(&format!("/Groups/{id}")).await;
        assert_eq!(group.json, list.json["Resources"][0]);
        assert_eq!(
            group.json,
            serde_json::json!({
                "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"],
                "id": id,
                "displayName": "Analysts",
                "meta": {
                    "resourceType": "Group",
                    "created": "1970-01-01T00:00:00.001Z",
                    "lastModified": "1970-01-01T00:00:00.002Z",
                    "location": format!("{BASE}/Groups/{id}"),
                    "version": "W/\"1\"",
                },
            })
        );
    }
}

fn insert_group(id: &str, team: &str, name: &str) -> String {
    format!(
        "INSERT INTO groups (id, team_id, display_name, display_name_key, created_at, updated_at) \
         VALUES ('{id}', '{team}', '{name}', '{}', 1, 2)",
        name.to_lowercase()
    )
}
