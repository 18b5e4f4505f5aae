//! Warnings before and after a signing certificate expires. The dates never refuse a sign-in, because an admin pinned the key.

use crate::{DAY, UnixMs};

crate::names! {
    /// How close the expiry of a signing certificate is. The names are states of pages.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum CertificateWarning {
        /// 60 days or less.
        SixtyDays = "60-days",
        /// 30 days or less.
        ThirtyDays = "30-days",
        /// 7 days or less.
        SevenDays = "7-days",
        /// 1 day or less.
        OneDay = "1-day",
        /// It has expired.
        Expired = "expired",
    }
}

impl CertificateWarning {
    /// The warning about a certificate that expires at this time. `None`: the expiry is more than 60 days away.
    pub const fn of(expires: UnixMs, now: UnixMs) -> Option<Self> {
        match expires - now {
            left if left <= 0 => Some(Self::Expired),
            left if left <= DAY => Some(Self::OneDay),
            left if left <= 7 * DAY => Some(Self::SevenDays),
            left if left <= 30 * DAY => Some(Self::ThirtyDays),
            left if left <= 60 * DAY => Some(Self::SixtyDays),
            _ => None,
        }
    }

    /// The tone on pages: urgent from 7 days on.
    pub const fn tone(self) -> &'static str {
        match self {
            Self::SixtyDays | Self::ThirtyDays => "warning",
            Self::SevenDays | Self::OneDay | Self::Expired => "danger",
        }
    }
}
