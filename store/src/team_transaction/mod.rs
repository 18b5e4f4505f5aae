//! The transaction of a change to a team: it locks the team, and is only committed with an activity entry.

mod account;
mod actor;
mod authorization;
mod group_roles;
mod group_statements;
mod groups;
mod invites;
mod keys;
mod member_cache;
mod member_record;
mod members;
mod methods;
mod sso;
mod teams;
mod usage;

pub use actor::{ActorStatus, NewMember};
pub use authorization::WriteAuthorization;
pub use groups::{GroupWrite, ProtectedMember};
pub use keys::NewKey;
pub use member_record::{MemberRecord, MemberWrite};
pub use methods::{NewMethod, Secret};
pub use sso::NewLink;
pub use teams::NewTeam;

use crate::{
    Quotas, Store, StoreError, TeamRow, TransactionAttempt,
    db::{
        row::Row,
        statement::{Statement, sql},
        transaction::Transaction,
        write_scheduler::{WriteLane, WritePermit},
    },
    log_listener::LogListener,
    teams::team_columns,
};
use domain::{
    activity::Entry,
    id::{MemberId, TeamId},
};
use member_cache::MemberCache;
use usage::TeamUsage;

/// Upper bound of the entries in one statement.
const MAX_ENTRIES: usize = 32;

/// A locked team. Until this is committed or dropped, every other change of the same team waits.
///
/// Architecture invariant: only [`commit`](Self::commit) stores the changes, and it needs an entry for the log. If this
/// is dropped or rolled back, nothing is stored. Functions with restricted access take a proof of the permission
/// ([`domain::provisioning`]).
pub struct TeamTransaction {
    pub(crate) tx: Transaction,
    pub(crate) team: TeamRow,
    /// The number of statements that changed a row: see [`TeamTransaction::writes`].
    writes: u64,
    /// The growth of the team, written once at the end. See [`TeamTransaction::grow`].
    pub(crate) usage: TeamUsage,
    pub(crate) quotas: Quotas,
    /// Has a member lost a role or the sign-in? See [`TeamTransaction::invites_to_recheck`].
    authority_reduced: bool,
    /// Members read in advance: see [`TeamTransaction::prefetch_members`].
    cache: MemberCache,
    listener: LogListener,
    /// The last field, because it is given up after the transaction has ended.
    _turn: Option<WritePermit>,
}

impl std::fmt::Debug for TeamTransaction {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TeamTransaction").field("team", &self.team.slug).finish_non_exhaustive()
    }
}

impl Store {
    /// Locks the team with this slug.
    ///
    /// # Errors
    /// [`StoreError::NoTeam`], [`StoreError::Unavailable`].
    pub async fn begin_for_team(
        &self,
        attempt: &TransactionAttempt,
        slug: &str,
    ) -> Result<TeamTransaction, StoreError> {
        const SQL: &str = concat!(
            "UPDATE teams SET revision = revision + 1 WHERE slug = $1 AND deleted_at IS NULL RETURNING ",
            team_columns!("")
        );
        let turn = self.scheduler.acquire(WriteLane::Page(slug.to_owned())).await?;
        self.claim_with(attempt, turn, sql(SQL).text(slug)).await
    }

    /// Locks the team with this id.
    ///
    /// # Errors
    /// [`StoreError::NoTeam`], [`StoreError::Unavailable`].
    pub async fn begin_for_team_id(
        &self,
        attempt: &TransactionAttempt,
        id: &TeamId,
    ) -> Result<TeamTransaction, StoreError> {
        const SQL: &str = concat!(
            "UPDATE teams SET revision = revision + 1 WHERE id = $1 AND deleted_at IS NULL RETURNING ",
            team_columns!("")
        );
        let turn = self.scheduler.acquire(WriteLane::Directory(id.clone())).await?;
        self.claim_with(attempt, turn, sql(SQL).text(id.as_str())).await
    }

    async fn claim_with(
        &self,
        attempt: &TransactionAttempt,
        turn: WritePermit,
        statement: Statement,
    ) -> Result<TeamTransaction, StoreError> {
        let mut tx = self.begin(attempt).await?;
        let row = statement.first(&mut *tx).await?.ok_or(StoreError::NoTeam)?;
        let team = TeamRow::read(&row)?;
        Ok(TeamTransaction::of(self, tx, team, Some(turn)))
    }
}

impl TeamTransaction {
    fn of(store: &Store, tx: Transaction, team: TeamRow, turn: Option<WritePermit>) -> Self {
        Self {
            tx,
            team,
            writes: 0,
            usage: TeamUsage::default(),
            quotas: store.quotas,
            authority_reduced: false,
            cache: MemberCache::default(),
            listener: store.listener.clone(),
            _turn: turn,
        }
    }

    /// The team at the time of the lock.
    pub fn team(&self) -> &TeamRow {
        &self.team
    }

    /// The number of statements that have changed a row so far. A caller with several changes in one transaction
    /// compares it to detect whether one of them wrote.
    pub fn writes(&self) -> u64 {
        self.writes
    }

    /// Executes a statement that writes, and counts it if it changed a row. A failed one counts too, because PostgreSQL
    /// does not continue the transaction after it.
    pub(crate) async fn write(&mut self, statement: Statement) -> Result<u64, StoreError> {
        self.cache.forget_all();
        self.write_rest(statement).await
    }

    /// The same for a statement that changes only this member.
    async fn write_member(&mut self, id: &MemberId, statement: Statement) -> Result<u64, StoreError> {
        self.cache.forget(id);
        self.write_rest(statement).await
    }

    async fn write_rest(&mut self, statement: Statement) -> Result<u64, StoreError> {
        let rows = statement.run(&mut *self.tx).await;
        if !matches!(rows, Ok(0)) {
            self.writes += 1;
        }
        rows
    }

    /// Executes a statement that writes and returns rows, and counts it likewise.
    async fn write_rows(&mut self, statement: Statement) -> Result<Vec<Row>, StoreError> {
        self.cache.forget_all();
        let rows = statement.all(&mut *self.tx).await;
        if !matches!(&rows, Ok(rows) if rows.is_empty()) {
            self.writes += 1;
        }
        rows
    }

    /// Commits the change, together with at least one entry for the log.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`]: nothing is stored. [`StoreError::Unconfirmed`]: the connection broke during the
    /// commit, so everything or nothing is stored.
    pub async fn commit(self, first: Entry, more: Vec<Entry>) -> Result<(), StoreError> {
        self.keep(std::iter::once(first).chain(more).collect()).await
    }

    /// Commits a batch of a change whose entry was written with the first batch, with the entries about its
    /// consequences.
    ///
    /// # Errors
    /// Those of [`commit`](Self::commit).
    pub async fn commit_batch(self, entries: Vec<Entry>) -> Result<(), StoreError> {
        self.keep(entries).await
    }

    async fn keep(mut self, entries: Vec<Entry>) -> Result<(), StoreError> {
        let mut rest = entries.as_slice();
        while !rest.is_empty() {
            // Powers of two, so that there are few different statements, whose prepared form can be cached.
            let count = 1 << rest.len().min(MAX_ENTRIES).ilog2();
            let (now, later) = rest.split_at_checked(count).unwrap_or((rest, &[]));
            self.log(now).await?;
            rest = later;
        }
        if self.usage != TeamUsage::default() {
            let statement = sql("UPDATE teams SET member_count = member_count + $2, group_count = group_count + $3, \
                 stored_bytes = stored_bytes + $4 WHERE id = $1")
            .text(self.team.id.as_str())
            .number(self.usage.members)
            .number(self.usage.groups)
            .number(self.usage.bytes);
            self.write(statement).await?;
        }
        self.tx.commit().await?;
        self.listener.notify(&self.team.id);
        Ok(())
    }

    async fn log(&mut self, entries: &[Entry]) -> Result<(), StoreError> {
        self.write(crate::activity::entries::insert(&self.team.id, entries)?).await?;
        Ok(())
    }

    /// Releases the team without a change.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn rollback(self) -> Result<(), StoreError> {
        self.tx.rollback().await
    }
}
