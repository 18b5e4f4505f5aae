//! The changes by sign-ins through SSO methods, for the activity log.

use super::failure::{SsoFact, SsoFailure};
use serde::{Deserialize, Serialize};

/// A change by a sign-in through an SSO method, stored as JSON. Variants are only ever added.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum SsoChange {
    /// A member signed in.
    SsoSignedIn {
        /// The method's name.
        method: String,
    },
    /// A member's first sign-in linked the account of the identity provider to the member.
    SsoLinked {
        /// The member's display name.
        name: String,
        /// The method's name.
        method: String,
        /// The account's id at the identity provider.
        subject: String,
    },
    /// An admin removed the link between a member and an account of the identity provider.
    SsoUnlinked {
        /// The member's display name.
        name: String,
        /// The method's name.
        method: String,
        /// The account's id at the identity provider.
        subject: String,
    },
    /// Another identifier was chosen for a method, so the links of all its accounts were removed.
    SsoAllUnlinked {
        /// The method's name.
        method: String,
        /// The number of links.
        links: u64,
    },
    /// A first sign-in created the member.
    SsoMemberCreated {
        /// The member's display name.
        name: String,
        /// The method's name.
        method: String,
    },
    /// A signed-in member confirmed their identity at the identity provider.
    SsoSteppedUp {
        /// The method's name.
        method: String,
    },
    /// An identity provider ended a person's sessions.
    SsoSignedOut {
        /// The method's name.
        method: String,
        /// The number of ended browser sessions.
        sessions: u64,
    },
    /// A sign-in failed.
    SsoSignInFailed {
        /// The method's name.
        method: String,
        /// The reason.
        failure: SsoFailure,
        /// The code that the page shows beside the reason.
        reference: String,
        /// The account's id at the identity provider, if the response was verified.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        subject: Option<String>,
        /// The values that the reason is about.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        facts: Vec<SsoFact>,
    },
}

impl SsoChange {
    /// The stable name in the database and in filters.
    pub const fn name(&self) -> &'static str {
        match self {
            SsoChange::SsoSignedIn { .. } => "sso_signed_in",
            SsoChange::SsoLinked { .. } => "sso_linked",
            SsoChange::SsoUnlinked { .. } => "sso_unlinked",
            SsoChange::SsoAllUnlinked { .. } => "sso_all_unlinked",
            SsoChange::SsoMemberCreated { .. } => "sso_member_created",
            SsoChange::SsoSteppedUp { .. } => "sso_stepped_up",
            SsoChange::SsoSignedOut { .. } => "sso_signed_out",
            SsoChange::SsoSignInFailed { .. } => "sso_sign_in_failed",
        }
    }

    /// The sentence after the actor's name, and the object in bold.
    pub fn sentence(&self) -> (&'static str, String) {
        match self {
            SsoChange::SsoSignedIn { method } => ("signed in through", method.clone()),
            SsoChange::SsoLinked { name, method, .. } => ("linked an account of", format!("{method} to {name}")),
            SsoChange::SsoUnlinked { name, method, .. } => ("unlinked an account of", format!("{method} from {name}")),
            SsoChange::SsoAllUnlinked { method, links: 1 } => ("removed the link of", format!("1 account of {method}")),
            SsoChange::SsoAllUnlinked { method, links } => {
                ("removed the links of", format!("{links} accounts of {method}"))
            }
            SsoChange::SsoMemberCreated { name, method } => {
                ("added member", format!("{name} at a sign-in through {method}"))
            }
            SsoChange::SsoSignedOut { method, sessions } => {
                let s = if *sessions == 1 { "" } else { "s" };
                ("ended", format!("{sessions} session{s} because of a sign-out at {method}"))
            }
            SsoChange::SsoSteppedUp { method } => ("confirmed their identity through", method.clone()),
            SsoChange::SsoSignInFailed { method, failure, .. } => {
                ("refused a sign-in through", format!("{method} ({})", failure.name()))
            }
        }
    }
}
