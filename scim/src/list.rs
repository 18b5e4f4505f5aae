//! The answer to a query (RFC 7644, section 3.4.2).

use crate::Paging;
use serde::Serialize;

/// The URI that marks a message as a list.
pub const SCHEMA: &str = "urn:ietf:params:scim:api:messages:2.0:ListResponse";

/// One page of what a query found.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ListResponse<T> {
    schemas: [&'static str; 1],
    total_results: u64,
    start_index: u64,
    items_per_page: usize,
    #[serde(rename = "Resources")]
    resources: Vec<T>,
}

impl<T> ListResponse<T> {
    /// The page that `paging` asked for. `total` counts everything that the query found, `resources` is what stands on
    /// this page: `itemsPerPage` is its real length, not the count that was asked for (clients page by it).
    pub fn page(paging: Paging, total: u64, resources: Vec<T>) -> Self {
        Self {
            schemas: [SCHEMA],
            total_results: total,
            start_index: paging.start_index,
            items_per_page: resources.len(),
            resources,
        }
    }

    /// Everything there is, on one page.
    pub fn all(resources: Vec<T>) -> Self {
        Self::page(Paging::default(), resources.len() as u64, resources)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_per_page_is_the_real_count() {
        let page = ListResponse::page(Paging { start_index: 3, count: 100 }, 4, vec!["c", "d"]);
        insta::assert_snapshot!(serde_json::to_string_pretty(&page).unwrap(), @r#"
        {
          "schemas": [
            "urn:ietf:params:scim:api:messages:2.0:ListResponse"
          ],
          "totalResults": 4,
          "startIndex": 3,
          "itemsPerPage": 2,
          "Resources": [
            "c",
            "d"
          ]
        }
        "#);
    }

    #[test]
    fn an_empty_page_has_an_empty_list() {
        let page = ListResponse::<()>::page(Paging { start_index: 101, count: 100 }, 2, vec![]);
        assert_eq!(
            serde_json::to_string(&page).unwrap(),
            r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":2,"startIndex":101,"itemsPerPage":0,"Resources":[]}"#
        );
    }
}
