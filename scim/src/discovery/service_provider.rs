//! `/ServiceProviderConfig` (RFC 7643, section 5; RFC 9865, section 4).

use super::Meta;
use crate::Paging;
use serde::Serialize;

const SCHEMA: &str = "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig";

/// The optional parts of the protocol that the server supports. The default has none.
#[derive(Clone, Copy, Debug, Default)]
pub struct Features {
    /// PATCH.
    pub patch: bool,
    /// Upper bounds of the operations and bytes of a bulk request; `None`: no bulk requests.
    pub bulk: Option<(u64, u64)>,
    /// The `filter` parameter.
    pub filter: bool,
    /// Changes of passwords.
    pub change_password: bool,
    /// The `sortBy` parameter.
    pub sort: bool,
    /// Versions of resources.
    pub etag: bool,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ServiceProviderConfig {
    schemas: [&'static str; 1],
    patch: Supported,
    bulk: Bulk,
    filter: Filter,
    change_password: Supported,
    sort: Supported,
    etag: Supported,
    pagination: Pagination,
    authentication_schemes: [AuthenticationScheme; 1],
    meta: Meta,
}

/// The supported kinds of pagination. Pagination by index is always supported.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Pagination {
    cursor: bool,
    index: bool,
    default_pagination_method: &'static str,
    default_page_size: u64,
    max_page_size: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    cursor_timeout: Option<u64>,
}

#[derive(Debug, Serialize)]
struct Supported {
    supported: bool,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Bulk {
    supported: bool,
    max_operations: u64,
    max_payload_size: u64,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Filter {
    supported: bool,
    max_results: u64,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct AuthenticationScheme {
    #[serde(rename = "type")]
    kind: &'static str,
    name: &'static str,
    description: &'static str,
    spec_uri: &'static str,
    primary: bool,
}

/// The supported optional parts of the protocol, and the authentication scheme. Pagination is by index and by cursor
/// (RFC 9865). `timeout` is the lifetime of a cursor between two requests in seconds. `None` is unlimited, as for the
/// cursors of [`Fingerprint::cursor`](crate::Fingerprint::cursor).
pub fn service_provider_config(base: &str, features: Features, timeout: Option<u64>) -> impl Serialize + use<> {
    let Features { patch, bulk, filter, change_password, sort, etag } = features;
    let (max_operations, max_payload_size) = bulk.unwrap_or_default();
    ServiceProviderConfig {
        schemas: [SCHEMA],
        patch: Supported { supported: patch },
        bulk: Bulk { supported: bulk.is_some(), max_operations, max_payload_size },
        filter: Filter { supported: filter, max_results: Paging::MAX_COUNT },
        change_password: Supported { supported: change_password },
        sort: Supported { supported: sort },
        etag: Supported { supported: etag },
        pagination: Pagination {
            cursor: true,
            index: true,
            default_pagination_method: "index",
            default_page_size: Paging::DEFAULT_COUNT,
            max_page_size: Paging::MAX_COUNT,
            cursor_timeout: timeout,
        },
        authentication_schemes: [AuthenticationScheme {
            kind: "oauthbearertoken",
            name: "SCIM API key",
            description: "A SCIM API key of the team, sent as a bearer token.",
            spec_uri: "https://www.rfc-editor.org/info/rfc6750",
            primary: true,
        }],
        meta: Meta { resource_type: "ServiceProviderConfig", location: format!("{base}/ServiceProviderConfig") },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_read_only_server_has_no_features() {
        let config = service_provider_config("https://example.com/scim/v2", Features::default(), None);
        insta::assert_snapshot!(serde_json::to_string_pretty(&config).unwrap(), @r#"
        {
          "schemas": [
            "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"
          ],
          "patch": {
            "supported": false
          },
          "bulk": {
            "supported": false,
            "maxOperations": 0,
            "maxPayloadSize": 0
          },
          "filter": {
            "supported": false,
            "maxResults": 200
          },
          "changePassword": {
            "supported": false
          },
          "sort": {
            "supported": false
          },
          "etag": {
            "supported": false
          },
          "pagination": {
            "cursor": true,
            "index": true,
            "defaultPaginationMethod": "index",
            "defaultPageSize": 100,
            "maxPageSize": 200
          },
          "authenticationSchemes": [
            {
              "type": "oauthbearertoken",
              "name": "SCIM API key",
              "description": "A SCIM API key of the team, sent as a bearer token.",
              "specUri": "https://www.rfc-editor.org/info/rfc6750",
              "primary": true
            }
          ],
          "meta": {
            "resourceType": "ServiceProviderConfig",
            "location": "https://example.com/scim/v2/ServiceProviderConfig"
          }
        }
        "#);
    }

    #[test]
    fn a_server_that_pages_by_cursor() {
        let config = service_provider_config("", Features::default(), None);
        assert_eq!(
            serde_json::to_value(config).unwrap()["pagination"],
            serde_json::json!({"cursor":true,"index":true,"defaultPaginationMethod":"index","defaultPageSize":100,"maxPageSize":200})
        );
        let config = service_provider_config("", Features::default(), Some(3600));
        assert_eq!(serde_json::to_value(config).unwrap()["pagination"]["cursorTimeout"], 3600);
    }

    #[test]
    fn a_server_with_every_feature() {
        let all =
            Features { patch: true, bulk: Some((7, 8)), filter: true, change_password: true, sort: true, etag: true };
        let config = serde_json::to_value(service_provider_config("", all, None)).unwrap();
        for feature in ["patch", "bulk", "filter", "changePassword", "sort", "etag"] {
            assert_eq!(config[feature]["supported"], true, "{feature}");
        }
        assert_eq!(config["bulk"]["maxOperations"], 7);
        assert_eq!(config["bulk"]["maxPayloadSize"], 8);
    }
}
