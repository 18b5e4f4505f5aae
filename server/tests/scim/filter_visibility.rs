//! Filters match the values that a resource shows, not those of other columns.

use crate::{
    api::{Api, ENTERPRISE, USER},
    db::{Db, on_both_engines},
};
use axum::http::StatusCode;
use scim::{Filter, Normalizations, ResourceType};
use serde_json::{Value, json};

/// Members of many kinds: with and without a displayName, with unusual spaces and letters, deactivated, and some whose `active`
/// was removed.
async fn people(api: &Api) {
    let mut ids = Vec::new();
    for user in [
        json!({"userName": "plain"}),
        json!({"userName": "gone", "active": false, "displayName": "gone"}),
        json!({"userName": "removed", "displayName": "  Engineering x "}),
        json!({"userName": "removed.gone", "active": false, "name": {"formatted": "Plain"}}),
        json!({"userName": "ΟΔΟΣΑ.x", "displayName": "ΟΔΟΣ", "emails": [{"value": " Mail@Acme.test ", "type": "work"}]}),
        json!({"userName": "mail@acme.test", "externalId": " ", "emails": [{"value": ""}, {"display": "x"}]}),
        json!({"userName": "grace", "externalId": "E1", "title": "", "nickName": "Engineering",
            "emails": [{"value": "grace@acme.test", "primary": true}, {"value": "Second@acme.test"}],
            ENTERPRISE: {"department": "R&D"}}),
    ] {
        let response = api.post("/Users", &user).await;
        assert_eq!(response.status, StatusCode::CREATED, "{}", response.body);
        ids.push(response.id());
        api.world.pass(1_000);
    }
    for id in [&ids[2], &ids[3]] {
        let answer = api.patch(&format!("/Users/{id}"), json!([{"op": "remove", "path": "active"}])).await;
        assert_eq!((answer.status, &answer.json["active"]), (StatusCode::OK, &Value::Null));
    }
    api.group("Analysts", &[&ids[0], &ids[6]]).await;
    api.group("  Engineering x ", &[&ids[6]]).await;
}

/// Compares the ids that the API finds with those of the resources whose visible values match the filter.
async fn compare(api: &Api, kind: ResourceType, filter: &str) -> usize {
    let path = format!("/{}", kind.endpoint());
    let parsed = Filter::parse(filter, kind, &mut Normalizations::new()).unwrap();
    let resources = api.get(&path).await;
    let resources = resources.json["Resources"].as_array().unwrap();
    let holds = |resource: &&Value| parsed.matches(resource.as_object().unwrap());
    let mut expected: Vec<String> =
        resources.iter().filter(holds).map(|one| one["id"].as_str().unwrap().to_owned()).collect();
    let answer = api.find(&path, filter).await;
    assert_eq!(answer.status, StatusCode::OK, "{filter}: {}", answer.body);
    let mut results = answer.each("id");
    results.sort();
    expected.sort();
    assert_eq!(results, expected, "{filter}");
    results.len()
}

on_both_engines! {
    async fn filters_match_the_values_that_get_returns(db: Db) {
        let api = Api::new(db).await;
        people(&api).await;
        let texts = ["plain", "PLAIN ", "gone", "  Engineering x ", "engineering X", "ΟΔΟΣ", "οδος", "ΟΔΟΣΑ.x", "mail@acme.test",
            "second@ACME.test", "grace@acme.test", "E1", "", " ", "x"];
        let mut terms: Vec<String> = Vec::new();
        for attribute in ["userName", "displayName", "externalId", "nickName", "title", "emails", "emails.value", "emails.display",
            "department", "roles", "groups.display", "name.formatted"] {
            for op in ["eq", "ne", "sw", "ew", "co", "gt", "le"] {
                terms.extend(texts.iter().map(|text| format!("{attribute} {op} {}", json!(text))));
            }
            terms.push(format!("{attribute} pr"));
            terms.push(format!("{attribute} eq null"));
        }
        for term in ["active eq true", "active eq false", "active ne true", "active ne false", "active pr", "active eq null", "active ne null",
            "roles.value eq \"developer\"", "roles.primary eq true", "groups pr", "meta.resourceType eq \"User\"",
            "meta.version eq \"W/\\\"2\\\"\"", "emails[value eq \"mail@acme.test\"]", "emails[value eq \"\"]", "emails[type eq \"work\" and value co \"mail\"]",
            "meta.created gt \"2000-01-01T00:00:00Z\"", "schemas eq \"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User\""] {
            terms.push(term.to_owned());
        }
        for term in &terms {
            compare(&api, ResourceType::User, term).await;
        }
        // Filters that an index serves, alone and combined with others.
        for pair in terms.iter().step_by(7).zip(terms.iter().rev().step_by(5)) {
            let (one, other) = pair;
            for filter in [format!("{one} and {other}"), format!("{one} or {other}"), format!("active eq true and {other}"),
                format!("active eq false or {other}"), format!("not ({one}) and active pr")] {
                compare(&api, ResourceType::User, &filter).await;
            }
        }
        for attribute in ["displayName", "externalId", "members.display"] {
            for text in ["analysts", "  Engineering x ", "engineering X", ""] {
                for op in ["eq", "ne", "sw", "ew", "co"] {
                    if attribute != "members.display" {
                        compare(&api, ResourceType::Group, &format!("{attribute} {op} {}", json!(text))).await;
                    }
                }
            }
        }
    }

    async fn a_removed_active_is_filtered_as_absent(db: Db) {
        let api = Api::new(db).await;
        let id = api.user("a").await;
        api.patch(&format!("/Users/{id}"), json!([{"op": "remove", "path": "active"}])).await;
        for (filter, count) in [("active eq true", 1), ("active eq false", 0), ("active pr", 1), ("active ne true", 1), ("not (active pr)", 1)] {
            // Ada existed before and is active.
            assert_eq!(compare(&api, ResourceType::User, filter).await, count, "{filter}");
        }
    }

    /// The filter's text and the value are compared in the same way. The value is returned as it was sent.
    async fn spaces_and_letter_case_are_compared_as_in_the_resource(db: Db) {
        let api = Api::new(db).await;
        let name = "  Engineering x ";
        let response = api.post("/Users", &json!({"schemas": [USER], "userName": "ΟΔΟΣΑ.x", "displayName": name})).await;
        assert_eq!(response.json["displayName"], name);
        for op in ["eq", "sw", "ew", "co"] {
            for text in [name, "engineering X"] {
                let results = api.find("/Users", &format!("displayName {op} \"{text}\"")).await;
                assert_eq!(results.each("id"), [response.id()], "{op} {text}");
            }
        }
        for filter in ["userName sw \"ΟΔΟΣ\"", "userName sw \"οδοσ\"", "userName sw \"οδος\"", "userName eq \"οδοσα.X\"", "userName co \"ΔΟΣ\""] {
            assert_eq!(api.find("/Users", filter).await.each("id"), [response.id()], "{filter}");
        }
        assert_eq!(api.post("/Users", &json!({"userName": "οδοςα.x"})).await.status, StatusCode::CONFLICT);
    }

    async fn empty_parameters_are_ignored(db: Db) {
        let api = Api::new(db).await;
        api.user("a").await;
        for query in ["filter=", "filter=%20", "sortBy=", "sortOrder=", "attributes=", "excludedAttributes=", "filter=&sortBy=&attributes="] {
            let answer = api.get(&format!("/Users?{query}")).await;
            assert_eq!((answer.status, answer.counts()[0]), (StatusCode::OK, 2), "{query}");
            assert!(answer.json["Resources"][0]["meta"].is_object(), "{query}");
        }
        let body = json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"], "filter": "", "sortBy": "", "attributes": []});
        assert_eq!(api.post("/Users/.search", &body).await.counts()[0], 2);
        assert!(api.get(&format!("/Users?attributes={}", "x,".repeat(10_000))).await.summary().starts_with("400 invalidValue attributes"));
    }

    /// Groups are part of a User, and members of a Group. Both change when a User joins or leaves.
    async fn membership_changes_update_version_and_last_modified(db: Db) {
        let api = Api::new(db).await;
        let id = api.user("a").await;
        let (user, group) = (format!("/Users/{id}"), format!("/Groups/{}", api.group("G", &[]).await));
        let at = async |path: &str| {
            let answer = api.get(path).await;
            (answer.tag().to_owned(), answer.json["meta"]["lastModified"].as_str().unwrap().to_owned())
        };
        let value = json!([{"value": id}]);
        for operation in [
            json!({"op": "add", "path": "members", "value": value}),
            json!({"op": "remove", "path": "members", "value": value}),
            json!({"op": "replace", "path": "members", "value": value}),
        ] {
            let (user_before, group_before) = (at(&user).await, at(&group).await);
            api.world.pass(1_000);
            assert!(api.patch(&group, json!([operation])).await.status.is_success());
            for (before, after) in [(user_before, at(&user).await), (group_before, at(&group).await)] {
                assert!(before.0 != after.0 && before.1 < after.1, "{operation}: {before:?} {after:?}");
            }
            // If no User moves, nothing changes.
            let before = (at(&user).await, at(&group).await);
            api.world.pass(1_000);
            api.patch(&group, json!([operation])).await;
            assert_eq!((at(&user).await, at(&group).await), before, "{operation}");
        }
        let before = at(&user).await;
        api.world.pass(1_000);
        api.delete(&group).await;
        let after = at(&user).await;
        assert!(before.0 != after.0 && before.1 < after.1, "{before:?} {after:?}");
        let modified = format!("meta.lastModified ge \"{}\"", after.1);
        assert_eq!(api.find("/Users", &modified).await.each("id"), std::slice::from_ref(&id));
        // A Group changes when one of its members is deleted.
        let group = format!("/Groups/{}", api.group("H", &[&id]).await);
        let before = at(&group).await;
        api.world.pass(1_000);
        api.delete(&user).await;
        let after = at(&group).await;
        assert!(before.0 != after.0 && before.1 < after.1, "{before:?} {after:?}");
    }
}
