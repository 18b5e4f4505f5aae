//! Graceful shutdown: requests in progress are completed.

use crate::{
    cli::CliError,
    connections::{self, ConnectionLimits},
    live_updates::LiveUpdates,
};
use axum::Router;
use std::{net::IpAddr, time::Duration};
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
    sync::oneshot,
};

/// Upper bound of the time for requests in progress.
const GRACE: Duration = Duration::from_secs(10);

/// SIGTERM (what service managers send) and SIGINT (Ctrl+C).
pub(super) struct Signal {
    terminate: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
}

impl Signal {
    /// From now on, the signals no longer end the program by themselves.
    pub(super) fn listen() -> Result<Self, CliError> {
        let listen =
            |kind| signal(kind).map_err(|error| CliError::new(format!("can't install signal handlers: {error}")));
        Ok(Self { terminate: listen(SignalKind::terminate())?, interrupt: listen(SignalKind::interrupt())? })
    }

    async fn received(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

/// The listener, the routes and the limits.
pub(super) struct Site<'a> {
    pub(super) listener: TcpListener,
    pub(super) app: Router,
    pub(super) limits: ConnectionLimits,
    pub(super) proxies: &'a [IpAddr],
    pub(super) live: &'a LiveUpdates,
}

/// Serves until a signal arrives. Then it accepts no new connection, ends the streams that never end by themselves (`live`), and
/// gives requests in progress [`GRACE`] to complete. A second signal ends that early.
pub(super) async fn serve(site: Site<'_>, mut signal: Signal) {
    let (stop, stopped) = oneshot::channel::<()>();
    let serving = connections::serve(site.listener, site.app, site.limits, site.proxies, async move {
        // Without a sender, there is nothing left to wait for.
        let _ = stopped.await;
    });
    let shutdown = async move {
        signal.received().await;
        tracing::info!("shutting down: waiting for requests in flight");
        let _ = stop.send(());
        site.live.close();
        tokio::select! {
            () = tokio::time::sleep(GRACE) => tracing::warn!("stopped with requests still in flight"),
            () = signal.received() => tracing::warn!("stopped immediately by a second signal"),
        }
    };
    tokio::select! {
        () = serving => {}
        () = shutdown => {}
    }
}
