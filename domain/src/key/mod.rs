//! SCIM API keys: their format, their names, how long they work.
//!
//! `rc_scim_<id:12><_><secret:43><crc:6>`, all base62. The checksum lets a server refuse a mistyped key without asking
//! its database, and a secret scanner tell a key from a look-alike. For scanners: [`PATTERN`].

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

/// The most usable keys a team may have; a key that was rolled and lives out its overlap does not count.
pub const MAX_USABLE: usize = 5;
/// The page warns this long before a key expires.
pub const WARN_BEFORE: UnixMs = 30 * DAY;

/// So long the key of a self-test works, should no one stop it: longer than any test takes, and not by much.
pub const SELF_TEST_LIFE: UnixMs = 5 * MINUTE;

const TWO_DAYS: UnixMs = 2 * DAY;

/// A key's public id: 12 base62 characters.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct KeyId(String);

impl KeyId {
    /// Wraps an id as it stands in the database or in a request.
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

/// A key's name: 1 to 64 visible characters, unlike the names of the team's usable keys (without regard to case).
///
/// # Errors
/// What [`text::name`] says, or [`FieldError::KeyNameTaken`].
pub fn name<'a>(typed: &str, usable: impl IntoIterator<Item = &'a str>) -> Result<String, FieldError> {
    let name = text::name(typed, "a name")?;
    let folded = text::fold(&name);
    if usable.into_iter().any(|other| text::fold(other) == folded) {
        return Err(FieldError::KeyNameTaken);
    }
    Ok(name)
}

/// What a key is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// An identity provider's.
    #[default]
    Provider,
    /// A self-test's: neither listed nor counted, and over within minutes.
    SelfTest,
}

impl Purpose {
    /// The stable name in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Purpose::Provider => "provider",
            Purpose::SelfTest => "self_test",
        }
    }

    /// By its stable name.
    pub fn parse(name: &str) -> Option<Self> {
        [Purpose::Provider, Purpose::SelfTest].into_iter().find(|purpose| purpose.name() == name)
    }
}

/// The name under which the log knows the key of a self-test. `mark` is what the names of its people end with.
pub fn self_test_name(mark: u32) -> String {
    format!("Self-test {mark:08x}")
}

/// A key as it is listed: nothing of its secret but the last four characters. The one that is shown once is another
/// type, and lives on the server only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScimKey {
    /// Its public id.
    pub id: KeyId,
    /// Its name.
    pub name: String,
    /// The last four characters, to tell keys apart.
    pub tail: String,
    /// Who made it; `None` when the operator did, on the command line.
    pub created_by: Option<String>,
    /// When it was made.
    pub created_at: UnixMs,
    /// When it stops working by itself.
    pub expires_at: Option<UnixMs>,
    /// When it was revoked.
    pub revoked_at: Option<UnixMs>,
    /// When it was last used.
    pub last_used_at: Option<UnixMs>,
    /// The key that took its place when it was rolled.
    pub replaced_by: Option<KeyId>,
}

/// What a key is, at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyStatus {
    /// Works.
    Active,
    /// Works, and expires within 30 days.
    Expiring {
        /// When.
        at: UnixMs,
    },
    /// Rolled: works until the overlap ends.
    HandingOver {
        /// When the overlap ends.
        until: UnixMs,
    },
    /// Stopped working by itself (its time was over, or its overlap after a roll).
    Expired {
        /// When.
        at: UnixMs,
    },
    /// Someone stopped it.
    Revoked {
        /// When.
        at: UnixMs,
    },
}

impl KeyStatus {
    /// Does the key open the API (as far as the key is concerned)?
    pub const fn is_usable(self) -> bool {
        matches!(self, KeyStatus::Active | KeyStatus::Expiring { .. } | KeyStatus::HandingOver { .. })
    }

    /// Does the key count towards [`MAX_USABLE`]?
    pub const fn counts(self) -> bool {
        matches!(self, KeyStatus::Active | KeyStatus::Expiring { .. })
    }

    /// What to say about a key that works but soon will not: "Expires in 12 days", "Expires in 23 hours".
    pub fn warning(self, now: UnixMs) -> Option<String> {
        let (KeyStatus::Expiring { at } | KeyStatus::HandingOver { until: at }) = self else {
            return None;
        };
        let left = at.saturating_sub(now);
        Some(match left {
            ..MINUTE => "Expires in less than a minute".to_owned(),
            MINUTE..HOUR => format!("Expires in {} min", left / MINUTE),
            // Up to two days in hours, so that "1 day" never stands for nearly two.
            HOUR..TWO_DAYS => match left / HOUR {
                1 => "Expires in 1 hour".to_owned(),
                hours => format!("Expires in {hours} hours"),
            },
            _ => format!("Expires in {} days", left / DAY),
        })
    }
}

impl ScimKey {
    /// The status at `now`. A key stops working at the very millisecond of its end. What someone did (revoke) says
    /// more than what the clock did (expire).
    pub fn status(&self, now: UnixMs) -> KeyStatus {
        match (self.revoked_at, self.expires_at) {
            (Some(at), _) => KeyStatus::Revoked { at },
            (None, Some(at)) if at <= now => KeyStatus::Expired { at },
            (None, Some(until)) if self.replaced_by.is_some() => KeyStatus::HandingOver { until },
            (None, Some(at)) if at.saturating_sub(now) <= WARN_BEFORE => KeyStatus::Expiring { at },
            (None, _) => KeyStatus::Active,
        }
    }

    /// How the key appears everywhere but in the dialog that shows it once: `rc_scim_…x7Qd`.
    pub fn hint(&self) -> String {
        format!("{PREFIX}…{}", self.tail)
    }
}
