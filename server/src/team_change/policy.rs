//! Asking the one policy about members, on behalf of pages, command line and identity providers alike.

use domain::{
    member::{MemberAllowed, MemberDenial, MemberEffect, Subject, review},
    role::Role,
};
use store::{Claim, MemberRecord, Status, StoreError};

/// May somebody with this authority do this to the member? Asked in the transaction that does it.
pub(crate) async fn allow(
    claim: &mut Claim,
    authority: Role,
    member: &MemberRecord,
    effect: MemberEffect,
) -> Result<Result<MemberAllowed, MemberDenial>, StoreError> {
    Ok(review(authority, subject(claim, member).await?, effect))
}

/// A member, as the policy asks about them.
pub(crate) async fn subject(claim: &mut Claim, member: &MemberRecord) -> Result<Subject, StoreError> {
    let guards = member.status == Status::Active && member.own_roles.contains(Role::SuperAdmin);
    Ok(Subject {
        roles: member.roles,
        active: member.status == Status::Active,
        break_glass: member.break_glass,
        last_super_admin: guards && !claim.has_another_super_admin(&member.id).await?,
    })
}
