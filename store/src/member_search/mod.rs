//! IndexCache, addresses and userNames of large teams, kept in memory to be searched, with what filters and orders ask beside
//! them: a text in the middle of a name is found by no index that both engines have, and to go through a hundred thousand
//! rows takes fifty times as long as a page. The page is cut out here too; of the database its rows alone are asked.
//!
//! They hold as long as the team's revision, which every change moves. IndexCache that are older are not used, so an answer is
//! never out of date; then the database goes through its rows, and the names are read anew in the background.

mod member_index;
mod search_result;

pub use search_result::SearchResult;

use crate::{
    InGroup, MemberFilter, MemberRow, PageStart, Source, Status, Store, StoreError, db::statement::sql,
    member_list::since_sign_in,
};
use domain::{
    UnixMs,
    id::{MemberId, TeamId},
    sort::{MemberOrder, MemberSort},
};
use member_index::{MemberFacets, MemberIndex, MemberSet};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

/// Teams with fewer members are searched by the database as fast.
pub const LARGE: i64 = 5_000;
/// So many teams are kept. Each takes two to three bytes for each character that is searched: 200 to 270 bytes a member
/// whose name, address and userName have 86 characters together.
const TEAMS: usize = 8;
/// Members that are read at once.
const PART: i64 = 2_000;

/// The names of the teams that were searched last. Cloning is cheap; all clones are the same.
#[derive(Clone, Debug, Default)]
pub(crate) struct IndexCache(Arc<Mutex<CacheState>>);

#[derive(Debug, Default)]
struct CacheState {
    teams: HashMap<TeamId, CachedIndex>,
    /// Counts the uses: the team that was not used for longest makes room.
    uses: u64,
}

#[derive(Debug, Default)]
struct CachedIndex {
    /// The team's revision, and its names then.
    book: Option<(i64, Arc<MemberIndex>)>,
    /// Is someone reading them anew?
    reading: bool,
    used: u64,
}

impl IndexCache {
    fn shelf(&self) -> std::sync::MutexGuard<'_, CacheState> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The names, if they are those of this revision.
    fn of(&self, team: &TeamId, revision: i64) -> Option<Arc<MemberIndex>> {
        let mut shelf = self.shelf();
        shelf.uses += 1;
        let uses = shelf.uses;
        let held = shelf.teams.get_mut(team)?;
        held.used = uses;
        held.book.as_ref().filter(|(at, _)| *at == revision).map(|(_, book)| Arc::clone(book))
    }

    /// May the caller read the team's names? No one else does until [`IndexCache::end`].
    fn begin(&self, team: &TeamId) -> bool {
        let mut shelf = self.shelf();
        shelf.uses += 1;
        let uses = shelf.uses;
        let held = shelf.teams.entry(team.clone()).or_default();
        held.used = uses;
        !std::mem::replace(&mut held.reading, true)
    }

    /// Keeps what was read, if anything was, and lets others read.
    fn end(&self, team: &TeamId, book: Option<(i64, MemberIndex)>) {
        let mut shelf = self.shelf();
        let held = shelf.teams.entry(team.clone()).or_default();
        held.reading = false;
        if let Some((revision, book)) = book {
            held.book = Some((revision, Arc::new(book)));
        }
        while shelf.teams.len() > TEAMS {
            let oldest = shelf.teams.iter().filter(|(_, held)| !held.reading).min_by_key(|(_, held)| held.used);
            let Some(oldest) = oldest.map(|(team, _)| team.clone()) else { break };
            shelf.teams.remove(&oldest);
        }
    }

    fn is_known(&self, team: &TeamId) -> bool {
        self.shelf().teams.get(team).is_some_and(|held| held.reading || held.book.is_some())
    }
}

impl Store {
    /// Whom the filter finds; nothing if the names in memory are not those of this moment. Then they are read in the
    /// background, if it is for a search.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn members_search(
        &self,
        team: &TeamId,
        filter: &MemberFilter,
    ) -> Result<Option<SearchResult>, StoreError> {
        let revision = self.revision(team).await?;
        let Some(book) = self.member_indexes.of(team, revision) else {
            if !filter.search.is_empty() {
                self.member_index_read_later(team);
            }
            return Ok(None);
        };
        let group = match &filter.group {
            Some(group) => Some(self.group_in(team, &book, group).await?),
            None => None,
        };
        let found = book.find(filter, group.as_deref());
        Ok(Some(SearchResult::new(book, found)))
    }

    /// One page of whom a search found. Who was removed since is missing.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn members_found(
        &self,
        team: &TeamId,
        hits: &SearchResult,
        order: MemberOrder,
        place: &PageStart,
        size: i64,
    ) -> Result<Vec<MemberRow>, StoreError> {
        if order.by == MemberSort::LastSignIn {
            self.sign_ins(team, hits.book()).await?;
        }
        let page = hits.page(order, place, size);
        self.members_rows(team, &page.iter().collect::<Vec<_>>()).await
    }

    /// Brings the names up to date with who signed in since it was last asked.
    async fn sign_ins(&self, team: &TeamId, book: &MemberIndex) -> Result<(), StoreError> {
        let known = book.signed_in().newest;
        let since = if known == 0 { "x".to_owned() } else { (FAR - known + LATE).to_string() };
        let rows = sql(SIGN_INS).text(team.as_str()).text(&since).all(&self.reader).await?;
        let signed_in = rows.iter().map(|row| {
            let before = row.text("since")?.get(..DIGITS).and_then(|digits| digits.parse::<UnixMs>().ok());
            let before = before.ok_or_else(|| StoreError::Corrupt("a last sign-in".into()))?;
            Ok((MemberId::new(row.text("id")?), FAR - before))
        });
        let signed_in: Vec<_> = signed_in.collect::<Result<_, StoreError>>()?;
        book.sign_in(signed_in.into_iter());
        Ok(())
    }

    /// The members of a group, as the names are numbered.
    async fn group_in(&self, team: &TeamId, book: &MemberIndex, group: &InGroup) -> Result<Arc<MemberSet>, StoreError> {
        if let Some(known) = book.group(&group.id) {
            return Ok(known);
        }
        let rows = sql(OF_GROUP).text(team.as_str()).text(&group.id).all(&self.reader).await?;
        let ids = rows.iter().map(|row| row.text("member_id").map(MemberId::new));
        let ids: Vec<MemberId> = ids.collect::<Result<_, _>>()?;
        Ok(book.keep_group(&group.id, ids.into_iter()))
    }

    /// Gets a large team's names ready, if there are none of it yet: someone may search soon.
    pub fn member_index_prepare(&self, team: &TeamId) {
        if !self.member_indexes.is_known(team) {
            self.member_index_read_later(team);
        }
    }

    /// Reads a team's names. Returns whether they are now those of this moment: not while someone else reads them, and not
    /// if something was changed meanwhile.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn member_index_read(&self, team: &TeamId) -> Result<bool, StoreError> {
        if !self.member_indexes.begin(team) {
            return Ok(false);
        }
        let read = self.read_book(team).await;
        match read {
            Ok(book) => {
                let is_there = book.is_some();
                self.member_indexes.end(team, book);
                Ok(is_there)
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

    /// A part at a time: others read meanwhile. If the revision is the same before and after, nothing was changed between.
    async fn read_book(&self, team: &TeamId) -> Result<Option<(i64, MemberIndex)>, StoreError> {
        let before = self.revision(team).await?;
        let mut book = MemberIndex::default();
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
                let mark = MemberFacets {
                    status: row.parse_enum("status", Status::parse)?,
                    source: row.parse_enum("source", Source::parse)?,
                    roles: row.roles()?,
                };
                book.push(MemberId::new(id.clone()), mark, [&name, &email, &row.text("user_name_key")?]);
                after = (name, id);
            }
            if (rows.len() as i64) < PART {
                break;
            }
        }
        Ok((self.revision(team).await? == before).then(|| (before, book.finish())))
    }
}

/// `$1` the team, `$2` and `$3` the last name and id, `$4` how many.
const PART_OF_NAMES: &str = "SELECT id, display_name_key, email_key, user_name_key, status, source, roles, group_roles \
                             FROM members WHERE team_id = $1 AND status <> 'deleted' \
                             AND (display_name_key, id) > ($2, $3) ORDER BY display_name_key, id LIMIT $4";

/// The index says how long before this moment someone signed in, in so many digits.
const FAR: UnixMs = 9_999_999_999_999;
const DIGITS: usize = 13;
/// Who signed in may be written later than others who signed in after them, by less than this.
const LATE: UnixMs = 60_000;

/// `$1` the team, `$2` before which text.
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
    use super::{member_index::tests::book, *};
    use crate::db::query_plans;

    #[test]
    fn old_names_are_not_used_and_few_teams_are_kept() {
        let names = IndexCache::default();
        let team = |n: usize| TeamId::new(n.to_string());
        assert!(names.begin(&team(0)) && !names.begin(&team(0)), "one reads at a time");
        names.end(&team(0), Some((5, book(1))));
        assert!(names.of(&team(0), 5).is_some() && names.of(&team(0), 6).is_none());
        for n in 1..=TEAMS {
            assert!(names.begin(&team(n)));
            names.end(&team(n), Some((1, book(1))));
        }
        assert!(!names.is_known(&team(0)) && names.is_known(&team(TEAMS)));
        assert!(names.begin(&team(1)), "it was read to the end");
        names.end(&team(1), None);
        assert!(names.of(&team(1), 1).is_some(), "what could not be read leaves what was there");
    }

    #[tokio::test]
    async fn names_are_read_without_the_rows_themselves() {
        for plan in query_plans::of_a_new_database().await.of(PART_OF_NAMES).await {
            assert!(plan.contains("COVERING INDEX members_by_name") && !plan.contains("TEMP B-TREE"), "{plan}");
        }
        for plan in query_plans::of_a_new_database().await.of(OF_GROUP).await {
            assert!(plan.contains("COVERING INDEX group_members_pkey (team_id=? AND group_id=?)"), "{plan}");
        }
        for plan in query_plans::of_a_new_database().await.of(SIGN_INS).await {
            assert!(plan.contains("INDEX members_by_last_sign_in (team_id=? AND <expr><?)"), "{plan}");
        }
    }
}
