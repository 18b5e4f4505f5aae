//! The lifetimes of keys.

use crate::{DAY, HOUR, UnixMs, validation::field_error::FieldError};
use serde::{Deserialize, Serialize};

/// The lifetime of a new key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Expiry {
    /// 90 days.
    #[serde(rename = "90")]
    Days90,
    /// 180 days.
    #[serde(rename = "180")]
    Days180,
    /// 365 days.
    #[default]
    #[serde(rename = "365")]
    Days365,
    /// For ever.
    #[serde(rename = "never")]
    Never,
}

impl Expiry {
    /// Every choice, in the order of the form.
    pub const ALL: [Expiry; 4] = [Expiry::Days90, Expiry::Days180, Expiry::Days365, Expiry::Never];

    /// The value in the form.
    pub const fn value(self) -> &'static str {
        match self {
            Expiry::Days90 => "90",
            Expiry::Days180 => "180",
            Expiry::Days365 => "365",
            Expiry::Never => "never",
        }
    }

    /// The label in the form.
    pub const fn label(self) -> &'static str {
        match self {
            Expiry::Days90 => "In 90 days",
            Expiry::Days180 => "In 180 days",
            Expiry::Days365 => "In 365 days",
            Expiry::Never => "Never",
        }
    }

    /// Parses the form's value.
    ///
    /// # Errors
    /// [`FieldError::NotAnOption`].
    pub fn parse(value: &str) -> Result<Self, FieldError> {
        Expiry::ALL.into_iter().find(|expiry| expiry.value() == value).ok_or(FieldError::NotAnOption)
    }

    /// The lifetime. `None` is unlimited.
    pub const fn length(self) -> Option<UnixMs> {
        match self {
            Expiry::Days90 => Some(90 * DAY),
            Expiry::Days180 => Some(180 * DAY),
            Expiry::Days365 => Some(365 * DAY),
            Expiry::Never => None,
        }
    }

    /// The end of a key that is created at `now`. `None` is never.
    pub const fn ends(self, now: UnixMs) -> Option<UnixMs> {
        match self.length() {
            Some(length) => Some(now.saturating_add(length)),
            None => None,
        }
    }
}

/// The time that the old key keeps working after a roll.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Overlap {
    /// Not at all.
    #[serde(rename = "now")]
    None,
    /// 1 hour.
    #[serde(rename = "1h")]
    Hour,
    /// 24 hours.
    #[default]
    #[serde(rename = "24h")]
    Day,
    /// 3 days.
    #[serde(rename = "3d")]
    Days3,
    /// 7 days.
    #[serde(rename = "7d")]
    Days7,
}

impl Overlap {
    /// Every choice, the shortest first.
    pub const ALL: [Overlap; 5] = [Overlap::None, Overlap::Hour, Overlap::Day, Overlap::Days3, Overlap::Days7];

    /// The value in the form.
    pub const fn value(self) -> &'static str {
        match self {
            Overlap::None => "now",
            Overlap::Hour => "1h",
            Overlap::Day => "24h",
            Overlap::Days3 => "3d",
            Overlap::Days7 => "7d",
        }
    }

    /// The label in the form, after "The old key stops working".
    pub const fn label(self) -> &'static str {
        match self {
            Overlap::None => "Immediately",
            Overlap::Hour => "In 1 hour",
            Overlap::Day => "In 24 hours",
            Overlap::Days3 => "In 3 days",
            Overlap::Days7 => "In 7 days",
        }
    }

    /// Parses the form's value.
    ///
    /// # Errors
    /// [`FieldError::NotAnOption`].
    pub fn parse(value: &str) -> Result<Self, FieldError> {
        Overlap::ALL.into_iter().find(|overlap| overlap.value() == value).ok_or(FieldError::NotAnOption)
    }

    /// The duration.
    pub const fn length(self) -> UnixMs {
        match self {
            Overlap::None => 0,
            Overlap::Hour => HOUR,
            Overlap::Day => DAY,
            Overlap::Days3 => 3 * DAY,
            Overlap::Days7 => 7 * DAY,
        }
    }
}
