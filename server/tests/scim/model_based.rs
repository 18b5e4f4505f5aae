//! Random operations, compared with a model of the expected state.

use crate::{
    api::Api,
    db::{Db, run},
};
use axum::http::StatusCode;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The state of a member that clients see.
#[derive(Clone, Debug, PartialEq)]
struct User {
    user_name: String,
    display_name: Option<String>,
    external_id: Option<String>,
    active: bool,
    deleted: bool,
}

#[derive(Clone, Debug, Default)]
struct Model {
    /// By id, including deleted Users.
    users: BTreeMap<String, User>,
    /// By id: the name and the members.
    groups: BTreeMap<String, (String, BTreeSet<String>)>,
}

/// A linear congruential generator, so that the operations are always the same.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end
    }

    fn one_of<T: Clone>(&mut self, all: &[T]) -> Option<T> {
        if all.is_empty() { None } else { Some(all[self.below(all.len())].clone()) }
    }

    /// A few names in several spellings, so that they collide.
    fn user_name(&mut self) -> String {
        let name = format!("user{}", self.below(25));
        if self.below(3) == 0 { name.to_uppercase() } else { name }
    }

    /// Some of the elements, each at most once.
    fn some(&mut self, all: &[String]) -> Vec<String> {
        let count = self.below(5);
        (0..count).filter_map(|_| self.one_of(all)).collect()
    }
}

impl Model {
    fn id_of(&self, user_name: &str) -> Option<String> {
        let same = |(_, user): &(&String, &User)| user.user_name.eq_ignore_ascii_case(user_name);
        self.users.iter().find(same).map(|(id, _)| id.clone())
    }

    fn present(&self) -> Vec<String> {
        self.users.iter().filter(|(_, user)| !user.deleted).map(|(id, _)| id.clone()).collect()
    }

    fn group_ids(&self) -> Vec<String> {
        self.groups.keys().cloned().collect()
    }

    /// The expected resource of a User.
    fn user(&self, id: &str) -> Value {
        let user = &self.users[id];
        let mut groups: Vec<&String> =
            self.groups.iter().filter(|(_, (_, members))| members.contains(id)).map(|(group, _)| group).collect();
        groups.sort();
        json!({
            "userName": user.user_name, "displayName": user.display_name, "externalId": user.external_id,
            "active": user.active, "groups": groups,
        })
    }
}

/// The attributes of a response that the model has.
fn modeled_attributes(user: &Value) -> Value {
    let groups = user["groups"].as_array().map_or(&[][..], Vec::as_slice);
    let mut groups: Vec<&Value> = groups.iter().map(|group| &group["value"]).collect();
    groups.sort_by_key(|id| id.as_str());
    json!({
        "userName": user["userName"], "displayName": user["displayName"], "externalId": user["externalId"],
        "active": user["active"], "groups": groups,
    })
}

async fn check_user(api: &Api, model: &Model, id: &str) {
    let answer = api.get(&format!("/Users/{id}")).await;
    if model.users[id].deleted {
        assert_eq!(answer.status, StatusCode::NOT_FOUND);
    } else {
        assert_eq!(modeled_attributes(&answer.json), model.user(id));
    }
}

async fn check_group(api: &Api, model: &Model, id: &str) {
    let answer = api.get(&format!("/Groups/{id}")).await;
    match model.groups.get(id) {
        None => assert_eq!(answer.status, StatusCode::NOT_FOUND),
        Some((name, members)) => {
            assert_eq!(answer.json["displayName"], *name);
            assert_eq!(answer.members(), members.iter().cloned().collect::<Vec<_>>());
        }
    }
}

/// One random operation on the server and on the model.
async fn step(api: &Api, model: &mut Model, random: &mut Random) {
    let (users, groups) = (model.present(), model.group_ids());
    let members = |ids: &[String]| -> Value { ids.iter().map(|id| json!({"value": id})).collect() };
    match random.below(14) {
        0..=2 => {
            let user_name = random.user_name();
            let external_id = (random.below(2) == 0).then(|| format!("x{}", random.below(1_000_000)));
            let active = random.below(4) > 0;
            let display_name = (random.below(2) == 0).then(|| format!("Name {}", random.below(9)));
            let body = json!({
                "userName": user_name, "externalId": external_id, "displayName": display_name, "active": active,
            });
            let answer = api.post("/Users", &body).await;
            let user = User { user_name: user_name.clone(), display_name, external_id, active, deleted: false };
            match model.id_of(&user_name) {
                Some(id) if !model.users[&id].deleted && model.users[&id].active => {
                    assert_eq!(answer.status, StatusCode::CONFLICT);
                    check_user(api, model, &id).await;
                }
                Some(id) => {
                    assert_eq!((answer.status, answer.id()), (StatusCode::CREATED, id.clone()));
                    model.users.insert(id.clone(), user);
                    check_user(api, model, &id).await;
                }
                None => {
                    assert_eq!(answer.status, StatusCode::CREATED);
                    model.users.insert(answer.id(), user);
                    check_user(api, model, &answer.id()).await;
                }
            }
        }
        3 | 4 => {
            let Some(id) = random.one_of(&users) else { return };
            let (user_name, name) = (random.user_name(), format!("Name {}", random.below(9)));
            let answer = api.put(&format!("/Users/{id}"), &json!({"userName": user_name, "displayName": name})).await;
            let other = model.id_of(&user_name).filter(|other| *other != id);
            match other {
                Some(other) if !model.users[&other].deleted => assert_eq!(answer.status, StatusCode::CONFLICT),
                other => {
                    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
                    // A tombstone has lost its name.
                    if let Some(other) = other {
                        model.users.get_mut(&other).unwrap().user_name = format!("-{other}");
                    }
                    let user = model.users.get_mut(&id).unwrap();
                    *user = User { user_name, display_name: Some(name), external_id: None, ..user.clone() };
                }
            }
            check_user(api, model, &id).await;
        }
        5 | 6 => {
            let Some(id) = random.one_of(&users) else { return };
            let (active, name) = (random.below(2) == 0, format!("Name {}", random.below(9)));
            let before = api.get(&format!("/Users/{id}")).await;
            let operations = json!([{"op": "replace", "value": {"active": active, "displayName": name}}]);
            let answer = api.patch(&format!("/Users/{id}"), operations).await;
            assert_eq!(answer.status, StatusCode::OK);
            let user = model.users.get_mut(&id).unwrap();
            let same = user.active == active && user.display_name.as_ref() == Some(&name);
            assert_eq!(answer.tag() == before.tag(), same, "the version moves when something changed, and only then");
            (user.active, user.display_name) = (active, Some(name));
            check_user(api, model, &id).await;
        }
        7 => {
            let Some(id) = random.one_of(&users) else { return };
            assert_eq!(api.delete(&format!("/Users/{id}")).await.status, StatusCode::NO_CONTENT);
            model.users.get_mut(&id).unwrap().deleted = true;
            model.groups.values_mut().for_each(|(_, members)| _ = members.remove(&id));
            check_user(api, model, &id).await;
        }
        8 if groups.len() < 8 => {
            let (name, ids) = (format!("Group {}", random.below(5)), random.some(&users));
            let answer = api.post("/Groups", &json!({"displayName": name, "members": members(&ids)})).await;
            assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
            model.groups.insert(answer.id(), (name, ids.into_iter().collect()));
            check_group(api, model, &answer.id()).await;
        }
        9 => {
            let Some(id) = random.one_of(&groups) else { return };
            if random.below(4) == 0 {
                assert_eq!(api.delete(&format!("/Groups/{id}")).await.status, StatusCode::NO_CONTENT);
                model.groups.remove(&id);
            } else {
                let name = format!("Group {}", random.below(5));
                let rename = json!([{"op": "replace", "path": "displayName", "value": name}]);
                assert_eq!(api.patch(&format!("/Groups/{id}"), rename).await.status, StatusCode::NO_CONTENT);
                model.groups.get_mut(&id).unwrap().0 = name;
            }
            check_group(api, model, &id).await;
        }
        _ => {
            let Some(id) = random.one_of(&groups) else { return };
            let path = format!("/Groups/{id}");
            let ids = random.some(&users);
            let (name, now) = model.groups.get_mut(&id).unwrap();
            let one = |op: &str| json!([{"op": op, "path": "members", "value": members(&ids)}]);
            let answer = match random.below(5) {
                0 | 1 => {
                    now.extend(ids.iter().cloned());
                    api.patch(&path, one("add")).await
                }
                2 => {
                    now.retain(|id| !ids.contains(id));
                    api.patch(&path, one("remove")).await
                }
                3 => {
                    *now = ids.iter().cloned().collect();
                    api.patch(&path, one("replace")).await
                }
                _ => {
                    *now = ids.iter().cloned().collect();
                    api.put(&path, &json!({"displayName": name, "members": members(&ids)})).await
                }
            };
            assert!(answer.status.is_success(), "{}", answer.body);
            check_group(api, model, &id).await;
        }
    }
}

/// Compares everything: lists, members, and the counts in the database.
async fn check_all(api: &Api, model: &Model) {
    for id in model.users.keys() {
        check_user(api, model, id).await;
    }
    for id in model.groups.keys() {
        check_group(api, model, id).await;
        let count = format!("SELECT CAST(member_count AS TEXT) FROM groups WHERE id = '{id}'");
        assert_eq!(api.world.db.text(&count).await.unwrap(), model.groups[id].1.len().to_string());
    }
    let mut users = api.get("/Users?count=200").await;
    assert_eq!(users.counts()[0], model.present().len() as u64);
    users.json["Resources"].as_array_mut().unwrap().sort_by_key(|user| user["id"].as_str().unwrap().to_owned());
    for (user, id) in users.json["Resources"].as_array().unwrap().iter().zip(model.present()) {
        assert_eq!((&user["id"], modeled_attributes(user)), (&json!(id), model.user(&id)));
    }
    assert_eq!(api.get("/Groups?count=200").await.each("id"), model.group_ids());
    for active in [true, false] {
        let expected = model.users.values().filter(|user| !user.deleted && user.active == active).count();
        assert_eq!(api.find("/Users", &format!("active eq {active}")).await.counts()[0], expected as u64);
    }
}

async fn random_operations(db: Db, seed: u64, steps: usize) {
    let api = Api::new(db).await;
    let (mut model, mut random) = (Model::default(), Random(seed));
    // Ada exists from the beginning and must not be removed.
    let ada = api.world.ada.to_string();
    for _ in 0..steps {
        step(&api, &mut model, &mut random).await;
    }
    let user = api.get(&format!("/Users/{ada}")).await.json;
    let text = |name: &str| user[name].as_str().map(str::to_owned);
    let (user_name, display_name) = (text("userName").unwrap(), text("displayName"));
    model.users.insert(ada, User { user_name, display_name, external_id: None, active: true, deleted: false });
    check_all(&api, &model).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite() {
    run(Db::sqlite().await, |db| random_operations(db, 7, 2_000)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres() {
    run(Db::postgres().await, |db| random_operations(db, 8, 300)).await;
}
