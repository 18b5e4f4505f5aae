//! New members, and the status of the actor of a change.

use crate::team_transaction::{
    TeamTransaction,
    usage::{TeamUsage, bytes},
};
use crate::{StoreError, db::statement::sql};
use domain::{
    UnixMs,
    id::MemberId,
    role::{Role, Roles},
    validation::text::fold,
};

/// The current status of an actor in the locked team.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ActorStatus {
    /// An active member.
    Active {
        /// The display name.
        name: String,
        /// The effective roles.
        roles: Roles,
    },
    /// A member who may not sign in.
    Inactive,
    /// Not a member of this team.
    NotAMember,
}

/// A new member who is added manually.
pub struct NewMember {
    /// The member's id.
    pub id: MemberId,
    /// The display name.
    pub name: String,
    /// The email address for signing in.
    pub email: String,
    /// The first role.
    pub role: Role,
    /// The Argon2id hash of the password, if there is one.
    pub password_hash: Option<String>,
    /// The client's attributes of the SCIM User.
    pub document: String,
    /// The time of creation.
    pub created_at: UnixMs,
}

impl TeamTransaction {
    /// The status of an actor, read inside the transaction, so that a role that was just removed does not count.
    pub async fn actor_status(&mut self, id: &MemberId) -> Result<ActorStatus, StoreError> {
        let row = sql("SELECT status, display_name, roles, group_roles FROM members WHERE team_id = $1 AND id = $2")
            .text(self.team.id.as_str())
            .text(id.as_str())
            .first(&mut *self.tx)
            .await?;
        match row {
            None => Ok(ActorStatus::NotAMember),
            Some(row) if row.text("status")? == "active" => {
                Ok(ActorStatus::Active { name: row.text("display_name")?, roles: row.roles()? })
            }
            Some(_) => Ok(ActorStatus::Inactive),
        }
    }

    /// Adds an active member, whose userName is the email address.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] (the userName), [`StoreError::Quota`].
    pub async fn member_insert(&mut self, member: &NewMember) -> Result<(), StoreError> {
        self.grow(TeamUsage { members: 1, bytes: bytes(&member.document), ..TeamUsage::default() })?;
        sql("INSERT INTO members (team_id, id, user_name, user_name_key, email, email_key, display_name, \
             display_name_key, status, source, roles, password_hash, created_at, updated_at, document) \
             VALUES ($1, $2, $3, $4, $3, $4, $5, $6, 'active', 'manual', $7, $8, $9, $9, $10)")
        .text(self.team.id.as_str())
        .text(member.id.as_str())
        .text(&member.email)
        .text(&fold(&member.email))
        .text(&member.name)
        .text(&fold(&member.name))
        .number(Roles::from(member.role).bits())
        .opt_text(member.password_hash.as_deref())
        .number(member.created_at)
        .text(&member.document)
        .run(&mut *self.tx)
        .await?;
        Ok(())
    }
}
