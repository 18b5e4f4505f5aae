//! Inviting people by email. There is no mail server: anyone who invites gets a link to pass on.
//!
//! An invited person is a member already, with the status "invited": identity providers see an active User, and take the
//! member over like one made manually. Whatever ends that status (accepting, canceling, an identity provider) ends the invite
//! in the same transaction.

use super::unit_of_work::retry;
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
use store::{MemberRecord, MemberSource, MemberStatus, MemberWrite, Store, StoreError};

/// How long a link works.
pub const INVITE_LIFETIME: UnixMs = 7 * DAY;

/// An invite that was just made or renewed: the one time that its link is seen.
#[derive(Debug)]
pub struct NewInvite {
    /// What opens it.
    pub token: InviteToken,
    /// Whom it is for.
    pub email: String,
}

impl Service<'_> {
    /// Invites a person. A former member keeps the same id.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::Denied`], [`Error::Invalid`] (the email), [`Conflict::MemberExists`],
    /// [`Conflict::RemovedByProvider`].
    pub async fn invite_make(&self, team: &str, email: &str, role: Role) -> Result<NewInvite, Error> {
        retry!(self, async {
            let mut work = self.begin(team).await?;
            if !work.who.role.manages_authentication() {
                return Err(Error::Forbidden);
            }
            let email =
                text::email(email).map_err(|problem| Error::Invalid(FieldErrors::one(Field::Email, problem)))?;
            let allowed = match review_invite(work.who.role, role.into()) {
                Ok(allowed) => allowed,
                Err(denial) => {
                    // The refused attempt is logged.
                    work.commit(Change::MemberProtected { name: email, why: denial.to_string() }).await?;
                    return Err(Denial::Invite(denial).into());
                }
            };
            let alike = work.tx.members_like(&email, None, Some(&email)).await?;
            if let Some(there) = alike.iter().find(|member| member.status != MemberStatus::Deleted) {
                let (id, name) = (there.id.clone(), there.display_name.clone());
                let (invited, by_email) =
                    (there.status == MemberStatus::Invited, there.email_key == Some(fold(&email)));
                return Err(Conflict::MemberExists { id, name, invited, by_email }.into());
            }
            if work.tx.team().scim_on && alike.iter().any(|gone| gone.source == MemberSource::Directory) {
                return Err(Conflict::RemovedByProvider.into());
            }
            let key = fold(&email);
            let gone = alike.iter().find(|member| member.user_name_key == key).or(alike.first());
            let document = document_of(&email, &email);
            let was = gone.and_then(MemberRecord::roles_before_removal);
            let id = match gone {
                Some(gone) => {
                    own_document::write(
                        &mut work.tx,
                        gone,
                        &document,
                        (MemberStatus::Invited, MemberSource::Invited),
                        work.now,
                        allowed,
                    )
                    .await?;
                    gone.id.clone()
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
            let token = make_token(&mut work, &id).await?;
            let restored = gone.is_some();
            work.commit((id, Change::MemberInvited { name: email.clone(), role, restored, was })).await?;
            Ok(NewInvite { token, email })
        })
    }

    /// Makes a new link for someone who did not accept yet. The old one ends.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Denied`], [`Conflict::InviteAccepted`].
    pub async fn invite_resend(&self, team: &str, id: &MemberId) -> Result<NewInvite, Error> {
        retry!(self, async {
            let mut work = self.begin_for_members(team).await?;
            let member = pending(&mut work, id).await?;
            if let Err(denial) = allow(&mut work.tx, work.who.role, &member, MemberEffect::Edit).await? {
                return Err(work.refuse(member, denial).await?);
            }
            let token = make_token(&mut work, id).await?;
            work.commit((id, Change::InviteResent { name: member.display_name.clone() })).await?;
            Ok(NewInvite { token, email: member.email.unwrap_or(member.display_name) })
        })
    }

    /// Takes an invite back. What is left is a tombstone, so that another invite or an identity provider can bring the same
    /// member back.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Denied`], [`Conflict::InviteAccepted`].
    pub async fn invite_cancel(&self, team: &str, id: &MemberId) -> Result<(), Error> {
        retry!(self, async {
            let mut work = self.begin_for_members(team).await?;
            let member = pending(&mut work, id).await?;
            let allowed = match allow(&mut work.tx, work.who.role, &member, MemberEffect::Delete).await? {
                Ok(allowed) => allowed,
                Err(denial) => return Err(work.refuse(member, denial).await?),
            };
            work.tx.member_remove(&member, work.now, allowed).await?;
            work.commit((member.id, Change::InviteCancelled { name: member.display_name })).await
        })
    }
}

/// Anyone who accepts an invite, as they want to be known.
pub struct InviteAcceptance<'a> {
    /// The hash of the link's token.
    pub hash: &'a str,
    /// The team that the link was for.
    pub team: &'a TeamId,
    /// The display name, checked.
    pub name: &'a str,
    /// The argon2id hash of the password.
    pub password_hash: &'a str,
    /// The client's address, as far as it is known.
    pub address: Option<String>,
}

/// Makes an active member of anyone who has the link, which is used up with it. Of several at the same moment, one gets in.
///
/// # Errors
/// [`Error::NotFound`]: the link is used, expired, canceled or unknown.
pub async fn invite_accept(store: &Store, clock: &Clock, joining: InviteAcceptance<'_>) -> Result<MemberId, Error> {
    let mut tx = store.begin_for_team_id(joining.team).await?;
    let now = clock.now();
    let (id, link) = tx.invited_by_link(joining.hash, now).await?.ok_or(Error::NotFound)?;
    let member =
        tx.member(&id).await?.filter(|member| member.status == MemberStatus::Invited).ok_or(Error::NotFound)?;
    let document = own_document::renamed(&member.document, joining.name)?;
    // The status changes, and the invite goes with it.
    own_document::write(&mut tx, &member, &document, (MemberStatus::Active, member.source), now, link).await?;
    tx.password_choose(&id, joining.password_hash).await?;
    let who = ActorInfo {
        member: Some((id.clone(), joining.name.to_owned())),
        is_rollcall: false,
        role: member.roles.highest(),
        address: joining.address,
    };
    let email = member.email.unwrap_or(member.display_name);
    UnitOfWork { tx, now, who }.commit((&id, Change::InviteAccepted { email })).await?;
    Ok(id)
}

async fn pending(work: &mut UnitOfWork, id: &MemberId) -> Result<MemberRecord, Error> {
    let member = find(work, id).await?;
    if member.status == MemberStatus::Invited { Ok(member) } else { Err(Conflict::InviteAccepted.into()) }
}

async fn make_token(work: &mut UnitOfWork, id: &MemberId) -> Result<InviteToken, StoreError> {
    let token = InviteToken::new();
    let by = work.who.member.as_ref();
    let by = (by.map(|(id, _)| id), by.map_or("the operator", |(_, name)| name.as_str()));
    work.tx.invite_write(id, &token.hash(), by, (work.now, work.now + INVITE_LIFETIME)).await?;
    Ok(token)
}
