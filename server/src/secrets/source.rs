//! Where the server secret comes from: the environment, or a file that only the operator can read.

use super::{SecretError, hex, random, unhex};
use percent_encoding::percent_decode_str;
use secrecy::{ExposeSecret as _, SecretString};
use std::{
    fs::{File, OpenOptions},
    io::{self, Read as _, Write as _},
    os::unix::fs::{MetadataExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
};
use zeroize::Zeroizing;

/// The name of the file, beside the database.
const FILE_NAME: &str = "rollcall.secret";
/// Upper bound of the bytes that are read, which is more than a secret file can have.
const FILE_MAX: u64 = 1024;

#[derive(Clone, Debug)]
pub enum SecretSource {
    /// 64 hexadecimal digits, from the environment.
    Environment(SecretString),
    /// A file with 64 hexadecimal digits, mode 0600. The first start creates it.
    File(PathBuf),
}

impl SecretSource {
    /// The default: `rollcall.secret` beside the SQLite database's file, or in the working directory for PostgreSQL and for
    /// databases in memory.
    pub fn beside(database_url: &str) -> Self {
        let folder = sqlite_file(database_url).and_then(|file| file.parent().map(Path::to_owned));
        SecretSource::File(folder.unwrap_or_default().join(FILE_NAME))
    }

    /// Reads the secret. Creates the file if it is missing and `may_create`. Also returns the source in words for the operator.
    pub(super) fn read(&self, may_create: bool) -> Result<(Zeroizing<[u8; 32]>, String), SecretError> {
        match self {
            SecretSource::Environment(text) => {
                let origin = "ROLLCALL_SECRET".to_owned();
                match parse(text.expose_secret()) {
                    Some(bytes) => Ok((bytes, origin)),
                    None => Err(SecretError::Malformed { origin }),
                }
            }
            SecretSource::File(path) => {
                let origin = path.display().to_string();
                let file = match File::open(path) {
                    Err(error) if error.kind() == io::ErrorKind::NotFound && may_create => {
                        create(path).map_err(|error| SecretError::Io {
                            path: path.clone(),
                            doing: "created",
                            error,
                        })?;
                        File::open(path)
                    }
                    Err(error) if error.kind() == io::ErrorKind::NotFound => {
                        return Err(SecretError::Missing { path: path.clone() });
                    }
                    opened => opened,
                };
                let failed = |error| SecretError::Io { path: path.clone(), doing: "read", error };
                let file = file.map_err(failed)?;
                let mode = file.metadata().map_err(failed)?.mode() & 0o777;
                if mode & 0o077 != 0 {
                    return Err(SecretError::Exposed { path: path.clone(), mode });
                }
                let mut text = Zeroizing::new(String::new());
                file.take(FILE_MAX).read_to_string(&mut text).map_err(failed)?;
                match parse(&text) {
                    Some(bytes) => Ok((bytes, origin)),
                    None => Err(SecretError::Malformed { origin }),
                }
            }
        }
    }
}

fn parse(text: &str) -> Option<Zeroizing<[u8; 32]>> {
    let bytes = Zeroizing::new(unhex(text.trim())?);
    <[u8; 32]>::try_from(bytes.as_slice()).ok().map(Zeroizing::new)
}

/// Creates the file with a new secret, unless another process just did. The second process keeps the first one's file. The name
/// is linked to a file that is already written and synced, so that no process reads half a secret.
fn create(path: &Path) -> io::Result<()> {
    let mut draft = path.as_os_str().to_owned();
    draft.push(format!(".{}", hex(&random::<8>())));
    let draft = PathBuf::from(draft);
    let result = write_new(&draft).and_then(|()| match std::fs::hard_link(&draft, path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        linked => linked,
    });
    let removed = std::fs::remove_file(&draft);
    result.and(removed)
}

fn write_new(path: &Path) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    let text = Zeroizing::new(format!("{}\n", hex(&*Zeroizing::new(random::<32>()))));
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

/// The file that a database URL names. `None` for PostgreSQL and for databases in memory.
pub fn sqlite_file(database_url: &str) -> Option<PathBuf> {
    let rest = database_url.strip_prefix("sqlite:")?;
    let file = rest.strip_prefix("//").unwrap_or(rest).split('?').next()?;
    (!file.is_empty() && !file.starts_with(':'))
        .then(|| percent_decode_str(file).decode_utf8_lossy().into_owned().into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    fn file(source: SecretSource) -> PathBuf {
        match source {
            SecretSource::File(path) => path,
            SecretSource::Environment(_) => panic!("a file"),
        }
    }

    #[test]
    fn the_file_is_beside_the_database() {
        for (url, path) in [
            ("sqlite://rollcall.db", "rollcall.secret"),
            ("sqlite:rollcall.db", "rollcall.secret"),
            ("sqlite:///var/lib/rollcall/data.db?mode=rwc", "/var/lib/rollcall/rollcall.secret"),
            ("sqlite://data/100%25%20a.db", "data/rollcall.secret"),
            ("sqlite:///a%20b/x.db", "/a b/rollcall.secret"),
            ("sqlite::memory:", "rollcall.secret"),
            ("sqlite://:memory:", "rollcall.secret"),
            ("postgres://user@host/a/b", "rollcall.secret"),
        ] {
            assert_eq!(file(SecretSource::beside(url)), PathBuf::from(path), "{url}");
        }
    }

    #[test]
    fn the_file_is_created_once_with_mode_0600() {
        let folder = tempfile::tempdir().unwrap();
        let source = SecretSource::File(folder.path().join(FILE_NAME));
        assert!(matches!(source.read(false), Err(SecretError::Missing { .. })));
        let (first, _) = source.read(true).unwrap();
        let (second, _) = source.read(true).unwrap();
        assert_eq!(*first, *second);
        let names: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(names, [FILE_NAME]);
        let mode = std::fs::metadata(folder.path().join(FILE_NAME)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn simultaneous_starts_create_one_secret() {
        let folder = tempfile::tempdir().unwrap();
        let source = SecretSource::File(folder.path().join(FILE_NAME));
        let secrets: Vec<_> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(|| source.read(true).unwrap().0)).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert!(secrets.iter().all(|secret| **secret == *secrets[0]));
    }

    #[test]
    fn a_file_that_others_can_read_is_rejected() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE_NAME);
        let source = SecretSource::File(path.clone());
        source.read(true).unwrap();
        for mode in [0o640, 0o604, 0o660, 0o601] {
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
            assert!(matches!(source.read(true), Err(SecretError::Exposed { .. })), "{mode:o}");
        }
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o400)).unwrap();
        assert!(source.read(true).is_ok());
    }

    #[test]
    fn only_64_digits_are_a_secret() {
        let good = "00ff".repeat(16);
        assert!(SecretSource::Environment(good.clone().into()).read(false).is_ok());
        assert!(SecretSource::Environment(format!("{good}\n").into()).read(false).is_ok());
        for bad in ["", "00", &good[1..], &format!("{good}00"), &good.replace('f', "g"), "+f".repeat(32).as_str()] {
            let result = SecretSource::Environment((*bad).into()).read(false);
            let error = result.err().map(|error| error.to_string()).unwrap_or_default();
            assert_eq!(error, "the server secret (ROLLCALL_SECRET) isn't 64 hexadecimal digits", "{bad}");
        }
    }
}
