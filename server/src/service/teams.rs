//! Teams, and members that the operator creates.

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
    team::TeamChange,
    validation::{
        field_error::{Field, FieldError, FieldErrors},
        text,
    },
};
use store::{DeletedTeam, NewMember, NewTeam, StoreError, TeamRow, Unique, retry};

/// A person to add as a member.
#[derive(Clone)]
pub struct NewPerson<'a> {
    pub name: &'a str,
    /// The email, which is also the userName.
    pub email: &'a str,
    pub role: Role,
    /// The argon2id hash of the password. `None`: sign-in with a password is not possible.
    pub password_hash: Option<String>,
}

impl std::fmt::Debug for NewPerson<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewPerson").field("email", &self.email).field("role", &self.role).finish_non_exhaustive()
    }
}

impl Service<'_> {
    /// Creates a team with its first member, who becomes a Super Admin regardless of `owner`. Only the operator may.
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
        self.require_operator()?;
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
            let mut work = UnitOfWork { tx, now, actor: ActorInfo::operator() };
            let owner = add(&mut work, owner.clone()).await?;
            let team = TeamRow { member_count: 1, ..work.tx.team().clone() };
            work.commit_all(TeamChange::TeamCreated { plan }, vec![owner]).await?;
            Ok(team)
        })
    }

    /// Sets the team's plan. Only the operator may. With the same plan, nothing changes.
    ///
    /// # Errors
    /// [`Error::Forbidden`], and the errors of `begin`.
    pub async fn team_set_plan(&self, team: &str, plan: Plan) -> Result<(), Error> {
        retry!(attempt, async {
            self.require_operator()?;
            let mut work = self.begin(&attempt, team).await?;
            let from = work.tx.team().plan;
            if from == plan {
                return work.rollback().await;
            }
            work.tx.set_plan(plan).await?;
            work.commit(TeamChange::PlanChanged { from, to: plan }).await
        })
    }

    /// Deletes a team with all its data, permanently. Only the operator may. There is no log entry, because the log is deleted
    /// too. Returns the count of its members.
    ///
    /// # Errors
    /// [`Error::Forbidden`], and the errors of `begin`.
    pub async fn team_delete(&self, team: &str) -> Result<i64, Error> {
        let team = self.team_mark_deleted(team).await?;
        self.team_remove(&team.id, |_| {}).await?;
        Ok(team.members)
    }

    /// The first step of deleting a team: no query finds it any longer, its keys and sign-ins are invalid, and its slug is free.
    ///
    /// # Errors
    /// [`Error::Forbidden`], and the errors of `begin`.
    pub async fn team_mark_deleted(&self, team: &str) -> Result<DeletedTeam, Error> {
        retry!(attempt, async {
            self.require_operator()?;
            let work = self.begin(&attempt, team).await?;
            Ok(work.tx.mark_deleted(work.now).await?)
        })
    }

    /// The second step: removes all data of a deleted team, a batch at a time. `progress` gets the count of removed members so
    /// far.
    ///
    /// # Errors
    /// [`Error::Unavailable`]. Removed data is gone, and the server removes the rest.
    pub async fn team_remove(&self, team: &TeamId, progress: impl FnMut(u64)) -> Result<(), Error> {
        Ok(self.store.team_remove(team, || self.clock.now(), progress).await?)
    }

    /// Removes the data of deleted teams that no other worker is removing.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn teams_remove_deleted(&self) -> Result<(), Error> {
        for team in self.store.unfinished_team_removals(self.clock.now() - LEFT_AFTER).await? {
            self.team_remove(&team, |_| {}).await?;
            tracing::info!(team = team.as_str(), "removed the remaining data of a deleted team");
        }
        Ok(())
    }

    /// Adds an active member. Only the operator may.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::Invalid`], [`Error::Conflict`].
    pub async fn member_add(&self, team: &str, person: NewPerson<'_>) -> Result<MemberId, Error> {
        retry!(attempt, async {
            let person = person.clone();
            self.require_operator()?;
            let mut work = self.begin(&attempt, team).await?;
            let (id, added) = add(&mut work, person).await?;
            work.commit((&id, added)).await?;
            Ok(id)
        })
    }

    fn require_operator(&self) -> Result<(), Error> {
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
