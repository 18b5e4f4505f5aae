//! The reasons that a sign-in through an SSO method fails.

use serde::{Deserialize, Serialize};

crate::names! {
    /// The reason that a sign-in failed. Its name is the code on the page, in the log and in filters.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
    #[serde(rename_all = "kebab-case")]
    pub enum SsoFailure {
        /// No active member matches, and the method does not create members.
        NoMatch = "no-match",
        /// Several members match the rule for the first sign-in.
        TwoMatch = "two-match",
        /// The rule compares email addresses, and the identity provider does not say that it verified this one.
        EmailUnverified = "email-unverified",
        /// The member is linked to another account of the identity provider.
        OtherAccount = "other-account",
        /// The member has to confirm the link with a password, because the link would give more power than the admin has who
        /// configured the method, or because the member is break-glass.
        ConfirmLink = "confirm-link",
        /// The member is deactivated or was removed.
        Deactivated = "deactivated",
        /// The team may have no more members.
        NoSeat = "no-seat",
        /// The identity provider refused the sign-in.
        Refused = "refused",
        /// The sign-in started more than 10 minutes ago.
        TooSlow = "too-slow",
        /// The sign-in did not start in this browser.
        OtherBrowser = "other-browser",
        /// The response was used before.
        Used = "used",
        /// No sign-in asked for the response (SAML without `InResponseTo`).
        NotAsked = "not-asked",
        /// The times in the response are outside the tolerance.
        Clock = "clock",
        /// The response is meant for another application or another address.
        NotForUs = "not-for-us",
        /// The signature does not verify with a trusted key.
        BadSignature = "bad-signature",
        /// The response breaks a rule of the protocol.
        BadResponse = "bad-response",
        /// The identity provider does not accept the client id or secret.
        BadClient = "bad-client",
        /// The identity provider does not respond.
        Unreachable = "unreachable",
        /// The method is disabled, or its settings are incomplete.
        NotEnabled = "not-enabled",
    }
}

/// An expected value beside the one of the identity provider, as text without secrets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SsoFact {
    /// The checked value: "audience".
    pub check: String,
    /// The expected value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<String>,
    /// The received value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub received: Option<String>,
}
