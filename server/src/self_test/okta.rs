//! The requests of Okta, from "Test API Credentials" to the end of an assignment.

use super::check::{has, has_members, id, ids, lacks, only};
use crate::self_test::runner::{TestRequest, TestRunner};
use serde_json::{Value, json};

const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
/// The end of a group's name before it is renamed.
pub(super) const FIRST: &str = " new";
/// A text with the form of a key that is not valid.
const INVALID_KEY: &str = "rc_scim_000000000000_0000000000000000000000000000000000000000000000000";

pub(super) async fn play(runner: &mut TestRunner<'_>) {
    runner.step("tests the connection", TestRequest::get("/Users?startIndex=1&count=2"), 200, ids).await;
    runner
        .step("is refused with an incorrect key", TestRequest::get("/Users?count=1").with_key(INVALID_KEY), 401, |_| {
            Ok(())
        })
        .await;
    let search = TestRequest::find("Users", "userName", &runner.person);
    runner.step("looks up a person who doesn't exist yet", search, 200, |list| only(list, &[])).await;
    let new = TestRequest::post("/Users", person(&runner.person, "User"));
    let created = runner.step("creates the person", new, 201, |user| {
        has(user, "/active", &json!(true))?;
        lacks(user, "/password")?;
        id(user)
    });
    let Some(user) = created.await else {
        runner.skip(&["continues with the person", "continues with a group"]);
        return;
    };
    let duplicate = TestRequest::post("/Users", person(&runner.person, "User"));
    let is_conflict = |error: &Value| has(error, "/scimType", &json!("uniqueness"));
    runner.step("gets a conflict for a duplicate person", duplicate, 409, is_conflict).await;
    let capitals = TestRequest::find("Users", "userName", &runner.person.to_uppercase());
    runner.step("finds the person regardless of case", capitals, 200, |list| only(list, &[&user])).await;
    let path = format!("/Users/{user}");
    let renamed = TestRequest::put(&path, person(&runner.person, "Renamed"));
    runner.step("changes the profile", renamed, 200, |user| has(user, "/name/familyName", &json!("Renamed"))).await;
    runner.step("deactivates the person", active(&path, false), 200, |user| has(user, "/active", &json!(false))).await;
    runner.step("reactivates the person", active(&path, true), 200, |user| has(user, "/active", &json!(true))).await;
    group(runner, &user).await;
    runner.step("deactivates the person again", active(&path, false), 200, |_| Ok(())).await;
    runner
        .step("reads the deactivated person", TestRequest::get(path), 200, |user| has(user, "/active", &json!(false)))
        .await;
}

async fn group(runner: &mut TestRunner<'_>, user: &str) {
    let first = [&runner.group, FIRST].concat();
    let new = json!({"schemas": [GROUP], "displayName": first, "members": []});
    let Some(group) = runner.step("creates a group", TestRequest::post("/Groups", new), 201, id).await else {
        runner.skip(&["continues with the group"]);
        return;
    };
    let path = format!("/Groups/{group}");
    let name = operations(&json!([{"op": "replace", "value": {"id": group, "displayName": runner.group}}]));
    runner.step("renames the group", TestRequest::patch(&path, name), 204, |_| Ok(())).await;
    let join = operations(&json!([{"op": "add", "path": "members", "value": [{"value": user}]}]));
    runner.step("adds the person to the group", TestRequest::patch(&path, join), 204, |_| Ok(())).await;
    runner
        .step("reads the group with its member", TestRequest::get(&path), 200, |group| has_members(group, &[user]))
        .await;
    let leave = operations(&json!([{"op": "remove", "path": format!("members[value eq \"{user}\"]")}]));
    runner.step("removes the person from the group", TestRequest::patch(&path, leave), 204, |_| Ok(())).await;
    runner.step("deletes the group", TestRequest::delete(&path), 204, |_| Ok(())).await;
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
