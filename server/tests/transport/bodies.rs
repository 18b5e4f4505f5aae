//! Responses reach clients that are still sending. Bodies arrive in time or are given up.

use crate::{
    app::TestApp,
    db::Db,
    site::{HEALTH, SOON, Site, rollcall, scim, wide, with},
};
use axum::{Router, body::Bytes, routing::post};
use tokio::io::AsyncWriteExt as _;

#[tokio::test]
async fn an_early_response_is_sent_and_the_body_is_drained() {
    let app = rollcall().await;
    let site = Site::of(app.router.clone(), wide()).await;
    let form = "Content-Type: application/x-www-form-urlencoded\r\nSec-Fetch-Site: same-origin";
    let cases = [
        (scim("Content-Length: 1048576"), 401),
        (scim("Content-Length: 1048576\r\nContent-Encoding: gzip"), 401),
        (format!("POST /sign-in HTTP/1.1\r\nHost: x\r\n{form}\r\nContent-Length: 1048576\r\n\r\n"), 413),
        (
            format!(
                "POST /sign-in HTTP/1.1\r\nHost: x\r\n{form}\r\nContent-Encoding: gzip\r\nContent-Length: 1048576\r\n\r\n"
            ),
            415,
        ),
        ("POST /nothing HTTP/1.1\r\nHost: x\r\nContent-Length: 1048576\r\n\r\n".to_owned(), 404),
        ("POST /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 1048576\r\n\r\n".to_owned(), 405),
    ];
    for (head, status) in cases {
        let mut client = site.open().await;
        client.send(&head).await;
        let answer = client.answer().await;
        assert_eq!(answer.status(), status, "{head}{}", answer.body);
        assert!(answer.closes(), "{head}{}", answer.head);
        // A client that reads to the end does not wait for the unsent rest of its body.
        assert_eq!(client.read_to_end().await, b"", "{head}");
        for _ in 0..16 {
            client.0.write_all(&[b'x'; 64 * 1024]).await.expect("nothing is reset");
        }
    }
}

#[tokio::test]
async fn a_client_that_sends_everything_first_gets_the_response() {
    let app = rollcall().await;
    let site = Site::of(app.router.clone(), wide()).await;
    for (length, body) in
        [("Content-Length: 1048576", "x".repeat(1024 * 1024)), ("Content-Length: 5", "[[[[[".to_owned())]
    {
        let mut client = site.open().await;
        client.send(&scim(length)).await;
        client.send(&body).await;
        assert_eq!(client.answer().await.status(), 401);
    }
    let mut client = site.open().await;
    client.send(&scim("Transfer-Encoding: chunked")).await;
    for _ in 0..16 {
        client.send(&format!("10000\r\n{}\r\n", "x".repeat(0x1_0000))).await;
    }
    client.send("0\r\n\r\n").await;
    assert_eq!(client.answer().await.status(), 401);
}

#[tokio::test]
async fn an_unread_small_body_keeps_the_connection() {
    let app = rollcall().await;
    let site = Site::of(app.router.clone(), with(|timeouts| timeouts.idle = SOON * 20)).await;
    let mut client = site.open().await;
    for _ in 0..3 {
        client.send(&scim("Content-Length: 10")).await;
        let answer = client.answer().await;
        assert!(answer.status() == 401 && !answer.closes(), "{}", answer.head);
        client.send("{\"a\":\"bc\"}").await;
    }
    assert_eq!(client.request(HEALTH).await.status(), 200);
    client.send(&scim("Content-Length: 10")).await;
    client.answer().await;
    client.send("{\"a\":\"bc\"}").await;
    assert_eq!(client.read_to_end().await, b"", "and the time for idle connections counts afterwards");
}

#[tokio::test]
async fn a_client_that_expects_100_continue_gets_only_the_response() {
    let app = rollcall().await;
    let site = Site::of(app.router.clone(), wide()).await;
    let mut client = site.open().await;
    let answer = client.request(&scim("Expect: 100-continue\r\nContent-Length: 10")).await;
    assert!(answer.status() == 401 && answer.closes(), "{}", answer.head);
    assert_eq!(client.read_to_end().await, b"");
}

#[tokio::test]
async fn an_endless_body_is_given_up() {
    let mut limits = wide();
    limits.drain.bytes = 1024 * 1024;
    let app = rollcall().await;
    let site = Site::of(app.router.clone(), limits).await;
    let mut client = site.open().await;
    assert_eq!(client.request(&scim("Transfer-Encoding: chunked")).await.status(), 401);
    let chunk = format!("10000\r\n{}\r\n", "x".repeat(0x1_0000));
    let mut bytes_sent = 0;
    while client.0.write_all(chunk.as_bytes()).await.is_ok() {
        bytes_sent += 1;
        assert!(bytes_sent < 1_000, "64 MiB are read");
    }
    // A body that stops in the middle is given up too.
    limits.drain.idle = SOON;
    let app = rollcall().await;
    let site = Site::of(app.router.clone(), limits).await;
    let mut client = site.open().await;
    assert_eq!(client.request(&scim("Content-Length: 1000")).await.status(), 401);
    assert_eq!(client.read_to_end().await, b"");
    site.wait_until_stopped().await;
}

#[tokio::test]
async fn a_slow_body_gets_a_response() {
    let app = TestApp::on(Db::sqlite().await).await;
    let key = app.key("Okta").await;
    let site = Site::of(app.router, with(|timeouts| timeouts.body = SOON)).await;
    for (head, words) in [
        (format!("POST /scim/v2/Users HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key}"), "The request body took too long to arrive"),
        ("POST /sign-in HTTP/1.1\r\nHost: x\r\nSec-Fetch-Site: same-origin\r\nAccept: text/html\r\nContent-Type: application/x-www-form-urlencoded".to_owned(), "The request took too long"),
    ] {
        let mut client = site.open().await;
        let answer = client.request(&format!("{head}\r\nContent-Length: 100\r\n\r\n{{\"userName\"")).await;
        assert!(answer.status() == 408 && answer.body.contains(words), "{}{}", answer.head, answer.body);
        assert!(answer.closes(), "{}", answer.head);
    }
}

#[tokio::test]
async fn a_body_is_read_completely() {
    let echo = async |body: Bytes| body;
    let app = Router::new().route("/", post(echo)).layer(axum::extract::DefaultBodyLimit::disable());
    let site = Site::of(app, wide()).await;
    let mut client = site.open().await;
    for size in [0, 1, 100, 3_000_000] {
        let body = "y".repeat(size);
        client.send(&format!("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: {size}\r\n\r\n{body}")).await;
        assert_eq!(client.answer().await.body, body);
    }
}
