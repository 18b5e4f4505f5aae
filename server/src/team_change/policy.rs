//! Asking the one policy about members, on behalf of pages, command line and identity providers alike.

use domain::{
    member::{MemberAllowed, MemberDenial, MemberEffect, Subject, review},
    role::Role,
};
use store::{MemberRecord, Status, StoreError, TeamTransaction};

/// May somebody with this authority do this to the member? Asked in the transaction that does it.
pub(crate) async fn allow(
    tx: &mut TeamTransaction,
    authority: Role,
    member: &MemberRecord,
    effect: MemberEffect,
) -> Result<Result<MemberAllowed, MemberDenial>, StoreError> {
    Ok(review(authority, subject(tx, member).await?, effect))
}

/// A member, as the policy asks about them.
pub(crate) async fn subject(tx: &mut TeamTransaction, member: &MemberRecord) -> Result<Subject, StoreError> {
    let guards = member.status == Status::Active && member.own_roles.contains(Role::SuperAdmin);
    Ok(Subject {
        roles: member.roles,
        active: member.status == Status::Active,
        break_glass: member.break_glass,
        last_super_admin: guards && !tx.has_another_super_admin(&member.id).await?,
    })
}
