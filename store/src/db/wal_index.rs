//! The progress of checkpoints, as SQLite records it in the index of its write-ahead log, the file `-shm`.
//!
//! Every program that makes a checkpoint writes there before it writes into the database's file. Copying other content
//! into that file does not change it. The format is described in <https://sqlite.org/walformat.html>, section 2.

use crate::db::server_lock::beside;
use std::{fs::File, io, mem::ManuallyDrop, os::unix::fs::FileExt as _, path::Path};

/// The bytes from the header's salts to the last required number.
const FIRST: u64 = 32;
const LENGTH: usize = 100;

pub(crate) struct WalIndex {
    /// Never closed. Closing any descriptor of a file releases all POSIX locks that the process has on it, including
    /// SQLite's.
    file: ManuallyDrop<File>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CheckpointProgress {
    /// The identity of the log: two numbers that change when it starts anew.
    salts: [u8; 8],
    /// The number of the log's frames that the last checkpoint started to copy.
    started: u32,
    /// The number of copied frames.
    copied: u32,
}

impl WalIndex {
    /// Opens the index of the database in this file. A connection must hold it open, so that it is not deleted and
    /// created anew.
    pub(crate) fn open(database: &Path) -> io::Result<Self> {
        Ok(Self { file: ManuallyDrop::new(File::open(beside(database, "-shm"))?) })
    }

    pub(crate) fn progress(&self) -> io::Result<CheckpointProgress> {
        let mut bytes = [0; LENGTH];
        self.file.read_exact_at(&mut bytes, FIRST)?;
        // Numbers have the byte order of the machine.
        let [s0, s1, s2, s3, s4, s5, s6, s7, .., b0, b1, b2, b3] = bytes;
        let mut copied = [0; 4];
        self.file.read_exact_at(&mut copied, 96)?;
        Ok(CheckpointProgress {
            salts: [s0, s1, s2, s3, s4, s5, s6, s7],
            started: u32::from_ne_bytes([b0, b1, b2, b3]),
            copied: u32::from_ne_bytes(copied),
        })
    }
}

impl CheckpointProgress {
    /// Is a checkpoint running, or was one interrupted?
    pub(crate) fn is_under_way(&self) -> bool {
        self.started != self.copied
    }
}
