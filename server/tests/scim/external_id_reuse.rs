//! Reused values of `externalId`: a new User is not the former member that had the value.

use crate::{
    api::Api,
    db::{Db, on_both_engines},
};
use axum::http::StatusCode;
use domain::DAY;
use serde_json::{Value, json};

const ENTRA: &str = "0a1b2c3d4e5f60718293a4b5c6d7e8f9";

fn jyoung(user_name: &str) -> Value {
    json!({"userName": user_name, "externalId": "jyoung", "emails": [{"value": format!("{user_name}@contoso.test"), "type": "work"}]})
}

/// The requests with which a provider renames and releases a leaver. Each is a separate PATCH.
fn departures() -> Vec<(&'static str, Vec<Value>)> {
    let rename = |to: &str| json!({"op": "Replace", "path": "userName", "value": to});
    let off = || json!({"op": "Replace", "path": "active", "value": "False"});
    let entra = [ENTRA, "jyoung"].concat();
    vec![
        ("in one request", vec![json!([rename(&entra), off()])]),
        ("renamed first", vec![json!([rename(&entra)]), json!([off()])]),
        ("renamed afterwards", vec![json!([off()]), json!([rename(&entra)])]),
        ("another prefix", vec![json!([rename("DELETED-jyoung"), off()])]),
        ("no trace of the old name", vec![json!([rename("leaver-7"), off()])]),
        ("without a path", vec![json!([{"op": "replace", "value": {"userName": entra, "active": false}}])]),
    ]
}

async fn former_member(api: &Api, departure: &[Value]) -> String {
    let id = api.post("/Users", &jyoung("jyoung")).await.id();
    for operations in departure {
        let answer = api.patch(&format!("/Users/{id}"), operations.clone()).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    }
    id
}

on_both_engines! {
    async fn a_new_user_with_a_reused_external_id_is_not_the_former_member(db: Db) {
        let api = Api::new(db).await;
        for (how, departure) in departures() {
            let old = former_member(&api, &departure).await;
            let group = api.group(how, &[&old]).await;
            let new = api.post("/Users", &jyoung("jyoung")).await;
            assert_eq!(new.status, StatusCode::CREATED, "{how}: {}", new.body);
            assert_ne!(new.id(), old, "{how}");
            assert_eq!(new.json.get("groups"), None, "{how}");
            // The leaver is deleted permanently, and no other member.
            assert_eq!(api.delete(&format!("/Users/{old}")).await.status, StatusCode::NO_CONTENT);
            let existing = api.get(&format!("/Users/{}", new.id())).await;
            assert_eq!((existing.status, &existing.json["active"]), (StatusCode::OK, &json!(true)), "{how}");
            api.delete(&format!("/Groups/{group}")).await;
            // The next User can have the name and the id.
            let path = format!("/Users/{}", new.id());
            api.patch(&path, json!([{"op": "replace", "path": "externalId", "value": how}])).await;
            api.patch(&path, json!([{"op": "replace", "path": "userName", "value": how}])).await;
        }
    }

    async fn the_same_holds_after_the_former_member_was_deleted(db: Db) {
        let api = Api::new(db).await;
        for delete_first in [false, true] {
            let rename = json!([{"op": "replace", "path": "userName", "value": format!("{ENTRA}{delete_first}")}]);
            let off = json!([{"op": "replace", "path": "active", "value": false}]);
            // Deleted at once, or by the sweep a month later.
            let old = former_member(&api, &if delete_first { vec![rename] } else { vec![rename, off] }).await;
            api.world.pass(if delete_first { 0 } else { 30 * DAY });
            api.delete(&format!("/Users/{old}")).await;
            let new = api.post("/Users", &jyoung("jyoung")).await;
            assert_eq!(new.status, StatusCode::CREATED);
            assert_ne!(new.id(), old);
            api.patch(&format!("/Users/{}", new.id()), json!([{"op": "replace", "value": {"externalId": "x", "userName": "x"}}])).await;
        }
    }

    /// A PUT renames too.
    async fn a_put_frees_the_user_name(db: Db) {
        let api = Api::new(db).await;
        let old = api.post("/Users", &jyoung("jyoung")).await.id();
        let mut departed = jyoung("gone.jyoung");
        departed["active"] = json!(false);
        assert_eq!(api.put(&format!("/Users/{old}"), &departed).await.status, StatusCode::OK);
        assert_ne!(api.post("/Users", &jyoung("j.young")).await.id(), old);
    }

    /// Members who left before renames were recorded.
    async fn former_members_from_older_versions_are_recognized_by_their_prefix(db: Db) {
        let api = Api::new(db).await;
        let old = former_member(&api, &[json!([{"op": "replace", "path": "active", "value": false}])]).await;
        let name = [ENTRA, "jyoung"].concat();
        api.world.db.sql(&format!("UPDATE members SET user_name = '{name}', user_name_key = '{name}' WHERE id = '{old}'")).await;
        assert_ne!(api.post("/Users", &jyoung("j.young")).await.id(), old);
    }

    /// A member who was renamed long ago and returns under a third name is the same person.
    async fn an_ordinary_rename_keeps_the_match(db: Db) {
        let api = Api::new(db).await;
        let id = former_member(&api, &[json!([{"op": "replace", "path": "userName", "value": "j.king"}])]).await;
        api.world.pass(60 * DAY);
        api.patch(&format!("/Users/{id}"), json!([{"op": "replace", "path": "active", "value": false}])).await;
        let back = api.post("/Users", &jyoung("jane.king")).await;
        assert_eq!((back.status, back.id()), (StatusCode::CREATED, id));
    }

    /// The leaver's current name identifies the leaver.
    async fn a_former_member_is_restored_by_user_name(db: Db) {
        let api = Api::new(db).await;
        let (_, departure) = departures().remove(0);
        let old = former_member(&api, &departure).await;
        let name = [ENTRA, "jyoung"].concat();
        assert_eq!(api.post("/Users", &jyoung(&name)).await.id(), old);
    }
}
