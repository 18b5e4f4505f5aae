//! The lifetimes of keys.

use crate::{DAY, HOUR, UnixMs, validation::field_error::FieldError};
use serde::{Deserialize, Serialize};

crate::names! {
    /// The lifetime of a new key, in the order of the form. The names are its values there and on the command line.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
    pub enum Expiry {
        /// 90 days.
        #[serde(rename = "90")]
        Days90 = "90",
        /// 180 days.
        #[serde(rename = "180")]
        Days180 = "180",
        /// 365 days.
        #[default]
        #[serde(rename = "365")]
        Days365 = "365",
        /// For ever.
        #[serde(rename = "never")]
        Never = "never",
    }
}

impl Expiry {
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
        Expiry::from_name(value).ok_or(FieldError::NotAnOption)
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

crate::names! {
    /// The time that the old key keeps working after a roll, the shortest first. The names are its values in the form.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
    pub enum Overlap {
        /// Not at all.
        #[serde(rename = "now")]
        None = "now",
        /// 1 hour.
        #[serde(rename = "1h")]
        Hour = "1h",
        /// 24 hours.
        #[default]
        #[serde(rename = "24h")]
        Day = "24h",
        /// 3 days.
        #[serde(rename = "3d")]
        Days3 = "3d",
        /// 7 days.
        #[serde(rename = "7d")]
        Days7 = "7d",
    }
}

impl Overlap {
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
        Overlap::from_name(value).ok_or(FieldError::NotAnOption)
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
