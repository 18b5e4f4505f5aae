//! The accept loop, and the task of each connection.

use super::{
    ConnectionLimits, Reserved,
    io::Timed,
    table::{ConnectionSlot, Table},
    unread,
};
use axum::{
    Router,
    body::Body,
    extract::{ConnectInfo, Request},
    http::{HeaderValue, Response, header},
};
use hyper::{body::Incoming, server::conn::http1::Builder, service::service_fn};
use hyper_util::rt::TokioIo;
use std::{
    convert::Infallible,
    fmt,
    io::{self, ErrorKind},
    net::{IpAddr, SocketAddr},
    pin::pin,
    sync::Arc,
    time::Duration,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::watch,
    time::{Instant, sleep},
};
use tower::Service as _;

/// The pause after there was no descriptor for a connection.
const PAUSE: Duration = Duration::from_millis(100);
/// The time between two warnings about rejected connections.
const NOTICE: Duration = Duration::from_secs(10);

/// The state that all connections share.
struct Shared {
    app: Router,
    limits: ConnectionLimits,
    builder: Builder,
}

/// Serves until `stop` completes. Then it accepts no new connection, completes the current requests, and returns. The
/// addresses of `proxies` have no share of the connections.
pub async fn serve(
    listener: TcpListener,
    app: Router,
    limits: ConnectionLimits,
    proxies: &[IpAddr],
    stop: impl Future<Output = ()>,
) {
    let table = Table::new(&limits, proxies);
    let mut builder = Builder::new();
    builder.max_header_size(limits.header_bytes);
    let shared = Arc::new(Shared { app, limits, builder });
    let stopping = watch::Sender::new(false);
    let (open, is_open) = watch::channel(());
    let mut notices = RejectionLog::default();
    let mut stop = pin!(stop);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut stop => break,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                handle_failure(&error, &table, &mut notices).await;
                continue;
            }
        };
        let Some(place) = table.admit(peer.ip()) else {
            notices.log_rejected(peer.ip());
            continue;
        };
        if place.is_reserved {
            notices.log_reserved(peer.ip());
        }
        // Responses are small and written at once, so Nagle's algorithm would only delay them.
        let _ = stream.set_nodelay(true);
        let (shared, stopping, is_open) = (shared.clone(), stopping.subscribe(), is_open.clone());
        tokio::spawn(async move {
            run(stream, peer, &place, &shared, stopping).await;
            drop((place, is_open));
        });
    }
    drop((listener, is_open));
    stopping.send_replace(true);
    open.closed().await;
}

/// Serves one connection until it ends.
async fn run(
    stream: TcpStream,
    peer: SocketAddr,
    place: &ConnectionSlot,
    shared: &Shared,
    mut stopping: watch::Receiver<bool>,
) {
    let stream = TokioIo::new(Timed::new(stream, place.phase.clone(), shared.limits.timeouts));
    let service = service_fn(|request| answer(request, peer, place, shared));
    let mut connection = pin!(if place.is_reserved {
        shared.builder.clone().keep_alive(false).serve_connection(stream, service)
    } else {
        shared.builder.serve_connection(stream, service)
    });
    let mut is_stopping = false;
    loop {
        tokio::select! {
            ended = connection.as_mut() => {
                if let Err(error) = ended {
                    tracing::debug!(%error, "a connection failed");
                }
                return;
            }
            closed = place.phase.changed() => {
                if closed {
                    return;
                }
            }
            _ = stopping.wait_for(|stopping| *stopping), if !is_stopping => {
                is_stopping = true;
                connection.as_mut().graceful_shutdown();
            }
        }
    }
}

/// The connection was closed to make room just before its request arrived.
#[derive(Debug)]
struct Closed;

impl fmt::Display for Closed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("closed to make room")
    }
}

impl std::error::Error for Closed {}

async fn answer(
    request: Request<Incoming>,
    peer: SocketAddr,
    place: &ConnectionSlot,
    shared: &Shared,
) -> Result<Response<unread::DrainedResponse>, Closed> {
    let in_request = place.phase.begin().ok_or(Closed)?;
    let limits = &shared.limits;
    let expects = request.headers().contains_key(header::EXPECT);
    let (parts, body) = request.into_parts();
    let (body, slot) = unread::lend(Body::new(body), limits.timeouts.body);
    let mut request = Request::from_parts(parts, body);
    request.extensions_mut().insert(ConnectInfo(peer));
    if place.is_reserved {
        request.extensions_mut().insert(Reserved);
    }
    let result: Result<_, Infallible> = shared.app.clone().call(request).await;
    let mut answer = result.unwrap_or_else(|never| match never {});
    if let Some(slot) = &slot {
        slot.add_close_header(answer.headers_mut(), expects);
    }
    let closes =
        answer.headers().get(header::CONNECTION).is_some_and(|value| value == HeaderValue::from_static("close"));
    Ok(answer
        .map(|body| unread::DrainedResponse::new(body, in_request, slot, closes || place.is_reserved, limits.drain)))
}

/// Handles a failed accept: the client disconnected, or there is no descriptor. In the second case, the oldest idle
/// connection is closed to free one, and a pause keeps the loop from spinning.
async fn handle_failure(error: &io::Error, table: &Table, notices: &mut RejectionLog) {
    if matches!(error.kind(), ErrorKind::ConnectionRefused | ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset)
    {
        return;
    }
    notices.log_failed(error);
    table.make_room();
    sleep(PAUSE).await;
}

/// Log lines about rejected connections. They are rare, because a client that causes them could fill the log.
#[derive(Debug, Default)]
struct RejectionLog {
    last: Option<Instant>,
}

impl RejectionLog {
    fn is_due(&mut self) -> bool {
        let due = self.last.is_none_or(|last| last.elapsed() >= NOTICE);
        if due {
            self.last = Some(Instant::now());
        }
        due
    }

    fn log_reserved(&mut self, address: IpAddr) {
        metrics::counter!("rollcall_http_connections_over_limit_total", "outcome" => "reserved").increment(1);
        if self.is_due() {
            tracing::warn!(%address, "the limit of connections is reached: further ones only serve health checks and sign-ins");
        }
    }

    fn log_rejected(&mut self, address: IpAddr) {
        metrics::counter!("rollcall_http_connections_over_limit_total", "outcome" => "closed").increment(1);
        if self.is_due() {
            tracing::warn!(%address, "the limit of connections is reached: further ones are closed");
        }
    }

    fn log_failed(&mut self, error: &io::Error) {
        metrics::counter!("rollcall_http_accept_errors_total").increment(1);
        if self.is_due() {
            tracing::error!(%error, "could not accept a connection");
        }
    }
}
