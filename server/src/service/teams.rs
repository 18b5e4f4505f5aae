//! Teams and their members, as far as they are made manually.

use super::{
    Actor,
    actor::ActorInfo,
    groups::LEFT_AFTER,
    unit_of_work::{Service, UnitOfWork},
};
use crate::{ids, team_change::document_of};
use domain::{
    Conflict, Error,
    activity::Change,
    id::{MemberId, TeamId},
    plan::Plan,
    role::Role,
    validation::{
        field_error::{Field, FieldError, FieldErrors},
        text,
    },
};
use store::{DeletedTeam, NewMember, NewTeam, StoreError, TeamRow, Unique, retry};

/// Someone who is to become a member.
#[derive(Clone)]
pub struct NewPerson<'a> {
    /// The display name.
    pub name: &'a str,
    /// The email, which is the userName too.
    pub email: &'a str,
    /// The role.
    pub role: Role,
    /// The argon2id hash of the password; none: cannot sign in with one.
    pub password_hash: Option<String>,
}

impl std::fmt::Debug for NewPerson<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewPerson").field("email", &self.email).field("role", &self.role).finish_non_exhaustive()
    }
}

impl Service<'_> {
    /// Makes a team with its first member, who becomes Super Admin whatever `owner` says. The operator's business.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::Invalid`], [`Error::Conflict`].
    pub async fn team_create(
        &self,
        slug: &str,
        name: &str,
        plan: Plan,
        owner: NewPerson<'_>,
    ) -> Result<TeamRow, Error> {
        self.only_the_operator()?;
        let slug = text::slug(slug).map_err(|_| FieldErrors::one(Field::Slug, FieldError::NotASlug))?;
        let mut problems = FieldErrors::default();
        let name = problems.check(Field::Name, text::name(name, "a name"));
        let Some(name) = name else { return Err(Error::Invalid(problems)) };
        let owner = NewPerson { role: Role::SuperAdmin, ..owner };
        retry!(attempt, async {
            let now = self.clock.now();
            let (slug, name) = (slug.clone(), name.clone());
            let team = NewTeam { id: TeamId::new(ids::next(now)), slug, name, plan, created_at: now };
            let tx = self.store.begin_for_new_team(&attempt, team).await.map_err(|error| match error {
                StoreError::Conflict(Unique::TeamSlug) => Conflict::SlugTaken.into(),
                other => Error::from(other),
            })?;
            let mut work = UnitOfWork { tx, now, who: ActorInfo::operator() };
            let owner = add(&mut work, owner.clone()).await?;
            let team = TeamRow { member_count: 1, ..work.tx.team().clone() };
            work.commit_all(Change::TeamCreated { plan }, vec![owner]).await?;
            Ok(team)
        })
    }

    /// Sets the team's plan. The operator's business. The same plan: nothing changes.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; what beginning says.
    pub async fn team_set_plan(&self, team: &str, plan: Plan) -> Result<(), Error> {
        retry!(attempt, async {
            self.only_the_operator()?;
            let mut work = self.begin(&attempt, team).await?;
            let from = work.tx.team().plan;
            if from == plan {
                return work.rollback().await;
            }
            work.tx.set_plan(plan).await?;
            work.commit(Change::PlanChanged { from, to: plan }).await
        })
    }

    /// Deletes a team with everything in it, permanently. The operator's business, and no entry is left: the log goes too. Returns
    /// how many members it had.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; what beginning says.
    pub async fn team_delete(&self, team: &str) -> Result<i64, Error> {
        let team = self.team_mark_deleted(team).await?;
        self.team_remove(&team.id, |_| {}).await?;
        Ok(team.members)
    }

    /// The first step of deleting a team: from now on no one finds it, its keys and sign-ins open nothing, and its slug is free.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; what beginning says.
    pub async fn team_mark_deleted(&self, team: &str) -> Result<DeletedTeam, Error> {
        retry!(attempt, async {
            self.only_the_operator()?;
            let work = self.begin(&attempt, team).await?;
            Ok(work.tx.mark_deleted(work.now).await?)
        })
    }

    /// The second step: everything that belongs to a deleted team is removed, a portion at a time. `progress` hears how many members
    /// are gone so far.
    ///
    /// # Errors
    /// [`Error::Unavailable`]: what was removed is gone, and the server removes the rest.
    pub async fn team_remove(&self, team: &TeamId, progress: impl FnMut(u64)) -> Result<(), Error> {
        Ok(self.store.team_remove(team, || self.clock.now(), progress).await?)
    }

    /// Removes what is left of deleted teams of which no one is removing anything.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn teams_remove_left(&self) -> Result<(), Error> {
        for team in self.store.teams_left_deleted(self.clock.now() - LEFT_AFTER).await? {
            self.team_remove(&team, |_| {}).await?;
            tracing::info!(team = team.as_str(), "what was left of a deleted team is removed");
        }
        Ok(())
    }

    /// Adds an active member. The operator's business.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::Invalid`], [`Error::Conflict`].
    pub async fn member_add(&self, team: &str, person: NewPerson<'_>) -> Result<MemberId, Error> {
        retry!(attempt, async {
            let person = person.clone();
            self.only_the_operator()?;
            let mut work = self.begin(&attempt, team).await?;
            let (id, added) = add(&mut work, person).await?;
            work.commit((&id, added)).await?;
            Ok(id)
        })
    }

    fn only_the_operator(&self) -> Result<(), Error> {
        if self.actor == Actor::Operator { Ok(()) } else { Err(Error::Forbidden) }
    }
}

async fn add(work: &mut UnitOfWork, person: NewPerson<'_>) -> Result<(MemberId, Change), Error> {
    let mut problems = FieldErrors::default();
    let name = problems.check(Field::Name, text::name(person.name, "a name"));
    let email = problems.check(Field::Email, text::email(person.email));
    let (Some(name), Some(email)) = (name, email) else {
        return Err(Error::Invalid(problems));
    };
    let member = NewMember {
        id: MemberId::new(ids::next(work.now)),
        document: document_of(&name, &email),
        name,
        email,
        role: person.role,
        password_hash: person.password_hash,
        created_at: work.now,
    };
    work.tx.member_insert(&member).await.map_err(|error| match error {
        StoreError::Conflict(Unique::UserName) => Conflict::UserNameTaken(member.email.clone()).into(),
        other => Error::from(other),
    })?;
    Ok((member.id, Change::MemberAdded { name: member.name, role: member.role }))
}
