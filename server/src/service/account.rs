//! Changes of members to themselves. The rule is [`domain::member::self_service::review`].

use super::unit_of_work::{Service, UnitOfWork};
use crate::team_change::{own_document, policy::subject};
use domain::{
    Conflict, Denial, Error, Unchanged,
    activity::Change,
    member::self_service::{SelfServiceAction, SelfServiceAllowed, SelfServiceContext, SelfServiceDenial, review},
    validation::{
        field_error::{Field, FieldErrors},
        text::{self, fold},
    },
};
use store::{MemberRecord, MemberSource, MemberStatus, TransactionAttempt, retry};

/// The sessions to end.
#[derive(Clone, Copy, Debug)]
pub enum SessionSelection<'a> {
    /// All sessions except the one with this hash.
    Others(&'a str),
    /// The session with this mark (the hash's first characters).
    One(&'a str),
}

impl Service<'_> {
    /// Changes the name that others see.
    ///
    /// # Errors
    /// [`Error::Denied`], [`Error::Unchanged`], [`Error::Invalid`] (the name).
    pub async fn account_set_name(&self, team: &str, name: &str) -> Result<(), Error> {
        retry!(attempt, async {
            let (mut work, me) = self.begin_for_me(&attempt, team).await?;
            let allowed = allow(&mut work, &me, SelfServiceAction::Name).await?;
            let name = text::name(name, "your name")
                .map_err(|problem| Error::Invalid(FieldErrors::one(Field::Name, problem)))?;
            if name == me.display_name {
                return Err(Unchanged::OwnName.into());
            }
            let document = own_document::renamed(&me.document, &name)?;
            rewrite(&mut work, &me, &document, allowed).await?;
            let change = Change::ProfileChanged { field: "name".to_owned(), from: me.display_name, to: name };
            work.commit((me.id, change)).await
        })
    }

    /// Changes the sign-in email. A userName that equals the old email follows.
    ///
    /// # Errors
    /// [`Error::Denied`], [`Error::Unchanged`], [`Error::Invalid`] (the email), [`Conflict::EmailTaken`].
    pub async fn account_set_email(&self, team: &str, email: &str) -> Result<(), Error> {
        retry!(attempt, async {
            let (mut work, me) = self.begin_for_me(&attempt, team).await?;
            let allowed = allow(&mut work, &me, SelfServiceAction::Email).await?;
            let email =
                text::email(email).map_err(|problem| Error::Invalid(FieldErrors::one(Field::Email, problem)))?;
            if me.email.as_ref() == Some(&email) {
                return Err(Unchanged::OwnEmail.into());
            }
            for other in work.tx.members_like(&email, None, Some(&email)).await? {
                match other.status {
                    _ if other.id == me.id => {}
                    // The email is free now.
                    MemberStatus::Deleted if other.user_name_key == fold(&email) => {
                        work.tx.user_name_release(&other.id).await?;
                    }
                    MemberStatus::Deleted => {}
                    MemberStatus::Active | MemberStatus::Invited | MemberStatus::Deactivated => {
                        return Err(Conflict::EmailTaken.into());
                    }
                }
            }
            let document = own_document::readdressed(&me.document, me.email.as_deref(), &email)?;
            rewrite(&mut work, &me, &document, allowed).await?;
            let change = Change::ProfileChanged {
                field: "email".to_owned(),
                from: me.email.unwrap_or_else(|| "None".to_owned()),
                to: email,
            };
            work.commit((me.id, change)).await
        })
    }

    /// Stores the hash of a new password, and ends every session except the one with the hash `keep`. The caller has checked the
    /// old password.
    ///
    /// # Errors
    /// [`Error::Denied`].
    pub async fn account_set_password(&self, team: &str, hash: &str, keep: &str) -> Result<(), Error> {
        retry!(attempt, async {
            let (mut work, me) = self.begin_for_me(&attempt, team).await?;
            let allowed = allow(&mut work, &me, SelfServiceAction::Password).await?;
            work.tx.password_set(&me.id, hash, work.now, allowed).await?;
            let sessions = work.tx.sign_ins_end_others(&me.id, keep).await?;
            work.commit((me.id, Change::PasswordChanged { sessions })).await
        })
    }

    /// Ends sessions of the acting member.
    ///
    /// # Errors
    /// [`Error::Unchanged`] if there is no such session.
    pub async fn account_end_sessions(&self, team: &str, which: SessionSelection<'_>) -> Result<(), Error> {
        retry!(attempt, async {
            let (mut work, me) = self.begin_for_me(&attempt, team).await?;
            let sessions = match which {
                SessionSelection::Others(keep) => work.tx.sign_ins_end_others(&me.id, keep).await?,
                SessionSelection::One(mark) => work.tx.sign_ins_end_one(&me.id, mark).await?,
            };
            if sessions == 0 {
                return Err(match which {
                    SessionSelection::Others(_) => Unchanged::NoOtherSession.into(),
                    SessionSelection::One(_) => Unchanged::SessionEnded.into(),
                });
            }
            work.commit((me.id, Change::SessionsEnded { sessions })).await
        })
    }

    /// Leaves the team. A tombstone stays, so that an invite or an identity provider can bring the same member back.
    ///
    /// # Errors
    /// [`Error::Denied`].
    pub async fn account_leave(&self, team: &str) -> Result<(), Error> {
        retry!(attempt, async {
            let (mut work, me) = self.begin_for_me(&attempt, team).await?;
            let allowed = match allow(&mut work, &me, SelfServiceAction::Leave).await {
                Ok(allowed) => allowed,
                Err(Error::Denied(Denial::SelfService(
                    denial @ (SelfServiceDenial::LastSuperAdmin | SelfServiceDenial::BreakGlass),
                ))) => {
                    // The denied attempt is logged.
                    let why = denial.to_string();
                    work.commit((me.id, Change::MemberProtected { name: me.display_name, why })).await?;
                    return Err(denial.into());
                }
                Err(error) => return Err(error),
            };
            let sessions = work.tx.member_remove(&me, work.now, allowed).await?;
            let was = me.roles_before_removal();
            work.commit((me.id, Change::MemberLeft { sessions, was })).await
        })
    }

    async fn begin_for_me(
        &self,
        attempt: &TransactionAttempt,
        team: &str,
    ) -> Result<(UnitOfWork, MemberRecord), Error> {
        let mut work = self.begin(attempt, team).await?;
        let Some((id, _)) = work.actor.member.clone() else { return Err(Error::Forbidden) };
        let me = work.tx.member(&id).await?.ok_or(Error::SignedOut)?;
        Ok((work, me))
    }
}

async fn allow(
    work: &mut UnitOfWork,
    me: &MemberRecord,
    action: SelfServiceAction,
) -> Result<SelfServiceAllowed, Error> {
    let context = SelfServiceContext {
        scim_on: work.tx.team().scim_on,
        from_directory: me.source == MemberSource::Directory,
        subject: subject(&mut work.tx, me).await?,
    };
    Ok(review(action, context)?)
}

async fn rewrite(
    work: &mut UnitOfWork,
    me: &MemberRecord,
    document: &str,
    allowed: SelfServiceAllowed,
) -> Result<(), Error> {
    Ok(own_document::write(&mut work.tx, me, document, (me.status, me.source), work.now, allowed).await?)
}
