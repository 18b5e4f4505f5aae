//! What the commands read: stdin and files, with limits.

use super::CliError;
use secrecy::SecretString;
use std::{
    fs::File,
    io::{self, Read},
    path::Path,
};
use zeroize::Zeroize as _;

/// More than any secret has, in bytes.
const SECRET_MAX: u64 = 4096;

/// The first line of stdin, for a secret that must not stand in the list of processes. `what` names it.
pub(super) fn secret_from_stdin(what: &str) -> Result<SecretString, CliError> {
    let mut text = read(io::stdin().lock(), SECRET_MAX, what)?;
    let line = SecretString::from(text.lines().next().unwrap_or_default());
    text.zeroize();
    Ok(line)
}

/// A whole file of at most `max` bytes; `-` is stdin.
pub(super) fn file(path: &Path, max: usize) -> Result<String, CliError> {
    let max = u64::try_from(max).unwrap_or(u64::MAX);
    if path == Path::new("-") {
        return read(io::stdin().lock(), max, "stdin");
    }
    let name = path.display().to_string();
    let file = File::open(path).map_err(|error| CliError::new(format!("can't read {name}: {error}")))?;
    read(file, max, &name)
}

fn read(from: impl Read, max: u64, what: &str) -> Result<String, CliError> {
    let mut bytes = Vec::new();
    let read = from.take(max.saturating_add(1)).read_to_end(&mut bytes);
    read.map_err(|error| CliError::new(format!("can't read {what}: {error}")))?;
    if bytes.len() as u64 > max {
        return Err(CliError::new(format!("{what} is larger than {max} bytes")));
    }
    String::from_utf8(bytes).map_err(|_| CliError::new(format!("{what} isn't valid UTF-8")))
}
