//! Search indexes of large teams in memory: names, addresses and userNames, with the facts that filters and sort orders
//! depend on.
//!
//! Neither engine has an index that finds a text in the middle of a name. A scan of a hundred thousand rows takes fifty
//! times as long as a page. The page is a slice of the result in memory, and the database only reads the rows of the
//! page.
//!
//! An index is valid for one revision of the team, which every change increases. An older index is never used, so that
//! no result is outdated. Then the database scans its rows, and a background task reads a new index.

mod member_index;
mod search_result;

pub use search_result::SearchResult;

use crate::{
    InGroup, MemberFilter, MemberRow, PageStart, Store, StoreError,
    db::statement::sql,
    member_sort::{MemberFacets, facet_columns, since_sign_in},
};
use domain::{
    UnixMs,
    id::{MemberId, TeamId},
    sort::{MemberOrder, MemberSort},
};
use member_index::{MemberIndex, MemberSet};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

/// For teams with fewer members, a search by the database is as fast.
pub const LARGE: i64 = 5_000;
/// Upper bound of the indexed teams. An index takes two to three bytes for each indexed character: 200 to 270 bytes for
/// a member with a name, address and userName of 86 characters together.
const TEAMS: usize = 8;
/// The number of members that are read at once.
const PART: i64 = 2_000;

/// The indexes of the most recently searched teams. Cloning is cheap, and clones share the indexes.
#[derive(Clone, Debug, Default)]
pub(crate) struct IndexCache(Arc<Mutex<CacheState>>);

#[derive(Debug, Default)]
struct CacheState {
    teams: HashMap<TeamId, CachedIndex>,
    /// A counter of uses. The least recently used team is evicted.
    uses: u64,
}

#[derive(Debug, Default)]
struct CachedIndex {
    /// The team's revision, and the index of that revision.
    index: Option<(i64, Arc<MemberIndex>)>,
    /// Is a task reading a new index?
    reading: bool,
    used: u64,
}

impl IndexCache {
    fn state(&self) -> std::sync::MutexGuard<'_, CacheState> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The index, if it is of this revision.
    fn of(&self, team: &TeamId, revision: i64) -> Option<Arc<MemberIndex>> {
        let mut state = self.state();
        state.uses += 1;
        let uses = state.uses;
        let cached = state.teams.get_mut(team)?;
        cached.used = uses;
        cached.index.as_ref().filter(|(at, _)| *at == revision).map(|(_, index)| Arc::clone(index))
    }

    /// May the caller read the team's index? Until [`IndexCache::end`] no other caller may.
    fn begin(&self, team: &TeamId) -> bool {
        let mut state = self.state();
        state.uses += 1;
        let uses = state.uses;
        let cached = state.teams.entry(team.clone()).or_default();
        cached.used = uses;
        !std::mem::replace(&mut cached.reading, true)
    }

    /// Stores the new index, if there is one, and allows others to read again.
    fn end(&self, team: &TeamId, index: Option<(i64, MemberIndex)>) {
        let mut state = self.state();
        let cached = state.teams.entry(team.clone()).or_default();
        cached.reading = false;
        if let Some((revision, index)) = index {
            cached.index = Some((revision, Arc::new(index)));
        }
        while state.teams.len() > TEAMS {
            let oldest = state.teams.iter().filter(|(_, cached)| !cached.reading).min_by_key(|(_, cached)| cached.used);
            let Some(oldest) = oldest.map(|(team, _)| team.clone()) else { break };
            state.teams.remove(&oldest);
        }
    }

    fn is_known(&self, team: &TeamId) -> bool {
        self.state().teams.get(team).is_some_and(|cached| cached.reading || cached.index.is_some())
    }
}

impl Store {
    /// The matches of a filter; `None` if the index is not of the current revision. Then a background task reads a new
    /// one, if the filter has a search.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn members_search(
        &self,
        team: &TeamId,
        filter: &MemberFilter,
    ) -> Result<Option<SearchResult>, StoreError> {
        let revision = self.revision(team).await?;
        let Some(index) = self.member_indexes.of(team, revision) else {
            if !filter.search.is_empty() {
                self.member_index_read_later(team);
            }
            return Ok(None);
        };
        let group = match &filter.group {
            Some(group) => Some(self.group_in(team, &index, group).await?),
            None => None,
        };
        let matches = index.find(filter, group.as_deref());
        Ok(Some(SearchResult::new(index, matches)))
    }

    /// One page of a search's result. Members removed since then are missing.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn members_search_page(
        &self,
        team: &TeamId,
        result: &SearchResult,
        order: MemberOrder,
        place: &PageStart,
        size: i64,
    ) -> Result<Vec<MemberRow>, StoreError> {
        if order.by == MemberSort::LastSignIn {
            self.sign_ins(team, result.index()).await?;
        }
        let page = result.page(order, place, size);
        self.members_rows(team, &page.iter().collect::<Vec<_>>()).await
    }

    /// Adds the sign-ins since the last call to the index.
    async fn sign_ins(&self, team: &TeamId, index: &MemberIndex) -> Result<(), StoreError> {
        let newest = index.signed_in().newest;
        let since = if newest == 0 { "x".to_owned() } else { (FAR - newest + LATE).to_string() };
        let rows = sql(SIGN_INS).text(team.as_str()).text(&since).all(&self.reader).await?;
        let signed_in = rows.iter().map(|row| {
            let before = row.text("since")?.get(..DIGITS).and_then(|digits| digits.parse::<UnixMs>().ok());
            let before = before.ok_or_else(|| StoreError::Corrupt("a last sign-in".into()))?;
            Ok((MemberId::new(row.text("id")?), FAR - before))
        });
        let signed_in: Vec<_> = signed_in.collect::<Result<_, StoreError>>()?;
        index.sign_in(signed_in.into_iter());
        Ok(())
    }

    /// The members of a group, by their numbers in the index.
    async fn group_in(
        &self,
        team: &TeamId,
        index: &MemberIndex,
        group: &InGroup,
    ) -> Result<Arc<MemberSet>, StoreError> {
        if let Some(members) = index.group(&group.id) {
            return Ok(members);
        }
        let rows = sql(OF_GROUP).text(team.as_str()).text(&group.id).all(&self.reader).await?;
        let ids = rows.iter().map(|row| row.text("member_id").map(MemberId::new));
        let ids: Vec<MemberId> = ids.collect::<Result<_, _>>()?;
        Ok(index.keep_group(&group.id, ids.into_iter()))
    }

    /// Prepares the index of a large team, if there is none yet, because a search may follow soon.
    pub fn member_index_prepare(&self, team: &TeamId) {
        if !self.member_indexes.is_known(team) {
            self.member_index_read_later(team);
        }
    }

    /// Reads a team's index. Returns whether it is of the current revision. It is not while another task reads it, or
    /// if the team changed meanwhile.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn member_index_read(&self, team: &TeamId) -> Result<bool, StoreError> {
        if !self.member_indexes.begin(team) {
            return Ok(false);
        }
        let read = self.read_index(team).await;
        match read {
            Ok(index) => {
                let is_current = index.is_some();
                self.member_indexes.end(team, index);
                Ok(is_current)
            }
            Err(error) => {
                self.member_indexes.end(team, None);
                Err(error)
            }
        }
    }

    fn member_index_read_later(&self, team: &TeamId) {
        let (store, team) = (self.clone(), team.clone());
        tokio::spawn(async move {
            if let Err(error) = store.member_index_read(&team).await {
                tracing::warn!(%error, "the names of a team were not read; searching takes longer");
            }
        });
    }

    async fn revision(&self, team: &TeamId) -> Result<i64, StoreError> {
        let row = sql("SELECT revision FROM teams WHERE id = $1").text(team.as_str()).first(&self.reader).await?;
        row.ok_or(StoreError::NoTeam)?.number("revision")
    }

    /// Reads the members in batches, so that others can read in between. If the revision is the same before and after,
    /// nothing has changed in between.
    async fn read_index(&self, team: &TeamId) -> Result<Option<(i64, MemberIndex)>, StoreError> {
        let before = self.revision(team).await?;
        let mut index = MemberIndex::default();
        let mut after = (String::new(), String::new());
        loop {
            let rows = sql(PART_OF_NAMES)
                .text(team.as_str())
                .text(&after.0)
                .text(&after.1)
                .number(PART)
                .all(&self.reader)
                .await?;
            for row in &rows {
                let (id, name) = (row.text("id")?, row.text("display_name_key")?);
                let email = row.opt_text("email_key")?.unwrap_or_default();
                let facets = MemberFacets::read(row)?;
                index.push(MemberId::new(id.clone()), facets, [&name, &email, &row.text("user_name_key")?]);
                after = (name, id);
            }
            if (rows.len() as i64) < PART {
                break;
            }
        }
        Ok((self.revision(team).await? == before).then(|| (before, index.finish())))
    }
}

/// `$1` the team, `$2` and `$3` the last name and id, `$4` how many.
const PART_OF_NAMES: &str = concat!(
    "SELECT id, display_name_key, email_key, user_name_key, ",
    facet_columns!(),
    " FROM members WHERE team_id = $1 AND status <> 'deleted' AND (display_name_key, id) > ($2, $3) \
     ORDER BY display_name_key, id LIMIT $4"
);

/// The expression of the index is this time minus the sign-in, with a fixed number of digits.
const FAR: UnixMs = 9_999_999_999_999;
const DIGITS: usize = 13;
/// A sign-in may be stored up to this long after a later one.
const LATE: UnixMs = 60_000;

/// `$1` the team, `$2` the upper bound of the text.
const SIGN_INS: &str = concat!(
    "SELECT m.id, ",
    since_sign_in!("m"),
    " || m.display_name_key AS since FROM members m WHERE m.team_id = $1 \
     AND m.status <> 'deleted' AND ",
    since_sign_in!("m"),
    " || m.display_name_key < $2"
);

const OF_GROUP: &str = "SELECT member_id FROM group_members WHERE team_id = $1 AND group_id = $2";

#[cfg(test)]
mod tests {
    use super::{member_index::tests::index, *};
    use crate::db::query_plans;

    #[test]
    fn old_indexes_are_not_used_and_few_teams_are_cached() {
        let cache = IndexCache::default();
        let team = |n: usize| TeamId::new(n.to_string());
        assert!(cache.begin(&team(0)) && !cache.begin(&team(0)), "one reads at a time");
        cache.end(&team(0), Some((5, index(1))));
        assert!(cache.of(&team(0), 5).is_some() && cache.of(&team(0), 6).is_none());
        for n in 1..=TEAMS {
            assert!(cache.begin(&team(n)));
            cache.end(&team(n), Some((1, index(1))));
        }
        assert!(!cache.is_known(&team(0)) && cache.is_known(&team(TEAMS)));
        assert!(cache.begin(&team(1)), "it was read to the end");
        cache.end(&team(1), None);
        assert!(cache.of(&team(1), 1).is_some(), "what could not be read leaves what was there");
    }

    #[tokio::test]
    async fn an_index_is_read_without_the_rows_themselves() {
        let plan = query_plans::of_a_new_database().await.of(PART_OF_NAMES).await;
        assert!(plan.contains("COVERING INDEX members_by_name") && !plan.contains("TEMP B-TREE"), "{plan}");
        let plan = query_plans::of_a_new_database().await.of(OF_GROUP).await;
        assert!(plan.contains("COVERING INDEX sqlite_autoindex_group_members_1 (team_id=? AND group_id=?)"), "{plan}");
        let plan = query_plans::of_a_new_database().await.of(SIGN_INS).await;
        assert!(plan.contains("INDEX members_by_last_sign_in (team_id=? AND <expr><?)"), "{plan}");
    }
}
