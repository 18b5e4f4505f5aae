//! Open invites whose sender may no longer give their roles.

use domain::{UnixMs, activity::Change, id::MemberId, member::review_sender};
use store::{StoreError, TeamTransaction};

/// Revokes the open invites that their senders could no longer send. It runs in the transaction that removes, deactivates or
/// demotes the sender. Returns the changes for the log, with the members whom they are about.
pub(crate) async fn revoke_orphaned_invites(
    tx: &mut TeamTransaction,
    now: UnixMs,
) -> Result<Vec<(MemberId, Change)>, StoreError> {
    let mut entries = Vec::new();
    for invite in tx.invites_to_recheck().await? {
        let Err(orphaned) = review_sender(invite.sender_roles, invite.roles) else { continue };
        let Some(member) = tx.member(&invite.member).await? else { continue };
        tx.member_remove(&member, now, orphaned).await?;
        entries.push((member.id, Change::InviteEnded { name: member.display_name, sender: invite.sender }));
    }
    Ok(entries)
}
