//! Roles of mapped groups, while the identity provider changes groups and members and Admins change the mapping.

use crate::{
    api::Api,
    db::{Db, on_both_engines},
};
use axum::http::StatusCode;
use domain::role::Role;
use serde_json::{Value, json};

fn of(ids: &[&String]) -> Value {
    ids.iter().map(|id| json!({"value": id})).collect()
}

/// The names of a member's roles in the User.
async fn roles(api: &Api, user: &str) -> Vec<String> {
    let user = api.get(&format!("/Users/{user}")).await.json;
    user["roles"].as_array().unwrap().iter().map(|role| role["value"].as_str().unwrap().to_owned()).collect()
}

/// Maps a group to a role, as Ada does.
async fn map(api: &Api, group: &str, role: Option<Role>) {
    match api.world.ada().group_map("acme", group, role).await {
        Ok(_) | Err(domain::Error::Unchanged(_)) => {}
        Err(error) => panic!("{error}"),
    }
}

/// Checks that every member's column has the roles of their groups.
async fn check_roles(api: &Api) {
    let bits = [("admin", 32), ("billing", 8), ("developer", 2)]
        .map(|(role, bit)| format!("MAX(CASE WHEN g.role = '{role}' THEN {bit} ELSE 0 END)"));
    let wrong = format!(
        "SELECT CAST(COUNT(*) AS TEXT) FROM members m WHERE group_roles <> COALESCE((SELECT {} FROM group_members gm \
         JOIN groups g ON g.id = gm.group_id WHERE gm.member_id = m.id), 0)",
        bits.join(" + ")
    );
    assert_eq!(api.world.db.text(&wrong).await.as_deref(), Some("0"));
}

on_both_engines! {
    async fn joining_and_leaving_a_mapped_group_changes_the_role(db: Db) {
        let api = Api::new(db).await;
        let (a, b, c) = (api.user("a").await, api.user("b").await, api.user("c").await);
        let (it, ops) = (api.group("IT", &[&a, &b]).await, api.group("Ops", &[&b]).await);
        map(&api, &it, Some(Role::Admin)).await;
        map(&api, &ops, Some(Role::Admin)).await;
        assert_eq!(roles(&api, &a).await, ["admin", "developer"]);
        let path = format!("/Groups/{it}");
        api.patch(&path, json!([{"op": "add", "path": "members", "value": of(&[&c])}])).await;
        assert_eq!(roles(&api, &c).await, ["admin", "developer"]);
        api.patch(&path, json!([{"op": "remove", "path": format!("members[value eq \"{c}\"]")}])).await;
        assert_eq!(roles(&api, &c).await, ["developer"]);
        api.patch(&path, json!([{"op": "replace", "path": "members", "value": of(&[&c])}])).await;
        assert_eq!((roles(&api, &a).await.len(), roles(&api, &b).await.len(), roles(&api, &c).await.len()), (1, 2, 2));
        api.put(&path, &json!({"displayName": "IT", "members": of(&[&a, &b])})).await;
        assert_eq!((roles(&api, &a).await.len(), roles(&api, &b).await.len(), roles(&api, &c).await.len()), (2, 2, 1));
        check_roles(&api).await;
        assert_eq!(api.delete(&path).await.status, StatusCode::NO_CONTENT);
        assert_eq!((roles(&api, &a).await.len(), roles(&api, &b).await.len()), (1, 2), "another group still gives it");
        check_roles(&api).await;
        map(&api, &ops, None).await;
        assert_eq!(roles(&api, &b).await, ["developer"]);
        check_roles(&api).await;
    }

    async fn a_restored_member_has_no_role_of_former_groups(db: Db) {
        let api = Api::new(db).await;
        let a = api.user("a").await;
        let it = api.group("IT", &[&a]).await;
        map(&api, &it, Some(Role::Billing)).await;
        let path = format!("/Users/{a}");
        let active = |active: bool| json!([{"op": "replace", "path": "active", "value": active}]);
        api.patch(&path, active(false)).await;
        assert_eq!(roles(&api, &a).await, ["billing", "developer"], "deactivated members stay in their groups");
        map(&api, &it, Some(Role::Admin)).await;
        api.patch(&path, active(true)).await;
        assert_eq!(roles(&api, &a).await, ["admin", "developer"], "a mapping in between counts");
        api.patch(&path, active(false)).await;
        assert_eq!(api.user("a").await, a, "restored");
        assert_eq!(roles(&api, &a).await, ["admin", "developer"]);
        check_roles(&api).await;
        api.delete(&path).await;
        map(&api, &it, Some(Role::Billing)).await;
        check_roles(&api).await;
        assert_eq!(api.user("a").await, a, "restored");
        assert_eq!(roles(&api, &a).await, ["developer"], "but into no group");
        api.patch(&format!("/Groups/{it}"), json!([{"op": "add", "path": "members", "value": of(&[&a])}])).await;
        assert_eq!(roles(&api, &a).await, ["billing", "developer"]);
        check_roles(&api).await;
    }

    /// Removing a member manually also removes it from its groups.
    async fn members_removed_on_a_page_lose_the_role(db: Db) {
        let api = Api::new(db).await;
        let bob = api.world.member(Role::Developer).await;
        let it = api.group("IT", &[bob.as_str()]).await;
        map(&api, &it, Some(Role::Admin)).await;
        api.world.ada().member_deactivate("acme", &bob).await.unwrap();
        api.world.ada().member_reactivate("acme", &bob).await.unwrap();
        assert_eq!(roles(&api, bob.as_str()).await, ["admin", "developer"]);
        api.world.ada().member_remove("acme", &bob).await.unwrap();
        assert_eq!(api.column("group_roles", bob.as_str()).await.as_deref(), Some("0"));
        check_roles(&api).await;
    }

    /// The provider sees changed roles by the version. The versions of other members stay.
    async fn role_changes_update_the_version(db: Db) {
        let api = Api::new(db).await;
        let (a, b) = (api.user("a").await, api.user("b").await);
        let it = api.group("IT", &[&a, &b]).await;
        let bob = domain::id::MemberId::new(b.clone());
        let give = server::service::RoleEdit::Give(Role::Admin);
        api.world.ada().members_change_roles("acme", &[bob], give).await.unwrap();
        let version = async |id: &String| {
            let meta = api.get(&format!("/Users/{id}")).await.json["meta"].clone();
            (meta["version"].clone(), meta["lastModified"].clone())
        };
        let group = api.get(&format!("/Groups/{it}")).await.json["meta"].clone();
        let (before_a, before_b) = (version(&a).await, version(&b).await);
        api.world.pass(1_000);
        map(&api, &it, Some(Role::Admin)).await;
        let (after_a, after_b) = (version(&a).await, version(&b).await);
        assert!(before_a.0 != after_a.0 && before_a.1 != after_a.1);
        assert_eq!(before_b, after_b, "Admin by hand before");
        assert_eq!(api.get(&format!("/Groups/{it}")).await.json["meta"], group, "no Group says what it gives");
    }

    /// In any order of the changes, the final roles are those of the groups.
    async fn mappings_and_members_can_change_at_the_same_time(db: Db) {
        let api = Api::new(db).await;
        let mut ids = Vec::new();
        for number in 0..8 {
            ids.push(api.user(&format!("u{number}")).await);
        }
        let groups = [api.group("G", &[]).await, api.group("H", &[&ids[0]]).await];
        let requests = (0..60).map(|number: usize| {
            let (api, id, group) = (api.clone(), ids[number * 5 % 8].clone(), groups[number % 2].clone());
            tokio::spawn(async move {
                let path = format!("/Groups/{group}");
                let operation = |op: &str| json!([{"op": op, "path": "members", "value": of(&[&id])}]);
                match number % 6 {
                    0 | 1 => assert!(!api.patch(&path, operation("add")).await.status.is_server_error()),
                    2 => assert!(!api.patch(&path, operation("remove")).await.status.is_server_error()),
                    3 => map(&api, &group, Some(Role::Admin)).await,
                    4 => map(&api, &group, Some(Role::Billing)).await,
                    _ => map(&api, &group, None).await,
                }
            })
        });
        for one in requests.collect::<Vec<_>>() {
            one.await.unwrap();
        }
        check_roles(&api).await;
        for group in &groups {
            map(&api, group, Some(Role::Admin)).await;
        }
        check_roles(&api).await;
    }

    /// One statement does not suffice for all members. Members of other teams are not affected.
    async fn a_group_of_thousands_can_be_mapped(db: Db) {
        let api = Api::new(db).await;
        let it = api.group("IT", &[]).await;
        api.world.bulk(6_000).await;
        let join = format!("INSERT INTO group_members (team_id, group_id, member_id) SELECT team_id, '{it}', id FROM members WHERE id LIKE 'b%'");
        api.world.db.sql(&join).await;
        map(&api, &it, Some(Role::Admin)).await;
        assert_eq!(api.world.last_entry().await, "changed the role of group IT to Admin: 6,000 people became Admin");
        check_roles(&api).await;
        map(&api, &it, None).await;
        check_roles(&api).await;
        let touched = "SELECT CAST(COUNT(*) AS TEXT) FROM members WHERE version = 3";
        assert_eq!(api.world.db.text(touched).await.as_deref(), Some("6000"));
    }
}
