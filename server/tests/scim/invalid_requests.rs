//! Invalid requests: status, `scimType` and detail. Nothing is changed.

use crate::{
    api::{Api, patch_of},
    db::{Db, on_both_engines},
    world::person,
};
use axum::http::{Method, StatusCode};
use domain::{plan::Plan, role::Role};
use serde_json::{Value, json};

const SYNTAX: &str = "400 invalidSyntax";
const VALUE: &str = "400 invalidValue";

/// Expects these responses to bodies of the same method at the same path.
async fn check(api: &Api, method: Method, path: &str, table: &[(&str, &str)]) {
    for (body, expected) in table {
        let summary = api.raw(method.clone(), path, (*body).to_owned()).await.summary();
        assert!(
            summary.starts_with(expected),
            "{method} {path} {body:.200}\n  actual: {summary}\nexpected: {expected}"
        );
    }
}

on_both_engines! {
    async fn bodies_that_are_not_json_are_rejected(db: Db) {
        let api = Api::new(db).await;
        let id = api.user("a").await;
        let group = api.group("G", &[]).await;
        let deep =
            |open: &str, close: &str| format!("{{\"userName\":{}{}}}", open.repeat(100_000), close.repeat(100_000));
        let (lists, objects) = (deep("[", "]"), deep("{\"a\":", "}"));
        let table = [
            ("", "400 invalidSyntax The request body is empty, expected a JSON object"),
            ("  \r\n", "400 invalidSyntax The request body is empty, expected a JSON object"),
            (
                "{",
                "400 invalidSyntax Invalid JSON in the request body: EOF while parsing an object at line 1 column 1",
            ),
            ("[]", "400 invalidSyntax The request body is an array, expected a JSON object"),
            ("null", "400 invalidSyntax The request body is null, expected a JSON object"),
            ("\"x\"", "400 invalidSyntax The request body is a string, expected a JSON object"),
            ("userName=a", SYNTAX),
            ("<xml/>", SYNTAX),
            ("{\"userName\":\"a\"} x", "400 invalidSyntax Invalid JSON in the request body: trailing characters"),
            (
                "{\"userName\":\"x\",\"userName\":\"y\"}",
                "400 invalidSyntax Invalid JSON in the request body: duplicate key \"userName\"",
            ),
            (
                "{\"active\":true,\"Active\":false}",
                "400 invalidSyntax Invalid JSON in the request body: duplicate key \"Active\"",
            ),
            (&lists, "400 invalidSyntax The request body is nested more than 64 levels deep"),
            (&objects, "400 invalidSyntax The request body is nested more than 64 levels deep"),
        ];
        for (method, path) in [
            (Method::POST, "/Users".to_owned()),
            (Method::PUT, format!("/Users/{id}")),
            (Method::PATCH, format!("/Users/{id}")),
            (Method::POST, "/Groups".to_owned()),
            (Method::PUT, format!("/Groups/{group}")),
            (Method::PATCH, format!("/Groups/{group}")),
            (Method::POST, "/.search".to_owned()),
        ] {
            check(&api, method.clone(), &path, &table).await;
            let error = api.raw(method, &path, b"{\"userName\":\"\xff\"}".to_vec()).await.summary();
            assert_eq!(error, "400 invalidSyntax The request body isn't valid UTF-8 (byte 14)");
        }
        assert_eq!(api.provider_changes().await.len(), 2);
    }

    async fn bodies_that_are_too_large_are_rejected(db: Db) {
        let api = Api::new(db).await;
        let body = |length: usize| {
            let frame = r#"{"userName":"a","nobodyKnows":""}"#;
            frame.replace("\"\"", &format!("\"{}\"", "x".repeat(length - frame.len())))
        };
        for length in [1024 * 1024 + 1, 3 * 1024 * 1024] {
            let answer = api.raw(Method::POST, "/Users", body(length)).await;
            assert_eq!(answer.summary(), "413 The request body exceeds 1048576 bytes");
            // Without `Content-Length`.
            let parts = body(length).into_bytes().chunks(60_000).map(<[u8]>::to_vec).collect::<Vec<_>>();
            let stream = http_body_util::Full::new(axum::body::Bytes::from(parts.concat()));
            let answer = api.raw(Method::POST, "/Users", axum::body::Body::new(stream)).await;
            assert_eq!(answer.summary(), "413 The request body exceeds 1048576 bytes");
        }
        assert_eq!(api.raw(Method::POST, "/Users", body(1024 * 1024)).await.status, StatusCode::CREATED);
    }

    async fn invalid_users_are_rejected(db: Db) {
        let api = Api::new(db).await;
        let path = format!("/Users/{}", api.user("a").await);
        let long = format!("{{\"userName\":\"{}\"}}", "é".repeat(256));
        let table = [
            ("{}", "400 invalidValue userName is required"),
            (r#"{"displayName":"x"}"#, "400 invalidValue userName is required"),
            (r#"{"userName":null}"#, "400 invalidValue userName is required"),
            (r#"{"userName":""}"#, "400 invalidValue userName is required and can't be empty"),
            (r#"{"userName":"  "}"#, "400 invalidValue userName is required and can't be empty"),
            (r#"{"userName":{"a":1}}"#, "400 invalidValue userName"),
            (r#"{"userName":"a\u0000b"}"#, "400 invalidValue userName contains a control character"),
            (&long, "400 invalidValue userName has 256 characters, the maximum is 255"),
            (r#"{"userName":"b","active":"perhaps"}"#, "400 invalidValue active"),
            (r#"{"userName":"b","active":7}"#, "400 invalidValue active"),
            (r#"{"userName":"b","name":"Ada"}"#, "400 invalidValue name"),
            (r#"{"userName":"b","schemas":"urn:x"}"#, "400 invalidValue schemas"),
            (r#"{"userName":"b","schemas":[7]}"#, "400 invalidSyntax schemas"),
            (
                r#"{"userName":"b","schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"]}"#,
                "400 invalidValue schemas: this is a Group, but /Users expects urn:ietf:params:scim:schemas:core:2.0:User",
            ),
            (
                r#"{"userName":"b","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":"x"}"#,
                "400 invalidValue urn:ietf:params:scim:schemas:extension:enterprise:2.0:User: expected an object",
            ),
        ];
        check(&api, Method::POST, "/Users", &table).await;
        check(&api, Method::PUT, &path, &table).await;
        assert_eq!(api.provider_changes().await, ["created member a"]);
        assert_eq!(api.get(&path).await.tag(), "W/\"1\"");
    }

    /// A NUL character is valid in JSON, but not in a database.
    async fn nul_characters_are_rejected(db: Db) {
        let api = Api::new(db).await;
        for body in [
            json!({"userName": "b", "externalId": "a\0b"}),
            json!({"userName": "b", "displayName": "a\0b"}),
            json!({"userName": "b", "title": "a\0b"}),
            json!({"userName": "b", "emails": [{"value": "a\0b"}, {"value": "c\0d"}]}),
        ] {
            let answer = api.post("/Users", &body).await;
            assert!(answer.summary().starts_with(VALUE), "{body}: {}", answer.summary());
            assert!(answer.summary().ends_with(" contains a NUL character, which can't be stored"), "{}", answer.summary());
        }
        for body in [json!({"displayName": "a\0b"}), json!({"displayName": "G", "externalId": "a\0b"})] {
            let answer = api.post("/Groups", &body).await;
            assert!(answer.summary().starts_with(VALUE), "{body}: {}", answer.summary());
        }
        let members = json!({"displayName": "G", "members": [{"value": "a\0b"}]});
        assert!(api.post("/Groups", &members).await.summary().starts_with("400 invalidValue members"));
        let group = api.group("G", &[]).await;
        let remove = json!([{"op": "remove", "path": "members", "value": [{"value": "a\0b"}]}]);
        let removed = api.patch(&format!("/Groups/{group}"), remove).await;
        assert_eq!(removed.status, StatusCode::NO_CONTENT, "removing an absent member succeeds");
    }

    async fn invalid_groups_are_rejected(db: Db) {
        let api = Api::new(db).await;
        let path = format!("/Groups/{}", api.group("G", &[]).await);
        let table = [
            ("{}", "400 invalidValue displayName is required"),
            (r#"{"displayName":" "}"#, "400 invalidValue displayName is required and can't be empty"),
            (r#"{"displayName":7,"members":7}"#, VALUE),
            (r#"{"displayName":"H","members":7}"#, "400 invalidValue members"),
            (r#"{"displayName":"H","members":[{}]}"#, "400 invalidValue members, value 1 of 1: value is required"),
            (
                r#"{"displayName":"H","members":{"display":"x"}}"#,
                "400 invalidValue members, value 1 of 1: value is required",
            ),
            (
                r#"{"displayName":"H","members":["x",{"Value":null,"type":"User"}]}"#,
                "400 invalidValue members, value 2 of 2: value is required",
            ),
            (r#"{"displayName":"H","members":[{"value":7}]}"#, "400 invalidValue members"),
            (r#"{"displayName":"H","members":[{"value":""}]}"#, "400 invalidValue members"),
            (r#"{"displayName":"H","members":["x"]}"#, "400 invalidValue members: no User with the id x"),
            (
                r#"{"displayName":"H","schemas":["urn:ietf:params:scim:schemas:core:2.0:User"]}"#,
                "400 invalidValue schemas: this is a User, but /Groups expects urn:ietf:params:scim:schemas:core:2.0:Group",
            ),
        ];
        check(&api, Method::POST, "/Groups", &table).await;
        check(&api, Method::PUT, &path, &table).await;
        for op in ["add", "replace", "remove"] {
            let answer = api.patch(&path, json!([{"op": op, "path": "members", "value": [{"display": "x"}]}])).await;
            assert!(answer.summary().starts_with("400 invalidValue members, value 1 of 1"), "{op}: {}", answer.summary());
        }
        assert_eq!(api.provider_changes().await, ["created group G"]);
    }

    async fn invalid_patches_are_rejected(db: Db) {
        let api = Api::new(db).await;
        let path = format!("/Users/{}", api.user("a").await);
        check(
            &api,
            Method::PATCH,
            &path,
            &[
                ("{}", "400 invalidSyntax Operations is required"),
                (r#"{"Operations":[]}"#, "400 invalidSyntax Operations must not be empty"),
                (r#"{"Operations":"x"}"#, "400 invalidSyntax Operations: expected an array"),
                (r#"{"Operations":[7]}"#, "400 invalidSyntax Operations: expected an object, got a number"),
                (r#"{"schemas":["urn:x"],"Operations":[{"op":"add","value":{}}]}"#, "400 invalidSyntax schemas"),
            ],
        )
        .await;
        for (operation, expected) in [
            (json!({"path": "title", "value": "x"}), "400 invalidSyntax op is required"),
            (json!({"op": "move", "path": "title"}), "400 invalidSyntax op must be “add”, “replace”, or “remove”"),
            (json!({"op": 7, "path": "title"}), "400 invalidSyntax op"),
            (json!({"op": "remove"}), "400 noTarget path is required"),
            (json!({"op": "replace"}), "400 invalidValue value is required"),
            (json!({"op": "replace", "path": "title"}), "400 invalidValue value is required"),
            (json!({"op": "replace", "value": "x"}), "400 invalidValue value: expected an object because there is no path"),
            (
                json!({"op": "replace", "path": 7, "value": "x"}),
                "400 invalidPath path: expected a string, got a number",
            ),
            (json!({"op": "replace", "path": "nothing", "value": "x"}), "400 invalidPath"),
            (json!({"op": "replace", "path": "name.first", "value": "x"}), "400 invalidPath"),
            (json!({"op": "replace", "path": "emails[", "value": "x"}), "400 invalidFilter path"),
            (json!({"op": "replace", "path": "emails[type eq].value", "value": "x"}), "400 invalidFilter"),
            (json!({"op": "replace", "path": "title[value eq \"x\"]", "value": "x"}), "400 invalidPath"),
            (json!({"op": "replace", "path": "emails[type co \"work\"].value", "value": "x"}), "400 noTarget"),
            (json!({"op": "remove", "path": "userName"}), "400 "),
            (json!({"op": "replace", "path": "userName", "value": ""}), "400 invalidValue userName"),
            (json!({"op": "replace", "path": "active", "value": "maybe"}), "400 invalidValue"),
            (json!({"op": "replace", "path": "id", "value": "x"}), "400 mutability"),
            (json!({"op": "replace", "path": "meta.created", "value": "x"}), "400 mutability"),
            (json!({"op": "add", "path": "groups", "value": [{"value": "x"}]}), "400 mutability"),
            (json!({"op": "add", "path": format!("{}title", "a.".repeat(50_000)), "value": "x"}), "400 invalidPath"),
        ] {
            let answer = api.patch(&path, json!([operation])).await;
            assert!(answer.summary().starts_with(expected), "{operation:.200}\n  actual: {}\nexpected: {expected}", answer.summary());
        }
        assert_eq!(api.provider_changes().await, ["created member a"]);
    }

    async fn errors_name_the_operation(db: Db) {
        let api = Api::new(db).await;
        let path = format!("/Users/{}", api.user("a").await);
        let set = |number: usize| json!({"op": "replace", "path": "title", "value": number.to_string()});
        let mut operations: Vec<Value> = (0..999).map(set).collect();
        operations.push(json!({"op": "replace", "path": "nothing", "value": "x"}));
        let answer = api.patch(&path, json!(operations)).await;
        assert!(answer.summary().starts_with("400 invalidPath operation 1000: "), "{}", answer.summary());
        // Invalid only when it is applied.
        operations[999] = json!({"op": "replace", "path": "emails[type co \"x\"].value", "value": "x"});
        let answer = api.patch(&path, json!(operations)).await;
        assert!(answer.summary().starts_with("400 noTarget operation 1000: "), "{}", answer.summary());
        assert_eq!((api.get(&path).await.tag(), api.provider_changes().await.len()), ("W/\"1\"", 1));
        operations[999] = set(999);
        assert_eq!(api.patch(&path, json!(operations)).await.json["title"], "999");
        operations.push(set(1000));
        assert!(api.patch(&path, json!(operations)).await.summary().starts_with("400 invalidValue Operations has 1001"));
        // In a group, the members are rows.
        let group = format!("/Groups/{}", api.group("G", &[]).await);
        let ada = api.world.ada.to_string();
        let mut operations = vec![json!({"op": "add", "path": "members", "value": [{"value": ada}]}); 999];
        operations.push(json!({"op": "add", "path": "members", "value": [{"value": "x"}]}));
        let answer = api.patch(&group, json!(operations)).await;
        assert!(answer.summary().contains("no User with the id x"), "{}", answer.summary());
        assert_eq!(api.get(&group).await.members(), [""; 0]);
        assert_eq!(api.get(&group).await.tag(), "W/\"1\"");
    }

    async fn invalid_queries_are_rejected(db: Db) {
        let api = Api::new(db).await;
        for (query, expected) in [
            ("count=-1", "200"),
            ("count=99999999999", "200"),
            ("count=-99999999999999999999", "200"),
            ("count=1e3", "400 invalidValue count must be an integer"),
            ("startIndex=x", "400 invalidValue startIndex must be an integer"),
            ("filter=a&filter=b", "400 invalidValue filter appears twice"),
            ("sortBy=nothing", "400 invalidValue"),
            ("sortOrder=up&sortBy=userName", "400 invalidValue"),
            ("attributes=nothing", "200"),
            ("filter=%FF", "400 invalidFilter"),
            ("%FF=%FF&&&=", "200"),
        ] {
            let answer = api.get(&format!("/Users?{query}")).await;
            assert!(answer.summary().starts_with(expected), "{query}: {}", answer.summary());
        }
    }

    /// For a resource of another team, the response is byte for byte that of an unknown id.
    async fn resources_of_other_teams_are_not_found(db: Db) {
        let api = Api::new(db).await;
        let bob = person("Bob", "bob@other.test", Role::SuperAdmin);
        let other = api.world.operator().team_create("other", "Other", Plan::Enterprise, bob).await.unwrap().id;
        let bob = api.world.db.text("SELECT id FROM members WHERE user_name = 'bob@other.test'").await.unwrap();
        let group = "018f0000-0000-7000-8000-00000000000a";
        api.world
            .db
            .sql(&format!(
                "INSERT INTO groups (id, team_id, display_name, display_name_key, created_at, updated_at) \
             VALUES ('{group}', '{}', 'G', 'g', 1, 2)",
                other.as_str()
            ))
            .await;
        let before = api.world.db.text(&format!("SELECT document FROM members WHERE id = '{bob}'")).await;
        let missing = "018f0000-0000-7000-8000-000000000000";
        let patch = patch_of(json!([{"op": "replace", "path": "externalId", "value": "x"}])).to_string();
        for (kind, id) in [("Users", bob.as_str()), ("Groups", group)] {
            for (method, body) in [
                (Method::GET, String::new()),
                (Method::PUT, json!({"userName": "x", "displayName": "x"}).to_string()),
                (Method::PATCH, patch.clone()),
                (Method::DELETE, String::new()),
                (Method::PUT, "{}".into()),
                (Method::PATCH, "{}".into()),
            ] {
                for tag in ["*", "W/\"1\"", "W/\"2\""] {
                    let responses = async |id: &str| {
                        let request =
                            api.request(method.clone(), &format!("/{kind}/{id}"), &api.key).header("if-match", tag);
                        api.send_body(request, body.clone().into()).await
                    };
                    let (theirs, nobodys) = (responses(id).await, responses(missing).await);
                    assert_eq!((theirs.status, theirs.body.replace(id, missing)), (nobodys.status, nobodys.body));
                    assert!(theirs.status.is_client_error());
                }
            }
        }
        assert_eq!(api.world.db.text(&format!("SELECT document FROM members WHERE id = '{bob}'")).await, before);
    }

    /// A server still responds after a thousand random bodies.
    async fn random_bytes_are_rejected(db: Db) {
        let api = Api::new(db).await;
        let path = format!("/Users/{}", api.user("a").await);
        let sample =
            patch_of(json!([{"op": "add", "path": "emails[type eq \"work\"].value", "value": "a@b.c"}])).to_string();
        let mut random = 42_u64;
        let mut next = move |below: usize| {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (random >> 33) as usize % below
        };
        for _ in 0..300 {
            let mut body = sample.clone().into_bytes();
            for _ in 0..=next(4) {
                let at = next(body.len());
                body[at] = next(256) as u8;
            }
            let answer = api.raw(Method::PATCH, &path, body).await;
            assert!(!answer.status.is_server_error(), "{}", answer.body);
        }
        assert_eq!(api.get(&path).await.status, StatusCode::OK);
    }
}
