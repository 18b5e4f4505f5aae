//! Letting an identity provider adopt an Admin or Super Admin whom it knows by e-mail address alone. Anybody can enter an address
//! in a directory, so somebody of the team has to say yes first.

use super::{
    members::{NotChanged, find},
    service::Service,
};
use crate::team_change::policy::allow;
use domain::{
    DAY, UnixMs,
    activity::Change,
    id::MemberId,
    member::{MemberEffect, needs_consent},
};
use store::{Source, Status};

/// How long a confirmation holds. Providers try again within hours; a forgotten one must not stay open.
pub const ADOPTION_CONSENT: UnixMs = 7 * DAY;

impl Service<'_> {
    /// Confirms that an identity provider may adopt this member by e-mail address within the next days.
    ///
    /// # Errors
    /// See [`NotChanged`]; [`NotChanged::Nothing`]: it is confirmed already. [`NotChanged::NotAdoptable`]: the member needs no
    /// confirmation, or cannot be adopted now.
    pub async fn member_allow_adoption(&self, team: &str, id: &MemberId) -> Result<(), NotChanged> {
        let mut work = self.begin_for_members(team).await?;
        let member = find(&mut work, id).await?;
        let allowed = match allow(&mut work.claim, work.who.role, &member, MemberEffect::Edit).await? {
            Ok(allowed) => allowed,
            Err(denial) => return Err(work.refuse(member, denial).await?),
        };
        let is_there = matches!(member.status, Status::Active | Status::Invited);
        let is_open = member.adoption_allowed_until.is_some_and(|until| until > work.now);
        let why_not = match () {
            () if !work.claim.team().scim_on => Some("SCIM provisioning is off. Turn it on first."),
            () if member.source == Source::Directory => Some("An identity provider already manages this member."),
            () if !is_there => Some("This member is deactivated. Reactivate them first."),
            () if !needs_consent(member.roles) => Some("Only Admins and Super Admins need a confirmation."),
            () => None,
        };
        if let Some(why_not) = why_not {
            return Err(NotChanged::NotAdoptable(why_not));
        }
        if is_open {
            return Err(NotChanged::Nothing("This is already confirmed."));
        }
        work.claim.adoption_allow(&member.id, work.now + ADOPTION_CONSENT, allowed).await?;
        Ok(work.commit((member.id, Change::MemberAdoptionAllowed { name: member.display_name })).await?)
    }
}
