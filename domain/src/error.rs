//! The errors of every use case in one enum, without HTTP and without page words. Pages, SCIM API and command line each
//! word an error where they show it.

use crate::{
    group_role::MappingDenial,
    id::MemberId,
    member::{MemberDenial, self_service::SelfServiceDenial},
    provisioning::{EnabledMethod, ProvisioningDenial},
    team::TeamDenial,
    validation::field_error::{Field, FieldErrors},
};
use serde::{Deserialize, Serialize};

/// The error of a use case. Nothing has changed when a use case returns one. `Display` is for logs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Error {
    /// No one is signed in.
    #[error("not signed in")]
    SignedOut,
    /// The last proof of identity is older than 15 minutes.
    #[error("identity not confirmed recently")]
    VerifyAgain,
    /// The role does not allow it.
    #[error("forbidden for this role")]
    Forbidden,
    /// The team has no such object.
    #[error("not found")]
    NotFound,
    /// A policy refuses it.
    #[error("{0}")]
    Denied(Denial),
    /// The input breaks the rules of its fields.
    #[error("{0}")]
    Invalid(FieldErrors),
    /// The input cannot be read at all.
    #[error("malformed input")]
    Malformed,
    /// The stored value equals the requested one.
    #[error("unchanged: {0}")]
    Unchanged(Unchanged),
    /// The current state does not allow it.
    #[error("{0}")]
    Conflict(Conflict),
    /// SCIM provisioning is on and this would be a second enabled SSO method, which has to be confirmed.
    #[error("a second enabled SSO method is not confirmed")]
    ConfirmSecondMethod(Vec<EnabledMethod>),
    /// The team has the maximum number of usable keys.
    #[error("the team has the maximum of {0} active keys")]
    TooManyKeys(usize),
    /// The team has the maximum number of SSO methods.
    #[error("the team has the maximum of {0} SSO methods")]
    TooManyMethods(usize),
    /// The team has reached a limit for stored data. The text names the limit and the person who can raise it.
    #[error("{0}")]
    Quota(String),
    /// The database is not available.
    #[error("the database is not available")]
    Unavailable,
    /// The database stopped answering during the commit, so the outcome is unknown.
    #[error("the database did not confirm the change")]
    Unconfirmed,
    /// An internal error; the log has the details.
    #[error("internal error")]
    Internal,
}

/// The policy that refused a change, and the reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Denial {
    /// SCIM provisioning and its keys, with every reason.
    #[error("{0}")]
    Provisioning(ProvisioningDenial),
    /// A change of another member.
    #[error("{denial}")]
    Member {
        /// The member's display name.
        name: String,
        /// The reason.
        denial: MemberDenial,
    },
    /// An invite.
    #[error("{0}")]
    Invite(MemberDenial),
    /// A change of the team itself.
    #[error("{0}")]
    Team(TeamDenial),
    /// A change of one's own membership.
    #[error("{0}")]
    SelfService(SelfServiceDenial),
    /// A change of the role that a group gives.
    #[error("{denial}")]
    Mapping {
        /// The reason.
        denial: MappingDenial,
        /// The display name of the member that the reason is about.
        member: Option<String>,
    },
}

/// The state that already matches the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Unchanged {
    /// The member's own display name.
    #[error("same name")]
    OwnName,
    /// The member's own email.
    #[error("same email")]
    OwnEmail,
    /// The member has no other sessions.
    #[error("no other session")]
    NoOtherSession,
    /// The session has ended.
    #[error("the session has ended")]
    SessionEnded,
    /// The team's name.
    #[error("same team name")]
    TeamName,
    /// The team's slug.
    #[error("same slug")]
    TeamSlug,
    /// The member is break-glass.
    #[error("already break-glass")]
    BreakGlass,
    /// The member is not break-glass.
    #[error("not break-glass")]
    NoBreakGlass,
    /// The members' roles.
    #[error("same roles")]
    Roles,
    /// The role that the group gives.
    #[error("same group role")]
    GroupRole,
    /// The member has no session.
    #[error("no session")]
    NoSession,
    /// The member has no link of the SSO method.
    #[error("not linked")]
    NoLink,
    /// The member is active.
    #[error("already active")]
    Active,
    /// The member is deactivated.
    #[error("already deactivated")]
    Deactivated,
    /// The adoption by an identity provider is confirmed.
    #[error("adoption already confirmed")]
    Adoption,
}

/// The state that a change conflicts with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Conflict {
    /// Another team has the slug.
    #[error("the slug is taken")]
    SlugTaken,
    /// Another member of the team has the email.
    #[error("the email is taken")]
    EmailTaken,
    /// Another member of the team has this userName.
    #[error("the userName is taken")]
    UserNameTaken(String),
    /// The person to invite is a member of the team.
    #[error("the person is a member")]
    MemberExists {
        /// The member.
        id: MemberId,
        /// The member's display name.
        name: String,
        /// Is the invite still open?
        invited: bool,
        /// Does the email match? Otherwise only the userName does.
        by_email: bool,
    },
    /// The identity provider removed this person, so only it can add them again.
    #[error("removed by the identity provider")]
    RemovedByProvider,
    /// The identity provider manages this member.
    #[error("managed by the identity provider")]
    ManagedByProvider,
    /// The change would end the member's own membership.
    #[error("one's own membership")]
    OwnMembership,
    /// The invite is accepted.
    #[error("the invite is accepted")]
    InviteAccepted,
    /// The invite is not accepted yet.
    #[error("the invite is pending")]
    InvitePending,
    /// An identity provider cannot adopt this member.
    #[error("the member cannot be adopted")]
    NotAdoptable(AdoptionConflict),
    /// The SSO method has to be configured before it can be enabled.
    #[error("the SSO method is not configured")]
    MethodNotConfigured,
    /// SCIM provisioning is off, so no key can be generated.
    #[error("SCIM provisioning is off")]
    ScimOff,
    /// The key no longer works, so it can be neither rolled nor revoked.
    #[error("the key no longer works")]
    KeyEnded,
    /// The key was already rolled.
    #[error("the key was already rolled")]
    KeyReplaced,
    /// A self-test of the team is running.
    #[error("a self-test is running")]
    SelfTestRunning,
    /// The self-test cannot reach the public URL. The text is the reason.
    #[error("the public URL cannot be tested: {0}")]
    PublicUrl(String),
}

/// The reason that an identity provider cannot adopt a member, or needs no confirmation for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AdoptionConflict {
    /// SCIM provisioning is off.
    ScimOff,
    /// An identity provider manages the member already.
    Managed,
    /// The member is deactivated.
    Deactivated,
    /// Only Admins and Super Admins need a confirmation.
    NotNeeded,
}

impl Conflict {
    /// The field whose value is in conflict.
    pub const fn field(&self) -> Option<Field> {
        match self {
            Conflict::SlugTaken => Some(Field::Slug),
            Conflict::EmailTaken | Conflict::UserNameTaken(_) => Some(Field::Email),
            _ => None,
        }
    }
}

impl From<Denial> for Error {
    fn from(denial: Denial) -> Self {
        Error::Denied(denial)
    }
}

impl From<ProvisioningDenial> for Error {
    fn from(denial: ProvisioningDenial) -> Self {
        Denial::Provisioning(denial).into()
    }
}

impl From<TeamDenial> for Error {
    fn from(denial: TeamDenial) -> Self {
        Denial::Team(denial).into()
    }
}

impl From<SelfServiceDenial> for Error {
    fn from(denial: SelfServiceDenial) -> Self {
        Denial::SelfService(denial).into()
    }
}

impl From<Unchanged> for Error {
    fn from(unchanged: Unchanged) -> Self {
        Error::Unchanged(unchanged)
    }
}

impl From<Conflict> for Error {
    fn from(conflict: Conflict) -> Self {
        Error::Conflict(conflict)
    }
}

impl From<FieldErrors> for Error {
    fn from(errors: FieldErrors) -> Self {
        Error::Invalid(errors)
    }
}
