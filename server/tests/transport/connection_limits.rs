//! No client can take all connections.

use crate::site::{BUSY, HALF, HEALTH, Site, healthy, rollcall, wide};
use axum::routing::get;
use server::connections::ConnectionLimits;
use std::sync::Arc;
use tokio::sync::Notify;

#[tokio::test]
async fn one_address_has_a_share_and_health_checks_and_sign_in_still_work() {
    let app = rollcall().await;
    let site = Site::of(app.router.clone(), ConnectionLimits { per_address: 2, ..wide() }).await;
    let mut busy = [site.open().await, site.open().await];
    for client in &mut busy {
        client.send(BUSY).await;
        assert!(client.answer().await.head.starts_with("HTTP/1.1 100"), "the request is being answered");
    }
    for (path, accept, status, words) in [
        ("/healthz", "*/*", 200, "ok"),
        ("/readyz", "*/*", 200, "ready"),
        ("/sign-in", "text/html", 200, "Sign in"),
        ("/teams/acme/sign-in", "text/html", 200, "Sign in"),
        ("/teams/acme", "text/html", 503, "Rollcall is busy"),
        ("/api/scim/turn-on", "application/json", 503, "busy"),
        ("/scim/v2/Users", "*/*", 503, "urn:ietf:params:scim:api:messages:2.0:Error"),
    ] {
        let mut client = site.open().await;
        let answer = client.request(&format!("GET {path} HTTP/1.1\r\nHost: x\r\nAccept: {accept}\r\n\r\n")).await;
        assert_eq!(answer.status(), status, "{path}: {}", answer.body);
        assert!(answer.body.contains(words), "{path}: {}", answer.body);
        assert!(answer.closes(), "{path}: {}", answer.head);
        assert_eq!(answer.head.contains("retry-after: 5"), status == 503, "{path}: {}", answer.head);
        client.read_to_end().await;
    }
    let mut other = site.open_from("127.0.0.9").await;
    let page = "GET /teams/acme HTTP/1.1\r\nHost: x\r\n\r\n";
    assert_eq!(other.request(page).await.status(), 303, "another address has its own share");
    // Closing a connection frees its slot.
    drop(busy);
    loop {
        if site.open().await.request(page).await.status() == 303 {
            break;
        }
    }
}

#[tokio::test]
async fn idle_connections_are_closed_for_requests() {
    let limits = ConnectionLimits { connections: 20, per_address: 10, ..wide() };
    let site = Site::of(healthy(), limits).await;
    let mut served = site.open().await;
    assert_eq!(served.request(HEALTH).await.status(), 200);
    let mut half = Vec::new();
    for _ in 0..60 {
        let mut client = site.open().await;
        client.send(HALF).await;
        half.push(client);
    }
    for _ in 0..60 {
        let mut client = site.open_from("127.0.0.9").await;
        client.send(HALF).await;
        half.push(client);
    }
    for address in ["127.0.0.1", "127.0.0.9", "127.0.0.10"] {
        assert_eq!(site.open_from(address).await.request(HEALTH).await.status(), 200, "{address}");
    }
    assert_eq!(served.request(HEALTH).await.status(), 200, "connections that have been served stay longest");
    for client in &mut half[..50] {
        assert_eq!(client.read_to_end().await, b"");
    }
}

#[tokio::test]
async fn a_connection_with_a_response_in_progress_is_never_closed() {
    let go = Arc::new(Notify::new());
    let (begun, wait) = (Arc::new(Notify::new()), go.clone());
    let begin = begun.clone();
    let slow = async move || {
        begin.notify_one();
        wait.notified().await;
        "slow"
    };
    let site = Site::of(healthy().route("/slow", get(slow)), ConnectionLimits { per_address: 2, ..wide() }).await;
    let mut client = site.open().await;
    client.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n").await;
    begun.notified().await;
    for _ in 0..20 {
        assert_eq!(site.open().await.request(HEALTH).await.status(), 200);
    }
    go.notify_one();
    assert_eq!(client.answer().await.body, "slow");
}
