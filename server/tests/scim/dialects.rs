//! What identity providers send, byte for byte over a socket, in the order in which they send it; and what they check
//! in the answers.

use crate::{
    api::{Api, ENTERPRISE, GROUP, USER, encoded, patch_of},
    db::{Db, on_both_engines},
};
use serde_json::{Value, json};
use std::{
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    time::Duration,
};
use tokio::net::TcpListener;

const ERROR: &str = "urn:ietf:params:scim:api:messages:2.0:Error";
const LIST: &str = "urn:ietf:params:scim:api:messages:2.0:ListResponse";

/// A provider that is connected to the server.
#[derive(Clone)]
struct Provider {
    api: Api,
    server: SocketAddr,
    /// The headers of every request, each with its line's end.
    headers: &'static str,
    /// Stands in the query of every request, first.
    flag: &'static str,
    key: String,
}

const OKTA: &str = "User-Agent: Okta SCIM Client 1.0.0\r\nAccept: application/scim+json\r\nAccept-Charset: utf-8\r\n\
                    Content-Type: application/scim+json; charset=utf-8\r\n";
/// No User-Agent, no Accept.
const ENTRA: &str = "Content-Type: application/scim+json; charset=utf-8\r\n";
const JUMPCLOUD: &str = "User-Agent: JumpCloud-SCIM\r\nAccept: */*\r\nContent-Type: application/json\r\n";
const ONELOGIN: &str = "User-Agent: OneLogin\r\nAccept: application/json\r\nContent-Type: text/json\r\n";

impl Provider {
    async fn new(db: Db, headers: &'static str, flag: &'static str) -> Self {
        let api = Api::new(db).await;
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let server = listener.local_addr().unwrap();
        let app = api.router().into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        let key = api.key.clone();
        Self { api, server, headers, flag, key }
    }

    async fn get(&self, target: &str) -> Answer {
        self.send("GET", target, None).await
    }

    async fn post(&self, target: &str, body: Value) -> Answer {
        self.send("POST", target, Some(body)).await
    }

    async fn put(&self, target: &str, body: Value) -> Answer {
        self.send("PUT", target, Some(body)).await
    }

    /// PATCH with these operations.
    async fn patch(&self, target: &str, operations: Value) -> Answer {
        self.send("PATCH", target, Some(patch_of(operations))).await
    }

    async fn delete(&self, target: &str) -> Answer {
        self.send("DELETE", target, None).await
    }

    /// GET with a filter.
    async fn find(&self, path: &str, filter: &str) -> Answer {
        self.get(&format!("{path}?filter={}&startIndex=1&count=100", encoded(filter))).await
    }

    async fn send(&self, method: &str, target: &str, body: Option<Value>) -> Answer {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let query = [self.flag, query].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("&");
        let mark = if query.is_empty() { "" } else { "?" };
        let body = body.map(|body| body.to_string()).unwrap_or_default();
        let length = if body.is_empty() { String::new() } else { format!("Content-Length: {}\r\n", body.len()) };
        let request = format!(
            "{method} /scim/v2{path}{mark}{query} HTTP/1.1\r\nHost: rollcall.test\r\nConnection: close\r\n\
             Authorization: Bearer {}\r\n{}{length}\r\n{body}",
            self.key, self.headers
        );
        let server = self.server;
        let answer = tokio::task::spawn_blocking(move || exchange(server, &request)).await.unwrap();
        Answer::read(&answer)
    }
}

/// Sends the bytes, and reads until the server hangs up.
fn exchange(server: SocketAddr, request: &str) -> String {
    let mut socket = TcpStream::connect(server).unwrap();
    socket.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    socket.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    socket.read_to_end(&mut answer).unwrap();
    String::from_utf8(answer).unwrap()
}

#[derive(Debug)]
struct Answer {
    status: u16,
    json: Value,
}

impl Answer {
    /// Reads it, and checks what holds for every answer: its length, its type, and what a list and an error are.
    fn read(text: &str) -> Self {
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        let head = head.to_ascii_lowercase();
        let status: u16 = head.strip_prefix("http/1.1 ").unwrap()[..3].parse().unwrap();
        if status == 204 {
            assert_eq!(body, "");
            return Self { status, json: Value::Null };
        }
        assert!(head.contains(&format!("content-length: {}", body.len())), "{head}");
        assert!(head.contains("content-type: application/scim+json"), "{head}");
        let json: Value = serde_json::from_str(body).unwrap();
        no_null(&json);
        if status >= 400 {
            assert_eq!((&json["schemas"], &json["status"]), (&json!([ERROR]), &json!(status.to_string())));
            assert!(json["detail"].as_str().is_some_and(|detail| !detail.is_empty()), "{body}");
        } else if json["schemas"] == json!([LIST]) {
            assert!(["totalResults", "startIndex", "itemsPerPage"].iter().all(|name| json[name].is_u64()), "{body}");
            assert_eq!(json["itemsPerPage"], json["Resources"].as_array().unwrap().len());
        } else if json["meta"].is_object() {
            let location = json["meta"]["location"].as_str().unwrap();
            assert!(location.ends_with(json["id"].as_str().unwrap()), "{body}");
        }
        Self { status, json }
    }

    fn id(&self) -> String {
        self.json["id"].as_str().unwrap_or_else(|| panic!("{self:?}")).to_owned()
    }

    /// `totalResults` and `itemsPerPage` of a list, which is always answered with 200.
    fn counts(&self) -> (u64, u64) {
        assert_eq!(self.status, 200, "{self:?}");
        (self.json["totalResults"].as_u64().unwrap(), self.json["itemsPerPage"].as_u64().unwrap())
    }

    fn members(&self) -> Vec<&str> {
        assert_eq!(self.status, 200, "{self:?}");
        let members = self.json["members"].as_array().map_or(&[][..], Vec::as_slice);
        members.iter().map(|member| member["value"].as_str().unwrap()).collect()
    }
}

/// What is not assigned is left out: some clients stumble over `null`.
fn no_null(json: &Value) {
    match json {
        Value::Null => panic!("null in an answer"),
        Value::Array(values) => values.iter().for_each(no_null),
        Value::Object(parts) => parts.values().for_each(no_null),
        _ => {}
    }
}

/// As Okta creates people.
fn okta_user() -> Value {
    json!({
        "schemas": [USER], "userName": "test.user@okta.local",
        "name": {"givenName": "Test", "familyName": "User"},
        "emails": [{"primary": true, "value": "test.user@okta.local", "type": "work"}],
        "displayName": "Test User", "locale": "en-US", "externalId": "00ujl29u0le5T6Aj10h7",
        "groups": [], "password": "1mz050nq", "active": true,
    })
}

/// As Entra ID creates people.
fn entra_user(name: &str) -> Value {
    json!({
        "schemas": [USER, ENTERPRISE],
        "externalId": format!("0a21f0f2-{name}"), "userName": name, "active": true,
        "emails": [{"primary": true, "type": "work", "value": format!("{name}@contoso.com")}],
        "meta": {"resourceType": "User"},
        "name": {"formatted": "givenName familyName", "familyName": "familyName", "givenName": "givenName"},
        "roles": [], "addresses": null, "phoneNumbers": null, "title": null, "department": null, "manager": null,
    })
}

on_both_engines! {
    /// O1 to O9, O18 and O19: people.
    async fn okta_people(db: Db) {
        let okta = Provider::new(db, OKTA, "").await;
        // O1: Test API Credentials; then O2: an import.
        assert_eq!(okta.get("/Users?startIndex=1&count=2").await.counts(), (1, 1));
        assert_eq!(okta.get("/Users?startIndex=1&count=1").await.counts(), (1, 1));
        assert_eq!(okta.get("/Groups?startIndex=1&count=100").await.counts(), (0, 0));
        // O3: is somebody there?
        let filter = "userName eq \"test.user@okta.local\"";
        assert_eq!(okta.find("/Users", filter).await.counts(), (0, 0));
        // O4, O5: created once.
        let made = okta.post("/Users", okta_user()).await;
        assert_eq!(made.status, 201);
        for name in ["userName", "name", "active", "emails", "displayName", "externalId", "locale"] {
            assert_eq!(made.json[name], okta_user()[name], "as it was sent");
        }
        assert!(made.json.get("password").is_none() && made.json.get("groups").is_none());
        let again = okta.post("/Users", okta_user()).await;
        assert_eq!((again.status, &again.json["scimType"]), (409, &json!("uniqueness")));
        assert_eq!(okta.find("/Users", "userName eq \"TEST.USER@OKTA.LOCAL\"").await.counts(), (1, 1));
        // O6, O7: the profile.
        let path = format!("/Users/{}", made.id());
        assert_eq!(okta.get(&path).await.json, made.json);
        let group = okta
            .post("/Groups", json!({"schemas": [GROUP], "displayName": "G", "members": [{"value": made.id()}]}))
            .await;
        let put = okta
            .put(
                &path,
                json!({
                    "schemas": [USER], "id": made.id(), "userName": "test.user@okta.local",
                    "name": {"givenName": "Another", "middleName": "Excited", "familyName": "User"},
                    "emails": [{"primary": true, "value": "test.user@okta.local", "type": "work", "display": "Test"}],
                    "active": true, "groups": [], "meta": {"resourceType": "User"},
                }),
            )
            .await;
        assert_eq!((put.status, &put.json["name"]["middleName"]), (200, &json!("Excited")));
        assert_eq!(put.json["groups"][0]["value"], group.id().as_str(), "an empty list clears nothing");
        // O8: unassigned, and assigned again.
        let active = |active: bool| json!([{"op": "replace", "value": {"active": active}}]);
        for wanted in [false, true, true, false] {
            let patched = okta.patch(&path, active(wanted)).await;
            assert_eq!((patched.status, &patched.json["active"]), (200, &json!(wanted)));
            assert_eq!(okta.get(&path).await.json["active"], wanted);
            let found = okta.find("/Users", filter).await;
            assert_eq!((found.counts(), &found.json["Resources"][0]["active"]), ((1, 1), &json!(wanted)));
        }
        // O9: assigned again by a fresh POST with the same externalId.
        let back = okta.post("/Users", okta_user()).await;
        assert_eq!((back.status, back.id(), &back.json["active"]), (201, made.id(), &json!(true)));
        // The App Wizard deactivates with PUT.
        let mut off = okta_user();
        off["active"] = json!(false);
        assert_eq!(okta.put(&path, off).await.json["active"], false);
        // O18 and O19.
        let stranger = Provider { key: "wrong".into(), ..okta.clone() };
        assert_eq!(stranger.get("/Users?startIndex=1&count=2").await.status, 401);
        assert_eq!(okta.get("/Users?startIndex=101&count=100").await.counts(), (2, 0));
        assert!(!okta.api.did().await.join(" ").contains("1mz050nq"));
    }

    /// O10 to O17: groups.
    async fn okta_groups(db: Db) {
        let okta = Provider::new(db, OKTA, "").await;
        let (one, two) = (okta.api.user("one").await, okta.api.user("two").await);
        let made = okta.post("/Groups", json!({"schemas": [GROUP], "displayName": "Test SCIMv2", "members": []})).await;
        assert_eq!(made.status, 201);
        let path = format!("/Groups/{}", made.id());
        assert_eq!(okta.find("/Groups", "displayName eq \"Test SCIMv2\"").await.counts(), (1, 1));
        assert_eq!(okta.get(&path).await.json, made.json);
        let ok = [200, 204];
        let rename = json!([{"op": "replace", "value": {"id": made.id(), "displayName": "Test SCIMv2"}}]);
        assert!(ok.contains(&okta.patch(&path, rename.clone()).await.status));
        let members = json!([{"value": one, "display": "one"}, {"value": two, "display": "two"}]);
        let both = json!([{"op": "replace", "path": "members", "value": members}]);
        assert!(ok.contains(&okta.patch(&path, both).await.status));
        assert_eq!(okta.get(&path).await.members(), [&one, &two]);
        let delta = json!([
            {"op": "remove", "path": format!("members[value eq \"{two}\"]")},
            {"op": "add", "path": "members", "value": [{"value": one, "display": "test.user@okta.local"}]},
        ]);
        assert!(ok.contains(&okta.patch(&path, delta.clone()).await.status));
        assert_eq!(okta.get(&path).await.members(), [&one]);
        let before = okta.api.did().await.len();
        assert!(
            ok.contains(&okta.patch(&path, delta).await.status) && ok.contains(&okta.patch(&path, rename).await.status)
        );
        assert_eq!(okta.api.did().await.len(), before, "the name is sent with every change: nothing to do");
        let pushed = json!({
            "schemas": [GROUP], "id": made.id(), "displayName": "Test SCIMv2",
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
        okta.api.post("/Users", &entra_user("somebody")).await;
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
        let made = okta.post("/Users", random.clone()).await;
        assert_eq!(made.status, 201);
        assert_eq!(made.json["userName"], random["userName"]);
        assert_eq!(made.json["name"], random["name"]);
        assert_eq!(made.json["active"], true);
        assert_eq!(okta.get(&format!("/Users/{}", made.id())).await.json["userName"], random["userName"]);
        assert_eq!(okta.post("/Users", random).await.status, 409);
        assert_eq!(okta.find("/Users", "userName eq \"RUNSCOPE300ABC@ATKO.COM\"").await.counts(), (1, 1));
        assert_eq!(okta.get("/Groups").await.status, 200);
        let stranger = Provider { key: "non-token".into(), ..okta.clone() };
        assert_eq!(stranger.get("/Users").await.status, 401);
        assert_eq!(okta.get("/Users/00919288221112222").await.status, 404);
    }

    /// E1 to E14, as without the flag.
    async fn entra_people(db: Db) {
        let entra = Provider::new(db, ENTRA, "").await;
        // E1: Test Connection.
        assert_eq!(entra.find("/Users", "userName eq \"7b3cd6e5-1f4b-4b0f-8a2f-54d1a2a1f6c1\"").await.counts(), (0, 0));
        // E8, with all its nulls.
        let made = entra.post("/Users", entra_user("Test_User_00aa")).await;
        assert_eq!((made.status, &made.json["userName"]), (201, &json!("Test_User_00aa")));
        assert_eq!(made.json.get(ENTERPRISE), None);
        let boss = entra.post("/Users", entra_user("boss")).await.id();
        let path = format!("/Users/{}", made.id());
        // E2 to E7.
        for filter in [
            "userName eq \"Test_User_00aa\"",
            "userName eq \"test_user_00AA\"",
            "externalId eq \"0a21f0f2-Test_User_00aa\"",
            "externalId eq 0a21f0f2-Test_User_00aa",
            "emails[type eq \"work\"].value eq \"Test_User_00aa@contoso.com\"",
        ] {
            let found = entra.find("/Users", filter).await;
            assert_eq!((found.counts(), &found.json["Resources"][0]), ((1, 1), &made.json), "{filter}");
        }
        assert_eq!(entra.get("/Users/018f0000-0000-7000-8000-000000000000").await.status, 404);
        // E9: off, in every spelling; a disabled user is still found.
        for value in [json!("False"), json!("false"), json!(false)] {
            for op in ["Replace", "Add", "replace"] {
                let off = entra.patch(&path, json!([{"op": op, "path": "active", "value": value}])).await;
                assert!([200, 204].contains(&off.status));
                let read = entra.get(&path).await;
                assert_eq!((read.status, &read.json["active"]), (200, &json!(false)), "{op} {value}");
                assert_eq!(entra.find("/Users", "userName eq \"Test_User_00aa\"").await.counts(), (1, 1));
                entra.patch(&path, json!([{"op": "Replace", "path": "active", "value": "True"}])).await;
                assert_eq!(entra.get(&path).await.json["active"], true);
            }
        }
        // E10: one operation an attribute.
        let employee = format!("{ENTERPRISE}:employeeNumber");
        let replace = |path: &str, value: &str| json!({"op": "Replace", "path": path, "value": value});
        let many = entra
            .patch(
                &path,
                json!([
                    replace("displayName", "Bjfe"),
                    replace("emails[type eq \"work\"].value", "new@contoso.com"),
                    replace("name.givenName", "Kkom"),
                    replace("name.familyName", "Unua"),
                    replace("externalId", "other"),
                    replace(&employee, "Aklq"),
                ]),
            )
            .await;
        assert_eq!(many.status, 200);
        let read = entra.get(&path).await.json;
        assert_eq!(read["displayName"], "Bjfe");
        assert_eq!(read["emails"], json!([{"primary": true, "type": "work", "value": "new@contoso.com"}]));
        assert_eq!((&read["name"]["givenName"], &read["name"]["familyName"]), (&json!("Kkom"), &json!("Unua")));
        assert_eq!((&read["externalId"], &read[ENTERPRISE]["employeeNumber"]), (&json!("other"), &json!("Aklq")));
        assert_eq!(read["schemas"], json!([USER, ENTERPRISE]));
        // E12: created where it is absent.
        entra.patch(&path, json!([{"op": "Remove", "path": "emails[type eq \"work\"]"}])).await;
        assert_eq!(entra.get(&path).await.json.get("emails"), None);
        let add = entra
            .patch(&path, json!([{"op": "Add", "path": "emails[type eq \"work\"].value", "value": "x@y.test"}]))
            .await;
        assert_eq!((add.status, &add.json["emails"]), (200, &json!([{"type": "work", "value": "x@y.test"}])));
        // E13: the manager, as an object in a list and as a text; E6: and looked for.
        let reference = json!([{"$ref": format!("http://x/Users/{boss}"), "value": boss}]);
        for (target, value) in [("manager".to_owned(), reference), (format!("{ENTERPRISE}:manager"), json!(boss))] {
            let managed = entra.patch(&path, json!([{"op": "Add", "path": target, "value": value}])).await;
            assert_eq!(
                (managed.status, &managed.json[ENTERPRISE]["manager"]["value"]),
                (200, &json!(boss)),
                "{target}"
            );
            for filter in [
                format!("id eq \"{}\" and manager eq \"{boss}\"", made.id()),
                format!("manager eq \"{boss}\" and id eq \"{}\"", made.id()),
            ] {
                let probe = entra.get(&format!("/Users?filter={}&attributes=id", encoded(&filter))).await;
                assert_eq!((probe.counts(), &probe.json["Resources"][0]["id"]), ((1, 1), &json!(made.id())));
            }
            entra.patch(&path, json!([{"op": "Remove", "path": "manager"}])).await;
            assert_eq!(entra.get(&path).await.json[ENTERPRISE].get("manager"), None);
        }
        // E14: roles are not the provider's to give; that must be said, not swallowed.
        let roles = entra
            .patch(&path, json!([{"op": "Add", "path": "roles[primary eq \"True\"].value", "value": "admin"}]))
            .await;
        assert_eq!(entra.get(&path).await.json["roles"][0]["value"], "developer");
        assert_eq!((roles.status, &roles.json["scimType"]), (400, &json!("mutability")));
        // E23.
        assert_eq!(entra.delete(&path).await.status, 204);
        assert_eq!(entra.get(&path).await.status, 404);
    }

    /// E9, E11, E20 and E24: with the flag in the tenant's URL.
    async fn entra_with_the_flag(db: Db) {
        let entra = Provider::new(db, ENTRA, "aadOptscim062020").await;
        assert_eq!(entra.find("/Users", "userName eq \"nobody\"").await.counts(), (0, 0));
        assert_eq!(entra.get("/").await.status, 200);
        let made = entra.post("/Users", entra_user("u")).await;
        let path = format!("/Users/{}", made.id());
        let off = entra.patch(&path, json!([{"op": "replace", "path": "active", "value": false}])).await;
        assert_eq!((off.status, &off.json["active"]), (200, &json!(false)));
        let many = entra
            .patch(
                &path,
                json!([
                    {"op": "replace", "path": "emails[type eq \"work\"].value", "value": "w@contoso.com"},
                    {"op": "replace", "value": {
                        "displayName": "Bjfe", "name.givenName": "Kkom", "name.familyName": "Unua",
                        (format!("{ENTERPRISE}:employeeNumber")): "Aklq",
                    }},
                ]),
            )
            .await;
        assert_eq!(many.status, 200);
        assert_eq!(
            many.json["name"],
            json!({"formatted": "givenName familyName", "givenName": "Kkom", "familyName": "Unua"})
        );
        assert_eq!(
            (&many.json["emails"][0]["value"], &many.json[ENTERPRISE]["employeeNumber"]),
            (&json!("w@contoso.com"), &json!("Aklq"))
        );
        let group = entra.post("/Groups", json!({"displayName": "G", "members": [{"value": made.id()}]})).await.id();
        let group = format!("/Groups/{group}");
        let remove = json!([{"op": "remove", "path": format!("members[value eq \"{}\"]", made.id())}]);
        assert_eq!(entra.patch(&group, remove).await.status, 204);
        assert_eq!(entra.get(&group).await.members(), [""; 0]);
        assert_eq!(entra.get("/Schemas").await.status, 200);
    }

    /// E15 to E23: groups.
    async fn entra_groups(db: Db) {
        let entra = Provider::new(db, ENTRA, "").await;
        let (one, two) = (entra.api.user("one").await, entra.api.user("two").await);
        let made = entra
            .post(
                "/Groups",
                json!({
                    "schemas": [GROUP, "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group"],
                    "externalId": "8aa1", "displayName": "GroupA", "meta": {"resourceType": "Group"},
                }),
            )
            .await;
        assert_eq!((made.status, &made.json["externalId"]), (201, &json!("8aa1")));
        let path = format!("/Groups/{}", made.id());
        assert_eq!(entra.get(&format!("{path}?excludedAttributes=members")).await.id(), made.id());
        let probe = format!("/Groups?excludedAttributes=members&filter={}", encoded("displayName eq \"GroupA\""));
        assert_eq!(entra.get(&probe).await.counts(), (1, 1));
        assert_eq!(
            entra.patch(&path, json!([{"op": "Replace", "path": "displayName", "value": "GroupB"}])).await.status,
            204
        );
        let member = |id: &str| json!([{"$ref": null, "value": id}]);
        for id in [&one, &two] {
            assert_eq!(
                entra.patch(&path, json!([{"op": "Add", "path": "members", "value": member(id)}])).await.status,
                204
            );
        }
        assert_eq!(entra.get(&path).await.members(), [&one, &two]);
        // E20: only that one.
        assert_eq!(
            entra.patch(&path, json!([{"op": "Remove", "path": "members", "value": member(&one)}])).await.status,
            204
        );
        assert_eq!(entra.get(&path).await.members(), [&two]);
        // E21: a bare text.
        assert_eq!(entra.patch(&path, json!([{"op": "add", "path": "members", "value": one}])).await.status, 204);
        assert_eq!(entra.get(&path).await.members(), [&one, &two]);
        let named = json!([{"name": "addMember", "op": "add", "path": "members", "value": [{"value": one}]}]);
        assert_eq!(entra.patch(&path, named).await.status, 204);
        // E22: everybody.
        assert_eq!(entra.patch(&path, json!([{"op": "remove", "path": "members"}])).await.status, 204);
        assert_eq!(entra.get(&path).await.members(), [""; 0]);
        assert_eq!(entra.delete(&path).await.status, 204);
        assert_eq!(entra.get(&probe.replace("GroupA", "GroupB")).await.counts(), (0, 0));
    }

    /// The extras of Microsoft's reference collection.
    async fn entra_reference_collection(db: Db) {
        let entra = Provider::new(db, ENTRA, "").await;
        let mut user = entra_user("OMalley");
        user["active"] = json!("True");
        user["emails"] = json!([{"primary": true, "type": "work", "value": "omalley@example.com"}]);
        user["name"]["familyName"] = json!("Employee");
        user["displayName"] = json!("BobIsAmazing");
        user["schemas"][1] = json!("urn:ietf:params:scim:schemas:extension:enterprise:2.0User");
        user["urn:ietf:params:scim:schemas:extension:enterprise:2.0User"] =
            json!({"department": "bob", "manager": {"value": "x"}});
        let made = entra.post("/Users", user).await;
        assert_eq!((made.status, &made.json["active"]), (201, &json!(true)));
        assert_eq!(made.json[ENTERPRISE]["department"], "bob");
        for filter in [
            "name.FamilyName eq Employee and (emails.Value co example.com or emails.Value co example.org)",
            "userName sw O",
            "meta.Created gt 2015-10-10T14:38:21.8617979-07:00 and userName sw o",
        ] {
            assert_eq!(entra.find("/Users", filter).await.counts(), (1, 1), "{filter}");
        }
        assert_eq!(entra.get("/Users/?filter=DisplayName+eq+%22BobIsAmazing%22").await.counts(), (1, 1));
        let some = entra.get("/Users?attributes=userName,emails").await;
        assert_eq!(some.counts(), (2, 2));
        let names: Vec<_> = some.json["Resources"][1].as_object().unwrap().keys().collect();
        assert_eq!(names.len(), 4, "schemas, id, userName, emails: {names:?}");
    }

    /// Activation creates and deletes a test user and a test group.
    async fn jumpcloud(db: Db) {
        let jumpcloud = Provider::new(db, JUMPCLOUD, "").await;
        let user = json!({
            "schemas": [USER], "userName": "jc.test@acme.test", "active": true,
            "name": {"givenName": "JumpCloud", "familyName": "Test"},
            "emails": [{"value": "jc.test@acme.test", "type": "work", "primary": true}],
        });
        assert_eq!(jumpcloud.find("/Users", "userName eq \"jc.test@acme.test\"").await.counts(), (0, 0));
        let made = jumpcloud.post("/Users", user.clone()).await;
        assert_eq!(made.status, 201);
        let path = format!("/Users/{}", made.id());
        assert_eq!(jumpcloud.get(&path).await.status, 200);
        assert_eq!(jumpcloud.put(&path, user.clone()).await.status, 200);
        let group = jumpcloud.post("/Groups", json!({"schemas": [GROUP], "displayName": "JumpCloud Test"})).await;
        assert_eq!(group.status, 201);
        let group = format!("/Groups/{}", group.id());
        let member = |op: &str| json!([{"op": op, "path": "members", "value": [{"value": made.id()}]}]);
        assert_eq!(jumpcloud.patch(&group, member("add")).await.status, 204);
        assert_eq!(jumpcloud.get(&group).await.members(), [made.id()]);
        assert_eq!(jumpcloud.patch(&group, member("remove")).await.status, 204);
        assert_eq!(jumpcloud.get(&group).await.members(), [""; 0]);
        assert_eq!((jumpcloud.delete(&group).await.status, jumpcloud.delete(&path).await.status), (204, 204));
        assert_eq!(jumpcloud.get("/Users").await.counts(), (1, 1), "nobody is left over");
        assert_eq!(jumpcloud.post("/Users", user).await.id(), made.id(), "activated once more");
    }

    /// The customer edits the template, so attributes vary; somebody who leaves is deleted or suspended.
    async fn onelogin(db: Db) {
        let onelogin = Provider::new(db, ONELOGIN, "").await;
        let made = onelogin.post("/Users", json!({
            "schemas": [USER, ENTERPRISE], "userName": "ol.user", "displayName": "O L", "active": true, "colour": "red",
            "name": {"givenName": "O", "familyName": "L", "honorificPrefix": ""},
            "phoneNumbers": [{"value": "", "type": "mobile"}],
            "emails": [{"value": "ol@acme.test", "type": "work", "primary": "true"}], ENTERPRISE: {"department": ""},
        })).await;
        assert_eq!(made.status, 201, "{made:?}");
        assert_eq!(made.json["emails"][0]["primary"], true);
        let path = format!("/Users/{}", made.id());
        let suspended = onelogin.put(&path, json!({"schemas": [USER], "userName": "ol.user", "active": false})).await;
        assert_eq!((suspended.status, &suspended.json["active"]), (200, &json!(false)));
        let patched = onelogin.patch(&path, json!([{"op": "replace", "path": "active", "value": true}])).await;
        assert_eq!((patched.status, &patched.json["active"]), (200, &json!(true)));
        assert_eq!(onelogin.delete(&path).await.status, 204);
        assert_eq!(onelogin.find("/Users", "userName eq \"ol.user\"").await.counts(), (0, 0));
    }

    /// Some clients send the whole group for one addition.
    async fn the_whole_list_each_time(db: Db) {
        let keycloak = Provider::new(db, JUMPCLOUD, "").await;
        let mut ids = Vec::new();
        for number in 0..211 {
            ids.push(keycloak.api.user(&format!("u{number}")).await);
        }
        let group = keycloak.api.group("All", &[]).await;
        let path = format!("/Groups/{group}");
        for length in [1, 2, 210, 211] {
            let members: Vec<_> = ids[..length].iter().map(|id| json!({"value": id})).collect();
            let put = keycloak.put(&path, json!({"schemas": [GROUP], "displayName": "All", "members": members})).await;
            assert_eq!(put.members(), ids[..length]);
        }
        let last = keycloak.api.world.log().await.remove(0).change;
        assert!(matches!(last, domain::activity::Change::GroupMembersChanged { added: 1, removed: 0, .. }), "{last:?}");
    }
}
