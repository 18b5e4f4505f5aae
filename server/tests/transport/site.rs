//! A listener with limits, and clients that send given bytes.

use crate::{app::TestApp, db::Db};
use axum::{Router, routing::get};
use server::connections::{self, ConnectionLimits, Drain, Timeouts};
use std::{net::SocketAddr, time::Duration};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpSocket, TcpStream},
    sync::oneshot,
    task::JoinHandle,
    time::timeout,
};

/// Nothing here takes this long, unless it never ends.
pub(crate) const NEVER: Duration = Duration::from_secs(60);
/// The timeout that a test reaches.
pub(crate) const SOON: Duration = Duration::from_millis(50);

pub(crate) struct Site {
    addr: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    serving: JoinHandle<()>,
}

/// Limits that no test reaches.
pub(crate) fn wide() -> ConnectionLimits {
    ConnectionLimits {
        connections: 1_000,
        per_address: 1_000,
        reserved: 8,
        reserved_per_address: 8,
        timeouts: Timeouts { header: NEVER, idle: NEVER, body: NEVER, write: NEVER },
        drain: Drain { bytes: 4 * 1024 * 1024, idle: NEVER, total: NEVER },
        ..ConnectionLimits::few()
    }
}

pub(crate) fn with(set: impl FnOnce(&mut Timeouts)) -> ConnectionLimits {
    let mut limits = wide();
    set(&mut limits.timeouts);
    limits
}

impl Site {
    pub(crate) async fn of(app: Router, limits: ConnectionLimits) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let serving = tokio::spawn(async move {
            connections::serve(listener, app, limits, &[], async { drop(stopped.await) }).await;
        });
        Self { addr, stop: Some(stop), serving }
    }

    pub(crate) async fn open(&self) -> Client {
        Client(TcpStream::connect(self.addr).await.unwrap())
    }

    /// Connects from another address of this machine.
    pub(crate) async fn open_from(&self, address: &str) -> Client {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind(format!("{address}:0").parse().unwrap()).unwrap();
        Client(socket.connect(self.addr).await.unwrap())
    }

    /// Waits until every connection has ended.
    pub(crate) async fn wait_until_stopped(mut self) {
        drop(self.stop.take());
        timeout(NEVER, self.serving).await.expect("it stops").unwrap();
    }
}

/// A client that sends given bytes.
pub(crate) struct Client(pub(crate) TcpStream);

/// A response, up to the end of its body.
pub(crate) struct RawResponse {
    pub(crate) head: String,
    pub(crate) body: String,
}

impl RawResponse {
    pub(crate) fn status(&self) -> u16 {
        self.head.split(' ').nth(1).unwrap().parse().unwrap()
    }

    pub(crate) fn closes(&self) -> bool {
        self.head.to_ascii_lowercase().contains("\r\nconnection: close")
    }
}

impl Client {
    pub(crate) async fn send(&mut self, text: &str) {
        self.0.write_all(text.as_bytes()).await.unwrap();
    }

    /// Reads one response, and no byte more.
    pub(crate) async fn answer(&mut self) -> RawResponse {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(timeout(NEVER, self.0.read_u8()).await.expect("an answer").expect("a whole answer"));
        }
        let head = String::from_utf8(head).unwrap();
        let length = head.to_ascii_lowercase();
        let length = length
            .split("content-length: ")
            .nth(1)
            .map_or(0, |rest| rest.split("\r\n").next().unwrap().parse().unwrap());
        let mut body = vec![0; length];
        timeout(NEVER, self.0.read_exact(&mut body)).await.expect("a body").expect("a whole body");
        RawResponse { head, body: String::from_utf8(body).unwrap() }
    }

    pub(crate) async fn request(&mut self, request: &str) -> RawResponse {
        self.send(request).await;
        self.answer().await
    }

    /// Waits for the end of the connection. Returns the bytes before it.
    pub(crate) async fn read_to_end(&mut self) -> Vec<u8> {
        let mut rest = Vec::new();
        // A reset also ends the connection.
        let _ = timeout(NEVER, self.0.read_to_end(&mut rest)).await.expect("the connection is closed");
        rest
    }
}

pub(crate) const HEALTH: &str = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n";
pub(crate) const HALF: &str = "GET /healthz HTTP/1.1\r\nHost: x\r\nX-Rest:";
/// A handler that reads a form completely.
pub(crate) const BUSY: &str = "POST /sign-in HTTP/1.1\r\nHost: x\r\nSec-Fetch-Site: same-origin\r\nExpect: 100-continue\r\n\
                    Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 50\r\n\r\n";

/// The whole program. Its database exists as long as this value.
pub(crate) async fn rollcall() -> TestApp {
    TestApp::on(Db::sqlite().await).await
}

pub(crate) fn healthy() -> Router {
    Router::new().route("/healthz", get(async || "ok\n"))
}

pub(crate) fn scim(more: &str) -> String {
    format!("POST /scim/v2/Users HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer rc_scim_wrong\r\n{more}\r\n\r\n")
}
