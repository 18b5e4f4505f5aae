//! Entra ID, with and without the flag in the tenant's URL.

use super::*;

/// No User-Agent, no Accept.
const ENTRA: &str = "Content-Type: application/scim+json; charset=utf-8\r\n";

/// A User as Entra ID creates it.
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
    /// E1 to E14, without the flag.
    async fn entra_users(db: Db) {
        let entra = Provider::new(db, ENTRA, "").await;
        // E1: Test Connection.
        assert_eq!(entra.find("/Users", "userName eq \"7b3cd6e5-1f4b-4b0f-8a2f-54d1a2a1f6c1\"").await.counts(), (0, 0));
        // E8, with all its nulls.
        let response = entra.post("/Users", entra_user("Test_User_00aa")).await;
        assert_eq!((response.status, &response.json["userName"]), (201, &json!("Test_User_00aa")));
        assert_eq!(response.json.get(ENTERPRISE), None);
        let boss = entra.post("/Users", entra_user("boss")).await.id();
        let path = format!("/Users/{}", response.id());
        // E2 to E7.
        for filter in [
            "userName eq \"Test_User_00aa\"",
            "userName eq \"test_user_00AA\"",
            "externalId eq \"0a21f0f2-Test_User_00aa\"",
            "externalId eq 0a21f0f2-Test_User_00aa",
            "emails[type eq \"work\"].value eq \"Test_User_00aa@contoso.com\"",
        ] {
            let results = entra.find("/Users", filter).await;
            assert_eq!((results.counts(), &results.json["Resources"][0]), ((1, 1), &response.json), "{filter}");
        }
        assert_eq!(entra.get("/Users/018f0000-0000-7000-8000-000000000000").await.status, 404);
        // E9: deactivation in every spelling. A disabled User can still be found.
        for value in [json!("False"), json!("false"), json!(false)] {
            for op in ["Replace", "Add", "replace"] {
                let off = entra.patch(&path, json!([{"op": op, "path": "active", "value": value}])).await;
                assert!([200, 204].contains(&off.status));
                let user = entra.get(&path).await;
                assert_eq!((user.status, &user.json["active"]), (200, &json!(false)), "{op} {value}");
                assert_eq!(entra.find("/Users", "userName eq \"Test_User_00aa\"").await.counts(), (1, 1));
                entra.patch(&path, json!([{"op": "Replace", "path": "active", "value": "True"}])).await;
                assert_eq!(entra.get(&path).await.json["active"], true);
            }
        }
        // E10: one operation per attribute.
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
        let user = entra.get(&path).await.json;
        assert_eq!(user["displayName"], "Bjfe");
        assert_eq!(user["emails"], json!([{"primary": true, "type": "work", "value": "new@contoso.com"}]));
        assert_eq!((&user["name"]["givenName"], &user["name"]["familyName"]), (&json!("Kkom"), &json!("Unua")));
        assert_eq!((&user["externalId"], &user[ENTERPRISE]["employeeNumber"]), (&json!("other"), &json!("Aklq")));
        assert_eq!(user["schemas"], json!([USER, ENTERPRISE]));
        // E12: creates an absent value.
        entra.patch(&path, json!([{"op": "Remove", "path": "emails[type eq \"work\"]"}])).await;
        assert_eq!(entra.get(&path).await.json.get("emails"), None);
        let add = entra
            .patch(&path, json!([{"op": "Add", "path": "emails[type eq \"work\"].value", "value": "x@y.test"}]))
            .await;
        assert_eq!((add.status, &add.json["emails"]), (200, &json!([{"type": "work", "value": "x@y.test"}])));
        // E13: the manager, as an object in a list and as a text. E6: a search for it.
        let reference = json!([{"$ref": format!("http://x/Users/{boss}"), "value": boss}]);
        for (target, value) in [("manager".to_owned(), reference), (format!("{ENTERPRISE}:manager"), json!(boss))] {
            let managed = entra.patch(&path, json!([{"op": "Add", "path": target, "value": value}])).await;
            assert_eq!(
                (managed.status, &managed.json[ENTERPRISE]["manager"]["value"]),
                (200, &json!(boss)),
                "{target}"
            );
            for filter in [
                format!("id eq \"{}\" and manager eq \"{boss}\"", response.id()),
                format!("manager eq \"{boss}\" and id eq \"{}\"", response.id()),
            ] {
                let probe = entra.get(&format!("/Users?filter={}&attributes=id", encoded(&filter))).await;
                assert_eq!((probe.counts(), &probe.json["Resources"][0]["id"]), ((1, 1), &json!(response.id())));
            }
            entra.patch(&path, json!([{"op": "Remove", "path": "manager"}])).await;
            assert_eq!(entra.get(&path).await.json[ENTERPRISE].get("manager"), None);
        }
        // E14: a provider cannot assign roles. The response must contain an error.
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
        let response = entra.post("/Users", entra_user("u")).await;
        let path = format!("/Users/{}", response.id());
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
        let group = entra.post("/Groups", json!({"displayName": "G", "members": [{"value": response.id()}]})).await.id();
        let group = format!("/Groups/{group}");
        let remove = json!([{"op": "remove", "path": format!("members[value eq \"{}\"]", response.id())}]);
        assert_eq!(entra.patch(&group, remove).await.status, 204);
        assert_eq!(entra.get(&group).await.members(), [""; 0]);
        assert_eq!(entra.get("/Schemas").await.status, 200);
    }

    /// E15 to E23: groups.
    async fn entra_groups(db: Db) {
        let entra = Provider::new(db, ENTRA, "").await;
        let (one, two) = (entra.api.user("one").await, entra.api.user("two").await);
        let response = entra
            .post(
                "/Groups",
                json!({
                    "schemas": [GROUP, "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group"],
                    "externalId": "8aa1", "displayName": "GroupA", "meta": {"resourceType": "Group"},
                }),
            )
            .await;
        assert_eq!((response.status, &response.json["externalId"]), (201, &json!("8aa1")));
        let path = format!("/Groups/{}", response.id());
        assert_eq!(entra.get(&format!("{path}?excludedAttributes=members")).await.id(), response.id());
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
        // E20: only that member.
        assert_eq!(
            entra.patch(&path, json!([{"op": "Remove", "path": "members", "value": member(&one)}])).await.status,
            204
        );
        assert_eq!(entra.get(&path).await.members(), [&two]);
        // E21: a bare text.
        assert_eq!(entra.patch(&path, json!([{"op": "add", "path": "members", "value": one}])).await.status, 204);
        assert_eq!(entra.get(&path).await.members(), [&one, &two]);
        let add_member = json!([{"name": "addMember", "op": "add", "path": "members", "value": [{"value": one}]}]);
        assert_eq!(entra.patch(&path, add_member).await.status, 204);
        // E22: all members.
        assert_eq!(entra.patch(&path, json!([{"op": "remove", "path": "members"}])).await.status, 204);
        assert_eq!(entra.get(&path).await.members(), [""; 0]);
        assert_eq!(entra.delete(&path).await.status, 204);
        assert_eq!(entra.get(&probe.replace("GroupA", "GroupB")).await.counts(), (0, 0));
    }

    /// The additional requests of Microsoft's reference collection.
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
        let response = entra.post("/Users", user).await;
        assert_eq!((response.status, &response.json["active"]), (201, &json!(true)));
        assert_eq!(response.json[ENTERPRISE]["department"], "bob");
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
}
