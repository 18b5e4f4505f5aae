//! Signals that end a command after it has cleaned up, and one that must not end the server.

use super::CliError;
use tokio::signal::unix::{Signal, SignalKind, signal};

/// The signals that end programs: Ctrl+C, service managers, a terminal that closes.
pub(super) struct Signals([Signal; 3]);

impl Signals {
    /// From now on, these signals no longer end the program by themselves.
    pub(super) fn listen() -> Result<Self, CliError> {
        let listen =
            |kind| signal(kind).map_err(|error| CliError::new(format!("can't install signal handlers: {error}")));
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

/// SIGXFSZ on Linux (x86-64 and ARM), macOS and the BSDs.
const FILE_SIZE_EXCEEDED: i32 = 25;

/// From now on, a write beyond the file size limit (`ulimit -f`) fails like a write to a full disk. By default, the system ends
/// the program instead.
pub(super) fn survive_file_size_limit() -> Result<(), CliError> {
    // The handler stays when the stream is dropped.
    signal(SignalKind::from_raw(FILE_SIZE_EXCEEDED))
        .map(drop)
        .map_err(|error| CliError::new(format!("can't install signal handlers: {error}")))
}
