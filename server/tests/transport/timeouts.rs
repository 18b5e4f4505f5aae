//! Connections without progress are closed.

use crate::site::{HALF, HEALTH, NEVER, SOON, Site, healthy, wide, with};
use axum::body::{Body, Bytes};
use axum::routing::get;
use http_body_util::channel::Channel;
use std::{convert::Infallible, sync::Arc};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    sync::Notify,
    time::timeout,
};

#[tokio::test]
async fn a_connection_with_half_sent_headers_is_closed() {
    let site = Site::of(healthy(), with(|timeouts| timeouts.header = SOON)).await;
    for bytes in ["", "G", HALF] {
        let mut client = site.open().await;
        client.send(bytes).await;
        assert_eq!(client.read_to_end().await, b"", "{bytes:?}");
    }
    site.wait_until_stopped().await;
}

#[tokio::test]
async fn occasional_bytes_do_not_extend_the_time_limit() {
    let site = Site::of(healthy(), with(|timeouts| timeouts.header = SOON)).await;
    let mut client = site.open().await;
    client.send(HALF).await;
    // Each wait is shorter than the limit, because the limit counts from the first byte.
    while timeout(SOON / 10, client.0.read_u8()).await.is_err() {
        if client.0.write_all(b"x").await.is_err() {
            break;
        }
    }
    assert_eq!(client.read_to_end().await, b"");
    // Also for the second request of a connection.
    let mut client = site.open().await;
    assert_eq!(client.request(HEALTH).await.status(), 200);
    client.send(HALF).await;
    assert_eq!(client.read_to_end().await, b"");
}

#[tokio::test]
async fn idle_connections_have_more_time_than_headers() {
    let limits = with(|timeouts| (timeouts.header, timeouts.idle) = (SOON, SOON * 20));
    let site = Site::of(healthy(), limits).await;
    let mut idle = site.open().await;
    assert_eq!(idle.request(HEALTH).await.status(), 200);
    // Meanwhile, the time limit for headers has passed on another connection.
    let mut half = site.open().await;
    half.send(HALF).await;
    half.read_to_end().await;
    assert_eq!(idle.request(HEALTH).await.status(), 200);
    assert_eq!(idle.read_to_end().await, b"");
}

#[tokio::test]
async fn headers_have_a_limited_size_and_count() {
    let site = Site::of(healthy(), wide()).await;
    let mut client = site.open().await;
    let long = format!("GET /healthz HTTP/1.1\r\nHost: x\r\nX-Long: {}\r\n\r\n", "x".repeat(100 * 1024));
    // The response may arrive while the request is still being sent.
    let _ = client.0.write_all(long.as_bytes()).await;
    let many = format!("GET /healthz HTTP/1.1\r\nHost: x\r\n{}\r\n", "X-Many: x\r\n".repeat(200));
    assert_eq!(site.open().await.request(&many).await.status(), 431);
    let end = client.read_to_end().await;
    assert!(end.is_empty() || end.starts_with(b"HTTP/1.1 431"), "{}", String::from_utf8_lossy(&end));
    let fits = format!("GET /healthz HTTP/1.1\r\nHost: x\r\nX-Long: {}\r\n\r\n", "x".repeat(60 * 1024));
    assert_eq!(site.open().await.request(&fits).await.status(), 200);
}

#[tokio::test]
async fn an_unread_response_is_given_up() {
    let dropped = Arc::new(Notify::new());
    let notify = dropped.clone();
    let endless = async move || {
        let (mut sender, body) = Channel::<Bytes, Infallible>::new(1);
        let notify = notify.clone();
        tokio::spawn(async move {
            while sender.send_data(Bytes::from(vec![b'x'; 64 * 1024])).await.is_ok() {}
            notify.notify_one();
        });
        Body::new(body)
    };
    let app = healthy().route("/endless", get(endless));
    let site = Site::of(app, with(|timeouts| timeouts.write = SOON)).await;
    let mut client = site.open().await;
    client.send("GET /endless HTTP/1.1\r\nHost: x\r\n\r\n").await;
    timeout(NEVER, dropped.notified()).await.expect("the answer is dropped");
    site.wait_until_stopped().await;
    drop(client);
}

#[tokio::test]
async fn pipelined_requests_are_served_in_order() {
    let site = Site::of(healthy(), with(|timeouts| timeouts.idle = SOON * 4)).await;
    let mut client = site.open().await;
    client.send(&HEALTH.repeat(50)).await;
    for _ in 0..50 {
        assert_eq!(client.answer().await.body, "ok\n");
    }
    assert_eq!(client.read_to_end().await, b"");
    site.wait_until_stopped().await;
}
