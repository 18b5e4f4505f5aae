//! The list of the team's members on pages: search, filters, sort order and paging.
//!
//! One index contains every column of the search, so that members' documents are not read. A page starts at a member's
//! name (or address) and not at a number, so that the last page costs as much as the first.

mod filter;
mod order;
mod row;
mod row_details;
mod rows;
mod statement;

pub use filter::{InGroup, MemberFilter};
pub(crate) use filter::{pattern, words};
pub use order::{ExpectedSize, PageStart};
pub use row::{MemberRow, RowGroups};
pub(crate) use row::{list_columns, read};
pub(crate) use statement::since_sign_in;

use crate::{Store, StoreError, db::statement::sql_owned};
use domain::{id::TeamId, sort::MemberOrder};

impl Store {
    /// Up to `size` members, in order. `amount`: the expected number of matches.
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

    /// The number of members that match the filter, counted up to `limit`, because counting all of them takes time in
    /// proportion to their number.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn members_count(&self, team: &TeamId, filter: &MemberFilter, limit: i64) -> Result<i64, StoreError> {
        let statement = filter.bind(sql_owned(statement::count(filter)), team).number(limit.max(0));
        let row = filter.bind_rest(statement).first(&self.reader).await?;
        row.map_or(Ok(0), |row| row.number("members"))
    }
}
