//! The link between a member and an account of an identity provider: removing it.

use super::{members::find, unit_of_work::Service};
use crate::team_change::policy::allow;
use domain::{
    Error, Unchanged,
    activity::Change,
    id::{MemberId, MethodId},
    member::MemberEffect,
    sso::SsoChange,
};
use store::retry;

impl Service<'_> {
    /// Removes the link of a member with an account of the method. The member's sessions stay, and their next sign-in through the
    /// method links them again.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Denied`], [`Unchanged::NoLink`].
    pub async fn member_unlink(&self, team: &str, id: &MemberId, method: &MethodId) -> Result<(), Error> {
        retry!(attempt, async {
            let mut work = self.begin_for_members(&attempt, team).await?;
            let member = find(&mut work, id).await?;
            let allowed = match allow(&mut work.tx, work.actor.role, &member, MemberEffect::Edit).await? {
                Ok(allowed) => allowed,
                Err(denial) => return Err(work.refuse(member, denial).await?),
            };
            let methods = work.tx.methods().await?;
            let method = methods.into_iter().find(|one| &one.id == method).ok_or(Unchanged::NoLink)?;
            let subject = work.tx.sso_link_delete(&method.id, &member.id, allowed).await?.ok_or(Unchanged::NoLink)?;
            let change = SsoChange::SsoUnlinked { name: member.display_name, method: method.name, subject };
            work.commit((member.id, Change::from(change))).await
        })
    }
}
