//! `/Groups`: groups, their members and the roles that they give.

use crate::{
    api::{Api, BASE, GROUP, USER},
    db::{Db, on_both_engines},
};
use axum::http::{Method, StatusCode, header};
use domain::{activity::Change, role::Role};
use serde_json::{Value, json};

const NOBODY: &str = "018f0000-0000-7000-8000-000000000000";

/// Users a, b, c, ..., in the order of their ids.
async fn users<const N: usize>(api: &Api) -> [String; N] {
    let mut ids = Vec::new();
    for number in 0..N {
        ids.push(api.user(&format!("user{number}")).await);
    }
    ids.try_into().unwrap()
}

async fn members(api: &Api, group: &str) -> Vec<String> {
    let group = api.get(&format!("/Groups/{group}")).await;
    assert_eq!(group.status, StatusCode::OK);
    group.members()
}

async fn member_count(api: &Api, group: &str) -> String {
    let query = format!("SELECT CAST(member_count AS TEXT) FROM groups WHERE id = '{group}'");
    api.world.db.text(&query).await.unwrap()
}

/// The names of a member's roles in the User.
async fn roles(api: &Api, user: &str) -> Vec<String> {
    let user = api.get(&format!("/Users/{user}")).await.json;
    user["roles"].as_array().unwrap().iter().map(|role| role["value"].as_str().unwrap().to_owned()).collect()
}

fn of(ids: &[&String]) -> Value {
    ids.iter().map(|id| json!({"value": id})).collect()
}

on_both_engines! {
    /// A User's groups are part of the User, so a change of them must change the version.
    async fn membership_changes_update_the_members_version(db: Db) {
        let api = Api::new(db).await;
        let [a, b] = users(&api).await;
        let tag = async |user: &str| api.get(&format!("/Users/{user}")).await.tag().to_owned();
        let path = format!("/Groups/{}", api.group("IT", &[]).await);
        let other = tag(&b).await;
        for (op, moves) in [("add", true), ("add", false), ("remove", true), ("remove", false), ("replace", true)] {
            let before = tag(&a).await;
            api.patch(&path, json!([{"op": op, "path": "members", "value": of(&[&a])}])).await;
            assert_eq!(tag(&a).await != before, moves, "{op}");
        }
        let before = tag(&a).await;
        api.delete(&path).await;
        assert_ne!(tag(&a).await, before);
        assert_eq!(tag(&b).await, other);
    }

    async fn a_group_is_created_with_members(db: Db) {
        let api = Api::new(db).await;
        let [a, b] = users(&api).await;
        let body = json!({
            "schemas": [GROUP], "id": "x", "displayName": "Compilers", "externalId": "8aa1",
            "members": [{"value": a, "display": "whatever", "type": "User"}, {"value": b.to_uppercase()}],
        });
        let response = api.post("/Groups", &body).await;
        assert_eq!(response.status, StatusCode::CREATED, "{}", response.body);
        let id = response.id();
        assert_eq!(response.header(header::LOCATION), format!("{BASE}/Groups/{id}"));
        assert_eq!(response.tag(), response.json["meta"]["version"].as_str().unwrap());
        let member = |id: &str| json!({"value": id, "$ref": format!("{BASE}/Users/{id}"), "type": "User"});
        assert_eq!(response.json["members"], json!([member(&a), member(&b)]));
        let with_names = api.get(&format!("/Groups/{id}?attributes=members.value,members.display")).await;
        let expected = json!([{"value": a, "display": "user0"}, {"value": b, "display": "user1"}]);
        assert_eq!(with_names.json["members"], expected, "names are given on request");
        assert_eq!(response.json["displayName"], "Compilers");
        assert_eq!(response.json["externalId"], "8aa1");
        assert_eq!(api.get(&format!("/Groups/{id}")).await.json, response.json);
        let user = api.get(&format!("/Users/{a}")).await.json;
        let group = json!({
            "value": id, "$ref": format!("{BASE}/Groups/{id}"), "display": "Compilers", "type": "direct",
        });
        assert_eq!(user["groups"], json!([group]));
        assert_eq!(member_count(&api, &id).await, "2");
        assert_eq!(api.provider_changes().await.last().unwrap(), "created group Compilers");
        assert_eq!(api.get("/Groups").await.counts(), [1, 1, 1]);
    }

    async fn a_group_can_be_created_without_members(db: Db) {
        let api = Api::new(db).await;
        for body in [
            json!({"displayName": "A"}),
            json!({"displayName": "A", "members": []}),
            json!({"displayName": "A", "members": null}),
        ] {
            let response = api.post("/Groups", &body).await;
            assert_eq!(response.status, StatusCode::CREATED, "names of groups need not be unique");
            assert_eq!(response.json.get("members"), None);
        }
        assert_eq!(api.find("/Groups", r#"displayName eq "a""#).await.counts()[0], 3);
    }

    async fn unknown_members_are_rejected(db: Db) {
        let api = Api::new(db).await;
        let [a] = users(&api).await;
        let removed_user = api.user("gone").await;
        api.delete(&format!("/Users/{removed_user}")).await;
        let group = api.group("G", &[&a]).await;
        let path = format!("/Groups/{group}");
        let expected = format!("400 invalidValue members: no User with the id {NOBODY}, {removed_user}, x");
        let wrong = json!([{"value": a}, {"value": NOBODY}, {"value": removed_user}, {"value": "x"}]);
        let body = json!({"displayName": "H", "members": wrong});
        assert_eq!(api.post("/Groups", &body).await.summary(), expected);
        assert_eq!(api.put(&path, &body).await.summary(), expected);
        assert_eq!(api.patch(&path, json!([{"op": "add", "path": "members", "value": wrong}])).await.summary(), expected);
        let several = json!([
            {"op": "replace", "path": "displayName", "value": "H"},
            {"op": "remove", "path": "members"},
            {"op": "add", "path": "members", "value": wrong},
        ]);
        assert_eq!(api.patch(&path, several).await.summary(), expected);
        let group = api.get(&path).await;
        assert_eq!((&group.json["displayName"], group.members()), (&json!("G"), vec![a]), "nothing was changed");
        assert_eq!(api.get("/Groups").await.counts()[0], 1);
    }

    /// A member of another team counts as unknown.
    async fn members_of_other_teams_are_rejected(db: Db) {
        let api = Api::new(db).await;
        let bob = crate::world::person("Bob", "bob@other.test", Role::SuperAdmin);
        api.world.operator().team_create("other", "Other", domain::plan::Plan::Enterprise, bob).await.unwrap();
        let bob = api.world.db.text("SELECT id FROM members WHERE user_name = 'bob@other.test'").await.unwrap();
        let theirs = api.post("/Groups", &json!({"displayName": "G", "members": [{"value": bob}]})).await;
        let unknown = api.post("/Groups", &json!({"displayName": "G", "members": [{"value": NOBODY}]})).await;
        assert_eq!(theirs.body.replace(&bob, NOBODY), unknown.body);
    }

    async fn members_can_be_added_and_removed(db: Db) {
        let api = Api::new(db).await;
        let [a, b, c] = users(&api).await;
        let group = api.group("G", &[&a]).await;
        let path = format!("/Groups/{group}");
        let in_it = async |operations: Value| {
            let answer = api.patch(&path, operations).await;
            assert_eq!((answer.status, answer.body.as_str()), (StatusCode::NO_CONTENT, ""));
            let (now, tag) = (members(&api, &group).await, answer.tag().to_owned());
            assert_eq!(api.get(&path).await.tag(), tag);
            assert_eq!(member_count(&api, &group).await, now.len().to_string());
            now
        };
        let ids = [a.clone(), b.clone(), c.clone()];
        assert_eq!(in_it(json!([{"op": "Add", "path": "members", "value": of(&[&b, &c])}])).await, ids);
        assert_eq!(in_it(json!([{"op": "add", "path": "members", "value": of(&[&a, &b])}])).await, ids, "as before");
        let one = json!([{"op": "remove", "path": format!("members[value eq \"{b}\"]")}]);
        assert_eq!(in_it(one.clone()).await, [a.clone(), c.clone()]);
        assert_eq!(in_it(one).await, [a.clone(), c.clone()], "removing an absent member succeeds");
        let entra = json!([{"op": "Remove", "path": "members", "value": [{"$ref": null, "value": c}]}]);
        assert_eq!(in_it(entra).await, std::slice::from_ref(&a));
        let bare =
            json!([{"op": "add", "path": "members", "value": b}, {"op": "add", "value": {"members": [{"value": c}]}}]);
        assert_eq!(in_it(bare).await, ids);
        let pair = json!([
            {"op": "remove", "path": format!("members[value eq \"{a}\" or value eq \"{b}\"]")},
            {"op": "add", "path": "members", "value": [{"value": b.to_uppercase()}]},
        ]);
        assert_eq!(in_it(pair).await, [b.clone(), c.clone()]);
        assert_eq!(in_it(json!([{"op": "remove", "path": "members"}])).await, [""; 0]);
    }

    async fn replacing_members_logs_only_the_difference(db: Db) {
        let api = Api::new(db).await;
        let [a, b, c] = users(&api).await;
        let group = api.group("G", &[&a, &b]).await;
        let path = format!("/Groups/{group}");
        let replaced = api.patch(&path, json!([{"op": "replace", "path": "members", "value": of(&[&b, &c])}])).await;
        assert_eq!(replaced.status, StatusCode::NO_CONTENT);
        assert_eq!(members(&api, &group).await, [b.clone(), c.clone()]);
        let entry = api.world.log().await.remove(0).change;
        let Change::GroupMembersChanged { added, removed, who, .. } = entry else { panic!("{entry:?}") };
        assert_eq!((added, removed, who), (1, 1, vec!["user2".to_owned(), "user0".to_owned()]));
        let same = json!([{"op": "replace", "path": "members", "value": of(&[&c, &b])}]);
        assert_eq!(api.patch(&path, same).await.tag(), replaced.tag());
        api.patch(&path, json!([{"op": "replace", "path": "members", "value": []}])).await;
        assert_eq!(members(&api, &group).await, [""; 0]);
        assert_eq!(member_count(&api, &group).await, "0");
    }

    async fn put_replaces_the_group(db: Db) {
        let api = Api::new(db).await;
        let [a, b, c] = users(&api).await;
        let group = api.group("G", &[&a, &b]).await;
        let path = format!("/Groups/{group}");
        let put = api
            .put(&path, &json!({"schemas": [GROUP], "id": group, "displayName": "G", "members": of(&[&b, &c])}))
            .await;
        assert_eq!((put.status, put.members()), (StatusCode::OK, vec![b.clone(), c.clone()]));
        let tag = put.tag().to_owned();
        let repeat = api.put(&path, &json!({"displayName": "G", "members": of(&[&c, &b])})).await;
        assert_eq!(repeat.tag(), tag, "nothing changes");
        let renamed = api.put(&path, &json!({"displayName": "H", "externalId": "7"})).await;
        assert_eq!(renamed.members(), [b, c], "members that are not mentioned stay");
        assert_eq!(renamed.json["externalId"], "7");
        assert_eq!(api.provider_changes().await.last().unwrap(), "renamed group G to H");
        let emptied = api.put(&path, &json!({"displayName": "H", "members": []})).await;
        assert_eq!((emptied.members().len(), emptied.json.get("externalId")), (0, None));
        assert_eq!(api.put(&path, &json!({"members": []})).await.summary(), "400 invalidValue displayName is required");
    }

    async fn a_group_can_be_renamed(db: Db) {
        let api = Api::new(db).await;
        let [a] = users(&api).await;
        let group = api.group("G", &[&a]).await;
        let path = format!("/Groups/{group}");
        let okta = json!([{"op": "replace", "value": {"id": group, "displayName": "Okta"}}]);
        let entra = json!([{"op": "Replace", "path": "displayName", "value": "Entra"}]);
        for (operations, name) in [(okta, "Okta"), (entra, "Entra")] {
            let before = api.get(&path).await.json["meta"]["version"].clone();
            let renamed = api.patch(&path, operations.clone()).await;
            assert_eq!(renamed.status, StatusCode::NO_CONTENT);
            assert_ne!(renamed.tag(), before);
            assert_eq!(api.get(&path).await.json["displayName"], name);
            assert_eq!(api.get(&format!("/Users/{a}")).await.json["groups"][0]["display"], name);
            assert_eq!(api.patch(&path, operations).await.tag(), renamed.tag(), "it has that name already");
        }
        assert_eq!(api.provider_changes().await[2..], ["renamed group G to Okta", "renamed group Okta to Entra"]);
    }

    /// `groups` of a User is read-only: Okta sends an empty list with every profile.
    async fn groups_of_a_user_are_read_only(db: Db) {
        let api = Api::new(db).await;
        let [a] = users(&api).await;
        let group = api.group("G", &[&a]).await;
        let path = format!("/Users/{a}");
        api.put(&path, &json!({"schemas": [USER], "userName": "user0", "groups": [], "title": "x"})).await;
        api.patch(&path, json!([{"op": "replace", "value": {"groups": [], "title": "y"}}])).await;
        assert_eq!(members(&api, &group).await, [a]);
        assert_eq!(api.get(&path).await.json["groups"][0]["value"], group);
    }

    async fn deactivated_members_stay_in_their_groups(db: Db) {
        let api = Api::new(db).await;
        let [a] = users(&api).await;
        let group = api.group("G", &[&a]).await;
        api.patch(&format!("/Users/{a}"), json!([{"op": "replace", "path": "active", "value": false}])).await;
        assert_eq!(members(&api, &group).await, [a]);
    }

    async fn a_deleted_group_is_gone(db: Db) {
        let api = Api::new(db).await;
        let [a, b] = users(&api).await;
        let group = api.group("G", &[&a, &b]).await;
        let path = format!("/Groups/{group}");
        assert_eq!(api.delete(&path).await.status, StatusCode::NO_CONTENT);
        assert_eq!(api.get(&path).await.summary(), format!("404 Resource {group} not found"));
        assert_eq!(api.delete(&path).await.status, StatusCode::NOT_FOUND);
        assert_eq!(api.get("/Groups").await.counts(), [0, 1, 0]);
        let user = api.get(&format!("/Users/{a}")).await.json;
        assert_eq!((&user["active"], user.get("groups")), (&json!(true), None));
        assert_eq!(api.provider_changes().await.last().unwrap(), "deleted group G");
    }

    async fn a_response_can_omit_the_members(db: Db) {
        let api = Api::new(db).await;
        let [a] = users(&api).await;
        let group = api.group("G", &[&a]).await;
        for path in [format!("/Groups/{group}"), "/Groups".into()] {
            assert!(!api.get(&format!("{path}?excludedAttributes=members")).await.body.contains(&a));
            assert!(!api.get(&format!("{path}?attributes=displayName")).await.body.contains(&a));
            assert!(api.get(&format!("{path}?attributes=members.value")).await.body.contains(&a));
        }
        let patch = json!([{"op": "replace", "path": "displayName", "value": "H"}]);
        let response = api.patch(&format!("/Groups/{group}?attributes=displayName"), patch).await;
        assert_eq!(
            (response.status, &response.json),
            (StatusCode::OK, &json!({"schemas": [GROUP], "id": group, "displayName": "H"}))
        );
    }

    /// Roles of groups come and go with the membership. Manual roles stay.
    async fn groups_give_roles_to_their_members(db: Db) {
        let api = Api::new(db).await;
        let [a, b] = users(&api).await;
        let group = api.group("Admins", &[&a]).await;
        let path = format!("/Groups/{group}");
        let map = |role: &'static str| format!("UPDATE groups SET role = '{role}' WHERE id = '{group}'");
        api.world.db.sql(&map("admin")).await;
        api.world.db.sql(&format!("UPDATE members SET group_roles = 32 WHERE id = '{a}'")).await;
        assert_eq!(roles(&api, &a).await, ["admin", "developer"]);
        api.patch(&path, json!([{"op": "add", "path": "members", "value": of(&[&b])}])).await;
        assert_eq!(roles(&api, &b).await, ["admin", "developer"]);
        api.put(&path, &json!({"displayName": "Admins", "members": of(&[&a])})).await;
        assert_eq!((roles(&api, &a).await.len(), roles(&api, &b).await), (2, vec!["developer".to_owned()]));
        api.delete(&format!("/Users/{a}")).await;
        assert_eq!(api.column("group_roles", &a).await.as_deref(), Some("0"));
        assert_eq!(api.user("user0").await, a, "restored");
        assert_eq!(roles(&api, &a).await, ["developer"], "but not into the group");
        api.patch(&path, json!([{"op": "replace", "path": "members", "value": of(&[&a, &b])}])).await;
        // A second group with the same role keeps it.
        let second = api.group("More admins", &[&b]).await;
        api.world.db.sql(&format!("UPDATE groups SET role = 'admin' WHERE id = '{second}'")).await;
        assert_eq!(api.delete(&path).await.status, StatusCode::NO_CONTENT);
        assert_eq!((roles(&api, &a).await.len(), roles(&api, &b).await.len()), (1, 2));
    }

    async fn break_glass_members_cannot_leave_a_mapped_group(db: Db) {
        let api = Api::new(db).await;
        let [a, b, c] = users(&api).await;
        let group = api.group("Admins", &[&a, &b, &c]).await;
        let path = format!("/Groups/{group}");
        api.world.db.sql(&format!("UPDATE members SET break_glass = 1 WHERE id = '{a}'")).await;
        api.world.ada().group_map("acme", &group, Some(Role::Admin)).await.unwrap();
        let guard = "403 user0 can't be removed from this group because it assigns the Admin role: This is a break-glass member and can't be deactivated, removed, or demoted. A Super Admin can remove break-glass in Team settings > General. \
                     Nothing was changed";
        let before = api.provider_changes().await.len();
        for answer in [
            api.patch(&path, json!([{"op": "remove", "path": "members"}])).await,
            api.patch(&path, json!([{"op": "remove", "path": format!("members[value eq \"{a}\"]")}])).await,
            api.patch(&path, json!([{"op": "replace", "path": "members", "value": of(&[&b])}])).await,
            api.patch(&path, json!([{"op": "replace", "path": "displayName", "value": "IT"}, {"op": "remove", "path": "members"}])).await,
            api.put(&path, &json!({"displayName": "x", "members": []})).await,
            api.delete(&path).await,
        ] {
            assert_eq!(answer.summary(), guard);
        }
        assert_eq!(members(&api, &group).await, [a.clone(), b.clone(), c], "a request that fails leaves everything as it was");
        assert_eq!((roles(&api, &a).await.len(), roles(&api, &b).await.len()), (2, 2));
        assert_eq!(api.get(&path).await.json["displayName"], "Admins");
        assert_eq!(api.provider_changes().await[before..], ["was blocked from changing member user0"; 6]);
        // Other requests and operations succeed.
        assert_eq!(api.patch(&path, json!([{"op": "remove", "path": "members", "value": of(&[&b])}])).await.status, 204);
        let bulk = json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"], "Operations": [
            {"method": "DELETE", "path": path}, {"method": "DELETE", "path": format!("/Users/{b}")},
        ]});
        let bulk = api.post("/Bulk", &bulk).await;
        let statuses: Vec<_> = bulk.json["Operations"].as_array().unwrap().iter().map(|one| one["status"].clone()).collect();
        assert_eq!(statuses, ["403", "204"]);
        // With the role from elsewhere, leaving the group loses nothing.
        api.world.db.sql(&format!("UPDATE members SET roles = 32 WHERE id = '{a}'")).await;
        assert_eq!(api.delete(&path).await.status, StatusCode::NO_CONTENT);
    }

    async fn members_that_stay_in_the_group_are_not_rejected(db: Db) {
        let api = Api::new(db).await;
        let [a, b] = users(&api).await;
        let group = api.group("Admins", &[&a, &b]).await;
        api.world.db.sql(&format!("UPDATE members SET break_glass = 1 WHERE id = '{a}'")).await;
        api.world.ada().group_map("acme", &group, Some(Role::Admin)).await.unwrap();
        let operations = json!([{"op": "remove", "path": "members"}, {"op": "add", "path": "members", "value": of(&[&a])}]);
        assert_eq!(api.patch(&format!("/Groups/{group}"), operations).await.status, 204);
        assert_eq!(members(&api, &group).await, [a]);
    }

    async fn a_group_can_have_more_members_than_one_statement_reads(db: Db) {
        let api = Api::new(db).await;
        let mut ids = Vec::new();
        for number in 0..450 {
            ids.push(api.user(&format!("user{number}")).await);
        }
        let group = api.group("All", &ids.iter().map(String::as_str).collect::<Vec<_>>()).await;
        assert_eq!(members(&api, &group).await, ids);
        let path = format!("/Groups/{group}");
        let half: Vec<&String> = ids.iter().step_by(2).collect();
        api.put(&path, &json!({"displayName": "All", "members": of(&half)})).await;
        assert_eq!(members(&api, &group).await.len(), 225);
        assert_eq!(member_count(&api, &group).await, "225");
        api.patch(&path, json!([{"op": "remove", "path": "members", "value": of(&half[1..])}])).await;
        assert_eq!(members(&api, &group).await, ids[..1]);
    }

    /// The stored counts equal the rows, in any order of the changes.
    async fn concurrent_changes_are_all_applied(db: Db) {
        let api = Api::new(db).await;
        let ids: [String; 12] = users(&api).await;
        let groups = [api.group("G", &[]).await, api.group("H", &[]).await];
        let requests = (0..90).map(|number: usize| {
            let (api, id, other) = (api.clone(), ids[number % 12].clone(), ids[number * 7 % 12].clone());
            let path = format!("/Groups/{}", groups[number % 2]);
            tokio::spawn(async move {
                let operation = |op: &str| json!([{"op": op, "path": "members", "value": of(&[&id, &other])}]);
                match number % 9 {
                    0..=3 => api.patch(&path, operation("add")).await,
                    4 | 5 => api.patch(&path, operation("remove")).await,
                    6 => api.patch(&path, operation("replace")).await,
                    7 => api.put(&path, &json!({"displayName": "I", "members": of(&[&other])})).await,
                    _ => api.delete(&format!("/Users/{id}")).await,
                }
            })
        });
        for one in requests.collect::<Vec<_>>() {
            assert!(!one.await.unwrap().status.is_server_error());
        }
        for group in &groups {
            let count = format!("SELECT CAST(COUNT(*) AS TEXT) FROM group_members WHERE group_id = '{group}'");
            assert_eq!(member_count(&api, group).await, api.world.db.text(&count).await.unwrap());
            assert_eq!(member_count(&api, group).await, members(&api, group).await.len().to_string());
        }
        let present = "SELECT CAST(COUNT(*) AS TEXT) FROM members WHERE status <> 'deleted'";
        let total = api.get("/Users").await.counts()[0];
        assert_eq!(api.world.db.text(present).await.unwrap(), total.to_string());
    }

    async fn preconditions_compare_versions(db: Db) {
        let api = Api::new(db).await;
        let group = api.group("G", &[]).await;
        let path = format!("/Groups/{group}");
        let tag = api.get(&path).await.tag().to_owned();
        let with = async |method: Method, name: header::HeaderName, tag: &str, body: &str| {
            api.send_body(api.request(method, &path, &api.key).header(name, tag), body.to_owned().into()).await.status
        };
        assert_eq!(with(Method::GET, header::IF_NONE_MATCH, &tag, "").await, StatusCode::NOT_MODIFIED);
        assert_eq!(with(Method::PUT, header::IF_MATCH, &tag, r#"{"displayName":"H"}"#).await, StatusCode::OK);
        assert_eq!(with(Method::GET, header::IF_NONE_MATCH, &tag, "").await, StatusCode::OK);
        assert_eq!(
            with(Method::PUT, header::IF_MATCH, &tag, r#"{"displayName":"I"}"#).await,
            StatusCode::PRECONDITION_FAILED
        );
        assert_eq!(with(Method::DELETE, header::IF_MATCH, &tag, "").await, StatusCode::PRECONDITION_FAILED);
        assert_eq!(with(Method::DELETE, header::IF_MATCH, "*", "").await, StatusCode::NO_CONTENT);
    }
}
