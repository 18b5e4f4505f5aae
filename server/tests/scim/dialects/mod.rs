//! The requests of identity providers, byte for byte over a socket and in their order, and the properties that the providers
//! check in the responses.

use crate::{
    api::{Api, ENTERPRISE, GROUP, USER, encoded, patch_of},
    db::{Db, on_both_engines},
};
use serde_json::{Value, json};
use std::{
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    time::Duration,
};
use tokio::net::TcpListener;

mod entra;
mod okta;
mod others;

const ERROR: &str = "urn:ietf:params:scim:api:messages:2.0:Error";
const LIST: &str = "urn:ietf:params:scim:api:messages:2.0:ListResponse";

/// A provider that is connected to the server.
#[derive(Clone)]
struct Provider {
    api: Api,
    server: SocketAddr,
    /// The headers of every request, each with its line end.
    headers: &'static str,
    /// The first part of the query of every request.
    flag: &'static str,
    key: String,
}

impl Provider {
    async fn new(db: Db, headers: &'static str, flag: &'static str) -> Self {
        let api = Api::new(db).await;
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let server = listener.local_addr().unwrap();
        let app = api.router().into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        let key = api.key.clone();
        Self { api, server, headers, flag, key }
    }

    async fn get(&self, target: &str) -> Answer {
        self.send("GET", target, None).await
    }

    async fn post(&self, target: &str, body: Value) -> Answer {
        self.send("POST", target, Some(body)).await
    }

    async fn put(&self, target: &str, body: Value) -> Answer {
        self.send("PUT", target, Some(body)).await
    }

    /// PATCH with these operations.
    async fn patch(&self, target: &str, operations: Value) -> Answer {
        self.send("PATCH", target, Some(patch_of(operations))).await
    }

    async fn delete(&self, target: &str) -> Answer {
        self.send("DELETE", target, None).await
    }

    /// GET with a filter.
    async fn find(&self, path: &str, filter: &str) -> Answer {
        self.get(&format!("{path}?filter={}&startIndex=1&count=100", encoded(filter))).await
    }

    async fn send(&self, method: &str, target: &str, body: Option<Value>) -> Answer {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let query = [self.flag, query].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("&");
        let mark = if query.is_empty() { "" } else { "?" };
        let body = body.map(|body| body.to_string()).unwrap_or_default();
        let length = if body.is_empty() { String::new() } else { format!("Content-Length: {}\r\n", body.len()) };
        let request = format!(
            "{method} /scim/v2{path}{mark}{query} HTTP/1.1\r\nHost: rollcall.test\r\nConnection: close\r\n\
             Authorization: Bearer {}\r\n{}{length}\r\n{body}",
            self.key, self.headers
        );
        let server = self.server;
        let answer = tokio::task::spawn_blocking(move || exchange(server, &request)).await.unwrap();
        Answer::read(&answer)
    }
}

/// Sends the bytes, and reads until the server closes the connection.
fn exchange(server: SocketAddr, request: &str) -> String {
    let mut socket = TcpStream::connect(server).unwrap();
    socket.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    socket.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    socket.read_to_end(&mut answer).unwrap();
    String::from_utf8(answer).unwrap()
}

#[derive(Debug)]
struct Answer {
    status: u16,
    json: Value,
}

impl Answer {
    /// Parses a response, and checks the properties of every response: its length, its type, and the form of a list or an error.
    fn read(text: &str) -> Self {
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        let head = head.to_ascii_lowercase();
        let status: u16 = head.strip_prefix("http/1.1 ").unwrap()[..3].parse().unwrap();
        if status == 204 {
            assert_eq!(body, "");
            return Self { status, json: Value::Null };
        }
        assert!(head.contains(&format!("content-length: {}", body.len())), "{head}");
        assert!(head.contains("content-type: application/scim+json"), "{head}");
        let json: Value = serde_json::from_str(body).unwrap();
        no_null(&json);
        if status >= 400 {
            assert_eq!((&json["schemas"], &json["status"]), (&json!([ERROR]), &json!(status.to_string())));
            assert!(json["detail"].as_str().is_some_and(|detail| !detail.is_empty()), "{body}");
        } else if json["schemas"] == json!([LIST]) {
            assert!(["totalResults", "startIndex", "itemsPerPage"].iter().all(|name| json[name].is_u64()), "{body}");
            assert_eq!(json["itemsPerPage"], json["Resources"].as_array().unwrap().len());
        } else if json["meta"].is_object() {
            let location = json["meta"]["location"].as_str().unwrap();
            assert!(location.ends_with(json["id"].as_str().unwrap()), "{body}");
        }
        Self { status, json }
    }

    fn id(&self) -> String {
        self.json["id"].as_str().unwrap_or_else(|| panic!("{self:?}")).to_owned()
    }

    /// `totalResults` and `itemsPerPage` of a list. Its status must be 200.
    fn counts(&self) -> (u64, u64) {
        assert_eq!(self.status, 200, "{self:?}");
        (self.json["totalResults"].as_u64().unwrap(), self.json["itemsPerPage"].as_u64().unwrap())
    }

    fn members(&self) -> Vec<&str> {
        assert_eq!(self.status, 200, "{self:?}");
        let members = self.json["members"].as_array().map_or(&[][..], Vec::as_slice);
        members.iter().map(|member| member["value"].as_str().unwrap()).collect()
    }
}

/// Attributes without a value must be absent, because some clients fail on `null`.
fn no_null(json: &Value) {
    match json {
        Value::Null => panic!("null in an answer"),
        Value::Array(values) => values.iter().for_each(no_null),
        Value::Object(parts) => parts.values().for_each(no_null),
        _ => {}
    }
}
