//! `PUT`, `PATCH` and `DELETE` of `/Users/{id}`, and versions.

use crate::{
    api::{Api, ENTERPRISE, USER},
    db::{Db, on_both_engines},
    world::person,
};
use axum::http::{Method, StatusCode, header};
use domain::role::Role;
use serde_json::{Value, json};

const LAST: &str = "403 This is the team's last active Super Admin and can't be deactivated, removed, or demoted. They need to make someone else a Super Admin first";
const BREAK_GLASS: &str = "403 This is a break-glass member and can't be deactivated, removed, or demoted. A Super Admin can remove break-glass in Team settings > General";
const CEILING: &str = "403 Only a Super Admin, or a SCIM API key created by one, can change a Super Admin";
const STALE: &str = "412 The resource has changed since it was read: its version doesn't match If-Match";

fn active(active: bool) -> Value {
    json!([{"op": "replace", "value": {"active": active}}])
}

/// Signs the member in with two browsers.
async fn sign_in(api: &Api, member: &str) {
    for session in ["s1", "s2"] {
        api.world
            .db
            .sql(&format!(
                "INSERT INTO sessions (id, token_hash, created_at, last_seen_at) VALUES ('{session}{member}', '{session}{member}', 1, 1)"
            ))
            .await;
        api.world.db.sql(&format!("INSERT INTO sign_ins (team_id, session_id, member_id, signed_in_at, verified_at) SELECT team_id, '{session}{member}', id, 1, 1 FROM members WHERE id = '{member}'")).await;
    }
}

async fn sign_ins(api: &Api, member: &str) -> String {
    let count = format!("SELECT CAST(COUNT(*) AS TEXT) FROM sign_ins WHERE member_id = '{member}'");
    api.world.db.text(&count).await.unwrap()
}

on_both_engines! {
    /// Simultaneous changes are applied one after the other, each to the result of the previous one. None is lost.
    async fn concurrent_changes_build_on_each_other(db: Db) {
        let api = Api::new(db).await;
        let users = [api.user("one@x.test").await, api.user("two@x.test").await];
        let group = format!("/Groups/{}", api.group("G", &[]).await);
        let requests = (0..48).map(|number: usize| {
            let (api, group, user) = (api.clone(), group.clone(), users[number % 2].clone());
            tokio::spawn(async move {
                let path = format!("/Users/{user}");
                let add = |path: &str, value: Value| json!([{"op": "add", "path": path, "value": value}]);
                match number % 6 {
                    0 => api.patch(&group, add("members", json!([{"value": user}]))).await,
                    1 => api.delete(&format!("/Users/{}", "nobody")).await,
                    _ => api.patch(&path, add("phoneNumbers", json!([{"value": number.to_string(), "type": "work"}]))).await,
                }
            })
        });
        let mut succeeded = 0;
        for one in requests.collect::<Vec<_>>() {
            succeeded += usize::from(one.await.unwrap().status.is_success());
        }
        assert_eq!(succeeded, 40);
        for (index, user) in users.iter().enumerate() {
            let user = api.get(&format!("/Users/{user}")).await.json;
            let mut numbers: Vec<usize> = user["phoneNumbers"].as_array().unwrap().iter()
                .map(|number| number["value"].as_str().unwrap().parse().unwrap()).collect();
            numbers.sort_unstable();
            let expected: Vec<usize> = (0..48).filter(|number| number % 2 == index && number % 6 > 1).collect();
            assert_eq!(numbers, expected);
        }
    }

    /// A client that removes `active` no longer determines it. Whether the member can sign in stays as it was.
    async fn active_can_be_removed_without_reactivation(db: Db) {
        let api = Api::new(db).await;
        let path = format!("/Users/{}", api.user("ada@x.test").await);
        let remove = json!([{"op": "remove", "path": "active"}]);
        assert_eq!(api.patch(&path, remove.clone()).await.json.get("active"), None);
        assert_eq!(api.get(&path).await.json.get("active"), None);
        // Filters see what GET shows: no value.
        for (filter, results) in [("active eq true", 0), ("active eq false", 0), ("active pr", 0), ("active ne true", 1)] {
            let filter = format!(r#"userName eq "ada@x.test" and {filter}"#);
            assert_eq!(api.find("/Users", &filter).await.counts()[0], results, "{filter}");
        }
        let set = |active: bool| json!([{"op": "replace", "path": "active", "value": active}]);
        assert_eq!(api.patch(&path, set(false)).await.json["active"], false);
        let status = async || api.world.db.text("SELECT status FROM members WHERE user_name = 'ada@x.test'").await;
        assert_eq!(api.patch(&path, remove.clone()).await.json.get("active"), None);
        let id = path.trim_start_matches("/Users/");
        let renamed = json!({"schemas": [USER], "id": id, "userName": "ada@x.test", "displayName": "Ada"});
        assert_eq!(api.put(&path, &renamed).await.json.get("active"), None, "left out is not said");
        assert_eq!((api.get(&path).await.json.get("active"), status().await.as_deref()), (None, Some("deactivated")));
        assert_eq!(api.patch(&path, set(true)).await.json["active"], true);
    }

    async fn put_replaces_everything(db: Db) {
        let api = Api::new(db).await;
        let response = api
            .post(
                "/Users",
                &json!({"userName": "a", "title": "Countess", "nickName": "Ada", ENTERPRISE: {"division": "x"}}),
            )
            .await;
        let path = format!("/Users/{}", response.id());
        api.world.pass(5);
        let expected = json!({
            "schemas": [USER], "id": "something else", "userName": "A", "nickName": "Adele",
            "meta": {"version": "W/\"77\""}, "groups": [], "active": true, "name": {"familyName": "King"},
        });
        let put = api.put(&path, &expected).await;
        assert_eq!((put.status, put.tag()), (StatusCode::OK, "W/\"2\""), "{}", put.body);
        assert_eq!(put.json["userName"], "A");
        assert_eq!(put.json["nickName"], "Adele");
        assert_eq!(put.json["name"], json!({"familyName": "King"}));
        assert_eq!((put.json.get("title"), put.json.get(ENTERPRISE)), (None, None));
        assert_eq!(put.json["schemas"], json!([USER]));
        assert_eq!(put.json["meta"]["lastModified"], "2026-06-01T00:00:00.005Z");
        assert_eq!(api.get(&path).await.json, put.json);
        assert_eq!(api.provider_changes().await.len(), 2);
    }

    /// From the first change on, which the provider may repeat.
    async fn any_change_adopts_the_member(db: Db) {
        let api = Api::new(db).await;
        let id = api.world.member(Role::Billing).await.to_string();
        let path = format!("/Users/{id}");
        for _ in 0..2 {
            let answer = api.patch(&path, active(true)).await;
            assert_eq!((answer.summary().as_str(), answer.tag()), ("200", "W/\"2\""));
        }
        assert_eq!(api.column("source", &id).await.as_deref(), Some("directory"));
        assert_eq!(api.column("password_hash", &id).await.as_deref(), Some("$argon2id$"));
        assert_eq!(api.get(&path).await.json["roles"][0]["value"], "billing");
        assert_eq!(api.provider_changes().await, ["adopted member Billing"]);
    }

    async fn a_put_without_active_keeps_it(db: Db) {
        let api = Api::new(db).await;
        let path = format!("/Users/{}", api.user("a").await);
        api.patch(&path, active(false)).await;
        let put = api.put(&path, &json!({"userName": "a", "title": "x"})).await;
        assert_eq!(put.json["active"], false);
    }

    async fn patch_changes_only_the_named_attributes(db: Db) {
        let api = Api::new(db).await;
        let path = format!("/Users/{}", api.user("a").await);
        let patched = api
            .patch(
                &path,
                json!([
                    {"op": "add", "path": "emails", "value": [{"value": "a@acme.test", "type": "work"}]},
                    {"op": "Replace", "path": "name.givenName", "value": "Ada"},
                    {"op": "add", "path": format!("{ENTERPRISE}:employeeNumber"), "value": "7"},
                    {"op": "replace", "value": {"displayName": "Ada L.", "title": "Countess"}},
                    {"op": "remove", "path": "title"},
                ]),
            )
            .await;
        assert_eq!((patched.status, patched.tag()), (StatusCode::OK, "W/\"2\""), "{}", patched.body);
        assert_eq!(patched.json["emails"], json!([{"value": "a@acme.test", "type": "work"}]));
        assert_eq!(patched.json["name"], json!({"givenName": "Ada"}));
        assert_eq!(patched.json[ENTERPRISE], json!({"employeeNumber": "7"}));
        assert_eq!(patched.json["displayName"], "Ada L.");
        assert_eq!(patched.json.get("title"), None);
        assert_eq!(api.get(&path).await.json, patched.json);
        assert_eq!(api.provider_changes().await.last().unwrap(), "updated member Ada L.");
        assert_eq!(api.find("/Users", r#"emails.value eq "A@acme.test""#).await.counts()[0], 1);
    }

    async fn a_request_that_changes_nothing_keeps_the_version(db: Db) {
        let api = Api::new(db).await;
        let body = json!({"schemas": [USER], "userName": "a", "title": "x", "active": true});
        let response = api.post("/Users", &body).await;
        let path = format!("/Users/{}", response.id());
        api.world.pass(1_000);
        for answer in [
            api.put(&path, &body).await,
            api.patch(&path, active(true)).await,
            api.patch(&path, json!([{"op": "Add", "path": "title", "value": "x"}])).await,
            api.patch(&path, json!([{"op": "Replace", "path": "active", "value": "True"}])).await,
            api.patch(&path, json!([{"op": "remove", "path": "nickName"}])).await,
        ] {
            assert_eq!(answer.summary(), "200");
            assert_eq!(answer.json, response.json);
        }
        assert_eq!(api.provider_changes().await, ["created member a"]);
    }

    /// Once the response arrives, no session is left.
    async fn deactivation_ends_sessions(db: Db) {
        let api = Api::new(db).await;
        let (id, other) = (api.user("a").await, api.user("b").await);
        let path = format!("/Users/{id}");
        sign_in(&api, &id).await;
        sign_in(&api, &other).await;
        let answer = api.patch(&path, active(false)).await;
        assert_eq!((answer.status, &answer.json["active"]), (StatusCode::OK, &json!(false)));
        assert_eq!((sign_ins(&api, &id).await, sign_ins(&api, &other).await), ("0".into(), "2".into()));
        assert_eq!(api.get(&path).await.json["active"], false);
        assert_eq!(api.find("/Users", r#"userName eq "a""#).await.json["Resources"][0]["active"], false);
        let entry = api.world.log().await.remove(0).change;
        let expected = domain::activity::Change::MemberDeactivated { name: "a".into(), sessions: 2 };
        assert_eq!(entry, expected);
        assert_eq!(api.patch(&path, active(true)).await.json["active"], true);
        assert_eq!(api.provider_changes().await.last().unwrap(), "reactivated member a");
    }

    /// All spellings that clients use.
    async fn all_spellings_of_deactivation_are_accepted(db: Db) {
        let api = Api::new(db).await;
        let path = format!("/Users/{}", api.user("a").await);
        for operation in [
            json!({"op": "replace", "value": {"active": false}}),
            json!({"op": "replace", "path": "active", "value": false}),
            json!({"op": "Replace", "path": "active", "value": "False"}),
            json!({"op": "replace", "path": "active", "value": "false"}),
            json!({"op": "Add", "path": "active", "value": "False"}),
            json!({"op": "replace", "path": "ACTIVE", "value": false}),
            json!({"op": "replace", "path": format!("{USER}:active"), "value": false}),
            json!({"op": "replace", "value": {"Active": "FALSE"}}),
        ] {
            let off = api.patch(&path, json!([operation])).await;
            assert_eq!((off.summary(), &off.json["active"]), ("200".into(), &json!(false)), "{operation}");
            assert_eq!(api.get(&path).await.json["active"], false);
            assert_eq!(api.patch(&path, active(true)).await.json["active"], true);
        }
    }

    async fn a_deleted_user_leaves_a_tombstone(db: Db) {
        let api = Api::new(db).await;
        let id = api.user("a").await;
        let group = api.group("G", &[&id]).await;
        let path = format!("/Users/{id}");
        sign_in(&api, &id).await;
        let deletion = api.delete(&path).await;
        assert_eq!((deletion.status, deletion.body.as_str()), (StatusCode::NO_CONTENT, ""));
        let missing = format!("404 Resource {id} not found");
        assert_eq!(api.get(&path).await.summary(), missing);
        assert_eq!(api.delete(&path).await.summary(), missing);
        assert_eq!(api.put(&path, &json!({"userName": "a"})).await.summary(), missing);
        assert_eq!(api.patch(&path, active(true)).await.summary(), missing);
        assert_eq!(api.find("/Users", r#"userName eq "a""#).await.counts()[0], 0);
        assert_eq!(api.find("/Users", &format!("id eq \"{id}\"")).await.counts()[0], 0);
        assert_eq!(api.get(&format!("/Groups/{group}")).await.members(), [""; 0]);
        assert_eq!(sign_ins(&api, &id).await, "0");
        assert_eq!(api.column("status", &id).await.as_deref(), Some("deleted"));
        assert_eq!(api.provider_changes().await.last().unwrap(), "removed member a");
    }

    async fn a_user_can_be_renamed(db: Db) {
        let api = Api::new(db).await;
        let (id, other) = (api.user("a").await, api.user("taken").await);
        let path = format!("/Users/{id}");
        let to = |name: &str| json!([{"op": "replace", "path": "userName", "value": name}]);
        for answer in [api.patch(&path, to("TAKEN")).await, api.put(&path, &json!({"userName": "Taken"})).await] {
            assert_eq!(answer.summary(), "409 uniqueness userName: already in use by another User in this team");
        }
        assert_eq!(api.patch(&path, to("A")).await.json["userName"], "A", "its own name in other letters");
        api.delete(&format!("/Users/{other}")).await;
        let renamed = api.patch(&path, to("Taken")).await;
        assert_eq!((renamed.summary(), &renamed.json["userName"]), ("200".into(), &json!("Taken")));
        // The tombstone has lost the name permanently.
        assert_eq!(api.post("/Users", &json!({"userName": "taken"})).await.status, StatusCode::CONFLICT);
        let a = api.post("/Users", &json!({"userName": "a"})).await;
        assert_eq!(a.status, StatusCode::CREATED);
        assert!(![id, other].contains(&a.id()));
    }

    async fn preconditions_compare_versions(db: Db) {
        let api = Api::new(db).await;
        let path = format!("/Users/{}", api.user("a").await);
        let with = async |method: Method, name: header::HeaderName, tag: &str, body: &Value| {
            let request = api.request(method, &path, &api.key).header(name, tag);
            let body = if body.is_null() { String::new() } else { body.to_string() };
            api.send_body(request, body.into()).await
        };
        let title = |title: &str| json!({"Operations": [{"op": "replace", "path": "title", "value": title}]});
        // Reading.
        for tag in ["W/\"1\"", "\"1\"", "*", "W/\"9\", W/\"1\""] {
            let same = with(Method::GET, header::IF_NONE_MATCH, tag, &Value::Null).await;
            assert_eq!((same.status, same.tag()), (StatusCode::NOT_MODIFIED, "W/\"1\""), "{tag}");
            assert_eq!(with(Method::GET, header::IF_MATCH, tag, &Value::Null).await.status, StatusCode::OK);
        }
        let other = with(Method::GET, header::IF_NONE_MATCH, "W/\"2\"", &Value::Null).await;
        assert_eq!((other.status, other.tag()), (StatusCode::OK, "W/\"1\""));
        // Changing.
        assert_eq!(with(Method::PATCH, header::IF_MATCH, "W/\"1\"", &title("a")).await.tag(), "W/\"2\"");
        assert_eq!(with(Method::PATCH, header::IF_MATCH, "*", &title("b")).await.tag(), "W/\"3\"");
        for tag in ["W/\"1\"", "nonsense", "W/\"33\""] {
            assert_eq!(with(Method::PATCH, header::IF_MATCH, tag, &title("c")).await.summary(), STALE, "{tag}");
            assert_eq!(with(Method::PUT, header::IF_MATCH, tag, &json!({"userName": "c"})).await.summary(), STALE);
            assert_eq!(with(Method::DELETE, header::IF_MATCH, tag, &Value::Null).await.summary(), STALE);
        }
        // The error names the failed header.
        for (tag, words) in [
            ("W/\"3\"", "412 The resource has a version that If-None-Match rules out"),
            ("*", "412 The resource exists, but If-None-Match: * requires that it doesn't"),
        ] {
            assert_eq!(with(Method::PATCH, header::IF_NONE_MATCH, tag, &title("c")).await.summary(), words);
            assert_eq!(with(Method::PUT, header::IF_NONE_MATCH, tag, &json!({"userName": "c"})).await.summary(), words);
            assert_eq!(with(Method::DELETE, header::IF_NONE_MATCH, tag, &Value::Null).await.summary(), words);
        }
        let operation = json!({"method": "DELETE", "path": path, "version": "W/\"1\""});
        let bulk = api.post("/Bulk", &json!({"Operations": [operation]})).await;
        let error = &bulk.json["Operations"][0]["response"];
        assert_eq!(error["detail"], "The resource has changed since it was read: its version doesn't match the version of the operation");
        assert_eq!(api.get(&path).await.json["title"], "b");
        assert_eq!(
            with(Method::DELETE, header::IF_MATCH, "W/\"3\"", &Value::Null).await.status,
            StatusCode::NO_CONTENT
        );
    }

    async fn the_last_super_admin_is_protected(db: Db) {
        let api = Api::new(db).await;
        let path = format!("/Users/{}", api.world.ada);
        let put = json!({"userName": "ada@acme.test", "active": false});
        for answer in [api.patch(&path, active(false)).await, api.put(&path, &put).await, api.delete(&path).await] {
            assert_eq!(answer.summary(), LAST);
        }
        assert_eq!(api.get(&path).await.tag(), "W/\"1\"");
        assert_eq!(api.provider_changes().await, ["was blocked from changing member Ada Lovelace"; 3]);
        // All her other attributes can be changed, and all other members.
        let title = api.patch(&path, json!([{"op": "add", "path": "title", "value": "Countess"}])).await;
        assert_eq!(title.summary(), "200");
        let other = person("Bob", "bob@acme.test", Role::SuperAdmin);
        api.world.operator().member_add("acme", other).await.unwrap();
        assert_eq!(api.patch(&path, active(false)).await.json["active"], false);
    }

    async fn a_deactivated_super_admin_does_not_count(db: Db) {
        let api = Api::new(db).await;
        let bob =
            api.world.operator().member_add("acme", person("Bob", "bob@acme.test", Role::SuperAdmin)).await.unwrap();
        assert_eq!(api.patch(&format!("/Users/{bob}"), active(false)).await.summary(), "200");
        assert_eq!(api.delete(&format!("/Users/{}", api.world.ada)).await.summary(), LAST);
    }

    async fn break_glass_members_are_protected(db: Db) {
        let api = Api::new(db).await;
        let id = api.user("emergency").await;
        api.world.db.sql(&format!("UPDATE members SET break_glass = 1 WHERE id = '{id}'")).await;
        let path = format!("/Users/{id}");
        let put = json!({"userName": "emergency", "active": "False"});
        for answer in [api.patch(&path, active(false)).await, api.put(&path, &put).await, api.delete(&path).await] {
            assert_eq!(answer.summary(), BREAK_GLASS);
        }
        assert_eq!(api.get(&path).await.json["active"], true);
        assert_eq!(api.provider_changes().await[1..], ["was blocked from changing member emergency"; 3]);
        let renamed = api.patch(&path, json!([{"op": "replace", "path": "userName", "value": "e"}])).await;
        assert_eq!(renamed.summary(), "200");
    }

    async fn an_admins_key_cannot_change_a_super_admin(db: Db) {
        let api = Api::new(db).await;
        let admin = api.world.member(Role::Admin).await;
        let other = person("Bob", "bob@acme.test", Role::SuperAdmin);
        api.world.operator().member_add("acme", other).await.unwrap();
        let admins = api.key_of(&admin).await;
        let path = format!("/Users/{}", api.world.ada);
        for answer in [
            admins.put(&path, &json!({"userName": "ada@acme.test", "title": "x"})).await,
            admins
                .patch(&path, json!([{"op": "replace", "path": "emails", "value": [{"value": "evil@x.test"}]}]))
                .await,
            admins.patch(&path, active(false)).await,
            admins.delete(&path).await,
        ] {
            assert_eq!(answer.summary(), CEILING);
        }
        assert_eq!(api.get(&path).await.tag(), "W/\"1\"");
        assert_eq!(admins.delete(&format!("/Users/{admin}")).await.status, StatusCode::NO_CONTENT, "Admins it may");
    }

    /// Of many simultaneous requests to remove the last Super Admins, one is rejected.
    async fn concurrent_requests_cannot_bypass_the_protection(db: Db) {
        let api = Api::new(db).await;
        let bob =
            api.world.operator().member_add("acme", person("Bob", "bob@acme.test", Role::SuperAdmin)).await.unwrap();
        let pair = [api.world.ada.clone(), bob].map(|id| format!("/Users/{id}"));
        let requests = (0..16).map(|number| {
            let (api, path) = (api.clone(), pair[number % 2].clone());
            tokio::spawn(async move {
                match number % 3 {
                    0 => api.delete(&path).await.status,
                    1 => api.patch(&path, active(false)).await.status,
                    _ => api.put(&path, &json!({"userName": format!("u{}", number % 2), "active": false})).await.status,
                }
            })
        });
        for one in requests.collect::<Vec<_>>() {
            assert!(!one.await.unwrap().is_server_error());
        }
        let query = "SELECT CAST(COUNT(*) AS TEXT) FROM members WHERE roles >= 128 AND status = 'active'";
        assert_eq!(api.world.db.text(query).await.as_deref(), Some("1"));
    }

    async fn responses_have_the_requested_attributes(db: Db) {
        let api = Api::new(db).await;
        let response =
            api.post("/Users?attributes=userName", &json!({"userName": "a", "title": "x", "nickName": "y"})).await;
        let id = response.id();
        assert_eq!(response.json, json!({"schemas": [USER], "id": id, "userName": "a"}));
        let path = format!("/Users/{id}");
        let expected = json!({"schemas": [USER], "id": id, "nickName": "y"});
        assert_eq!(api.get(&format!("{path}?attributes=NICKNAME,nothing")).await.json, expected);
        let without =
            api.get(&format!("{path}?excludedAttributes=title,meta,roles,active,id,nickName,displayName")).await;
        assert_eq!(without.json, response.json);
        let put = api.put(&format!("{path}?attributes=nickName"), &json!({"userName": "a", "nickName": "y"})).await;
        assert_eq!(put.json, expected);
    }
}
