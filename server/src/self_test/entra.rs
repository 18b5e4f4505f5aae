//! The requests of Microsoft Entra ID, from "Test Connection" to the deletion of a user.

use super::check::{has, has_members, id, only};
use crate::self_test::runner::{TestRequest, TestRunner};
use serde_json::{Value, json};

const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
const AD_GROUP: &str = "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group";
/// An id that no user has.
const UNKNOWN: &str = "9a1f6c1e-51c8-4a5e-8f0c-5ca1ab1e0000";

pub(super) async fn play(runner: &mut TestRunner<'_>) {
    let unknown_user = TestRequest::find("Users", "userName", UNKNOWN);
    runner.step("tests the connection", unknown_user, 200, |list| only(list, &[])).await;
    runner
        .step("requests an unknown ID", TestRequest::get(format!("/Users/{UNKNOWN}")), 404, |error| {
            has(error, "/status", &json!("404"))
        })
        .await;
    let external_id = runner.person.split('@').next().unwrap_or_default().to_owned();
    let by_id = TestRequest::find("Users", "externalId", &external_id);
    runner.step("looks up a person by externalId", by_id, 200, |list| only(list, &[])).await;
    let new = TestRequest::post("/Users", person(&runner.person, &external_id));
    let Some(user) = runner.step("creates the person", new, 201, id).await else {
        runner.skip(&["continues with the person", "continues with a group"]);
        return;
    };
    let search = TestRequest::find("Users", "userName", &runner.person);
    runner.step("finds the person", search, 200, |list| only(list, &[&user])).await;
    let path = format!("/Users/{user}");
    let change = operations(&json!([
        {"op": "replace", "value": {
            "displayName": "Self-test Changed", "name.givenName": "Changed", format!("{ENTERPRISE}:employeeNumber"): "701984"
        }},
    ]));
    runner
        .step("changes several attributes at once", TestRequest::patch(&path, change), 200, |user| {
            has(user, "/displayName", &json!("Self-test Changed"))?;
            has(user, "/name/givenName", &json!("Changed"))?;
            has(user, &format!("/{ENTERPRISE}/employeeNumber"), &json!("701984"))
        })
        .await;
    let off = operations(&json!([{"op": "Replace", "path": "active", "value": "False"}]));
    runner.step("disables the person with a string value", TestRequest::patch(&path, off), 200, |_| Ok(())).await;
    let disabled = |user: &Value| has(user, "/active", &json!(false));
    runner.step("reads the disabled person", TestRequest::get(&path), 200, disabled).await;
    let on = operations(&json!([{"op": "Replace", "path": "active", "value": "True"}]));
    let enabled = |user: &Value| has(user, "/active", &json!(true));
    runner.step("enables the person again", TestRequest::patch(&path, on), 200, enabled).await;
    group(runner, &user).await;
    runner.step("deletes the person", TestRequest::delete(&path), 204, |_| Ok(())).await;
    runner.step("no longer finds the person", TestRequest::get(path), 404, |_| Ok(())).await;
}

async fn group(runner: &mut TestRunner<'_>, user: &str) {
    let new = json!({
        "schemas": [GROUP, AD_GROUP], "externalId": "rollcall-self-test", "displayName": runner.group,
        "meta": {"resourceType": "Group"},
    });
    let Some(group) = runner.step("creates a group", TestRequest::post("/Groups", new), 201, id).await else {
        runner.skip(&["continues with the group"]);
        return;
    };
    let search = TestRequest::find("Groups", "displayName", &runner.group);
    runner.step("finds the group", search, 200, |list| only(list, &[&group])).await;
    let path = format!("/Groups/{group}");
    let member = json!([{"$ref": null, "value": user}]);
    let join = operations(&json!([{"op": "Add", "path": "members", "value": member}]));
    runner.step("adds the person to the group", TestRequest::patch(&path, join), 204, |_| Ok(())).await;
    runner
        .step("reads the group with its member", TestRequest::get(&path), 200, |group| has_members(group, &[user]))
        .await;
    let leave = operations(&json!([{"op": "Remove", "path": "members", "value": member}]));
    runner.step("removes the person from the group", TestRequest::patch(&path, leave), 204, |_| Ok(())).await;
    runner.step("reads the empty group", TestRequest::get(&path), 200, |group| has_members(group, &[])).await;
    runner.step("deletes the group", TestRequest::delete(&path), 204, |_| Ok(())).await;
}

fn person(user_name: &str, external_id: &str) -> Value {
    json!({
        "schemas": [USER, ENTERPRISE],
        "externalId": external_id,
        "userName": user_name,
        "active": true,
        "displayName": "Self-test Person",
        "emails": [{"primary": true, "type": "work", "value": user_name}],
        "meta": {"resourceType": "User"},
        "name": {"formatted": "Self-test Person", "familyName": "Person", "givenName": "Self-test"},
        "roles": [],
    })
}

fn operations(operations: &Value) -> Value {
    json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": operations})
}
