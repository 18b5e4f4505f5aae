//! The decision who is signed in: the link between an account of an identity provider and a member.
//!
//! The key of a link is the method and the subject, compared byte for byte. The first sign-in finds the member by one
//! rule of the method. An email address alone never identifies anyone.

use super::failure::SsoFailure;
use crate::{
    UnixMs,
    member::{MemberSource, MemberStatus},
    role::Role,
};
use serde::{Deserialize, Serialize};

/// The longest subject, in bytes.
pub const SUBJECT_MAX: usize = 1024;

crate::names! {
    /// The attribute of a member that the first sign-in compares. The name is in the database and in forms.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    pub enum LinkAttribute {
        /// `userName`, folded.
        #[default]
        UserName = "user_name",
        /// `externalId`, byte for byte.
        ExternalId = "external_id",
        /// The email address, folded.
        Email = "email",
    }
}

impl LinkAttribute {
    /// The label on pages.
    pub const fn label(self) -> &'static str {
        match self {
            LinkAttribute::UserName => "userName",
            LinkAttribute::ExternalId => "externalId",
            LinkAttribute::Email => "email",
        }
    }
}

/// The rule of a method for the first sign-in of a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkRule {
    /// The claim or SAML attribute to compare. `None`: `preferred_username`, `email` or the NameID, by protocol.
    pub claim: Option<String>,
    /// The member's attribute.
    pub attribute: LinkAttribute,
    /// Does an email address count without `email_verified`?
    pub trusts_email: bool,
    /// Is a person without a match added to the team?
    pub creates_members: bool,
    /// The role of the admin who configured the method last. Members with more power confirm their link.
    pub max_role: Role,
}

/// Whether the identity provider says that it verified the email address (`email_verified`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EmailVerified {
    /// `true`, or the text "true".
    Yes,
    /// Any other value.
    No,
    /// No value.
    Absent,
}

/// A member who may be the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LinkCandidate {
    /// The member's status.
    pub status: MemberStatus,
    /// Who manages the member.
    pub source: MemberSource,
    /// The highest effective role.
    pub role: Role,
    /// Is the member break-glass?
    pub break_glass: bool,
    /// Has the member a link of this method with another subject?
    pub has_other_link: bool,
}

/// The facts of a first sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LinkFacts {
    /// The identity provider's statement about the email address.
    pub email_verified: EmailVerified,
    /// Does this identity provider provision the team's members? (SCIM provisioning is on, and this is the enabled method.)
    pub provisions: bool,
    /// Did the member confirm the link, signed in by other means?
    pub confirmed: bool,
}

/// The link between a member and an account of an identity provider, as pages show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountLink {
    /// The account's id at the identity provider.
    pub subject: String,
    /// What people call the account.
    pub account: Option<String>,
    /// The time of the first sign-in.
    pub linked_at: UnixMs,
    /// The time of the last sign-in.
    pub last_sign_in_at: UnixMs,
}

impl AccountLink {
    /// What people call the account, or else its id.
    pub fn name(&self) -> &str {
        self.account.as_deref().unwrap_or(&self.subject)
    }
}

/// Proof that [`review_link`] allowed to create a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CreationAllowed(());

/// The outcome of a first sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkDecision {
    /// Link the candidate with this index.
    Link(usize),
    /// Create a member.
    Create(CreationAllowed),
}

/// Decides whether a linked member signs in.
///
/// # Errors
/// [`SsoFailure::Deactivated`], [`SsoFailure::NoMatch`] (the invite is not accepted).
pub const fn review_linked(status: MemberStatus) -> Result<(), SsoFailure> {
    match status {
        MemberStatus::Active => Ok(()),
        MemberStatus::Deactivated | MemberStatus::Deleted => Err(SsoFailure::Deactivated),
        MemberStatus::Invited => Err(SsoFailure::NoMatch),
    }
}

/// Decides about the first sign-in of a person. `matches` are the members whose attribute equals the claim, including
/// inactive ones. `others` are the members who would be in conflict with a new member.
///
/// A person whom the directory deactivated or removed is refused before anything is written, because a new member would be
/// in the way of the directory's next request.
///
/// # Errors
/// The reason to refuse.
pub fn review_link(
    rule: &LinkRule,
    facts: LinkFacts,
    matches: &[LinkCandidate],
    others: &[LinkCandidate],
) -> Result<LinkDecision, SsoFailure> {
    let mut active = matches.iter().enumerate().filter(|(_, member)| member.status == MemberStatus::Active);
    let is_gone = |member: &LinkCandidate| matches!(member.status, MemberStatus::Deactivated | MemberStatus::Deleted);
    match (active.next(), active.next()) {
        (Some((index, member)), None) => {
            let by_email = rule.attribute == LinkAttribute::Email;
            let is_trusted = rule.trusts_email
                || facts.email_verified == EmailVerified::Yes
                || (facts.provisions && member.source == MemberSource::Directory);
            if by_email && !is_trusted {
                return Err(SsoFailure::EmailUnverified);
            }
            if member.has_other_link {
                return Err(SsoFailure::OtherAccount);
            }
            // A lower value is a more powerful role.
            let needs_confirmation = member.break_glass || member.role < rule.max_role;
            if needs_confirmation && !facts.confirmed {
                return Err(SsoFailure::ConfirmLink);
            }
            Ok(LinkDecision::Link(index))
        }
        (Some(_), Some(_)) => Err(SsoFailure::TwoMatch),
        (None, _) => {
            // Nothing is revealed about members whose address the person only claims to have.
            if matches.iter().chain(others).any(|member| is_gone(member) && member.source == MemberSource::Directory) {
                return Err(SsoFailure::Deactivated);
            }
            if matches.iter().any(|member| member.status == MemberStatus::Deactivated) {
                return Err(SsoFailure::Deactivated);
            }
            if !rule.creates_members || others.iter().any(|member| member.status != MemberStatus::Deleted) {
                return Err(SsoFailure::NoMatch);
            }
            if rule.attribute == LinkAttribute::Email
                && !rule.trusts_email
                && facts.email_verified != EmailVerified::Yes
            {
                return Err(SsoFailure::EmailUnverified);
            }
            Ok(LinkDecision::Create(CreationAllowed(())))
        }
    }
}
