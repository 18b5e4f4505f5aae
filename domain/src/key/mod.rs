//! SCIM API keys: format, names and lifetimes.
//!
//! `rc_scim_<id:12><_><secret:43><crc:6>`, all base62. With the checksum, a server refuses a mistyped key without a
//! query, and a secret scanner recognizes a real key. For scanners: [`PATTERN`].

mod format;
mod life;
mod redact;

pub use format::{PATTERN, PREFIX, format, parse, tail};
pub use life::{Expiry, Overlap};
pub use redact::redact;

use crate::{
    DAY, HOUR, MINUTE, UnixMs,
    validation::{field_error::FieldError, text},
};
use serde::{Deserialize, Serialize};

/// Upper bound of a team's usable keys. A rolled key in its overlap does not count.
pub const MAX_USABLE: usize = 5;
/// The page warns of a key's expiry this long before.
pub const WARN_BEFORE: UnixMs = 30 * DAY;

/// The lifetime of a self-test's key, if nothing revokes it first. It is slightly longer than the longest test.
pub const SELF_TEST_LIFE: UnixMs = 5 * MINUTE;

const TWO_DAYS: UnixMs = 2 * DAY;

/// A key's public id: 12 base62 characters.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct KeyId(String);

impl KeyId {
    /// Wraps an id of the database or of a request.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for KeyId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// Checks a key's name: 1 to 64 visible characters, unique among the team's usable keys (ignoring case).
///
/// # Errors
/// Those of [`text::name`], and [`FieldError::KeyNameTaken`].
pub fn name<'a>(typed: &str, usable: impl IntoIterator<Item = &'a str>) -> Result<String, FieldError> {
    let name = text::name(typed, "a name")?;
    let folded = text::fold(&name);
    if usable.into_iter().any(|other| text::fold(other) == folded) {
        return Err(FieldError::KeyNameTaken);
    }
    Ok(name)
}

crate::names! {
    /// The purpose of a key. The names are in the database.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    pub enum Purpose {
        /// A key of an identity provider.
        #[default]
        Provider = "provider",
        /// A key of a self-test. It is not listed, does not count towards the limit, and expires within minutes.
        SelfTest = "self_test",
    }
}

/// The name of a self-test's key in the log. `mark` is the suffix of the names of the test's people.
pub fn self_test_name(mark: u32) -> String {
    format!("Self-test {mark:08x}")
}

/// A key in a list. Of its secret it contains the last four characters only. The whole key is another type, which
/// exists on the server only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScimKey {
    /// Its public id.
    pub id: KeyId,
    /// Its name.
    pub name: String,
    /// The last four characters, which identify the key in lists.
    pub tail: String,
    /// The author; `None` if the operator created the key on the command line.
    pub created_by: Option<String>,
    /// The time of creation.
    pub created_at: UnixMs,
    /// The time of expiry.
    pub expires_at: Option<UnixMs>,
    /// The time of revocation.
    pub revoked_at: Option<UnixMs>,
    /// The time of the last request.
    pub last_used_at: Option<UnixMs>,
    /// The key that replaced this one in a roll.
    pub replaced_by: Option<KeyId>,
}

/// The status of a key at a point in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyStatus {
    /// The key works.
    Active,
    /// The key works and expires within 30 days.
    Expiring {
        /// The time of expiry.
        at: UnixMs,
    },
    /// The key was rolled and works until the overlap ends.
    HandingOver {
        /// The end of the overlap.
        until: UnixMs,
    },
    /// The key expired, or its overlap after a roll ended.
    Expired {
        /// The time of expiry.
        at: UnixMs,
    },
    /// The key was revoked.
    Revoked {
        /// The time of revocation.
        at: UnixMs,
    },
}

impl KeyStatus {
    /// Does the key grant access to the API?
    pub const fn is_usable(self) -> bool {
        matches!(self, KeyStatus::Active | KeyStatus::Expiring { .. } | KeyStatus::HandingOver { .. })
    }

    /// Does the key count towards [`MAX_USABLE`]?
    pub const fn counts(self) -> bool {
        matches!(self, KeyStatus::Active | KeyStatus::Expiring { .. })
    }

    /// The warning about a key that stops working soon: "Expires in 12 days", "Expires in 23 hours".
    pub fn warning(self, now: UnixMs) -> Option<String> {
        let (KeyStatus::Expiring { at } | KeyStatus::HandingOver { until: at }) = self else {
            return None;
        };
        let remaining = at.saturating_sub(now);
        Some(match remaining {
            ..MINUTE => "Expires in less than a minute".to_owned(),
            MINUTE..HOUR => format!("Expires in {} min", remaining / MINUTE),
            // Up to two days the text has hours, so that "1 day" never means nearly two.
            HOUR..TWO_DAYS => match remaining / HOUR {
                1 => "Expires in 1 hour".to_owned(),
                hours => format!("Expires in {hours} hours"),
            },
            _ => format!("Expires in {} days", remaining / DAY),
        })
    }
}

impl ScimKey {
    /// The status at `now`. The key stops working in the millisecond of its end. A revocation takes precedence over an
    /// expiry, because it tells more.
    pub fn status(&self, now: UnixMs) -> KeyStatus {
        match (self.revoked_at, self.expires_at) {
            (Some(at), _) => KeyStatus::Revoked { at },
            (None, Some(at)) if at <= now => KeyStatus::Expired { at },
            (None, Some(until)) if self.replaced_by.is_some() => KeyStatus::HandingOver { until },
            (None, Some(at)) if at.saturating_sub(now) <= WARN_BEFORE => KeyStatus::Expiring { at },
            (None, _) => KeyStatus::Active,
        }
    }

    /// The key's form everywhere except in the dialog that shows it once: `rc_scim_…x7Qd`.
    pub fn hint(&self) -> String {
        format!("{PREFIX}…{}", self.tail)
    }
}
