//! Reviews of changes to members. Pages, command line and identity providers share this policy.

use domain::{
    member::{MemberAllowed, MemberDenial, MemberEffect, MemberStatus, Subject, review},
    role::Role,
};
use store::{MemberRecord, StoreError, TeamTransaction};

/// Reviews the effect on the member, in the transaction of the change.
pub(crate) async fn allow(
    tx: &mut TeamTransaction,
    authority: Role,
    member: &MemberRecord,
    effect: MemberEffect,
) -> Result<Result<MemberAllowed, MemberDenial>, StoreError> {
    Ok(review(authority, subject(tx, member).await?, effect))
}

/// The facts about the member that the policy reviews.
pub(crate) async fn subject(tx: &mut TeamTransaction, member: &MemberRecord) -> Result<Subject, StoreError> {
    let is_super_admin = member.status == MemberStatus::Active && member.own_roles.contains(Role::SuperAdmin);
    Ok(Subject {
        roles: member.roles,
        active: member.status == MemberStatus::Active,
        break_glass: member.break_glass,
        last_super_admin: is_super_admin && !tx.has_another_super_admin(&member.id).await?,
    })
}
