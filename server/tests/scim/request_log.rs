//! The request log: key, operation and result of each request, without secrets.

use crate::{
    api::{Answer, Api},
    db::{self, Db, on_both_engines},
};
use axum::{
    body::Body,
    http::{Method, StatusCode, header},
};
use domain::{HOUR, activity::filter::ActivityFilter, key::Overlap, plan::Plan, scim_operation::WRONG_SECRET};
use serde_json::json;
use server::request_log;
use sqlx::Connection as _;
use std::time::Duration;
use store::{LogLine, ScimRequest};

/// The log so far, oldest first.
async fn log_rows(api: &Api) -> Vec<ScimRequest> {
    request_log::run(api.state.recorder.clone(), api.state.store.clone(), async {}).await;
    let store = api.world.store();
    let lines = store.log_page(&api.world.team, &ActivityFilter::default(), 0, None, 1_000).await.unwrap();
    let mut ids: Vec<_> = lines.iter().filter_map(LogLine::request_id).collect();
    ids.dedup();
    let mut rows = store.scim_requests_by_id(&api.world.team, &ids).await.unwrap();
    rows.sort_by(|one, other| one.id.cmp(&other.id));
    rows
}

/// The only row of the log.
async fn only(api: &Api) -> ScimRequest {
    let [one] = &log_rows(api).await[..] else { panic!("not one record") };
    one.clone()
}

async fn post(api: &Api, path: &str, body: impl Into<Body>) -> Answer {
    api.send_body(api.request(Method::POST, path, &api.key), body.into()).await
}

/// The whole table, as text.
async fn dump(api: &Api) -> String {
    format!("{:?}", log_rows(api).await)
}

on_both_engines! {
    async fn a_read_is_logged(db: Db) {
        let api = Api::new(db).await;
        let path = format!("//Users/{}?attributes=userName", api.world.ada);
        let request = api.request(Method::GET, &path, &api.key).header(header::USER_AGENT, "Okta SCIM Client 1.0.0");
        assert_eq!(api.send(request).await.status, StatusCode::OK);
        let row = only(&api).await;
        assert_eq!((row.team.as_str(), row.at), (api.world.team.as_str(), api.world.now()));
        assert_eq!((row.key_name.as_str(), row.key.as_str().len()), ("Okta", 12));
        assert_eq!((row.method.as_str(), row.path), ("GET", format!("/scim/v2{path}")));
        assert_eq!((row.operation.as_str(), row.status, row.changed), ("user_get", 200, false));
        assert_eq!((row.target.as_deref(), row.target_name.as_deref()), (Some(api.world.ada.as_str()), Some("Ada Lovelace")));
        assert_eq!((row.user_agent.as_deref(), row.address, row.detail), (Some("Okta SCIM Client 1.0.0"), None, None));
        assert!(row.micros > 0 && row.request.is_none());
        let answer: serde_json::Value = serde_json::from_str(row.answer.as_deref().unwrap()).unwrap();
        assert_eq!(answer["userName"], "ada@acme.test");
    }

    async fn a_failure_is_logged_with_its_error(db: Db) {
        let api = Api::new(db).await;
        let answer = post(&api, "/Nothing", r#"{"userName":"bob","apiToken":"CANARY"}"#).await;
        let row = only(&api).await;
        assert_eq!((row.operation.as_str(), row.status), ("unknown", 404));
        assert_eq!(row.detail.as_deref(), Some("Unknown endpoint"));
        assert_eq!(row.request.as_deref(), Some(r#"{"userName":"bob","apiToken":"•••"}"#));
        assert_eq!(row.answer.as_deref(), Some(answer.body.as_str()));
    }

    async fn requests_with_a_rejected_key_are_in_its_teams_log(db: Db) {
        let api = Api::new(db).await;
        let world = &api.world;
        let id = world.keys().await[0].id.clone();

        let forged = forged(id.as_str());
        assert_eq!(api.get_with("/Users", &forged).await.summary(), "401 Invalid SCIM API key");
        let row = only(&api).await;
        assert_eq!((row.key.as_str(), row.key_name.as_str(), row.status), (id.as_str(), "Okta", 401));
        assert_eq!(row.detail.as_deref(), Some(WRONG_SECRET));

        world.operator().team_set_plan("acme", Plan::Free).await.unwrap();
        api.get("/Users").await;
        world.operator().team_set_plan("acme", Plan::Enterprise).await.unwrap();
        world.operator().scim_turn_off("acme", "Acme").await.unwrap();
        api.get("/Users").await;
        world.operator().scim_turn_on("acme").await.unwrap();
        world.ada().key_roll("acme", &id, Overlap::Hour).await.unwrap();
        world.pass(HOUR);
        api.get("/Users").await;
        let texts: Vec<_> =
            log_rows(&api).await.into_iter().skip(1).map(|row| format!("{} {}", row.status, row.detail.unwrap())).collect();
        assert_eq!(texts.len(), 3);
        assert!(texts[0].starts_with("403 SCIM provisioning is part of the Enterprise plan"), "{texts:?}");
        assert!(texts[1].starts_with("403 SCIM provisioning is off"), "{texts:?}");
        assert!(texts[2].starts_with("401 This SCIM API key was replaced"), "{texts:?}");
    }

    async fn requests_with_unknown_keys_are_not_logged(db: Db) {
        let api = Api::new(db).await;
        let (_, unknown) = api.world.secrets.new_key();
        for key in ["", "nonsense", unknown.expose()] {
            assert_eq!(api.get_with("/Users", key).await.status, StatusCode::UNAUTHORIZED);
        }
        assert_eq!(log_rows(&api).await, []);
    }

    async fn rejected_keys_are_sampled(db: Db) {
        let api = Api::new(db).await;
        api.world.operator().scim_turn_off("acme", "Acme").await.unwrap();
        for _ in 0..70 {
            assert_eq!(api.get("/Users").await.status, StatusCode::FORBIDDEN);
        }
        request_log::run(api.state.recorder.clone(), api.state.store.clone(), async {}).await;
        assert_eq!(api.world.store().log_requests_count(&api.world.team, 1_000).await.unwrap(), 60);
    }

    async fn throttled_requests_are_logged_once_a_second(db: Db) {
        let api = Api::limited(db, 60, 2).await;
        for _ in 0..5 {
            api.get("/Users").await;
        }
        let statuses: Vec<_> = log_rows(&api).await.into_iter().map(|row| row.status).collect();
        assert_eq!(statuses, [200, 200, 429]);
    }

    async fn passwords_are_never_stored(db: Db) {
        let api = Api::new(db).await;
        let user = "urn:ietf:params:scim:schemas:core:2.0:User";
        for body in [
            r#"{"userName":"a","password":"CANARY"}"#.to_owned(),
            r#"{"userName":"a","PASSWORD":{"value":"CANARY"}}"#.to_owned(),
            r#"{"Operations":[{"op":"replace","value":{"password":"CANARY"}}]}"#.to_owned(),
            r#"{"Operations":[{"value":"CANARY","op":"Replace","path":"password"}]}"#.to_owned(),
            format!(r#"{{"Operations":[{{"op":"add","path":"{user}:password","value":"CANARY"}}]}}"#),
            format!(r#"{{"{user}":{{"password":"CANARY"}},"{user}:password":"CANARY"}}"#),
            r#"{"Operations":[{"method":"POST","path":"/Users","data":{"userName":"a","password":"CANARY"}}]}"#.to_owned(),
            r#"{"password":"CANARY""#.to_owned(),
            "password=CANARY".to_owned(),
            format!(r#"{{"password":"CANARY","x":"{}"}}"#, "y".repeat(50_000)),
            format!(r#"{{"members":[{}],"password":"CANARY"}}"#, vec![r#"{"value":"1"}"#; 5_000].join(",")),
        ] {
            post(&api, "/Users", body).await;
        }
        api.get("/Users?filter=password%20eq%20%22CANARY%22&token=CANARY").await;
        api.get(&format!("/Users/{}", api.key)).await;
        let request = api.request(Method::GET, "/Users", &api.key);
        api.send(request.header(header::USER_AGENT, format!("curl {}", api.key))).await;
        let dump = dump(&api).await;
        assert_eq!(log_rows(&api).await.len(), 14);
        for secret in ["CANARY", &api.key[21..], "Bearer"] {
            assert!(!dump.contains(secret), "{secret}: {dump}");
        }
        assert!(dump.contains("•••") && dump.contains("50028 bytes") && dump.contains("not JSON"), "{dump}");
    }

    /// A rejected body may contain anything.
    async fn rejected_bodies_are_stored_without_values(db: Db) {
        let api = Api::new(db).await;
        let ada = api.world.ada.to_string();
        let user = format!("/Users/{ada}");
        let core = "urn:ietf:params:scim:schemas:core:2.0:User";
        let mut statuses = Vec::new();
        for body in [
            r#"{"Operations":[{"path":"password","value":"CANARY"}]}"#.to_owned(),
            r#"{"Operations":[{"op":"set","path":"password","value":"CANARY"}]}"#.to_owned(),
            r#"{"Operations":[{"op":"CANARY","path":"title","value":"CANARY"}]}"#.to_owned(),
            r#"{"Operations":[{"PATH":"PassWord","VALUE":"CANARY"}]}"#.to_owned(),
            r#"{"Operations":[{"value":{"password":"CANARY","value":"CANARY"}}]}"#.to_owned(),
            r#"{"Operations":[{"op":"replace","path":"title","value":{"value":["CANARY"]}}]}"#.to_owned(),
            r#"{"Operations":[{"op":"replace","path":"password eq \"CANARY\"","value":"CANARY"}]}"#.to_owned(),
            r#"{"Operations":[{"op":"replace","path":"password[value eq \"CANARY\"]","value":"CANARY"}]}"#.to_owned(),
            r#"{"Operations":[{"op":"replace","path":"emails[password eq \"CANARY\"]","value":"CANARY"}]}"#.to_owned(),
            r#"{"Operations":["CANARY"]}"#.to_owned(),
            r#"{"Operations":"CANARY"}"#.to_owned(),
            r#"{"path":"password","value":"CANARY"}"#.to_owned(),
            r#"["CANARY"]"#.to_owned(),
            r#""CANARY""#.to_owned(),
            format!(r#"{{"Operations":[{{"path":"{core}:Password","value":"CANARY"}}]}}"#),
            format!(r#"{{"Operations":[{{"value":{{"{core}":{{"PASSWORD":"CANARY"}}}}}}]}}"#),
        ] {
            statuses.push(api.send_body(api.request(Method::PATCH, &user, &api.key), body.into()).await.status.as_u16());
        }
        assert_eq!(statuses, [400; 16]);
        let bulk = json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"], "Operations": [
            {"method": "PATCH", "path": user, "data": {"Operations": [{"path": "password", "value": "CANARY"}]}},
            {"method": "PATCH", "path": user, "data": {"path": "password", "value": "CANARY"}},
            {"method": "POST", "path": "/Users", "bulkId": "x", "data": {"userName": {"password": "CANARY"}}},
            {"method": "POST", "path": "/Users", "bulkId": "y", "data": "CANARY"},
        ]});
        post(&api, "/Bulk", bulk.to_string()).await;
        let first = log_rows(&api).await.remove(0);
        for (table, columns) in [
            ("scim_requests", &["path", "target", "target_name", "detail", "notes", "request", "response", "search"][..]),
            ("scim_connections", &["target_name", "detail"]),
            ("activity", &["body", "search"]),
            ("members", &["user_name", "document"]),
        ] {
            for column in columns {
                let query = format!("SELECT MAX({column}) FROM {table} WHERE {column} LIKE '%CANARY%'");
                assert_eq!(api.world.db.text(&query).await, None, "{table}.{column}");
            }
        }
        let shape = r#"{"Operations":[{"path":"password","value":"•••"}]}"#;
        assert_eq!(first.request.unwrap(), [shape, "\nValues aren't stored because the request was refused"].concat());
    }

    async fn a_body_that_is_too_large_is_not_stored(db: Db) {
        let api = Api::new(db).await;
        let longest = 1024 * 1024;
        // Without `Content-Length`.
        let spaces = |length: usize| vec![b' '; length];
        assert_eq!(post(&api, "/Nothing", spaces(longest)).await.status, StatusCode::NOT_FOUND);
        let answer = post(&api, "/Nothing", spaces(longest + 1)).await;
        assert_eq!(answer.summary(), "413 The request body exceeds 1048576 bytes");
        let rows = log_rows(&api).await;
        assert_eq!(rows.iter().map(|row| row.status).collect::<Vec<_>>(), [404, 413]);
        assert_eq!(rows[0].request.as_deref(), Some("\n1048576 bytes, not stored: not JSON"));
    }

    async fn a_list_is_logged_with_its_search_value(db: Db) {
        let api = Api::new(db).await;
        api.get("/Users?filter=userName%20eq%20%22bob%40acme.test%22").await;
        api.get("/Users?count=10").await;
        api.get("/Schemas").await;
        let rows = log_rows(&api).await;
        assert_eq!((rows[0].operation.as_str(), rows[0].target_name.as_deref()), ("user_list", Some("bob@acme.test")));
        assert_eq!((rows[1].operation.as_str(), rows[1].target_name.as_deref()), ("user_list", None));
        assert_eq!((rows[2].operation.as_str(), rows[2].answer.as_deref()), ("discovery", None));
    }

    async fn the_client_address_behind_a_proxy_is_logged(db: Db) {
        let api = Api::new(db).await;
        let request = api
            .request(Method::GET, "/Users", &api.key)
            .extension(axum::extract::ConnectInfo(std::net::SocketAddr::from(([192, 0, 2, 7], 1))))
            .header("x-forwarded-for", "198.51.100.1");
        api.send(request).await;
        assert_eq!(only(&api).await.address.as_deref(), Some("192.0.2.7"), "only configured proxies are trusted");
    }
}

/// The client disconnects while the server waits for the database. The request may have been executed anyway.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_without_a_response_is_logged() {
    db::run(Db::postgres().await, async |db| {
        let api = Api::new(db).await;
        let mut other = sqlx::AnyConnection::connect(&api.world.db.url).await.unwrap();
        sqlx::raw_sql("BEGIN; LOCK TABLE members IN ACCESS EXCLUSIVE MODE").execute(&mut other).await.unwrap();
        let response = tokio::time::timeout(Duration::from_millis(500), api.get("/Users")).await;
        assert!(response.is_err(), "{response:?}");
        other.close().await.unwrap();
        let row = only(&api).await;
        assert_eq!((row.operation.as_str(), row.status), ("user_list", 0));
        assert!(row.micros > 100_000);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn requests_are_queued_while_the_database_is_locked() {
    db::run(Db::sqlite().await, async |db| {
        let api = Api::new(db).await;
        let mut other = sqlx::AnyConnection::connect(&api.world.db.url).await.unwrap();
        sqlx::raw_sql("BEGIN IMMEDIATE").execute(&mut other).await.unwrap();
        api.get("/Users").await;
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let writing = tokio::spawn(request_log::run(api.state.recorder.clone(), api.state.store.clone(), async {
            let _ = stopped.await;
        }));
        // Longer than the engine waits for a lock.
        tokio::time::sleep(Duration::from_millis(5_500)).await;
        sqlx::raw_sql("ROLLBACK").execute(&mut other).await.unwrap();
        api.get("/Groups").await;
        drop(stop);
        writing.await.unwrap();
        assert_eq!(api.world.store().log_requests_count(&api.world.team, 10).await.unwrap(), 2);
    })
    .await;
}

/// A key with this id and another secret. Its form and checksum are valid.
fn forged(id: &str) -> String {
    const ALPHABET: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let number = id.chars().fold(0, |number: u128, digit| number * 62 + ALPHABET.find(digit).unwrap() as u128);
    let bytes: [u8; 9] = number.to_be_bytes()[7..].try_into().unwrap();
    let (same, key) = domain::key::format(bytes, [7; 32]);
    assert_eq!(same.as_str(), id);
    key
}
