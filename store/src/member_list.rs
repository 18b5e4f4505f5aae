//! The team's members as its pages list them: searched, filtered, sorted, a page at a time.
//!
//! What is looked for is found on one index that holds every column in question, so that members' documents are not read;
//! a page begins at a member's name (or address) and not at a number, so that the last one costs as much as the first.

mod filter;
mod order;
mod row;
mod row_details;
mod rows;
mod statement;

pub use filter::{InGroup, MemberFilter};
pub(crate) use filter::{pattern, words};
pub use order::{ExpectedSize, PageStart};
pub(crate) use row::{list_columns, read};

use crate::{MemberRow, Store, StoreError, db::statement::sql_owned};
use domain::{id::TeamId, sort::MemberOrder};

impl Store {
    /// Up to `size` members, in order. `amount`: whether few are wanted, of however many, as far as that is known.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn members_list(
        &self,
        team: &TeamId,
        (filter, amount): (&MemberFilter, ExpectedSize),
        order: impl Into<MemberOrder>,
        place: &PageStart,
        size: i64,
    ) -> Result<Vec<MemberRow>, StoreError> {
        let order = order.into();
        let statement = filter.bind(sql_owned(statement::page(filter, amount, order, place)), team).number(size.max(0));
        let statement = match place {
            PageStart::Start(offset) | PageStart::End(offset) => statement.number((*offset).max(0)),
            PageStart::After(id) | PageStart::Before(id) => statement.text(id.as_str()),
        };
        let statement = filter.bind_rest(statement);
        statement.all(&self.reader).await?.iter().map(read).collect()
    }

    /// How many members are wanted, counted up to `most`: to count all that are found would take as long as there are many.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn members_count(&self, team: &TeamId, filter: &MemberFilter, most: i64) -> Result<i64, StoreError> {
        let statement = filter.bind(sql_owned(statement::count(filter)), team).number(most.max(0));
        let row = filter.bind_rest(statement).first(&self.reader).await?;
        row.map_or(Ok(0), |row| row.number("members"))
    }
}
