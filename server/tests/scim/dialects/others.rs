//! JumpCloud, OneLogin, PingFederate, and clients that send whole lists.

use super::*;

const JUMPCLOUD: &str = "User-Agent: JumpCloud-SCIM\r\nAccept: */*\r\nContent-Type: application/json\r\n";
const ONELOGIN: &str = "User-Agent: OneLogin\r\nAccept: application/json\r\nContent-Type: text/json\r\n";
const PING: &str = "User-Agent: PingFederate\r\nAccept: application/scim+json, application/json\r\n\
                    Content-Type: application/scim+json\r\n";

on_both_engines! {
    /// Activation creates and deletes a test user and a test group.
    async fn jumpcloud(db: Db) {
        let jumpcloud = Provider::new(db, JUMPCLOUD, "").await;
        let user = json!({
            "schemas": [USER], "userName": "jc.test@acme.test", "active": true,
            "name": {"givenName": "JumpCloud", "familyName": "Test"},
            "emails": [{"value": "jc.test@acme.test", "type": "work", "primary": true}],
        });
        assert_eq!(jumpcloud.find("/Users", "userName eq \"jc.test@acme.test\"").await.counts(), (0, 0));
        let response = jumpcloud.post("/Users", user.clone()).await;
        assert_eq!(response.status, 201);
        let path = format!("/Users/{}", response.id());
        assert_eq!(jumpcloud.get(&path).await.status, 200);
        assert_eq!(jumpcloud.put(&path, user.clone()).await.status, 200);
        let group = jumpcloud.post("/Groups", json!({"schemas": [GROUP], "displayName": "JumpCloud Test"})).await;
        assert_eq!(group.status, 201);
        let group = format!("/Groups/{}", group.id());
        let member = |op: &str| json!([{"op": op, "path": "members", "value": [{"value": response.id()}]}]);
        assert_eq!(jumpcloud.patch(&group, member("add")).await.status, 204);
        assert_eq!(jumpcloud.get(&group).await.members(), [response.id()]);
        assert_eq!(jumpcloud.patch(&group, member("remove")).await.status, 204);
        assert_eq!(jumpcloud.get(&group).await.members(), [""; 0]);
        assert_eq!((jumpcloud.delete(&group).await.status, jumpcloud.delete(&path).await.status), (204, 204));
        assert_eq!(jumpcloud.get("/Users").await.counts(), (1, 1), "nobody is left over");
        assert_eq!(jumpcloud.post("/Users", user).await.id(), response.id(), "activated once more");
    }

    /// The customer edits the template, so attributes vary. A leaver is deleted or suspended.
    async fn onelogin(db: Db) {
        let onelogin = Provider::new(db, ONELOGIN, "").await;
        let response = onelogin.post("/Users", json!({
            "schemas": [USER, ENTERPRISE], "userName": "ol.user", "displayName": "O L", "active": true, "colour": "red",
            "name": {"givenName": "O", "familyName": "L", "honorificPrefix": ""},
            "phoneNumbers": [{"value": "", "type": "mobile"}],
            "emails": [{"value": "ol@acme.test", "type": "work", "primary": "true"}], ENTERPRISE: {"department": ""},
        })).await;
        assert_eq!(response.status, 201, "{response:?}");
        assert_eq!(response.json["emails"][0]["primary"], true);
        let path = format!("/Users/{}", response.id());
        let suspended = onelogin.put(&path, json!({"schemas": [USER], "userName": "ol.user", "active": false})).await;
        assert_eq!((suspended.status, &suspended.json["active"]), (200, &json!(false)));
        let patched = onelogin.patch(&path, json!([{"op": "replace", "path": "active", "value": true}])).await;
        assert_eq!((patched.status, &patched.json["active"]), (200, &json!(true)));
        assert_eq!(onelogin.delete(&path).await.status, 204);
        assert_eq!(onelogin.find("/Users", "userName eq \"ol.user\"").await.counts(), (0, 0));
    }

    /// PingFederate finds Users by any attribute that the administrator chose, with a filter that they may write themselves. It
    /// uses PUT for all changes. A leaver is disabled or deleted, as configured.
    async fn ping_federate(db: Db) {
        let ping = Provider::new(db, PING, "").await;
        let user = |active: bool, name: &str| json!({
            "schemas": [USER], "userName": "pf.user", "externalId": "pf-1", "active": active, "displayName": name,
            "name": {"familyName": "F", "givenName": "P"}, "emails": [{"type": "work", "value": "pf@acme.test", "primary": true}],
        });
        let filters = [
            r#"userName eq "PF.user""#,
            r#"externalId eq "pf-1""#,
            r#"emails.value eq "pf@acme.test""#,
            r#"emails[type eq "work"].value eq "pf@acme.test""#,
            r#"(userName eq "pf.user") and (active eq true)"#,
        ];
        for filter in filters {
            assert_eq!(ping.find("/Users", filter).await.counts(), (0, 0), "{filter}");
        }
        let response = ping.post("/Users", user(true, "P F")).await;
        assert_eq!(response.status, 201, "{response:?}");
        for filter in filters {
            let results = ping.find("/Users", filter).await;
            assert_eq!((results.counts(), &results.json["Resources"][0]["id"]), ((1, 1), &json!(response.id())), "{filter}");
        }
        let path = format!("/Users/{}", response.id());
        let renamed = ping.put(&path, user(true, "P. F.")).await;
        assert_eq!((renamed.status, &renamed.json["displayName"]), (200, &json!("P. F.")));
        let disabled = ping.put(&path, user(false, "P. F.")).await;
        assert_eq!((disabled.status, &disabled.json["active"]), (200, &json!(false)));
        assert_eq!(ping.find("/Users", filters[4]).await.counts(), (0, 0));
        let repeat = ping.put(&path, user(true, "P. F.")).await;
        assert_eq!((repeat.status, &repeat.json["active"]), (200, &json!(true)));

        let group = ping.post("/Groups", json!({"schemas": [GROUP], "displayName": "PF", "members": [{"value": response.id()}]})).await;
        let path_of_group = format!("/Groups/{}", group.id());
        assert_eq!(ping.find("/Groups", "displayName eq \"PF\"").await.counts(), (1, 1));
        let emptied = ping.put(&path_of_group, json!({"schemas": [GROUP], "displayName": "PF", "members": []})).await;
        assert_eq!((emptied.status, emptied.members()), (200, Vec::<&str>::new()));

        assert_eq!(ping.delete(&path).await.status, 204);
        assert_eq!(ping.get(&path).await.status, 404);
        let back = ping.post("/Users", user(true, "P F")).await;
        assert_eq!((back.status, back.id()), (201, response.id()), "the same id");
    }

    /// Some clients send the whole group to add one member.
    async fn clients_that_send_the_whole_list(db: Db) {
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
