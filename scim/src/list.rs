//! The response to a query (RFC 7644, section 3.4.2; RFC 9865, section 2).

use crate::{
    Paging,
    resource::{JsonWriter, Write},
};
use serde::Serialize;

/// The URI that marks a message as a list.
pub const SCHEMA: &str = "urn:ietf:params:scim:api:messages:2.0:ListResponse";

/// One page of a query's result.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ListResponse<T> {
    schemas: [&'static str; 1],
    total_results: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    start_index: Option<u64>,
    items_per_page: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    previous_cursor: Option<String>,
    #[serde(rename = "Resources")]
    resources: Vec<T>,
}

impl<T> ListResponse<T> {
    /// The page of an index. `total` counts every match of the query. `itemsPerPage` is the number of `resources` and
    /// not the requested count, because clients page by it.
    pub fn page(paging: Paging, total: u64, resources: Vec<T>) -> Self {
        Self {
            schemas: [SCHEMA],
            total_results: total,
            start_index: Some(paging.start_index),
            items_per_page: resources.len(),
            next_cursor: None,
            previous_cursor: None,
            resources,
        }
    }

    /// The page of a cursor. `next` and `previous` are the cursors of the adjacent pages.
    pub fn cursor_page(total: u64, resources: Vec<T>, next: Option<String>, previous: Option<String>) -> Self {
        Self {
            schemas: [SCHEMA],
            total_results: total,
            start_index: None,
            items_per_page: resources.len(),
            next_cursor: next,
            previous_cursor: previous,
            resources,
        }
    }

    /// A list with all resources on one page.
    pub fn all(resources: Vec<T>) -> Self {
        Self::page(Paging::default(), resources.len() as u64, resources)
    }
}

impl<T: Write> Write for ListResponse<T> {
    fn write(&self, json: &mut JsonWriter) {
        json.raw(r#"{"schemas":"#).value(&self.schemas);
        json.raw(r#","totalResults":"#).value(&self.total_results);
        if let Some(index) = &self.start_index {
            json.raw(r#","startIndex":"#).value(index);
        }
        json.raw(r#","itemsPerPage":"#).value(&self.items_per_page);
        for (name, cursor) in
            [(r#","nextCursor":"#, &self.next_cursor), (r#","previousCursor":"#, &self.previous_cursor)]
        {
            if let Some(cursor) = cursor {
                json.raw(name).value(cursor);
            }
        }
        json.raw(r#","Resources":["#);
        for (index, resource) in self.resources.iter().enumerate() {
            json.raw(if index == 0 { "" } else { "," });
            resource.write(json);
            json.cut();
        }
        json.raw("]}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_per_page_is_the_actual_count() {
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
    fn a_page_by_cursor_leads_to_the_next() {
        let page = ListResponse::cursor_page(3, vec!["a", "b"], Some("djE6".into()), None);
        assert_eq!(
            serde_json::to_string(&page).unwrap(),
            r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":3,"itemsPerPage":2,"nextCursor":"djE6","Resources":["a","b"]}"#
        );
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
