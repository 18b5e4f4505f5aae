//! Open invites whose sender may no longer give their roles.

use super::log_entry::NewActivityEntry;
use domain::{UnixMs, activity::Change, member::review_sender};
use store::{Claim, StoreError};

/// Revokes the open invites that their senders could no longer send. It runs in the transaction that removes, deactivates or
/// demotes the sender. Returns the entries for the log.
pub(crate) async fn revoke_orphaned_invites(
    claim: &mut Claim,
    now: UnixMs,
) -> Result<Vec<NewActivityEntry>, StoreError> {
    let mut entries = Vec::new();
    for invite in claim.invites_shaken().await? {
        let Err(orphaned) = review_sender(invite.sender_roles, invite.roles) else { continue };
        let Some(member) = claim.member(&invite.member).await? else { continue };
        claim.member_remove(&member, now, orphaned).await?;
        entries.push((member.id, Change::InviteEnded { name: member.display_name, sender: invite.sender }).into());
    }
    Ok(entries)
}
