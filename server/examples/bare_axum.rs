//! The yardstick of `make bench` for the SCIM API: one axum handler that responds with a small fixed JSON, on the address in
//! the first argument.
#![allow(missing_docs, clippy::expect_used, clippy::print_stdout)]

use axum::{Router, http::header::CONTENT_TYPE, routing::get};

const ANSWER: &str =
    r#"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"id":"1","userName":"ada@acme.test"}"#;

#[tokio::main]
async fn main() {
    let addr = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:0".into());
    let app = Router::new().route("/", get(async || ([(CONTENT_TYPE, "application/scim+json")], ANSWER)));
    let listener = tokio::net::TcpListener::bind(&addr).await.expect("a free address");
    println!("listening on http://{}", listener.local_addr().expect("an address"));
    axum::serve(listener, app).await.expect("the server runs");
}
