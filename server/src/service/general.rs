//! What Admins and Super Admins change about the team itself. The rule is [`domain::team::review`].

use super::unit_of_work::{Service, UnitOfWork};
use crate::team_change::policy::subject;
use domain::{
    Conflict, Error, Unchanged,
    activity::Change,
    id::MemberId,
    team::{self, TeamAction, TeamAllowed, TeamDenial, review},
    validation::field_error::{Field, FieldErrors},
};
use store::{MemberRecord, StoreError, Unique, retry};

impl Service<'_> {
    /// Gives the team another name.
    ///
    /// # Errors
    /// [`Error::Denied`]; [`Error::Unchanged`] (the same name); [`Error::Invalid`] (the name).
    pub async fn team_rename(&self, team: &str, name: &str) -> Result<(), Error> {
        retry!(attempt, async {
            let mut work = self.begin(&attempt, team).await?;
            let allowed = allow(&work, TeamAction::Rename)?;
            let name = team::name(name).map_err(|problem| Error::Invalid(FieldErrors::one(Field::Name, problem)))?;
            let from = work.tx.team().name.clone();
            if name == from {
                return Err(Unchanged::TeamName.into());
            }
            work.tx.team_set_name(&name, allowed).await?;
            work.commit(Change::TeamRenamed { from, to: name }).await
        })
    }

    /// Gives the team another slug, which is returned. Sessions, keys and ids stay; the old addresses lead nowhere.
    /// `confirmation` is the team's name, which someone at a page has to type.
    ///
    /// # Errors
    /// [`Error::Denied`]; [`Error::Unchanged`] (the same slug); [`Error::Invalid`] (the confirmation).
    pub async fn team_set_slug(&self, team: &str, slug: &str, confirmation: &str) -> Result<String, Error> {
        retry!(attempt, async {
            let mut work = self.begin(&attempt, team).await?;
            let allowed = allow(&work, TeamAction::Move)?;
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
            work.commit(Change::TeamMoved { from, to: slug.clone() }).await?;
            Ok(slug)
        })
    }

    /// Marks a member as break-glass, or takes the mark away. Returns the member's name.
    ///
    /// # Errors
    /// [`Error::Denied`]; [`Error::Unchanged`] (as it is already); [`Error::NotFound`] (the member).
    pub async fn break_glass_set(&self, team: &str, id: &MemberId, on: bool) -> Result<String, Error> {
        retry!(attempt, async {
            let mut work = self.begin(&attempt, team).await?;
            let member = work.tx.member(id).await?;
            // Who may not is told so anyone who is meant.
            if let Err(denial) = review(TeamAction::Unmark, work.who.role) {
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
            let allowed = match review(if on { TeamAction::Mark(subject) } else { TeamAction::Unmark }, work.who.role) {
                Ok(allowed) => allowed,
                Err(denial) => return Err(refuse(work, member, denial).await?),
            };
            work.tx.break_glass_set(id, on, allowed).await?;
            let name = member.display_name.clone();
            let change = if on { Change::BreakGlassMarked { name } } else { Change::BreakGlassUnmarked { name } };
            work.commit((id, change)).await?;
            Ok(member.display_name)
        })
    }

    /// Ends every session of the team, that of anyone who asks too. `confirmation` is the team's name.
    ///
    /// # Errors
    /// [`Error::Denied`]; [`Error::Invalid`] (the confirmation).
    pub async fn team_sign_everyone_out(&self, team: &str, confirmation: &str) -> Result<(), Error> {
        retry!(attempt, async {
            let mut work = self.begin(&attempt, team).await?;
            let allowed = allow(&work, TeamAction::SignEveryoneOut)?;
            self.confirm(confirmation, &work.tx.team().name)?;
            let sessions = work.tx.sign_ins_end_all(allowed).await?;
            if sessions == 0 {
                return work.rollback().await;
            }
            work.commit(Change::EveryoneSignedOut { sessions }).await
        })
    }

    /// Revokes every SCIM API key that works. There is none: nothing changes. `confirmation` is the team's name.
    ///
    /// # Errors
    /// [`Error::Denied`]; [`Error::Invalid`] (the confirmation).
    pub async fn key_revoke_all(&self, team: &str, confirmation: &str) -> Result<(), Error> {
        retry!(attempt, async {
            let mut work = self.begin(&attempt, team).await?;
            allow(&work, TeamAction::RevokeKeys)?;
            let may = work.may_manage()?;
            self.confirm(confirmation, &work.tx.team().name)?;
            let mut entries = Vec::new();
            for stored in work.tx.keys_usable(work.now).await? {
                work.tx.key_revoke(&stored.key.id, work.now, may).await?;
                entries.push(Change::KeyRevoked { name: stored.key.name.clone(), hint: stored.key.hint() });
            }
            let mut entries = entries.into_iter();
            match entries.next() {
                Some(first) => work.commit_all(first, entries.collect()).await,
                None => work.rollback().await,
            }
        })
    }
}

/// Ends without the change. The refused attempt is logged.
async fn refuse(work: UnitOfWork, member: MemberRecord, denial: TeamDenial) -> Result<Error, Error> {
    let why = denial.to_string();
    work.commit((member.id, Change::MemberProtected { name: member.display_name, why })).await?;
    Ok(denial.into())
}

fn allow(work: &UnitOfWork, action: TeamAction) -> Result<TeamAllowed, Error> {
    Ok(review(action, work.who.role)?)
}
