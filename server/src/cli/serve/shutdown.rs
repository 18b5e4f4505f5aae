//! Stopping without breaking off: requests that are being answered finish.

use crate::{cli::Refusal, live::Live};
use axum::{Router, serve::ListenerExt as _};
use std::{future::IntoFuture as _, io, net::SocketAddr, time::Duration};
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
    sync::oneshot,
};

/// How long requests that are being answered may take to finish.
const GRACE: Duration = Duration::from_secs(10);

/// SIGTERM (what service managers send) and SIGINT (Ctrl+C).
pub(super) struct Signal {
    terminate: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
}

impl Signal {
    /// From now on the signals no longer end the program by themselves.
    pub(super) fn listen() -> Result<Self, Refusal> {
        let listen = |kind| signal(kind).map_err(|error| Refusal::new(format!("signals cannot be caught: {error}")));
        Ok(Self { terminate: listen(SignalKind::terminate())?, interrupt: listen(SignalKind::interrupt())? })
    }

    async fn received(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

/// Serves until a signal comes; then takes no new connection, ends the answers that never end by themselves (`live`), and
/// gives the requests that are being answered [`GRACE`] to finish. A second signal ends that early.
pub(super) async fn serve(listener: TcpListener, app: Router, live: &Live, mut signal: Signal) -> io::Result<()> {
    // Answers are small and written at once: waiting for more to send would only delay them.
    let listener = listener.tap_io(|connection| {
        let _ = connection.set_nodelay(true);
    });
    let app = app.into_make_service_with_connect_info::<SocketAddr>();
    let (stop, stopped) = oneshot::channel();
    let serving = axum::serve(listener, app).with_graceful_shutdown(async move {
        // Without a sender there is nothing left to wait for either.
        let _ = stopped.await;
    });
    let serving = serving.into_future();
    let ended = async move {
        signal.received().await;
        tracing::info!("stopping: requests that are being answered may finish");
        let _ = stop.send(());
        live.close();
        tokio::select! {
            () = tokio::time::sleep(GRACE) => tracing::warn!("stopped with requests unanswered"),
            () = signal.received() => tracing::warn!("stopped at once, by a second signal"),
        }
    };
    tokio::select! {
        served = serving => served,
        () = ended => Ok(()),
    }
}
