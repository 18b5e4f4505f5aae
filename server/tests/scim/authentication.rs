//! Authentication: every endpoint with every kind of key.

use crate::{
    api::{Answer, Api},
    db::{Db, on_both_engines},
};
use axum::http::{Method, Request, StatusCode, header};
use domain::{
    DAY, HOUR,
    key::{Expiry, Overlap},
    plan::Plan,
};

/// Every endpoint, and one that does not exist.
const ENDPOINTS: [&str; 11] = [
    "",
    "/ServiceProviderConfig",
    "/ResourceTypes",
    "/ResourceTypes/User",
    "/Schemas",
    "/Schemas/urn:ietf:params:scim:schemas:core:2.0:User",
    "/Users",
    "/Users/018f0000-0000-7000-8000-000000000000",
    "/Groups",
    "/Groups/018f0000-0000-7000-8000-000000000000",
    "/Nothing",
];

/// The response to `key`, which must be the same at every endpoint.
async fn everywhere(api: &Api, key: &str) -> Answer {
    let first = api.get_with(ENDPOINTS[0], key).await;
    for path in ENDPOINTS {
        let answer = api.get_with(path, key).await;
        assert_eq!(answer.body, first.body, "{path}");
        assert_eq!(answer.header(header::WWW_AUTHENTICATE), first.header(header::WWW_AUTHENTICATE), "{path}");
    }
    first
}

on_both_engines! {
    async fn a_valid_key_is_accepted_at_every_endpoint(db: Db) {
        let api = Api::new(db).await;
        for path in ENDPOINTS {
            let expected = match path {
                "/Nothing" => StatusCode::NOT_FOUND,
                path if path.contains("018f") => StatusCode::NOT_FOUND,
                _ => StatusCode::OK,
            };
            assert_eq!(api.get(path).await.status, expected, "{path}");
        }
    }

    async fn a_request_without_a_key_is_unauthorized(db: Db) {
        let api = Api::new(db).await;
        for path in ENDPOINTS {
            for method in [Method::GET, Method::POST, Method::DELETE] {
                let answer = api.send(Request::builder().method(method).uri(format!("/scim/v2{path}"))).await;
                assert_eq!(answer.summary(), "401 Missing SCIM API key. Send it in the header Authorization: Bearer rc_scim_…");
                assert_eq!(answer.header(header::WWW_AUTHENTICATE), r#"Bearer realm="SCIM""#);
            }
        }
    }

    async fn malformed_unknown_and_wrong_keys_get_the_same_response(db: Db) {
        let api = Api::new(db).await;
        let unknown = api.world.secrets.new_key().1.expose().to_owned();
        let mut bad_crc = api.key.clone();
        let last = bad_crc.pop().unwrap();
        bad_crc.push(if last == '0' { '1' } else { '0' });
        let truncated_key = &api.key[..api.key.len() - 1];
        let lower = api.key.to_lowercase();
        let id = &api.key[8..20];
        let first = everywhere(&api, &unknown).await;
        assert_eq!(first.summary(), "401 Invalid SCIM API key");
        assert_eq!(first.header(header::WWW_AUTHENTICATE), r#"Bearer realm="SCIM", error="invalid_token""#);
        for garbage in [&bad_crc, truncated_key, &lower, id, "x", "rc_scim_", "' OR 1=1 --", &"a".repeat(60_000)] {
            assert_eq!(everywhere(&api, garbage).await.body, first.body, "{garbage}");
        }
        // The right id with another secret.
        let hash = api.world.secrets.key_hash(&unknown);
        api.world.db.sql(&format!("UPDATE scim_keys SET hash = '{hash}' WHERE id = '{id}'")).await;
        assert_eq!(everywhere(&api, &api.key).await.body, first.body);
    }

    async fn malformed_keys_are_rejected_without_a_query(db: Db) {
        let api = Api::new(db).await;
        api.world.store().close().await;
        let swapped = api.key.replace("rc_scim_", "rc_scim-");
        let mut bad_crc = api.key.clone();
        let last = bad_crc.pop().unwrap();
        bad_crc.push(if last == '0' { '1' } else { '0' });
        for key in [swapped, bad_crc] {
            assert_eq!(api.get_with("/Users", &key).await.summary(), "401 Invalid SCIM API key");
        }
        let answer = api.get("/Users").await;
        assert_eq!(answer.summary(), "503 The database isn't available. Retry in a moment");
        assert_eq!(answer.header(header::RETRY_AFTER), "5");
    }

    async fn the_scheme_is_case_insensitive(db: Db) {
        let api = Api::new(db).await;
        let send = |value: String| {
            api.send(Request::builder().uri("/scim/v2/Users").header(header::AUTHORIZATION, value))
        };
        for scheme in ["Bearer", "bearer", "BEARER"] {
            assert_eq!(send(format!("{scheme}  {} ", api.key)).await.status, StatusCode::OK);
        }
        for value in [api.key.clone(), format!("Basic {}", api.key), format!("Token {}", api.key), "Bearer".into()] {
            assert_eq!(send(value).await.status, StatusCode::UNAUTHORIZED);
        }
        let twice = api.request(Method::GET, "/Users", &api.key).header(header::AUTHORIZATION, "Bearer x");
        assert_eq!(api.send(twice).await.status, StatusCode::UNAUTHORIZED);
    }

    async fn keys_outside_of_the_header_are_ignored(db: Db) {
        let api = Api::new(db).await;
        let uri = format!("/scim/v2/Users?access_token={0}&token={0}", api.key);
        let request = Request::builder().uri(uri).header(header::COOKIE, format!("rollcall={}", api.key));
        assert_eq!(api.send(request).await.status, StatusCode::UNAUTHORIZED);
    }

    async fn revoked_keys_are_rejected(db: Db) {
        let api = Api::new(db).await;
        let key = api.world.keys().await.remove(0);
        api.world.operator().key_revoke("acme", &key.id, "").await.unwrap();
        let answer = everywhere(&api, &api.key).await;
        assert_eq!(answer.summary(), "401 This SCIM API key was revoked on 2026-06-01 00:00 UTC");
        assert_eq!(answer.header(header::WWW_AUTHENTICATE), r#"Bearer realm="SCIM", error="invalid_token""#);
    }

    async fn expired_keys_are_rejected(db: Db) {
        let api = Api::new(db).await;
        let short = api.world.operator().key_generate("acme", "Short", Expiry::Days90).await.unwrap();
        api.world.pass(90 * DAY - 1);
        assert_eq!(api.get_with("/Users", short.key.expose()).await.status, StatusCode::OK);
        api.world.pass(1);
        let answer = everywhere(&api, short.key.expose()).await;
        assert_eq!(answer.summary(), "401 This SCIM API key expired on 2026-08-30 00:00 UTC");
        assert_eq!(api.get("/Users").await.status, StatusCode::OK, "the other key");
    }

    async fn replaced_keys_are_rejected_after_the_overlap(db: Db) {
        let api = Api::new(db).await;
        let old = api.world.keys().await.remove(0);
        let new = api.world.operator().key_roll("acme", &old.id, Overlap::Hour).await.unwrap();
        api.world.pass(HOUR - 1);
        for key in [api.key.as_str(), new.key.expose()] {
            assert_eq!(api.get_with("/Users", key).await.status, StatusCode::OK);
        }
        api.world.pass(1);
        assert_eq!(
            everywhere(&api, &api.key).await.summary(),
            "401 This SCIM API key was replaced by a new one and stopped working on 2026-06-01 01:00 UTC"
        );
        assert_eq!(api.get_with("/Users", new.key.expose()).await.status, StatusCode::OK);
    }

    async fn provisioning_can_be_turned_off_and_on(db: Db) {
        let api = Api::new(db).await;
        api.world.operator().scim_turn_off("acme", "").await.unwrap();
        let answer = everywhere(&api, &api.key).await;
        assert_eq!(
            answer.summary(),
            "403 SCIM provisioning is off for this team. An Admin can turn it on in Team settings > Authentication"
        );
        let unknown = api.world.secrets.new_key().1;
        assert_eq!(api.get_with("/Users", unknown.expose()).await.status, StatusCode::UNAUTHORIZED);
        api.world.operator().scim_turn_on("acme").await.unwrap();
        assert_eq!(api.get("/Users").await.status, StatusCode::OK, "the same key");
    }

    async fn a_lower_plan_rejects_requests(db: Db) {
        let api = Api::new(db).await;
        api.world.operator().team_set_plan("acme", Plan::Professional).await.unwrap();
        assert_eq!(
            everywhere(&api, &api.key).await.summary(),
            "403 SCIM provisioning is part of the Enterprise plan. This team is on Professional"
        );
        api.world.operator().team_set_plan("acme", Plan::Enterprise).await.unwrap();
        assert_eq!(api.get("/Users").await.status, StatusCode::OK);
    }

    async fn the_state_of_the_key_is_checked_before_that_of_the_team(db: Db) {
        let api = Api::new(db).await;
        let key = api.world.keys().await.remove(0);
        api.world.operator().key_revoke("acme", &key.id, "").await.unwrap();
        api.world.operator().scim_turn_off("acme", "").await.unwrap();
        api.world.operator().team_set_plan("acme", Plan::Free).await.unwrap();
        assert_eq!(api.get("/Users").await.status, StatusCode::UNAUTHORIZED);
    }
}
