//! Signals that end a command, for those that tidy up first.

use super::Refusal;
use tokio::signal::unix::{Signal, SignalKind, signal};

/// What ends programs: Ctrl+C, service managers, a terminal that closes.
pub(super) struct Signals([Signal; 3]);

impl Signals {
    /// From now on these signals no longer end the program by themselves.
    pub(super) fn listen() -> Result<Self, Refusal> {
        let listen = |kind| signal(kind).map_err(|error| Refusal::new(format!("signals cannot be caught: {error}")));
        Ok(Self([listen(SignalKind::interrupt())?, listen(SignalKind::terminate())?, listen(SignalKind::hangup())?]))
    }

    pub(super) async fn received(&mut self) {
        let [interrupt, terminate, hangup] = &mut self.0;
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
            _ = hangup.recv() => {}
        }
    }
}
