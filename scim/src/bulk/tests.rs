//! Bulk requests, their plans and responses.

use super::*;
use crate::{Normalizations, ResourceType, ScimError, ScimType, Version};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::{BTreeSet, HashMap};

fn read(body: Value) -> Result<BulkRequest, ScimError> {
    BulkRequest::read(body.as_object().unwrap().clone(), MAX_OPERATIONS, &mut Normalizations::new())
}

fn operations(operations: Value) -> BulkRequest {
    read(json!({"schemas":[SCHEMA],"Operations":operations})).unwrap()
}

fn user(bulk_id: &str, manager: Option<&str>) -> Value {
    let mut data = json!({"userName":bulk_id});
    if let Some(manager) = manager {
        data["manager"] = json!({"value":format!("bulkId:{manager}")});
    }
    json!({"method":"POST","path":"/Users","bulkId":bulk_id,"data":data})
}

/// The steps as text: the operation's index, with `-` without references, and `+` for the references only.
fn plan(request: &mut BulkRequest) -> String {
    let step = |step: BulkStep| match step.phase {
        BulkPhase::Whole => format!("{}", step.operation),
        BulkPhase::WithoutReferences(bulk_ids) => {
            format!("{}-{}", step.operation, bulk_ids.into_iter().collect::<Vec<_>>().join("-"))
        }
        BulkPhase::References => format!("{}+", step.operation),
    };
    request.plan().into_iter().map(step).collect::<Vec<_>>().join(" ")
}

#[test]
fn the_rfcs_example() {
    let request =
        read(json!({"schemas":["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],"failOnErrors":1,"Operations":[
        {"method":"POST","path":"/Users","bulkId":"qwerty","data":{"userName":"Alice"}},
        {"method":"PUT","path":"/Users/b7c14771-226c-4d05-8860-134711653041","version":"W/\"3694e05e9dff591\"",
            "data":{"userName":"Bob"}},
        {"method":"PATCH","path":"/Users/5d8d29d3-342c-4b5f-8683-a3cb6763ffcc","version":"W/\"edac3253e2c0ef2\"",
            "data":[{"op":"remove","path":"nickName"}]},
        {"method":"DELETE","path":"/Users/e9025315-6bea-44e1-899c-1e07454e468b","version":"W/\"0ee8add0a938e1a\""}]}));
    let request = request.unwrap();
    assert_eq!(request.fail_on_errors, Some(1));
    let [post, put, patch, delete] = request.operations.as_slice() else { panic!("{request:?}") };
    let post = post.request.as_ref().unwrap();
    assert_eq!((post.method, post.kind, post.id.clone()), (Method::Post, ResourceType::User, None));
    assert_eq!(post.data["userName"], "Alice");
    assert_eq!(put.version.as_deref(), Some("W/\"3694e05e9dff591\""));
    let id = Id::Existing("b7c14771-226c-4d05-8860-134711653041".into());
    assert_eq!(put.request.as_ref().unwrap().id, Some(id));
    // The example's data is the list of operations, where section 3.5.2 requires a message around it.
    let operations = json!([{"op":"remove","path":"nickName"}]);
    assert_eq!(patch.request.as_ref().unwrap().data["Operations"], operations);
    assert!(delete.request.as_ref().unwrap().data.is_empty());
}

#[test]
fn invalid_operations_have_an_error_of_their_own() {
    for (operation, expected) in [
        (json!(1), "operation: expected an object, got a number"),
        (json!({}), "method must be POST, PUT, PATCH, or DELETE"),
        (json!({"method":"GET","path":"/Users/1"}), "method must be POST, PUT, PATCH, or DELETE"),
        (json!({"method":"POST"}), "path must be a string such as /Users"),
        (json!({"method":"DELETE","path":"/Me"}), "path must be /Users or /Groups, optionally followed by an id"),
        (
            json!({"method":"DELETE","path":"/Users/1/2"}),
            "path must be /Users or /Groups, optionally followed by an id",
        ),
        (json!({"method":"DELETE","path":"/Users/"}), "path: the resource id is required"),
        (json!({"method":"POST","path":"/Users/1","bulkId":"a","data":{}}), "path: POST must not name a resource"),
        (json!({"method":"POST","path":"/Users","data":{}}), "bulkId is required for POST"),
        (json!({"method":"POST","path":"/Users","bulkId":1,"data":{}}), "bulkid: expected a string"),
        (json!({"method":"PUT","path":"/Users/1","data":[]}), "data: expected an object, got an array"),
        (json!({"method":"POST","path":"/Users","bulkId":"a"}), "data is required: the request body of the operation"),
        (
            json!({"method":"POST","path":"/Users","bulkId":"first","data":{}}),
            "bulkId: already used by another operation in this request",
        ),
    ] {
        let request = operations(json!([user("first", None), operation]));
        assert!(request.operations[0].request.is_ok());
        assert_eq!(request.operations[1].request.as_ref().unwrap_err().to_string(), expected);
    }
}

#[test]
fn invalid_messages_are_rejected() {
    for (body, status, scim_type) in [
        (json!({}), 400, Some(ScimType::InvalidSyntax)),
        (json!({"schemas":["x"],"Operations":[]}), 400, Some(ScimType::InvalidSyntax)),
        (json!({"Operations":{}}), 400, Some(ScimType::InvalidSyntax)),
        (json!({"Operations":[],"failOnErrors":-1}), 400, Some(ScimType::InvalidValue)),
        (json!({"Operations":[],"failOnErrors":"x"}), 400, Some(ScimType::InvalidValue)),
        (json!({"Operations":vec![0; 1001]}), 413, None),
    ] {
        let error = read(body.clone()).unwrap_err();
        assert_eq!((error.status(), error.scim_type()), (status, scim_type), "{body}");
    }
    assert!(read(json!({"OPERATIONS":[],"failonerrors":null})).unwrap().operations.is_empty());
}

#[test]
fn referenced_resources_are_created_first() {
    let group = json!({"method":"POST","path":"/Groups","bulkId":"g","data":{"displayName":"G",
        "members":[{"type":"User","value":"bulkId:a"},{"value":"bulkId:b"}]}});
    for (body, expected) in [
        (json!([user("a", None), user("b", None), group]), "0 1 2"),
        (json!([group, user("a", None), user("b", None)]), "1 2 0"),
        (json!([group, user("b", Some("a")), {"method":"DELETE","path":"/Users/1"}, user("a", None)]), "2 3 1 0"),
        (json!([{"method":"DELETE","path":"/Users/bulkId:a"}, user("a", None)]), "1 0"),
        (
            json!([{"method":"PATCH","path":"/Groups/1","data":{"Operations":[
                {"op":"remove","path":"members[value eq \"bulkId:a\"]"}]}}, user("a", None)]),
            "1 0",
        ),
        (json!([user("a", Some("b")), user("b", Some("a"))]), "0-b 1 0+"),
        (json!([user("a", Some("a"))]), "0-a 0+"),
        (json!([user("x", Some("a")), user("a", Some("b")), user("b", Some("a"))]), "1-b 0 2 1+"),
        (json!([user("a", Some("b")), user("b", Some("c")), user("c", Some("a"))]), "0-b 2 1 0+"),
    ] {
        assert_eq!(plan(&mut operations(body.clone())), expected, "{body}");
    }
}

#[test]
fn a_reference_without_a_post_is_an_error() {
    let mut request =
        operations(json!([user("a", Some("zz")), user("b", Some("a")), {"method":"DELETE","path":"/Users/bulkId:c"},
        {"method":"PUT","path":"/Users/1","bulkId":"c","data":{}}]));
    assert_eq!(plan(&mut request), "0 1 2 3");
    for (at, bulk_id) in [(0, "zz"), (2, "c")] {
        let error = request.operations[at].request.as_ref().unwrap_err();
        let expected = format!("bulkId:{bulk_id} doesn't refer to a POST in this request");
        assert_eq!((error.to_string(), error.scim_type()), (expected, Some(ScimType::InvalidValue)));
    }
    // The operation that creates it failed.
    let error = request.operations[1].request.as_ref().unwrap().resolved(&HashMap::new()).unwrap_err();
    assert_eq!(error.to_string(), "bulkId:a refers to a resource that wasn't created");
}

#[test]
fn references_are_replaced_by_ids() {
    let request = operations(json!([{"method":"PATCH","path":"/Groups/bulkId:g","data":{"Operations":[
        {"op":"remove","path":"members[value eq \"bulkId:a\" or value eq \"bulkId:b\"]"},
        {"op":"add","path":"members","value":[{"value":"bulkId:a"}, "bulkId:b"]},
        {"op":"add","value":{"displayName":"not bulkId:a"}}]}}]));
    let ids = [("g", "1"), ("a", "2"), ("b", "3")].map(|(bulk_id, id)| (bulk_id.to_owned(), id.to_owned())).into();
    let resolved = request.operations[0].request.as_ref().unwrap().resolved(&ids).unwrap();
    assert_eq!(resolved.id, Some(Id::Existing("1".into())));
    assert_eq!(
        Value::Object(resolved.data),
        json!({"Operations":[
            {"op":"remove","path":"members[value eq \"2\" or value eq \"3\"]"},
            {"op":"add","path":"members","value":[{"value":"2"}, "3"]},
            {"op":"add","value":{"displayName":"not bulkId:a"}}]})
    );
}

/// The length of a path and its number of references are checked when the request is parsed. Resolving therefore costs
/// no more than the body's size.
#[test]
fn paths_have_limits() {
    let patch =
        |path: String| json!({"method":"PATCH","path":"/Groups/1","data":{"Operations":[{"op":"remove","path":path}]}});
    let long = "\"bulkId:x\"".repeat(80_000);
    let many = format!("members[{}]", vec!["value eq \"bulkId:x\""; 33].join(" or "));
    let most = format!("members[{}]", vec!["value eq \"bulkId:x\""; 32].join(" or "));
    let other_spelling =
        json!({"method":"PATCH","path":"/Groups/1","data":[{"op":"remove","PATH":"\"bulkId:x\"".repeat(80_000)}]});
    let mut request = operations(json!([
        user("x", None),
        patch(long),
        patch(many),
        patch(most),
        other_spelling,
        {"method":"DELETE","path":format!("/Users/{}", "1".repeat(513))},
        {"method":"POST","path":"/Users","bulkId":"b".repeat(513),"data":{}},
    ]));
    assert_eq!(request.plan().len(), 7);
    let error = |at: usize| request.operations[at].request.as_ref().unwrap_err();
    for (at, scim_type, detail) in [
        (1, ScimType::InvalidPath, "path: more than 8192 bytes"),
        (2, ScimType::InvalidPath, "path: more than 32 references"),
        (4, ScimType::InvalidPath, "path: more than 8192 bytes"),
        (5, ScimType::InvalidValue, "path: more than 512 bytes"),
        (6, ScimType::InvalidValue, "bulkId: more than 512 bytes"),
    ] {
        assert_eq!((error(at).scim_type(), error(at).to_string().as_str()), (Some(scim_type), detail));
    }
    let ids = HashMap::from([("x".to_owned(), "2".to_owned())]);
    let resolved = request.operations[3].request.as_ref().unwrap().resolved(&ids).unwrap();
    let path = resolved.data["Operations"][0]["path"].as_str().unwrap().to_owned();
    assert_eq!(path.matches("\"2\"").count(), 32);
    assert!(!path.contains("bulkId"));
}

/// Chains in front of many cycles, and one cycle of all operations.
#[test]
fn a_thousand_operations_are_planned() {
    let names: Vec<_> = (0..1_000).map(|i| i.to_string()).collect();
    let next = |i: usize| match i {
        0..500 => i + 1,
        i if i % 2 == 0 => (i + 1) % 1_000,
        i => i - 1,
    };
    let circle = |i: usize| (i + 1) % 1_000;
    for waits_for in [&next as &dyn Fn(usize) -> usize, &circle] {
        let users = (0..1_000).map(|i| user(&names[i], Some(&names[waits_for(i)])));
        let mut request = operations(users.collect());
        let steps = request.plan();
        let partial = steps.iter().filter(|step| matches!(step.phase, BulkPhase::WithoutReferences(_))).count();
        assert_eq!(steps.len(), 1_000 + partial);
        assert!((1..=250).contains(&partial), "{partial}");
    }
}

#[test]
fn zero_errors_mean_no_limit() {
    let body = json!({"schemas":[SCHEMA],"failOnErrors":0,"Operations":[]});
    let mut notes = Normalizations::new();
    let request = BulkRequest::read(body.as_object().unwrap().clone(), 10, &mut notes).unwrap();
    assert_eq!(request.fail_on_errors, None);
    assert_eq!(notes.iter().collect::<Vec<_>>(), ["failOnErrors: 0, treated as missing"]);
}

#[test]
fn unresolved_references_are_left_out() {
    let request = operations(json!([{"method":"POST","path":"/Groups","bulkId":"g","data":{"displayName":"G",
        "members":[{"value":"bulkId:a"},{"value":"bulkId:b"},{"value":"1"}],"manager":{"value":"bulkId:a"}}}]));
    let without = request.operations[0].request.as_ref().unwrap().without(&BTreeSet::from(["a".to_owned()]));
    let expected = json!({"displayName":"G","members":[{"value":"bulkId:b"},{"value":"1"}]});
    assert_eq!(Value::Object(without.data), expected);
}

#[test]
fn answers() {
    let request = operations(json!([user("a", None), {"method":"delete","path":"/Users/1"}, 1]));
    let [post, delete, wrong] = request.operations.as_slice() else { panic!("{request:?}") };
    let answer = BulkResponse::new(vec![
        OperationResponse::done(post, 201, "https://x/Users/2".into(), Some(Version(1))),
        OperationResponse::failed(delete, Some("https://x/Users/1".into()), ScimError::resource_not_found("1")),
        OperationResponse::failed(wrong, None, wrong.request.clone().unwrap_err()),
    ]);
    insta::assert_snapshot!(serde_json::to_string_pretty(&answer).unwrap(), @r#"
    {
      "schemas": [
        "urn:ietf:params:scim:api:messages:2.0:BulkResponse"
      ],
      "Operations": [
        {
          "location": "https://x/Users/2",
          "method": "POST",
          "bulkId": "a",
          "version": "W/\"1\"",
          "status": "201"
        },
        {
          "location": "https://x/Users/1",
          "method": "DELETE",
          "status": "404",
          "response": {
            "schemas": [
              "urn:ietf:params:scim:api:messages:2.0:Error"
            ],
            "status": "404",
            "detail": "Resource 1 not found"
          }
        },
        {
          "status": "400",
          "response": {
            "schemas": [
              "urn:ietf:params:scim:api:messages:2.0:Error"
            ],
            "status": "400",
            "scimType": "invalidSyntax",
            "detail": "operation: expected an object, got a number"
          }
        }
      ]
    }
    "#);
}

proptest! {
    #[test]
    fn every_operation_is_applied_once_and_after_its_references(managers in proptest::collection::vec(proptest::option::of(0usize..12), 1..12)) {
        let names: Vec<_> = (0..managers.len()).map(|i| i.to_string()).collect();
        let users = managers.iter().enumerate().map(|(i, manager)| {
            user(&names[i], manager.and_then(|manager| names.get(manager)).map(String::as_str))
        });
        let mut request = operations(users.collect());
        let mut ids = HashMap::new();
        let mut whole = BTreeSet::new();
        for step in request.plan() {
            let operation = request.operations[step.operation].request.as_ref().unwrap();
            let done = match &step.phase {
                BulkPhase::Whole | BulkPhase::References => operation.resolved(&ids),
                BulkPhase::WithoutReferences(bulk_ids) => operation.without(bulk_ids).resolved(&ids),
            };
            prop_assert!(done.is_ok(), "{:?}", step);
            ids.insert(names[step.operation].clone(), "id".to_owned());
            if !matches!(step.phase, BulkPhase::WithoutReferences(_)) {
                prop_assert!(whole.insert(step.operation));
            }
        }
        prop_assert_eq!(whole.len(), managers.len());
    }

    #[test]
    fn nothing_panics(body in crate::document::tests::properties::resource(ResourceType::User), path in ".*", method in "POST|PUT|PATCH|DELETE") {
        let body = Value::Object(body);
        let mut request = operations(json!([{"method":method,"path":path,"bulkId":"a","data":body}, body]));
        request.plan();
    }
}
