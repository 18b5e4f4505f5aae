//! What Okta sends, from "Test API Credentials" to the end of an assignment.

use super::check::{has, has_members, id, lacks, listed, only};
use crate::self_test::runner::{TestRequest, TestRunner};
use serde_json::{Value, json};

const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
/// At the end of a group's name, before it is renamed.
pub(super) const FIRST: &str = " new";
/// In the form of a key, and none.
const NO_KEY: &str = "rc_scim_000000000000_0000000000000000000000000000000000000000000000000";

pub(super) async fn play(stage: &mut TestRunner<'_>) {
    stage.step("tests the connection", TestRequest::get("/Users?startIndex=1&count=2"), 200, listed).await;
    stage
        .step("is refused with an incorrect key", TestRequest::get("/Users?count=1").with_key(NO_KEY), 401, |_| Ok(()))
        .await;
    let nobody = TestRequest::find("Users", "userName", &stage.person);
    stage.step("looks up a person who doesn't exist yet", nobody, 200, |list| only(list, &[])).await;
    let new = TestRequest::post("/Users", person(&stage.person, "User"));
    let created = stage.step("creates the person", new, 201, |user| {
        has(user, "/active", &json!(true))?;
        lacks(user, "/password")?;
        id(user)
    });
    let Some(user) = created.await else {
        stage.skip(&["continues with the person", "continues with a group"]);
        return;
    };
    let again = TestRequest::post("/Users", person(&stage.person, "User"));
    let taken = |error: &Value| has(error, "/scimType", &json!("uniqueness"));
    stage.step("gets a conflict for a duplicate person", again, 409, taken).await;
    let capitals = TestRequest::find("Users", "userName", &stage.person.to_uppercase());
    stage.step("finds the person regardless of case", capitals, 200, |list| only(list, &[&user])).await;
    let path = format!("/Users/{user}");
    let renamed = TestRequest::put(&path, person(&stage.person, "Renamed"));
    stage.step("changes the profile", renamed, 200, |user| has(user, "/name/familyName", &json!("Renamed"))).await;
    stage.step("deactivates the person", active(&path, false), 200, |user| has(user, "/active", &json!(false))).await;
    stage.step("reactivates the person", active(&path, true), 200, |user| has(user, "/active", &json!(true))).await;
    group(stage, &user).await;
    stage.step("deactivates the person again", active(&path, false), 200, |_| Ok(())).await;
    stage
        .step("reads the deactivated person", TestRequest::get(path), 200, |user| has(user, "/active", &json!(false)))
        .await;
}

async fn group(stage: &mut TestRunner<'_>, user: &str) {
    let first = [&stage.group, FIRST].concat();
    let new = json!({"schemas": [GROUP], "displayName": first, "members": []});
    let Some(group) = stage.step("creates a group", TestRequest::post("/Groups", new), 201, id).await else {
        stage.skip(&["continues with the group"]);
        return;
    };
    let path = format!("/Groups/{group}");
    let name = operations(&json!([{"op": "replace", "value": {"id": group, "displayName": stage.group}}]));
    stage.step("renames the group", TestRequest::patch(&path, name), 204, |_| Ok(())).await;
    let join = operations(&json!([{"op": "add", "path": "members", "value": [{"value": user}]}]));
    stage.step("adds the person to the group", TestRequest::patch(&path, join), 204, |_| Ok(())).await;
    stage
        .step("reads the group with its member", TestRequest::get(&path), 200, |group| has_members(group, &[user]))
        .await;
    let leave = operations(&json!([{"op": "remove", "path": format!("members[value eq \"{user}\"]")}]));
    stage.step("removes the person from the group", TestRequest::patch(&path, leave), 204, |_| Ok(())).await;
    stage.step("deletes the group", TestRequest::delete(&path), 204, |_| Ok(())).await;
}

fn person(user_name: &str, family_name: &str) -> Value {
    json!({
        "schemas": [USER],
        "userName": user_name,
        "name": {"givenName": "Self-test", "familyName": family_name},
        "emails": [{"primary": true, "value": user_name, "type": "work"}],
        "displayName": format!("Self-test {family_name}"),
        "locale": "en-US",
        "groups": [],
        "password": "dropped-by-rollcall",
        "active": true,
    })
}

fn active(path: &str, active: bool) -> TestRequest {
    TestRequest::patch(path, operations(&json!([{"op": "replace", "value": {"active": active}}])))
}

fn operations(operations: &Value) -> Value {
    json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": operations})
}
