//! Changes of Admins and Super Admins to the team itself. The rule is [`domain::team::review`].

use super::unit_of_work::{Service, UnitOfWork};
use crate::team_change::policy::subject;
use domain::{
    Conflict, Error, Unchanged,
    activity::Change,
    id::MemberId,
    team::{self, TeamAction, TeamAllowed, TeamChange, TeamDenial, review},
    validation::field_error::{Field, FieldErrors},
};
use store::{MemberRecord, StoreError, Unique, retry};

impl Service<'_> {
    /// Renames the team.
    ///
    /// # Errors
    /// [`Error::Denied`], [`Error::Unchanged`] (the same name), [`Error::Invalid`] (the name).
    pub async fn team_rename(&self, team: &str, name: &str) -> Result<(), Error> {
        retry!(attempt, async {
            let mut work = self.begin(&attempt, team).await?;
            let allowed = allow(&work, TeamAction::Configure)?;
            let name = team::name(name).map_err(|problem| Error::Invalid(FieldErrors::one(Field::Name, problem)))?;
            let from = work.tx.team().name.clone();
            if name == from {
                return Err(Unchanged::TeamName.into());
            }
            work.tx.team_set_name(&name, allowed).await?;
            work.commit(TeamChange::TeamRenamed { from, to: name }).await
        })
    }

    /// Changes the team's slug, and returns the new one. Sessions, keys and ids stay. The old addresses are no longer valid.
    /// `confirmation` is the team's name, which a member at a page has to type.
    ///
    /// # Errors
    /// [`Error::Denied`], [`Error::Unchanged`] (the same slug), [`Error::Invalid`] (the confirmation).
    pub async fn team_set_slug(&self, team: &str, slug: &str, confirmation: &str) -> Result<String, Error> {
        retry!(attempt, async {
            let mut work = self.begin(&attempt, team).await?;
            let allowed = allow(&work, TeamAction::Configure)?;
            let slug = team::slug(slug).map_err(|problem| Error::Invalid(FieldErrors::one(Field::Slug, problem)))?;
            self.confirm(confirmation, &work.tx.team().name)?;
            let from = work.tx.team().slug.clone();
            if slug == from {
                return Err(Unchanged::TeamSlug.into());
            }
            work.tx.team_set_slug(&slug, allowed).await.map_err(|error| match error {
                StoreError::Conflict(Unique::TeamSlug) => Conflict::SlugTaken.into(),
                other => Error::from(other),
            })?;
            work.commit(TeamChange::TeamMoved { from, to: slug.clone() }).await?;
            Ok(slug)
        })
    }

    /// Marks a member as break-glass, or removes the mark. Returns the member's name.
    ///
    /// # Errors
    /// [`Error::Denied`], [`Error::Unchanged`], [`Error::NotFound`] (the member).
    pub async fn break_glass_set(&self, team: &str, id: &MemberId, on: bool) -> Result<String, Error> {
        retry!(attempt, async {
            let mut work = self.begin(&attempt, team).await?;
            let member = work.tx.member(id).await?;
            // The denial comes first, so that it does not depend on the member.
            if let Err(denial) = review(TeamAction::Unmark, work.actor.role) {
                return Err(match member {
                    Some(member) if denial != TeamDenial::Role => refuse(work, member, denial).await?,
                    _ => denial.into(),
                });
            }
            let member = member.ok_or(Error::NotFound)?;
            if member.break_glass == on {
                return Err(if on { Unchanged::BreakGlass } else { Unchanged::NoBreakGlass }.into());
            }
            let subject = subject(&mut work.tx, &member).await?;
            let allowed = match review(if on { TeamAction::Mark(subject) } else { TeamAction::Unmark }, work.actor.role)
            {
                Ok(allowed) => allowed,
                Err(denial) => return Err(refuse(work, member, denial).await?),
            };
            work.tx.break_glass_set(id, on, allowed).await?;
            let name = member.display_name.clone();
            let change =
                if on { TeamChange::BreakGlassMarked { name } } else { TeamChange::BreakGlassUnmarked { name } };
            work.commit((id, Change::from(change))).await?;
            Ok(member.display_name)
        })
    }

    /// Ends every session of the team, including the actor's. `confirmation` is the team's name.
    ///
    /// # Errors
    /// [`Error::Denied`], [`Error::Invalid`] (the confirmation).
    pub async fn team_sign_everyone_out(&self, team: &str, confirmation: &str) -> Result<(), Error> {
        retry!(attempt, async {
            let mut work = self.begin(&attempt, team).await?;
            let allowed = allow(&work, TeamAction::SignEveryoneOut)?;
            self.confirm(confirmation, &work.tx.team().name)?;
            let sessions = work.tx.sign_ins_end_all(allowed).await?;
            if sessions == 0 {
                return work.rollback().await;
            }
            work.commit(TeamChange::EveryoneSignedOut { sessions }).await
        })
    }

    /// Revokes every usable SCIM API key. Without one, nothing changes. `confirmation` is the team's name.
    ///
    /// # Errors
    /// [`Error::Denied`], [`Error::Invalid`] (the confirmation).
    pub async fn key_revoke_all(&self, team: &str, confirmation: &str) -> Result<(), Error> {
        retry!(attempt, async {
            let mut work = self.begin(&attempt, team).await?;
            allow(&work, TeamAction::Configure)?;
            let may = work.may_manage()?;
            self.confirm(confirmation, &work.tx.team().name)?;
            let mut entries = Vec::new();
            for key_row in work.tx.keys_usable(work.now).await? {
                work.tx.key_revoke(&key_row.key.id, work.now, may).await?;
                entries.push(Change::KeyRevoked { name: key_row.key.name.clone(), hint: key_row.key.hint() });
            }
            let mut entries = entries.into_iter();
            match entries.next() {
                Some(first) => work.commit_all(first, entries.collect()).await,
                None => work.rollback().await,
            }
        })
    }
}

/// Rejects the change. The denied attempt is logged.
async fn refuse(work: UnitOfWork, member: MemberRecord, denial: TeamDenial) -> Result<Error, Error> {
    let why = denial.to_string();
    work.commit((member.id, Change::MemberProtected { name: member.display_name, why })).await?;
    Ok(denial.into())
}

fn allow(work: &UnitOfWork, action: TeamAction) -> Result<TeamAllowed, Error> {
    Ok(review(action, work.actor.role)?)
}
