//! The transaction of a change to a team: it locks the team, and is committed only with an activity entry.

mod account;
mod actor;
mod authorization;
mod group_roles;
mod groups;
mod invites;
mod keys;
mod member_cache;
mod members;
mod methods;
mod teams;
mod usage;

pub use actor::{ActorStatus, NewMember};
pub use authorization::WriteAuthorization;
pub use groups::{GroupWrite, MarkedMember};
pub use keys::NewKey;
pub use members::{MemberRecord, MemberWrite};
pub use methods::{NewMethod, Secret};
pub use teams::NewTeam;

use crate::{
    Quotas, Store, StoreError, TeamRow,
    db::{
        retry::{RetrySignal, retry},
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

/// The most entries that are written by one statement.
const MOST_ENTRIES: usize = 32;

/// A team that is claimed for a change: until this is committed or dropped, everyone else who wants to change the same
/// team waits.
///
/// Architecture invariant: whatever was written through this is kept only by [`commit`](Self::commit), which wants the
/// log's entry. Dropped, or left unchanged, it is as if nothing had been. What only some may write takes the proof that
/// they may ([`domain::provisioning`]).
pub struct TeamTransaction {
    pub(crate) tx: Transaction,
    pub(crate) team: TeamRow,
    /// How many statements have written something: see [`TeamTransaction::writes`].
    writes: u64,
    /// By how much the team's counts change: written once, at the end. See [`TeamTransaction::grow`].
    pub(crate) usage: TeamUsage,
    pub(crate) quotas: Quotas,
    /// Did someone lose a role, or the sign-in? See [`TeamTransaction::invites_to_recheck`].
    authority_reduced: bool,
    /// Members that were read ahead, as they are: see [`TeamTransaction::prefetch_members`].
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
    /// Claims the team with this slug.
    ///
    /// # Errors
    /// [`StoreError::NoTeam`], [`StoreError::Unavailable`].
    pub async fn begin_for_team(&self, slug: &str) -> Result<TeamTransaction, StoreError> {
        const SQL: &str = concat!(
            "UPDATE teams SET revision = revision + 1 WHERE slug = $1 AND deleted_at IS NULL RETURNING ",
            team_columns!("")
        );
        let turn = self.scheduler.acquire(WriteLane::Page(slug.to_owned())).await?;
        self.claim_with(turn, sql(SQL).text(slug)).await
    }

    /// Claims the team with this id.
    ///
    /// # Errors
    /// [`StoreError::NoTeam`], [`StoreError::Unavailable`].
    pub async fn begin_for_team_id(&self, id: &TeamId) -> Result<TeamTransaction, StoreError> {
        const SQL: &str = concat!(
            "UPDATE teams SET revision = revision + 1 WHERE id = $1 AND deleted_at IS NULL RETURNING ",
            team_columns!("")
        );
        let turn = self.scheduler.acquire(WriteLane::Directory(id.clone())).await?;
        self.claim_with(turn, sql(SQL).text(id.as_str())).await
    }

    async fn claim_with(&self, turn: WritePermit, statement: Statement) -> Result<TeamTransaction, StoreError> {
        let (tx, row) = retry!(async {
            let mut tx = self.begin().await?;
            let row = statement.clone().first(&mut *tx).await?.ok_or(StoreError::NoTeam)?;
            Ok((tx, row))
        })?;
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

    /// Notes in `signal` whether the change can run again after a failure.
    pub fn observe(&mut self, signal: &RetrySignal) {
        self.tx.observe(signal);
    }

    /// The team as it was when it was claimed.
    pub fn team(&self) -> &TeamRow {
        &self.team
    }

    /// How many statements have written something so far: anyone who runs several changes in one claim learns whether one of
    /// them did.
    pub fn writes(&self) -> u64 {
        self.writes
    }

    /// Execute a statement that writes, and counts it: unless no row was there to be written. One that failed counts, because
    /// PostgreSQL does not go on with the transaction after it.
    pub(crate) async fn write(&mut self, statement: Statement) -> Result<u64, StoreError> {
        self.cache.forget_all();
        self.write_rest(statement).await
    }

    /// The same for a statement that writes nothing of any member but this one.
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

    /// Execute a statement that writes and returns what it wrote, and counts it likewise.
    async fn write_rows(&mut self, statement: Statement) -> Result<Vec<Row>, StoreError> {
        self.cache.forget_all();
        let rows = statement.all(&mut *self.tx).await;
        if !matches!(&rows, Ok(rows) if rows.is_empty()) {
            self.writes += 1;
        }
        rows
    }

    /// Keeps the change, together with its entries in the log: at least one.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`]: then nothing was kept. [`StoreError::Unconfirmed`]: the connection broke at the very end, so
    /// all of it was kept, or nothing.
    pub async fn commit(self, first: Entry, more: Vec<Entry>) -> Result<(), StoreError> {
        self.keep(std::iter::once(first).chain(more).collect()).await
    }

    /// Keeps a portion of a change whose entry was written with the first one, with the entries of what follows from it.
    ///
    /// # Errors
    /// As of [`commit`](Self::commit).
    pub async fn commit_batch(self, entries: Vec<Entry>) -> Result<(), StoreError> {
        self.keep(entries).await
    }

    async fn keep(mut self, entries: Vec<Entry>) -> Result<(), StoreError> {
        let mut rest = entries.as_slice();
        while !rest.is_empty() {
            // Powers of two: few different statements, which can be kept prepared.
            let count = 1 << rest.len().min(MOST_ENTRIES).ilog2();
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

    /// Gives the team free: nothing was to be changed.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn rollback(self) -> Result<(), StoreError> {
        self.tx.rollback().await
    }
}
