//! The inputs of commands: stdin and files, with limits.

use super::CliError;
use secrecy::SecretString;
use std::{
    fs::File,
    io::{self, Read},
    path::Path,
};
use zeroize::Zeroize as _;

/// Longer than any secret, in bytes.
const SECRET_MAX: u64 = 4096;

/// The first line of stdin, for a secret that must not be in the list of processes. `name` is its name in errors.
pub(super) fn secret_from_stdin(name: &str) -> Result<SecretString, CliError> {
    let mut text = read_text(io::stdin().lock(), SECRET_MAX, name)?;
    let line = SecretString::from(text.lines().next().unwrap_or_default());
    text.zeroize();
    Ok(line)
}

/// The text of a file of at most `max` bytes. `-` is stdin.
pub(super) fn file(path: &Path, max: usize) -> Result<String, CliError> {
    let max = u64::try_from(max).unwrap_or(u64::MAX);
    if path == Path::new("-") {
        return read_text(io::stdin().lock(), max, "stdin");
    }
    let name = path.display().to_string();
    let file = File::open(path).map_err(|error| CliError::new(format!("can't read {name}: {error}")))?;
    read_text(file, max, &name)
}

fn read_text(from: impl Read, max: u64, name: &str) -> Result<String, CliError> {
    let mut bytes = Vec::new();
    let result = from.take(max.saturating_add(1)).read_to_end(&mut bytes);
    result.map_err(|error| CliError::new(format!("can't read {name}: {error}")))?;
    if bytes.len() as u64 > max {
        return Err(CliError::new(format!("{name} is larger than {max} bytes")));
    }
    String::from_utf8(bytes).map_err(|_| CliError::new(format!("{name} isn't valid UTF-8")))
}
