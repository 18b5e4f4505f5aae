//! The links between accounts of identity providers and members, for pages.

use crate::{
    Store, StoreError,
    db::{row::Row, statement::sql},
    methods::{method_columns, read_method},
};
use domain::{
    UnixMs,
    id::{MemberId, MethodId, TeamId},
    sso::{AccountLink, SsoMethod},
};

/// Who can sign in through an SSO method, as far as it is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MethodUsage {
    /// The links, also of members who cannot sign in.
    pub links: i64,
    /// The active members with a link.
    pub linked: i64,
    /// The deactivated members.
    pub deactivated: i64,
    /// The members who have not accepted their invite.
    pub invited: i64,
    /// The active break-glass members without a link. No rule links them.
    pub break_glass: i64,
    /// The last sign-in.
    pub last: Option<LastSignIn>,
}

/// The last sign-in through an SSO method.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastSignIn {
    /// The time.
    pub at: UnixMs,
    /// The member.
    pub member: MemberId,
    /// The member's name. `None`: the member was removed.
    pub name: Option<String>,
}

const COUNTS: &str = "SELECT \
    (SELECT COUNT(*) FROM sso_links l WHERE l.team_id = $1 AND l.method_id = $2) AS links, \
    (SELECT COUNT(*) FROM sso_links l JOIN members m ON m.team_id = l.team_id AND m.id = l.member_id \
        WHERE l.team_id = $1 AND l.method_id = $2 AND m.status = 'active') AS linked, \
    (SELECT COUNT(*) FROM members d WHERE d.team_id = $1 AND d.status = 'deactivated') AS deactivated, \
    (SELECT COUNT(*) FROM members i WHERE i.team_id = $1 AND i.status = 'invited' AND i.status <> 'deleted') AS invited, \
    (SELECT COUNT(*) FROM members b WHERE b.team_id = $1 AND b.break_glass = 1 AND b.status = 'active' AND NOT EXISTS \
        (SELECT 1 FROM sso_links o WHERE o.team_id = b.team_id AND o.member_id = b.id AND o.method_id = $2)) AS break_glass";
const LAST: &str = "SELECT l.member_id, l.last_sign_in_at, \
    CASE WHEN m.status = 'deleted' THEN NULL ELSE m.display_name END AS name \
    FROM sso_links l JOIN members m ON m.team_id = l.team_id AND m.id = l.member_id \
    WHERE l.team_id = $1 AND l.method_id = $2 ORDER BY l.last_sign_in_at DESC LIMIT 1";
const OF_MEMBER: &str = concat!(
    "SELECT ",
    method_columns!(),
    ", l.subject, l.account, l.linked_at, l.last_sign_in_at FROM sso_methods m \
     LEFT JOIN sso_links l ON l.team_id = m.team_id AND l.member_id = $2 AND l.method_id = m.id \
     WHERE m.team_id = $1 ORDER BY m.id"
);

impl Store {
    /// Who can sign in through a method, and the last sign-in. Times in the future come from a wrong clock and count as `now`.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn sso_usage(&self, team: &TeamId, method: &MethodId, now: UnixMs) -> Result<MethodUsage, StoreError> {
        let counts = sql(COUNTS).text(team.as_str()).text(method.as_str());
        let last = sql(LAST).text(team.as_str()).text(method.as_str()).inline();
        let (counts, last) = tokio::try_join!(counts.first(&self.reader), last.first(&self.reader))?;
        let Some(counts) = counts else { return Ok(MethodUsage::default()) };
        let read = |row: Row| {
            Ok::<_, StoreError>(LastSignIn {
                at: row.number("last_sign_in_at")?.min(now),
                member: MemberId::new(row.text("member_id")?),
                name: row.opt_text("name")?,
            })
        };
        Ok(MethodUsage {
            links: counts.number("links")?,
            linked: counts.number("linked")?,
            deactivated: counts.number("deactivated")?,
            invited: counts.number("invited")?,
            break_glass: counts.number("break_glass")?,
            last: last.map(read).transpose()?,
        })
    }

    /// The team's SSO methods, the oldest first, each with the link of this member.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn member_sso_links(
        &self,
        team: &TeamId,
        member: &MemberId,
    ) -> Result<Vec<(SsoMethod, Option<AccountLink>)>, StoreError> {
        let rows = sql(OF_MEMBER).text(team.as_str()).text(member.as_str()).inline().all(&self.reader).await?;
        rows.iter().map(|row| Ok((read_method(row)?, read_link(row)?))).collect()
    }
}

fn read_link(row: &Row) -> Result<Option<AccountLink>, StoreError> {
    let Some(subject) = row.opt_text("subject")? else { return Ok(None) };
    Ok(Some(AccountLink {
        subject,
        account: row.opt_text("account")?,
        linked_at: row.number("linked_at")?,
        last_sign_in_at: row.number("last_sign_in_at")?,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::query_plans;

    #[tokio::test]
    async fn the_last_sign_in_is_the_first_of_its_index() {
        for plan in query_plans::of_a_new_database().await.of(LAST).await {
            assert!(plan.contains("sso_links_last_sign_in (team_id=? AND method_id=?"), "{plan}");
        }
    }

    #[tokio::test]
    async fn members_are_counted_without_reading_the_whole_team() {
        let plans = query_plans::of_a_new_database().await;
        for (table, index) in [("d", "members_inactive"), ("i", "members_by_state"), ("o", "members_break_glass")] {
            plans.check(COUNTS, table, index).await;
        }
        for plan in plans.of(COUNTS).await {
            assert!(
                plan.contains("SEARCH l USING COVERING INDEX sso_links_last_sign_in (team_id=? AND method_id=?)")
                    || !plan.is_sqlite(),
                "{plan}"
            );
            assert!(
                plan.contains("SEARCH m USING INDEX members_pkey (team_id=? AND id=?)") || !plan.is_sqlite(),
                "{plan}"
            );
        }
    }

    #[tokio::test]
    async fn the_links_of_a_member_are_found_by_the_member() {
        for plan in query_plans::of_a_new_database().await.of(OF_MEMBER).await {
            assert!(plan.contains("sso_links_member (team_id=? AND member_id=?"), "{plan}");
        }
    }
}
