//! Accepted values: types, lengths and normalizations.

use crate::{
    api::{Answer, Api, ENTERPRISE, GROUP, USER, patch_of},
    db::{Db, on_both_engines},
};
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

/// Text that databases cannot compress: characters of four bytes in a random order.
fn noise(characters: usize, seed: u64) -> String {
    let mut random = seed;
    let mut next = || {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        char::from_u32(0x20000 + ((random >> 33) % 42_000) as u32).unwrap()
    };
    (0..characters).map(|_| next()).collect()
}

/// Checks that the value is rejected with the attribute's name, in all spellings of the request.
async fn rejected(api: &Api, path: &str, name: &str, body: Value) {
    let prefix = format!("400 invalidValue {name}");
    let check = |answer: Answer| assert!(answer.summary().starts_with(&prefix), "{name}: {:.300}", answer.summary());
    let (collection, _) = path.rsplit_once('/').unwrap();
    check(api.post(collection, &body).await);
    check(api.put(path, &body).await);
    let mut value = body;
    let parts = value.as_object_mut().unwrap();
    parts.remove("schemas");
    check(api.patch(path, json!([{"op": "replace", "value": value}])).await);
}

on_both_engines! {
    /// Both engines have the same lengths, because a longer text is rejected before the database sees it.
    async fn texts_have_a_maximum_length(db: Db) {
        let api = Api::new(db).await;
        let user = format!("/Users/{}", api.user("a").await);
        for (name, value) in [
            ("userName", json!({"userName": noise(256, 1)})),
            ("displayName", json!({"userName": "b", "displayName": noise(3_000, 2)})),
            ("externalId", json!({"userName": "b", "externalId": noise(3_000, 3)})),
            ("nickName", json!({"userName": "b", "nickName": noise(3_000, 4)})),
            ("emails.value", json!({"userName": "b", "emails": [{"value": noise(3_000, 5)}]})),
            ("emails.display", json!({"userName": "b", "emails": [{"value": "a@b.c", "display": noise(3_000, 5)}]})),
            ("name.givenName", json!({"userName": "b", "name": {"givenName": noise(3_000, 6)}})),
            ("department", json!({"userName": "b", ENTERPRISE: {"department": noise(3_000, 7)}})),
            ("manager.value", json!({"userName": "b", ENTERPRISE: {"manager": noise(3_000, 7)}})),
        ] {
            let mut body = value;
            body["schemas"] = json!([USER]);
            rejected(&api, &user, name, body).await;
        }
        let photos = json!([{"value": "x".repeat(16_384)}, {"value": "y".repeat(16_384)}, {"value": "z".repeat(16_384)}]);
        assert_eq!(api.post("/Users", &json!({"userName": "photos", "photos": photos})).await.status, StatusCode::CREATED);
        let many = json!({"userName": "b", "emails": vec![json!({"value": "a@b.c"}); 1_001]});
        rejected(&api, &user, "emails has 1001 values", many).await;
        let large = json!({"userName": "b", "entitlements": vec![json!({"value": noise(1_000, 8)}); 20]});
        rejected(&api, &user, "The User would have ", large).await;
        let group = format!("/Groups/{}", api.group("G", &[]).await);
        for (name, body) in [
            ("displayName", json!({"schemas": [GROUP], "displayName": noise(1_025, 9)})),
            ("externalId", json!({"schemas": [GROUP], "displayName": "H", "externalId": noise(3_000, 9)})),
            ("members.value", json!({"schemas": [GROUP], "displayName": "H", "members": [{"value": noise(3_000, 9)}]})),
        ] {
            let prefix = format!("400 invalidValue {name}");
            let summary = api.post("/Groups", &body).await.summary();
            assert!(summary.contains(&format!("{name} has ")), "{prefix}: {summary:.300}");
            assert_eq!(api.put(&group, &body).await.status, StatusCode::BAD_REQUEST);
        }
        assert_eq!(api.provider_changes().await, ["created member a", "created member photos", "created group G"]);
    }

    /// The longest values of all indexed columns fit into a row of every index at the same time.
    async fn texts_of_maximum_length_are_stored(db: Db) {
        let api = Api::new(db).await;
        let mut user = json!({
            "userName": noise(255, 1), "displayName": noise(256, 2), "externalId": noise(512, 3),
            "emails": [{"value": noise(63, 4)}, {"value": noise(63, 5)}],
        });
        let answer = api.post("/Users", &user).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{:.300}", answer.body);
        for name in ["userName", "displayName", "externalId", "emails"] {
            assert_eq!(answer.json[name], user[name], "kept byte for byte");
        }
        for name in ["userName", "displayName", "externalId"] {
            let results = api.find("/Users", &format!("{name} eq {}", user[name])).await;
            assert_eq!(results.each("id"), [answer.id()], "{name}");
        }
        user = json!({"userName": noise(255, 6), "name": {"givenName": noise(128, 7), "familyName": noise(128, 8)}});
        assert_eq!(api.post("/Users", &user).await.status, StatusCode::CREATED);
        assert_eq!(api.put(&format!("/Users/{}", answer.id()), &user).await.status, StatusCode::CONFLICT);
        user["userName"] = noise(255, 9).into();
        assert_eq!(api.put(&format!("/Users/{}", answer.id()), &user).await.status, StatusCode::OK);
    }

    /// Entra ID has names of 256 characters and more.
    async fn group_names_are_validated(db: Db) {
        let api = Api::new(db).await;
        let (start, other) = (noise(1_023, 1), noise(1_024, 2));
        let names = ["x".repeat(256), format!("{start}b"), format!("{start}a"), other];
        let mut ids = Vec::new();
        for name in &names {
            let response = api.post("/Groups", &json!({"schemas": [GROUP], "displayName": name})).await;
            assert_eq!((response.status, response.json["displayName"].as_str()), (StatusCode::CREATED, Some(name.as_str())));
            ids.push(response.id());
        }
        for (name, id) in names.iter().zip(&ids) {
            let results = api.find("/Groups", &format!("displayName eq \"{name}\"")).await;
            assert_eq!(results.each("id"), [id.as_str()]);
            let results = api.find("/Groups", &format!("displayName eq \"{name}\" or id eq \"x\"")).await;
            assert_eq!(results.each("id"), [id.as_str()]);
        }
        let sorted = api.get("/Groups?sortBy=displayName&attributes=displayName").await;
        let mut expected = names.clone();
        expected.sort();
        assert_eq!(sorted.each("displayName"), expected);
        let path = format!("/Groups/{}", ids[0]);
        let long = noise(1_024, 3);
        let renamed = api.patch(&path, json!([{"op": "replace", "path": "displayName", "value": long}])).await;
        assert!(renamed.status.is_success(), "{}", renamed.body);
        assert_eq!(api.find("/Groups", &format!("displayName eq \"{long}\"")).await.each("id"), [ids[0].as_str()]);
        let put = api.put(&path, &json!({"schemas": [GROUP], "displayName": names[3]})).await;
        assert_eq!((put.status, &put.json["displayName"]), (StatusCode::OK, &json!(names[3])));
        let results = api.find("/Groups", &format!("displayName eq \"{}\"", names[3])).await;
        assert_eq!(results.counts()[0], 2);
        // The page of groups sorts them by their first 512 characters, which is what an index can hold, and then by age.
        let team = api.world.team.clone();
        let rows = api.world.store().groups_list(&team, "", domain::sort::GroupSort::Name, 0, 10).await.unwrap();
        let page_names: Vec<_> = rows.iter().map(|row| row.name.as_str()).collect();
        let mut expected = [&names[3], &names[1], &names[2], &names[3]];
        expected.sort_by_key(|name| name.chars().take(512).collect::<String>());
        assert_eq!(page_names, expected);
    }

    async fn values_must_have_the_type_of_the_schema(db: Db) {
        let api = Api::new(db).await;
        let path = format!("/Users/{}", api.user("a").await);
        for (name, value) in [
            ("userName: expected a string, got an array", json!({"userName": ["a"]})),
            ("userName: expected a string, got a boolean", json!({"userName": true})),
            ("active: expected a boolean (true or false), got another string", json!({"active": ""})),
            ("active: expected a boolean (true or false), got a number", json!({"active": 1})),
            ("active: expected a boolean (true or false), got an array", json!({"active": ["true"]})),
            ("value 1 of 2: emails: expected an object, got a number", json!({"emails": [1, 2]})),
            ("emails: expected an object, got a string", json!({"emails": ["a@b.test"]})),
            ("emails: expected an array, got a string", json!({"emails": "a@b.test"})),
            ("emails.value: expected a string, got JSON inside", json!({"emails": [{"value": "{\"value\":\"a@b.test\"}"}]})),
            ("title: expected a string, got a number", json!({"title": 7})),
            ("name: expected an object, got a string", json!({"name": "Ada"})),
        ] {
            let mut body = json!({"schemas": [USER], "userName": "b"});
            body.as_object_mut().unwrap().extend(value.as_object().unwrap().clone());
            rejected(&api, &path, name, body).await;
        }
        for operation in [
            json!({"op": "replace", "path": "active", "value": ""}),
            json!({"op": "replace", "path": "userName", "value": ["a"]}),
            json!({"op": "add", "path": "emails", "value": "[{\"value\":\"a@b.test\"}]"}),
            json!({"op": "replace", "path": "emails[value eq \"x\"]", "value": "{\"value\":\"a@b.test\"}"}),
            json!({"op": "replace", "path": "emails[value eq \"x\"]", "value": "[{\"value\":\"a@b.test\"}]"}),
            json!({"op": "replace", "path": "emails[value eq \"x\"].value", "value": "{\"value\":\"a@b.test\"}"}),
        ] {
            let answer = api.patch(&path, json!([operation])).await;
            assert!(answer.summary().starts_with("400 invalidValue "), "{operation}: {}", answer.summary());
        }
        assert_eq!(api.get(&path).await.tag(), "W/\"1\"");
        assert_eq!(api.provider_changes().await, ["created member a"]);
    }

    /// The known deviations of identity providers.
    async fn known_deviations_are_normalized(db: Db) {
        let api = Api::new(db).await;
        let boss = api.user("boss").await;
        let response = api.post("/Users", &json!({
            "schemas": [USER, ENTERPRISE], "userName": "a", "active": "TRUE", "title": null,
            "emails": [{"value": "a@b.test", "primary": "True"}, {"value": "a@b.test", "primary": true}],
            ENTERPRISE: {"manager": [{"value": boss}]},
        })).await;
        assert_eq!(response.status, StatusCode::CREATED, "{}", response.body);
        assert_eq!(response.json["active"], true);
        assert_eq!(response.json["emails"], json!([{"value": "a@b.test", "primary": true}, {"value": "a@b.test", "primary": false}]));
        assert_eq!(response.json[ENTERPRISE]["manager"]["value"], json!(boss));
        let path = format!("/Users/{}", response.id());
        for operation in [
            json!({"op": "Replace", "path": "active", "value": "False"}),
            json!({"op": "Add", "path": "manager", "value": boss}),
            json!({"op": "Add", "path": "manager", "value": [{"value": boss}]}),
        ] {
            let answer = api.patch(&path, json!([operation])).await;
            assert_eq!(answer.status, StatusCode::OK, "{operation}: {}", answer.body);
        }
        let two = json!([{"value": "x@b.test", "primary": true}, {"value": "y@b.test", "primary": true}]);
        let answer = api.patch(&path, json!([{"op": "replace", "path": "emails", "value": two}])).await;
        assert_eq!(answer.json["emails"], json!([{"value": "x@b.test", "primary": true}, {"value": "y@b.test", "primary": false}]));
        let put = api.put(&path, &json!({"schemas": [USER], "userName": "a", "emails": two})).await;
        assert_eq!(put.json["emails"][1]["primary"], false);
        let group = format!("/Groups/{}", api.group("G", &[]).await);
        let answer = api.patch(&group, json!([{"op": "add", "path": "members", "value": boss}])).await;
        assert!(answer.status.is_success());
        assert_eq!(api.get(&group).await.members(), [boss]);
    }

    async fn a_patch_of_schemas_is_applied_or_rejected(db: Db) {
        let api = Api::new(db).await;
        let path = format!("/Users/{}", api.user("a").await);
        for (operation, status) in [
            (json!({"op": "replace", "path": "schemas", "value": ["urn:x"]}), 400),
            (json!({"op": "add", "path": "schemas", "value": [ENTERPRISE]}), 400),
            (json!({"op": "replace", "value": {"schemas": [USER, ENTERPRISE]}}), 400),
            (json!({"op": "remove", "path": "schemas"}), 400),
            (json!({"op": "replace", "path": "schemas", "value": [USER]}), 200),
            (json!({"op": "replace", "value": {"schemas": [USER, ENTERPRISE], ENTERPRISE: {"department": "x"}}}), 200),
        ] {
            assert_eq!(api.patch(&path, json!([operation])).await.status.as_u16(), status, "{operation}");
        }
        assert_eq!(api.get(&path).await.json["schemas"], json!([USER, ENTERPRISE]));
    }

    /// A client chooses the operations and the values that they are compared with.
    async fn comparisons_of_a_patch_are_limited(db: Db) {
        let api = Api::new(db).await;
        let emails: Vec<_> = (0..900).map(|i| json!({"value": format!("{i}@a.test"), "type": "work"})).collect();
        let response = api.post("/Users", &json!({"userName": "a", "emails": emails})).await;
        let path = format!("/Users/{}", response.id());
        let operation = json!({"op": "replace", "path": "emails[display co \"x\" or value eq \"1@a.test\"].type", "value": "home"});
        let answer = api.patch(&path, Value::Array(vec![operation.clone(); 1_000])).await;
        assert!(answer.summary().starts_with("400 tooMany "), "{}", answer.summary());
        assert_eq!(api.get(&path).await.tag(), "W/\"1\"");
        assert_eq!(api.patch(&path, json!([operation])).await.status, StatusCode::OK);
    }

    /// A path that refers 80,000 times to the resource of another operation.
    async fn paths_of_a_bulk_are_limited(db: Db) {
        let api = Api::new(db).await;
        let group = api.group("G", &[]).await;
        let path = "\"bulkId:x\" ".repeat(80_000);
        let long = json!({"method": "PATCH", "path": format!("/Groups/{group}"), "data": patch_of(json!([{"op": "remove", "path": path}]))});
        let user = json!({"method": "POST", "path": "/Users", "bulkId": "x", "data": {"userName": "x"}});
        let body = json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"], "failOnErrors": 0, "Operations": [user, long]});
        let answer = api.call(Method::POST, "/Bulk", &body).await;
        assert_eq!(answer.status, StatusCode::OK);
        let statuses: Vec<_> = answer.json["Operations"].as_array().unwrap().iter().map(|one| one["status"].clone()).collect();
        assert_eq!(statuses, ["201", "400"]);
        assert_eq!(answer.json["Operations"][1]["response"]["scimType"], "invalidPath");
    }
}

/// One crate fills the columns, the other compares in filters. Both must fold every character in the same way.
#[test]
fn both_crates_fold_text_in_the_same_way() {
    for c in (0..=u32::from(char::MAX)).filter_map(char::from_u32) {
        let mut text = [0; 4];
        let text = c.encode_utf8(&mut text);
        assert_eq!(domain::validation::text::fold(text), scim::fold(text), "{c:?}");
    }
    for text in [" ΟΔΟΣ ", "ΟΔΟΣΑ.x", "οδος", "Ada@Acme.TEST\t", "Σ", "ΑΣ ΑΣ", "ÉİΣ"] {
        assert_eq!(domain::validation::text::fold(text), scim::fold(text), "{text}");
        let by_character: String =
            text.trim().chars().map(|c| if c == ' ' { c.to_string() } else { scim::fold(&c.to_string()) }).collect();
        assert_eq!(scim::fold(text), by_character);
    }
}
