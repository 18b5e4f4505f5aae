//! Consent to the adoption of an Admin or Super Admin whom an identity provider matches only by email. Anyone can enter an email
//! in a directory, so a member of the team has to allow it first.

use super::{members::find, unit_of_work::Service};
use crate::team_change::policy::allow;
use domain::{
    Conflict, DAY, Error, Unchanged, UnixMs,
    activity::Change,
    error::AdoptionConflict,
    id::MemberId,
    member::{MemberEffect, needs_consent},
};
use store::{MemberSource, MemberStatus, retry};

/// How long the consent is valid. Providers retry within hours. A forgotten consent must not stay open.
pub const ADOPTION_CONSENT: UnixMs = 7 * DAY;

impl Service<'_> {
    /// Allows an identity provider to adopt this member by email within the next days.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Denied`], [`Conflict::NotAdoptable`], [`Unchanged::Adoption`].
    pub async fn member_allow_adoption(&self, team: &str, id: &MemberId) -> Result<(), Error> {
        retry!(attempt, async {
            let mut work = self.begin_for_members(&attempt, team).await?;
            let member = find(&mut work, id).await?;
            let allowed = match allow(&mut work.tx, work.actor.role, &member, MemberEffect::Edit).await? {
                Ok(allowed) => allowed,
                Err(denial) => return Err(work.refuse(member, denial).await?),
            };
            let is_there = matches!(member.status, MemberStatus::Active | MemberStatus::Invited);
            let is_open = member.adoption_allowed_until.is_some_and(|until| until > work.now);
            let why_not = match () {
                () if !work.tx.team().scim_on => Some(AdoptionConflict::ScimOff),
                () if member.source == MemberSource::Directory => Some(AdoptionConflict::Managed),
                () if !is_there => Some(AdoptionConflict::Deactivated),
                () if !needs_consent(member.roles) => Some(AdoptionConflict::NotNeeded),
                () => None,
            };
            if let Some(why_not) = why_not {
                return Err(Conflict::NotAdoptable(why_not).into());
            }
            if is_open {
                return Err(Unchanged::Adoption.into());
            }
            work.tx.adoption_allow(&member.id, work.now + ADOPTION_CONSENT, allowed).await?;
            work.commit((member.id, Change::MemberAdoptionAllowed { name: member.display_name })).await
        })
    }
}
