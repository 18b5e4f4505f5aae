//! Pages and batches of long results.

use crate::{
    Condition, StoreError,
    db::{
        row::Row,
        statement::{Statement, sql_owned},
    },
};
use domain::id::TeamId;

/// A page of the rows that meet a condition.
#[derive(Debug)]
pub struct ResultPage<T> {
    /// The number of rows that meet it.
    pub total: i64,
    /// The rows of the page.
    pub rows: Vec<T>,
    /// Is the page shorter than its limit, because of its size in memory?
    pub is_cut: bool,
}

/// A batch of a scan.
pub struct ResultBatch<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// Is this the last batch?
    pub is_last: bool,
}

/// Binds the values of a statement for a page: `$1` the team, `$2` the limit, `$3` the offset, then the condition's values.
pub(crate) fn page_statement(
    text: String,
    team: &TeamId,
    condition: &Condition,
    (offset, limit): (i64, i64),
) -> Statement {
    condition.bind(sql_owned(text).text(team.as_str()).number(limit.max(0)).number(offset.max(0)))
}

/// Separates the rows from the total that each of them carries. A row without an id carries only the total.
pub(crate) fn total_and_rows<T>(
    rows: &[Row],
    id: &str,
    read: impl Fn(&Row) -> Result<T, StoreError>,
) -> Result<(i64, Vec<T>), StoreError> {
    let total = rows.first().map_or(Ok(0), |row| row.number("total"))?;
    let mut items = Vec::with_capacity(rows.len());
    for row in rows {
        if row.opt_text(id)?.is_some() {
            items.push(read(row)?);
        }
    }
    Ok((total, items))
}
