//! Invites by email. There is no mail server, so the sender gets a link to pass on.
//!
//! An invited person is a member with the status "invited". Identity providers see an active User, and adopt the member like one
//! that was created manually. Every change of that status (accepting, canceling, an identity provider) ends the invite in the
//! same transaction.

use super::{
    actor::ActorInfo,
    members::find,
    unit_of_work::{Service, UnitOfWork},
};
use crate::clock::Clock;
use crate::{
    ids,
    secrets::InviteToken,
    team_change::{document_of, own_document, policy::allow},
};
use domain::{
    Conflict, DAY, Denial, Error, UnixMs,
    activity::Change,
    id::{MemberId, TeamId},
    member::{MemberEffect, review_invite},
    role::{Role, Roles},
    user_name::Renames,
    validation::{
        field_error::{Field, FieldErrors},
        text::{self, fold},
    },
};
use store::{MemberRecord, MemberSource, MemberStatus, MemberWrite, Store, StoreError, retry};

/// How long a link is valid.
pub const INVITE_LIFETIME: UnixMs = 7 * DAY;

/// A new or renewed invite. Its link is shown once.
#[derive(Debug)]
pub struct NewInvite {
    /// The token of the link.
    pub token: InviteToken,
    /// The invited email.
    pub email: String,
}

impl Service<'_> {
    /// Invites a person. A former member keeps its id.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::Denied`], [`Error::Invalid`] (the email), [`Conflict::MemberExists`],
    /// [`Conflict::RemovedByProvider`].
    pub async fn invite_create(&self, team: &str, email: &str, role: Role) -> Result<NewInvite, Error> {
        retry!(attempt, async {
            let mut work = self.begin(&attempt, team).await?;
            if !work.actor.role.manages_authentication() {
                return Err(Error::Forbidden);
            }
            let email =
                text::email(email).map_err(|problem| Error::Invalid(FieldErrors::one(Field::Email, problem)))?;
            let allowed = match review_invite(work.actor.role, role.into()) {
                Ok(allowed) => allowed,
                Err(denial) => {
                    // The denied attempt is logged.
                    work.commit(Change::MemberProtected { name: email, why: denial.to_string() }).await?;
                    return Err(Denial::Invite(denial).into());
                }
            };
            let alike = work.tx.members_like(&email, None, Some(&email)).await?;
            if let Some(existing) = alike.iter().find(|member| member.status != MemberStatus::Deleted) {
                let (id, name) = (existing.id.clone(), existing.display_name.clone());
                let (invited, by_email) =
                    (existing.status == MemberStatus::Invited, existing.email_key == Some(fold(&email)));
                return Err(Conflict::MemberExists { id, name, invited, by_email }.into());
            }
            if work.tx.team().scim_on && alike.iter().any(|tombstone| tombstone.source == MemberSource::Directory) {
                return Err(Conflict::RemovedByProvider.into());
            }
            let key = fold(&email);
            let tombstone = alike.iter().find(|member| member.user_name_key == key).or(alike.first());
            let document = document_of(&email, &email);
            let was = tombstone.and_then(MemberRecord::roles_before_removal);
            let id = match tombstone {
                Some(tombstone) => {
                    own_document::write(
                        &mut work.tx,
                        tombstone,
                        &document,
                        (MemberStatus::Invited, MemberSource::Invited),
                        work.now,
                        allowed,
                    )
                    .await?;
                    tombstone.id.clone()
                }
                None => {
                    let id = MemberId::new(ids::next(work.now));
                    let member = MemberWrite {
                        user_name: &email,
                        email: Some(&email),
                        other_emails: &[],
                        display_name: &email,
                        external_id: None,
                        document: &document,
                        status: MemberStatus::Invited,
                        active_present: true,
                        source: MemberSource::Invited,
                        renames: Renames::default(),
                        now: work.now,
                    };
                    work.tx.member_provision(&id, &member).await?;
                    id
                }
            };
            work.tx.member_set_roles(&id, Roles::from(role), work.now, allowed).await?;
            let token = create_token(&mut work, &id).await?;
            let restored = tombstone.is_some();
            work.commit((id, Change::MemberInvited { name: email.clone(), role, restored, was })).await?;
            Ok(NewInvite { token, email })
        })
    }

    /// Creates a new link for a person who has not accepted yet. The old one ends.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Denied`], [`Conflict::InviteAccepted`].
    pub async fn invite_resend(&self, team: &str, id: &MemberId) -> Result<NewInvite, Error> {
        retry!(attempt, async {
            let mut work = self.begin_for_members(&attempt, team).await?;
            let member = pending(&mut work, id).await?;
            if let Err(denial) = allow(&mut work.tx, work.actor.role, &member, MemberEffect::Edit).await? {
                return Err(work.refuse(member, denial).await?);
            }
            let token = create_token(&mut work, id).await?;
            work.commit((id, Change::InviteResent { name: member.display_name.clone() })).await?;
            Ok(NewInvite { token, email: member.email.unwrap_or(member.display_name) })
        })
    }

    /// Cancels an invite. A tombstone stays, so that another invite or an identity provider can bring the same member back.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Denied`], [`Conflict::InviteAccepted`].
    pub async fn invite_cancel(&self, team: &str, id: &MemberId) -> Result<(), Error> {
        retry!(attempt, async {
            let mut work = self.begin_for_members(&attempt, team).await?;
            let member = pending(&mut work, id).await?;
            let allowed = match allow(&mut work.tx, work.actor.role, &member, MemberEffect::Delete).await? {
                Ok(allowed) => allowed,
                Err(denial) => return Err(work.refuse(member, denial).await?),
            };
            work.tx.member_remove(&member, work.now, allowed).await?;
            work.commit((member.id, Change::InviteCancelled { name: member.display_name })).await
        })
    }
}

/// The data of a person who accepts an invite.
pub struct InviteAcceptance<'a> {
    /// The hash of the link's token.
    pub hash: &'a str,
    /// The team of the link.
    pub team: &'a TeamId,
    /// The display name, checked.
    pub name: &'a str,
    /// The argon2id hash of the password.
    pub password_hash: &'a str,
    /// The client's address, if known.
    pub address: Option<String>,
}

/// Makes the person with the link an active member, and uses up the link. Of several simultaneous calls, one succeeds.
///
/// # Errors
/// [`Error::NotFound`] if the link is used, expired, canceled or unknown.
pub async fn invite_accept(store: &Store, clock: &Clock, joining: InviteAcceptance<'_>) -> Result<MemberId, Error> {
    retry!(attempt, async {
        let mut tx = store.begin_for_team_id(&attempt, joining.team).await?;
        let now = clock.now();
        let (id, link) = tx.invited_by_link(joining.hash, now).await?.ok_or(Error::NotFound)?;
        let member =
            tx.member(&id).await?.filter(|member| member.status == MemberStatus::Invited).ok_or(Error::NotFound)?;
        let document = own_document::renamed(&member.document, joining.name)?;
        // Changing the status also ends the invite.
        own_document::write(&mut tx, &member, &document, (MemberStatus::Active, member.source), now, link).await?;
        tx.invited_password_set(&id, joining.password_hash).await?;
        let actor = ActorInfo {
            member: Some((id.clone(), joining.name.to_owned())),
            is_rollcall: false,
            role: member.roles.highest(),
            address: joining.address.clone(),
        };
        let email = member.email.unwrap_or(member.display_name);
        UnitOfWork { tx, now, actor }.commit((&id, Change::InviteAccepted { email })).await?;
        Ok(id)
    })
}

async fn pending(work: &mut UnitOfWork, id: &MemberId) -> Result<MemberRecord, Error> {
    let member = find(work, id).await?;
    if member.status == MemberStatus::Invited { Ok(member) } else { Err(Conflict::InviteAccepted.into()) }
}

async fn create_token(work: &mut UnitOfWork, id: &MemberId) -> Result<InviteToken, StoreError> {
    let token = InviteToken::new();
    let by = work.actor.member.as_ref();
    let by = (by.map(|(id, _)| id), by.map_or("the operator", |(_, name)| name.as_str()));
    work.tx.invite_write(id, &token.hash(), by, (work.now, work.now + INVITE_LIFETIME)).await?;
    Ok(token)
}
