//! Okta: the app integrations and its own SPEC suite.

use super::*;

const OKTA: &str = "User-Agent: Okta SCIM Client 1.0.0\r\nAccept: application/scim+json\r\nAccept-Charset: utf-8\r\n\
                    Content-Type: application/scim+json; charset=utf-8\r\n";

/// A User as Okta creates it.
fn okta_user() -> Value {
    json!({
        "schemas": [USER], "userName": "test.user@okta.local",
        "name": {"givenName": "Test", "familyName": "User"},
        "emails": [{"primary": true, "value": "test.user@okta.local", "type": "work"}],
        "displayName": "Test User", "locale": "en-US", "externalId": "00ujl29u0le5T6Aj10h7",
        "groups": [], "password": "1mz050nq", "active": true,
    })
}

on_both_engines! {
    /// O1 to O9, O18 and O19: Users.
    async fn okta_users(db: Db) {
        let okta = Provider::new(db, OKTA, "").await;
        // O1: Test API Credentials. O2: an import.
        assert_eq!(okta.get("/Users?startIndex=1&count=2").await.counts(), (1, 1));
        assert_eq!(okta.get("/Users?startIndex=1&count=1").await.counts(), (1, 1));
        assert_eq!(okta.get("/Groups?startIndex=1&count=100").await.counts(), (0, 0));
        // O3: looks for an existing User.
        let filter = "userName eq \"test.user@okta.local\"";
        assert_eq!(okta.find("/Users", filter).await.counts(), (0, 0));
        // O4, O5: creates the User once.
        let response = okta.post("/Users", okta_user()).await;
        assert_eq!(response.status, 201);
        for name in ["userName", "name", "active", "emails", "displayName", "externalId", "locale"] {
            assert_eq!(response.json[name], okta_user()[name], "as it was sent");
        }
        assert!(response.json.get("password").is_none() && response.json.get("groups").is_none());
        let repeat = okta.post("/Users", okta_user()).await;
        assert_eq!((repeat.status, &repeat.json["scimType"]), (409, &json!("uniqueness")));
        assert_eq!(okta.find("/Users", "userName eq \"TEST.USER@OKTA.LOCAL\"").await.counts(), (1, 1));
        // O6, O7: the profile.
        let path = format!("/Users/{}", response.id());
        assert_eq!(okta.get(&path).await.json, response.json);
        let group = okta
            .post("/Groups", json!({"schemas": [GROUP], "displayName": "G", "members": [{"value": response.id()}]}))
            .await;
        let put = okta
            .put(
                &path,
                json!({
                    "schemas": [USER], "id": response.id(), "userName": "test.user@okta.local",
                    "name": {"givenName": "Another", "middleName": "Excited", "familyName": "User"},
                    "emails": [{"primary": true, "value": "test.user@okta.local", "type": "work", "display": "Test"}],
                    "active": true, "groups": [], "meta": {"resourceType": "User"},
                }),
            )
            .await;
        assert_eq!((put.status, &put.json["name"]["middleName"]), (200, &json!("Excited")));
        assert_eq!(put.json["groups"][0]["value"], group.id().as_str(), "an empty list clears nothing");
        // O8: unassigns the User, and assigns it again.
        let active = |active: bool| json!([{"op": "replace", "value": {"active": active}}]);
        for expected in [false, true, true, false] {
            let patched = okta.patch(&path, active(expected)).await;
            assert_eq!((patched.status, &patched.json["active"]), (200, &json!(expected)));
            assert_eq!(okta.get(&path).await.json["active"], expected);
            let results = okta.find("/Users", filter).await;
            assert_eq!((results.counts(), &results.json["Resources"][0]["active"]), ((1, 1), &json!(expected)));
        }
        // O9: assigns it again by a new POST with the same externalId.
        let back = okta.post("/Users", okta_user()).await;
        assert_eq!((back.status, back.id(), &back.json["active"]), (201, response.id(), &json!(true)));
        // The App Wizard deactivates with PUT.
        let mut off = okta_user();
        off["active"] = json!(false);
        assert_eq!(okta.put(&path, off).await.json["active"], false);
        // O18 and O19.
        let stranger = Provider { key: "wrong".into(), ..okta.clone() };
        assert_eq!(stranger.get("/Users?startIndex=1&count=2").await.status, 401);
        assert_eq!(okta.get("/Users?startIndex=101&count=100").await.counts(), (2, 0));
        assert!(!okta.api.provider_changes().await.join(" ").contains("1mz050nq"));
    }

    /// O10 to O17: groups.
    async fn okta_groups(db: Db) {
        let okta = Provider::new(db, OKTA, "").await;
        let (one, two) = (okta.api.user("one").await, okta.api.user("two").await);
        let response = okta.post("/Groups", json!({"schemas": [GROUP], "displayName": "Test SCIMv2", "members": []})).await;
        assert_eq!(response.status, 201);
        let path = format!("/Groups/{}", response.id());
        assert_eq!(okta.find("/Groups", "displayName eq \"Test SCIMv2\"").await.counts(), (1, 1));
        assert_eq!(okta.get(&path).await.json, response.json);
        let ok = [200, 204];
        let rename = json!([{"op": "replace", "value": {"id": response.id(), "displayName": "Test SCIMv2"}}]);
        assert!(ok.contains(&okta.patch(&path, rename.clone()).await.status));
        let members = json!([{"value": one, "display": "one"}, {"value": two, "display": "two"}]);
        let pair = json!([{"op": "replace", "path": "members", "value": members}]);
        assert!(ok.contains(&okta.patch(&path, pair).await.status));
        assert_eq!(okta.get(&path).await.members(), [&one, &two]);
        let delta = json!([
            {"op": "remove", "path": format!("members[value eq \"{two}\"]")},
            {"op": "add", "path": "members", "value": [{"value": one, "display": "test.user@okta.local"}]},
        ]);
        assert!(ok.contains(&okta.patch(&path, delta.clone()).await.status));
        assert_eq!(okta.get(&path).await.members(), [&one]);
        let before = okta.api.provider_changes().await.len();
        assert!(
            ok.contains(&okta.patch(&path, delta).await.status) && ok.contains(&okta.patch(&path, rename).await.status)
        );
        assert_eq!(okta.api.provider_changes().await.len(), before, "the name is sent with every change, so nothing changes");
        let pushed = json!({
            "schemas": [GROUP], "id": response.id(), "displayName": "Test SCIMv2",
            "members": [{"value": two, "display": "two"}],
        });
        let put = okta.put(&path, pushed).await;
        assert_eq!(put.members(), [&two]);
        assert_eq!(okta.delete(&path).await.status, 204);
        assert_eq!(okta.get(&path).await.status, 404);
        assert_eq!(okta.get(&format!("/Users/{two}")).await.json["active"], true);
    }

    /// The twelve requests of Okta's own SPEC suite, in its order.
    async fn okta_spec_suite(db: Db) {
        let okta = Provider::new(db, OKTA, "").await;
        okta.api.post("/Users", &json!({
            "schemas": [USER], "userName": "somebody", "active": true,
            "name": {"givenName": "Some", "familyName": "Body"}, "emails": [{"value": "somebody@acme.test", "primary": true}],
        })).await;
        okta.api.world.db.sql("DELETE FROM sign_ins").await;
        let list = okta.get("/Users?count=1&startIndex=2").await;
        assert!(list.json["totalResults"].as_u64().unwrap() > 0);
        let user = &list.json["Resources"][0];
        for value in
            [&user["name"]["givenName"], &user["name"]["familyName"], &user["userName"], &user["emails"][0]["value"]]
        {
            assert!(value.as_str().is_some_and(|text| !text.is_empty()), "{user}");
        }
        assert!(user["active"].is_boolean());
        assert_eq!(okta.get(&format!("/Users/{}", user["id"].as_str().unwrap())).await.status, 200);
        assert_eq!(okta.find("/Users", "userName eq \"abcdefgh@atko.com\"").await.counts(), (0, 0));
        let unknown = okta.get("/Users/010101001010101011001010101011").await;
        assert_eq!((unknown.status, unknown.json["detail"].is_string()), (404, true));
        let random = json!({
            "schemas": [USER], "userName": "Runscope300abc@atko.com", "displayName": "Runscope User", "active": true,
            "name": {"givenName": "Runscope", "familyName": "User"},
            "emails": [{"primary": true, "value": "runscope300abc@atko.com", "type": "work"}],
        });
        assert_eq!(okta.find("/Users", "userName eq \"Runscope300abc@atko.com\"").await.counts(), (0, 0));
        let response = okta.post("/Users", random.clone()).await;
        assert_eq!(response.status, 201);
        assert_eq!(response.json["userName"], random["userName"]);
        assert_eq!(response.json["name"], random["name"]);
        assert_eq!(response.json["active"], true);
        assert_eq!(okta.get(&format!("/Users/{}", response.id())).await.json["userName"], random["userName"]);
        assert_eq!(okta.post("/Users", random).await.status, 409);
        assert_eq!(okta.find("/Users", "userName eq \"RUNSCOPE300ABC@ATKO.COM\"").await.counts(), (1, 1));
        assert_eq!(okta.get("/Groups").await.status, 200);
        let stranger = Provider { key: "non-token".into(), ..okta.clone() };
        assert_eq!(stranger.get("/Users").await.status, 401);
        assert_eq!(okta.get("/Users/00919288221112222").await.status, 404);
    }
}
