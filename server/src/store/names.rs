//! Names, addresses and userNames of large teams, kept in memory to be searched, with what filters ask beside them: a text in the middle of a name is found
//! by no index that both engines have, and to go through a hundred thousand rows takes fifty times as long as a page.
//!
//! They hold as long as the team's revision, which every change moves. Names that are older are not used, so an answer is
//! never out of date; then the database goes through its rows, and the names are read anew in the background.

use super::{
    MemberFilter, Source, Status, Store, StoreError,
    member_list::words,
    run::{sql, sql_of},
};
use domain::{
    id::{MemberId, TeamId},
    role::Roles,
};
use memchr::memmem;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

/// Teams with fewer members are searched by the database as fast.
pub const LARGE: i64 = 5_000;
/// So many are found at most; of more, a page is full soon wherever it begins.
const MOST: usize = 3_000;
/// So many teams are kept. Each takes two to three bytes for each character that is searched: 200 to 270 bytes a member
/// whose name, address and userName have 86 characters together.
const TEAMS: usize = 8;
/// Members that are read at once.
const PART: i64 = 2_000;

/// The names of the teams that were searched last. Cloning is cheap; all clones are the same.
#[derive(Clone, Debug, Default)]
pub(super) struct Names(Arc<Mutex<Shelf>>);

#[derive(Debug, Default)]
struct Shelf {
    teams: HashMap<TeamId, Held>,
    /// Counts the uses: the team that was not used for longest makes room.
    uses: u64,
}

#[derive(Debug, Default)]
struct Held {
    /// The team's revision, and its names then.
    book: Option<(i64, Arc<Book>)>,
    /// Is somebody reading them anew?
    reading: bool,
    used: u64,
}

/// A team's names.
#[derive(Debug, Default, PartialEq, Eq)]
struct Book {
    /// Name, address and userName of one member after the other, each ended by a NUL, which is part of none.
    text: String,
    /// Where the text of each member ends.
    ends: Vec<usize>,
    ids: Vec<MemberId>,
    marks: Vec<Mark>,
}

/// What filters ask about a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Mark {
    status: Status,
    source: Source,
    roles: Roles,
}

impl Mark {
    fn fits(self, filter: &MemberFilter) -> bool {
        filter.status.is_none_or(|status| status == self.status)
            && filter.source.is_none_or(|source| source == self.source)
            && filter.role.is_none_or(|role| self.roles.contains(role))
    }
}

/// Whom a search finds, by everything but the group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NamedLike {
    /// These, in the order of their names.
    Few(Vec<MemberId>),
    /// So many.
    Many(i64),
}

impl Book {
    fn push(&mut self, id: MemberId, mark: Mark, texts: [&str; 3]) {
        for text in texts {
            self.text.push_str(text);
            self.text.push('\0');
        }
        self.ends.push(self.text.len());
        self.ids.push(id);
        self.marks.push(mark);
    }

    /// Whose texts hold each word of the search, and who fit the filter otherwise; the group is not asked.
    fn find(&self, filter: &MemberFilter) -> NamedLike {
        let (mut found, mut count) = (Vec::new(), 0);
        // The longest word stands in the fewest texts.
        let mut words: Vec<&str> = words(&filter.search).collect();
        words.sort_by_key(|word| word.len());
        let longest = words.pop().unwrap_or_default();
        if filter.search.contains('\0') {
            return NamedLike::Few(found);
        }
        let words: Vec<_> = words.into_iter().map(memmem::Finder::new).collect();
        let finder = memmem::Finder::new(longest);
        let (mut from, mut start, mut last) = (0, 0, 0);
        while let Some(rest) = self.text.as_bytes().get(from..)
            && let Some(at) = finder.find(rest)
        {
            let index = last + self.ends.get(last..).unwrap_or_default().partition_point(|end| *end <= from + at);
            let (Some(id), Some(mark), Some(end)) = (self.ids.get(index), self.marks.get(index), self.ends.get(index))
            else {
                break;
            };
            if index > last {
                start = self.ends.get(index - 1).copied().unwrap_or_default();
            }
            let text = self.text.as_bytes().get(start..*end).unwrap_or_default();
            if mark.fits(filter) && words.iter().all(|word| word.find(text).is_some()) {
                count += 1;
                if found.len() < MOST {
                    found.push(id.clone());
                }
            }
            (from, start, last) = (*end, *end, index + 1);
        }
        if count <= MOST { NamedLike::Few(found) } else { NamedLike::Many(i64::try_from(count).unwrap_or(i64::MAX)) }
    }
}

impl Names {
    fn shelf(&self) -> std::sync::MutexGuard<'_, Shelf> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The names, if they are those of this revision.
    fn of(&self, team: &TeamId, revision: i64) -> Option<Arc<Book>> {
        let mut shelf = self.shelf();
        shelf.uses += 1;
        let uses = shelf.uses;
        let held = shelf.teams.get_mut(team)?;
        held.used = uses;
        held.book.as_ref().filter(|(at, _)| *at == revision).map(|(_, book)| Arc::clone(book))
    }

    /// May the caller read the team's names? Nobody else does until [`Names::end`].
    fn begin(&self, team: &TeamId) -> bool {
        let mut shelf = self.shelf();
        shelf.uses += 1;
        let uses = shelf.uses;
        let held = shelf.teams.entry(team.clone()).or_default();
        held.used = uses;
        !std::mem::replace(&mut held.reading, true)
    }

    /// Keeps what was read, if anything was, and lets others read.
    fn end(&self, team: &TeamId, book: Option<(i64, Book)>) {
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
    /// Whom the filter's search finds, by everything but the group; nothing if the names in memory are not those of this
    /// moment. Then they are read in the background.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn members_named_like(
        &self,
        team: &TeamId,
        filter: &MemberFilter,
    ) -> Result<Option<NamedLike>, StoreError> {
        let revision = self.revision(team).await?;
        if let Some(book) = self.names.of(team, revision) {
            return Ok(Some(book.find(filter)));
        }
        self.names_read_later(team);
        Ok(None)
    }

    /// Gets a large team's names ready, if there are none of it yet: somebody may search soon.
    pub fn names_get_ready(&self, team: &TeamId) {
        if !self.names.is_known(team) {
            self.names_read_later(team);
        }
    }

    /// Reads a team's names. Returns whether they are now those of this moment: not while somebody else reads them, and not
    /// if something was changed meanwhile.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn names_read(&self, team: &TeamId) -> Result<bool, StoreError> {
        if !self.names.begin(team) {
            return Ok(false);
        }
        let read = self.read_book(team).await;
        match read {
            Ok(book) => {
                let is_there = book.is_some();
                self.names.end(team, book);
                Ok(is_there)
            }
            Err(error) => {
                self.names.end(team, None);
                Err(error)
            }
        }
    }

    fn names_read_later(&self, team: &TeamId) {
        let (store, team) = (self.clone(), team.clone());
        tokio::spawn(async move {
            if let Err(error) = store.names_read(&team).await {
                tracing::warn!(%error, "the names of a team were not read; searching takes longer");
            }
        });
    }

    async fn revision(&self, team: &TeamId) -> Result<i64, StoreError> {
        let row = sql("SELECT revision FROM teams WHERE id = $1").text(team.as_str()).first(&self.reader).await?;
        row.ok_or(StoreError::NoTeam)?.number("revision")
    }

    /// A part at a time: others read meanwhile. If the revision is the same before and after, nothing was changed between.
    async fn read_book(&self, team: &TeamId) -> Result<Option<(i64, Book)>, StoreError> {
        let before = self.revision(team).await?;
        let mut book = Book::default();
        let mut after = (String::new(), String::new());
        loop {
            let rows = sql_of(PART_OF_NAMES.to_owned())
                .text(team.as_str())
                .text(&after.0)
                .text(&after.1)
                .number(PART)
                .all(&self.reader)
                .await?;
            for row in &rows {
                let (id, name) = (row.text("id")?, row.text("display_name_key")?);
                let email = row.maybe_text("email_key")?.unwrap_or_default();
                let mark = Mark {
                    status: row.one_of("status", Status::parse)?,
                    source: row.one_of("source", Source::parse)?,
                    roles: row.roles()?,
                };
                book.push(MemberId::new(id.clone()), mark, [&name, &email, &row.text("user_name_key")?]);
                after = (name, id);
            }
            if (rows.len() as i64) < PART {
                break;
            }
        }
        Ok((self.revision(team).await? == before).then_some((before, book)))
    }
}

/// `$1` the team, `$2` and `$3` the last name and id, `$4` how many.
const PART_OF_NAMES: &str = "SELECT id, display_name_key, email_key, user_name_key, status, source, roles, group_roles \
                             FROM members WHERE team_id = $1 AND status <> 'deleted' \
                             AND (display_name_key, id) > ($2, $3) ORDER BY display_name_key, id LIMIT $4";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::plans;
    use domain::role::Role;

    fn book(count: usize) -> Book {
        let mut book = Book::default();
        for n in 0..count {
            let (name, email) = (format!("member {n:05}"), format!("m{n:05}@acme.test"));
            let mark = Mark {
                status: if n % 2 == 0 { Status::Active } else { Status::Invited },
                source: Source::Directory,
                roles: if n == 4 { Role::Admin.into() } else { Role::Developer.into() },
            };
            book.push(MemberId::new(n.to_string()), mark, [&name, &email, if n == 7 { "emp-77" } else { &email }]);
        }
        book
    }

    #[test]
    fn a_text_is_found_wherever_it_stands() {
        let book = book(300);
        let found = |search: &str| {
            let NamedLike::Few(ids) = book.find(&like(search)) else { panic!("{search}: many") };
            ids.into_iter().map(|id| id.to_string()).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(found("member 00299"), "299");
        assert_eq!(found("m00000@acme.test"), "0", "once, though it is the userName too");
        assert_eq!(found("emp-77"), "7");
        assert_eq!(found("0010"), "10 100 101 102 103 104 105 106 107 108 109");
        assert_eq!(found("emp 0007 member"), "7", "each word, wherever it stands");
        assert_eq!(found("emp 00299"), "");
        for nothing in ["nobody", "member 00001m00001", "\0", "test\0member"] {
            assert_eq!(found(nothing), "", "{nothing:?}");
        }
    }

    fn like(search: &str) -> MemberFilter {
        MemberFilter { search: search.into(), ..MemberFilter::default() }
    }

    #[test]
    fn filters_are_asked_in_memory() {
        let book = book(12);
        let few = |filter| match book.find(&filter) {
            NamedLike::Few(ids) => ids.into_iter().map(|id| id.to_string()).collect::<Vec<_>>().join(" "),
            NamedLike::Many(count) => panic!("{count}"),
        };
        assert_eq!(few(MemberFilter { status: Some(Status::Invited), ..like("member 0000") }), "1 3 5 7 9");
        assert_eq!(few(MemberFilter { role: Some(Role::Admin), ..like("member") }), "4");
        assert_eq!(few(MemberFilter { source: Some(Source::Manual), ..like("member") }), "");
    }

    #[test]
    fn more_than_can_be_named_are_many() {
        let few =
            |book: &Book| matches!(book.find(&like("member")), NamedLike::Few(ids) if ids.len() == book.ids.len());
        assert!(few(&book(MOST)) && few(&Book::default()));
        assert_eq!(book(MOST + 1).find(&like("member")), NamedLike::Many(MOST as i64 + 1));
    }

    #[test]
    fn old_names_are_not_used_and_few_teams_are_kept() {
        let names = Names::default();
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
        let plan = plans::of_a_new_database().await.of(PART_OF_NAMES).await;
        assert!(plan.contains("COVERING INDEX members_by_name") && !plan.contains("TEMP B-TREE"), "{plan}");
    }
}
