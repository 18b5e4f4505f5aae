//! Discovery documents, and whether they match the behavior.

use crate::{
    api::{Answer, Api, BASE, ENTERPRISE, GROUP, USER, patch_of},
    db::{Db, on_both_engines},
};
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

/// Every resource of a list must also exist by itself, at its own address.
async fn each_by_itself(api: &Api, list: &Answer) {
    for resource in list.json["Resources"].as_array().unwrap() {
        let path = resource["meta"]["location"].as_str().unwrap().strip_prefix(BASE).unwrap();
        assert_eq!(api.get(path).await.json, *resource);
    }
}

on_both_engines! {
    async fn service_provider_config_is_complete(db: Db) {
        let api = Api::new(db).await;
        let config = api.get("/ServiceProviderConfig").await;
        assert_eq!(config.status, StatusCode::OK);
        assert_eq!(config.json["meta"]["location"], format!("{BASE}/ServiceProviderConfig"));
        assert_eq!(config.json["authenticationSchemes"][0]["type"], "oauthbearertoken");
    }

    async fn service_provider_config_matches_the_behavior(db: Db) {
        let api = Api::new(db).await;
        let config = api.get("/ServiceProviderConfig").await.json;
        let user = format!("/Users/{}", api.world.ada);
        let works =
            async |method: Method, path: &str, body: Value| api.call(method, path, &body).await.status.is_success();
        let patch = patch_of(json!([{"op": "replace", "path": "title", "value": "Countess"}]));
        assert_eq!(config["patch"]["supported"], works(Method::PATCH, &user, patch).await);
        let bulk = json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
            "Operations": [{"method": "DELETE", "path": "/Users/018f0000-0000-7000-8000-000000000000"}],
        });
        assert_eq!(config["bulk"]["supported"], works(Method::POST, "/Bulk", bulk).await);
        let filtered = api.find("/Users", r#"userName eq "nobody""#).await;
        assert_eq!(config["filter"]["supported"], filtered.counts() == [0, 1, 0]);
        let sorted = api.get("/Users?sortBy=userName&sortOrder=descending").await;
        assert_eq!(config["sort"]["supported"], sorted.status.is_success());
        let user = api.get(&user).await;
        assert_eq!(config["etag"]["supported"], !user.json["meta"]["version"].is_null());
    }

    async fn resource_types_are_listed(db: Db) {
        let api = Api::new(db).await;
        let list = api.get("/ResourceTypes").await;
        assert_eq!(list.counts(), [2, 1, 2]);
        assert_eq!(list.each("id"), ["User", "Group"]);
        assert_eq!(list.each("schema"), [USER, GROUP]);
        each_by_itself(&api, &list).await;
        for endpoint in list.each("endpoint") {
            assert_eq!(api.get(&endpoint).await.status, StatusCode::OK);
        }
        assert_eq!(api.get("/ResourceTypes/Device").await.summary(), "404 Resource Device not found");
    }

    async fn schemas_are_listed(db: Db) {
        let api = Api::new(db).await;
        let list = api.get("/Schemas").await;
        assert_eq!(list.counts(), [3, 1, 3]);
        assert_eq!(list.each("id"), [USER, GROUP, ENTERPRISE]);
        each_by_itself(&api, &list).await;
        let same = api.get("/Schemas/URN%3Aietf:params:scim:schemas:core:2.0:user").await;
        assert_eq!(same.json["id"], USER);
        assert_eq!(api.get("/Schemas/urn:x").await.summary(), "404 Resource urn:x not found");
    }

    /// RFC 7644, section 4: paging and sorting are ignored, filters are rejected.
    async fn query_parameters_are_ignored_and_filters_rejected(db: Db) {
        let api = Api::new(db).await;
        for path in ["/ServiceProviderConfig", "/ResourceTypes", "/Schemas", "/Schemas/urn:x", "/ResourceTypes/User"] {
            let filtered = api.get(&format!("{path}?filter=id%20eq%20%22User%22")).await;
            assert_eq!(filtered.summary(), "403 This endpoint doesn't support filtering");
        }
        let list = api.get("/Schemas").await;
        assert_eq!(api.get("/Schemas?startIndex=2&count=0&sortBy=id&aadOptscim062020").await.body, list.body);
    }
}
